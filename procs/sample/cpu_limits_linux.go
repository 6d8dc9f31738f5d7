package sample

import (
	"os"

	"github.com/benchtui/benchtui/procs/system"
)

// ReadCPULimits tells how much CPU the process may use: the least of the CPUs that
// it may run on and of the quotas of its control groups.
func ReadCPULimits(pid int) CPULimits {
	limits := CPULimits{Own: system.UsableCores(pid)}
	groups := cgroups{files: system.NewFiles()}
	server, ok := groups.bandwidthOf(pid)
	if !ok {
		return limits
	}
	generator, _ := groups.bandwidthOf(os.Getpid())
	shared, own := server.apart(generator)
	limits.Shared = shared.cores()
	if quota := own.cores(); quota.Known && (!limits.Own.Known || quota.Value < limits.Own.Value) {
		limits.Own = quota
	}
	return limits
}

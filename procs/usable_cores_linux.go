package procs

import (
	"os"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/figure"
)

// UsableCores is how many cores the process may run on; missing where that can't be told.
func UsableCores(pid int) figure.Value {
	var cores unix.CPUSet
	if err := unix.SchedGetaffinity(pid, &cores); err != nil || cores.Count() == 0 {
		return figure.Value{}
	}
	return figure.Of(float64(cores.Count()))
}

// ReadCPULimits tells how much CPU the process may use: the least of the CPUs that
// it may run on and of the quotas of its control groups.
func ReadCPULimits(pid int) CPULimits {
	limits := CPULimits{Own: UsableCores(pid)}
	groups := cgroups{files: newProcFiles()}
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

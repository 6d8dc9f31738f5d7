package sample

import (
	"debug/buildinfo"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs/system"
)

// ReadCPULimits tells how much CPU the processes of a server may use: the least of the
// CPUs that they may run on, of those that Go was told to use, and of the quotas of the
// control groups of the first.
func ReadCPULimits(pids ...int) CPULimits {
	limits := boundsOf(pids)
	groups := cgroups{files: system.NewFiles()}
	server, ok := groups.bandwidthOf(pids[0])
	if !ok {
		return limits
	}
	generator, _ := groups.bandwidthOf(os.Getpid())
	shared, own := server.apart(generator)
	limits.Shared = shared.cores()
	if quota := own.cores(); quota.Known && (!limits.Own.Known || quota.Value < limits.Own.Value) {
		limits.Own, limits.Bound = quota, ""
	}
	return limits
}

// boundsOf tells which cores processes may run on, all together.
func boundsOf(pids []int) CPULimits {
	var may system.CPUSet
	for _, pid := range pids {
		theirs, err := system.Affinity(pid)
		if err != nil {
			return CPULimits{}
		}
		for _, cpu := range theirs {
			if !slices.Contains(may, cpu) {
				may = append(may, cpu)
			}
		}
	}
	slices.Sort(may)
	limits := CPULimits{Own: figure.Of(float64(len(may)))}
	here, err := system.Affinity(os.Getpid())
	if err == nil && len(may) < len(here) {
		limits.Bound = fmt.Sprintf("it may run on CPU %s alone (its affinity: taskset, a cpuset)", may)
	}
	if procs, ok := goMaxProcs(pids[0]); ok && len(pids) == 1 && procs < len(may) {
		limits.Own, limits.Bound = figure.Of(float64(procs)), fmt.Sprintf("GOMAXPROCS=%d is in its environment", procs)
	}
	return limits
}

// goMaxProcs is how many threads of a Go program run at once by its environment.
func goMaxProcs(pid int) (procs int, ok bool) {
	environment, err := os.ReadFile(system.Path(pid, "environ"))
	if err != nil {
		return 0, false
	}
	for variable := range strings.SplitSeq(string(environment), "\x00") {
		if value, found := strings.CutPrefix(variable, "GOMAXPROCS="); found {
			if procs, err = strconv.Atoi(value); err != nil || procs < 1 {
				return 0, false
			}
			_, err = buildinfo.ReadFile(system.Path(pid, "exe"))
			return procs, err == nil
		}
	}
	return 0, false
}

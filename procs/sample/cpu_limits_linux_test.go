package sample

import (
	"os"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
	"github.com/benchtui/benchtui/procs/system"
)

func TestServerIsBoundByItsAffinityAndByGOMAXPROCS(t *testing.T) {
	all := system.AllowedCPUs()
	if len(all) < 2 {
		t.Skip("NOT CHECKED: a second CPU is needed")
	}
	role := proctest.As(proctest.HasThreads, proctest.Options{Threads: 1})
	start := func(cpus system.CPUSet, env ...string) int {
		child := proctest.StartCommand(t, procs.Command{Path: os.Args[0], Env: append(env, role), CPUs: cpus})
		child.Await(t, "ready")
		return child.PID()
	}
	last, first := start(all[len(all)-1:]), start(all[:1])
	free, told := start(nil), start(nil, "GOMAXPROCS=1")
	for _, c := range []struct {
		name  string
		pids  []int
		cores int
		bound string
	}{
		{"free", []int{free}, len(all), ""},
		{"kept to a CPU", []int{last}, 1, "it may run on CPU " + all[len(all)-1:].String() + " alone"},
		{"GOMAXPROCS", []int{told}, 1, "GOMAXPROCS=1"},
	} {
		if limits := ReadCPULimits(c.pids...); limits.Own != figure.Of(float64(c.cores)) || !strings.HasPrefix(limits.Bound, c.bound) || (c.bound == "") != (limits.Bound == "") {
			t.Errorf("%s: %+v; want %d cores, bound %q", c.name, limits, c.cores, c.bound)
		}
	}
	// Workers that are kept to a CPU each may use all of these together.
	if limits := ReadCPULimits(first, last); limits.Own != figure.Of(2) || (limits.Bound == "") != (len(all) == 2) {
		t.Errorf("two workers: %+v; want 2 cores", limits)
	}
}

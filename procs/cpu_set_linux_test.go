package procs_test

import (
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
	"github.com/benchtui/benchtui/procs/system"
)

// lastCPU is one CPU of those that are ours; the tests need two.
func lastCPU(t *testing.T) (last, all system.CPUSet) {
	t.Helper()
	all = system.AllowedCPUs()
	if len(all) < 2 {
		t.Skip("NOT CHECKED: a second CPU is needed")
	}
	return all[len(all)-1:], all
}

// threadsOf are the CPUs of all threads of a process.
func threadsOf(t *testing.T, pid int) (sets []system.CPUSet) {
	t.Helper()
	entries, err := os.ReadDir(system.Path(pid, "task"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		thread, _ := strconv.Atoi(entry.Name())
		if set, err := system.Affinity(thread); err == nil {
			sets = append(sets, set)
		}
	}
	return sets
}

func TestChildAndItsWorkersKeepToTheirCPUs(t *testing.T) {
	last, all := lastCPU(t)
	child := proctest.StartCommand(t, procs.Command{Path: os.Args[0], Env: []string{proctest.As(proctest.HasThreads, proctest.Options{Threads: 3, Workers: 1})}, CPUs: last})
	child.Await(t, "ready")
	pids := child.PIDs()
	if len(pids) != 2 {
		t.Fatalf("processes %v, want the child and its worker", pids)
	}
	for _, pid := range pids {
		for _, set := range threadsOf(t, pid) {
			if !slices.Equal(set, last) {
				t.Errorf("a thread of process %d may run on %s, want %s", pid, set, last)
			}
		}
	}
	if cores := system.UsableCores(child.PID()); cores != figure.Of(1) {
		t.Errorf("usable cores %+v", cores)
	}
	for _, set := range threadsOf(t, os.Getpid()) {
		if !slices.Equal(set, all) {
			t.Errorf("one of our threads may run on %s, want %s", set, all)
		}
	}
}

func TestAllThreadsOfThisProcessAreKeptAndReleased(t *testing.T) {
	last, all := lastCPU(t)
	var starting sync.WaitGroup
	starting.Go(proctest.EndThreads) // threads come and go meanwhile
	release, err := system.KeepTo(last)
	if err != nil {
		t.Fatal(err)
	}
	starting.Wait()
	for _, set := range threadsOf(t, os.Getpid()) {
		if !slices.Equal(set, last) {
			t.Errorf("a thread may run on %s, want %s", set, last)
		}
	}
	child := proctest.StartCommand(t, procs.Command{Path: os.Args[0], Env: []string{proctest.As(proctest.WaitsForTerm)}, CPUs: all})
	child.Await(t, "ready")
	for _, set := range threadsOf(t, child.PID()) {
		if !slices.Equal(set, all) {
			t.Errorf("a thread of the child may run on %s, want %s", set, all)
		}
	}
	release()
	for _, set := range threadsOf(t, os.Getpid()) {
		if !slices.Equal(set, all) {
			t.Errorf("after the release a thread may run on %s, want %s", set, all)
		}
	}
}

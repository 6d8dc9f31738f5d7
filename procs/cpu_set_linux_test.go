package procs

import (
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/benchtui/benchtui/internal/figure"
)

// lastCPU is one CPU of those that are ours; the tests need two.
func lastCPU(t *testing.T) (last, all CPUSet) {
	t.Helper()
	all = AllowedCPUs()
	if len(all) < 2 {
		t.Skip("NOT CHECKED: a second CPU is needed")
	}
	return all[len(all)-1:], all
}

// threadsOf are the CPUs of all threads of a process.
func threadsOf(t *testing.T, pid int) (sets []CPUSet) {
	t.Helper()
	entries, err := os.ReadDir(procPath(pid, "task"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		thread, _ := strconv.Atoi(entry.Name())
		if set, err := affinity(thread); err == nil {
			sets = append(sets, set)
		}
	}
	return sets
}

func TestChildAndItsWorkersKeepToTheirCPUs(t *testing.T) {
	last, all := lastCPU(t)
	child := startWith(t, Command{Path: os.Args[0], Args: []string{"3", "1"}, Env: []string{roleVariable + "=threads"}, CPUs: last})
	child.await(t, "ready")
	pids := child.pids()
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
	if cores := UsableCores(child.PID()); cores != figure.Of(1) {
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
	starting.Go(endThreads) // threads come and go meanwhile
	release, err := KeepTo(last)
	if err != nil {
		t.Fatal(err)
	}
	starting.Wait()
	for _, set := range threadsOf(t, os.Getpid()) {
		if !slices.Equal(set, last) {
			t.Errorf("a thread may run on %s, want %s", set, last)
		}
	}
	child := startWith(t, Command{Path: os.Args[0], Env: []string{roleVariable + "=quiet"}, CPUs: all})
	child.await(t, "ready")
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

package procs_test

import (
	"slices"
	"testing"

	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
)

// Between fork and exec a child has a session of its own, and does not carry its mark yet.
func TestChildThatBeginsIsNobodysOrphan(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	ends := proctest.Start(t, proctest.WaitsForTerm)
	ends.Await(t, "ready")
	if procs.OrphansOfOthers() {
		t.Skip("NOT CHECKED: where orphans of others may come, a child is known by more")
	}
	const children = 100
	begun := make(chan int, children)
	go func() {
		defer close(begun)
		for range children {
			child, err := procs.Start(procs.Command{Path: "/bin/sh", Args: []string{"-c", ":"}})
			if err != nil {
				t.Error(err)
				return
			}
			begun <- child.PID()
			<-child.Done()
			if exit := child.Exit(); exit.Signal != "" {
				t.Errorf("it ended with %s", exit)
			}
		}
	}()
	var pids, taken []int
	for open := true; open; {
		select {
		case pid, more := <-begun:
			if open = more; more {
				pids = append(pids, pid)
			}
		default:
			taken = append(taken, ends.Members()...)
		}
	}
	for _, pid := range pids {
		if slices.Contains(taken, pid) {
			t.Errorf("process %d, a child of its own, was taken for an orphan of another", pid)
		}
	}
	if len(taken) > 0 {
		t.Errorf("a server that started nothing has %d descendants", len(taken))
	}
}

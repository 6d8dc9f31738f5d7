package procs_test

import (
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"

	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
)

// Between fork and exec a child has a session of its own, and does not carry its mark yet.
func TestChildThatBeginsIsNobodysOrphan(t *testing.T) {
	notTaken(t, func() (pid int, err error) {
		child, err := procs.Start(procs.Command{Path: "/bin/sh", Args: []string{"-c", ":"}})
		if err != nil {
			return 0, err
		}
		<-child.Done()
		if exit := child.Exit(); exit.Signal != "" {
			t.Errorf("it ended with %s", exit)
		}
		return child.PID(), nil
	})
}

// Nor is a step of a build, which shows by nothing whose it is until its program has begun,
// and whose programs begin in its place one after the other.
func TestStepOfABuildThatBeginsIsNobodysOrphan(t *testing.T) {
	notTaken(t, func() (pid int, err error) {
		cmd := exec.Command("/bin/sh", "-c", "exec /bin/sh -c 'exec /bin/sh -c :'")
		cmd.Env = append(os.Environ(), procs.BuildMark)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		err = cmd.Run()
		if cmd.Process == nil {
			return 0, err
		}
		return cmd.Process.Pid, err
	})
}

// notTaken looks at what a child is thought to have started while others begin, over and over.
func notTaken(t *testing.T, begin func() (pid int, err error)) {
	t.Helper()
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
			pid, err := begin()
			if err != nil {
				t.Error(err)
				return
			}
			begun <- pid
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

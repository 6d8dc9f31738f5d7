//go:build unix

package procs

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// terminate asks the group, and what left it, to end.
func (c *Child) terminate() { c.signal(syscall.SIGTERM) }

// kill ends the group, and what left it.
func (c *Child) kill() { c.signal(syscall.SIGKILL) }

func (c *Child) signal(signal syscall.Signal) {
	left := c.left()
	select {
	case <-c.done: // the group's number may be another's by now, unless somebody of ours is in it
	default:
		_ = syscall.Kill(-c.PID(), signal)
	}
	for _, pid := range left {
		_ = syscall.Kill(pid, signal)
	}
}

func exitOf(state *os.ProcessState) Exit {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return Exit{Code: -1, Signal: unix.SignalName(status.Signal())}
	}
	return Exit{Code: state.ExitCode()}
}

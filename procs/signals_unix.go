//go:build unix

package procs

import (
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// terminate asks the group, and what left it, to end.
func (c *Child) terminate() { c.signal(syscall.SIGTERM) }

// kill ends the group, and what left it.
func (c *Child) kill() { c.signal(syscall.SIGKILL) }

func (c *Child) signal(signal syscall.Signal) {
	left := c.left()
	// After the child's end the group's number may be another's.
	byGroup := !c.ended() && syscall.Kill(-c.PID(), signal) == nil
	for _, pid := range left {
		if group, err := syscall.Getpgid(pid); byGroup && err == nil && group == c.PID() {
			continue // it has its signal; some take a second SIGTERM for impatience
		}
		_ = syscall.Kill(pid, signal)
	}
}

func exitOf(state *os.ProcessState) Exit {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return Exit{Code: -1, Signal: signalName(status.Signal())}
	}
	return Exit{Code: state.ExitCode()}
}

func signalName(signal syscall.Signal) string {
	if name := unix.SignalName(signal); name != "" {
		return name
	}
	return "signal " + strconv.Itoa(int(signal)) // a real-time one
}

//go:build unix && !linux

package build

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the command into a session, and so a process group, of its own.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// killGroup ends the group of a process that has not been waited for.
func killGroup(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

// sweepGroup ends what the leader of a group left running.
func sweepGroup(pid int) { _ = killGroup(pid) }

package build

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the command into a session, and so a process group, of its own,
// without a terminal that it could ask, and has the kernel
// kill it should this process end without doing so.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// killGroup ends the group of a process that has not been waited for.
func killGroup(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

// sweepGroup ends what the leader of a group left running.
func sweepGroup(pid int) { _ = killGroup(pid) }

package build

import (
	"os/exec"
	"strconv"
	"syscall"
)

// ownGroup keeps Ctrl-C of the terminal from the command; we end it ourselves.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// killGroup ends the process and its descendants.
func killGroup(pid int) error {
	return exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run()
}

// guardGroup does nothing: what a build has started goes on where this process is ended.
func guardGroup(int) (dismiss func()) { return func() {} }

// sweepGroup does nothing: on Windows the descendants of an ended process can't
// be told from others.
func sweepGroup(int) {}

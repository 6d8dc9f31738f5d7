package procs

import (
	"os"
	"os/exec"
	"syscall"

	"github.com/shirou/gopsutil/v3/process"
)

func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// terminate does what kill does: Windows has no signal that every server heeds.
func (c *Child) terminate() { c.kill() }

func (c *Child) kill() {
	for _, pid := range c.left() {
		if other, err := os.FindProcess(pid); err == nil {
			_ = other.Kill()
		}
	}
	_ = c.cmd.Process.Kill()
}

// left lists the child's descendants.
func (c *Child) left() []int {
	root, err := process.NewProcess(int32(c.PID()))
	if err != nil {
		return nil
	}
	return descendants(root)
}

func descendants(root *process.Process) []int {
	var found []int
	children, err := root.Children()
	if err != nil {
		return nil
	}
	for _, child := range children {
		found = append(found, int(child.Pid))
		found = append(found, descendants(child)...)
	}
	return found
}

func exitOf(state *os.ProcessState) Exit { return Exit{Code: state.ExitCode()} }

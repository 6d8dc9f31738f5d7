//go:build unix && !linux

package procs

import (
	"os/exec"
	"syscall"

	"github.com/shirou/gopsutil/v3/process"
)

func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// left lists the processes of the child's group, the child itself left out. What
// left the group is found only while it descends from the child.
func (c *Child) left() []int {
	pids, err := process.Pids()
	if err != nil {
		return nil
	}
	var left []int
	for _, pid := range pids {
		if group, err := syscall.Getpgid(int(pid)); err == nil && group == c.PID() && int(pid) != c.PID() {
			left = append(left, int(pid))
		}
	}
	return left
}

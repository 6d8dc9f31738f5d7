//go:build unix && !linux

package procs

import (
	"os/exec"
	"syscall"

	"github.com/shirou/gopsutil/v3/process"
)

// ownGroup puts the command into a session and so a process group of its own.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// adoptOrphans does nothing: an orphan goes to the machine's first process here.
func adoptOrphans() {}

// origin has no use here.
type origin struct{}

// kin has no use here: an orphan is not found.
type kin struct{ unsure []int }

func (c *Child) begin(start func() error) error { return start() }

func (c *Child) remember() {}

// left lists what is left of the child's tree, the child itself left out: its
// Group and all descendants. What left the group and lost its parent is not found.
func (c *Child) left() []int {
	all, err := process.Processes()
	if err != nil {
		return nil
	}
	parents := make(map[int]int, len(all))
	ours := map[int]bool{c.PID(): true}
	for _, one := range all {
		pid := int(one.Pid)
		if parent, err := one.Ppid(); err == nil {
			parents[pid] = int(parent)
		}
		if group, err := syscall.Getpgid(pid); err == nil && group == c.PID() {
			ours[pid] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for pid, parent := range parents {
			if !ours[pid] && ours[parent] {
				ours[pid], grown = true, true
			}
		}
	}
	delete(ours, c.PID())
	left := make([]int, 0, len(ours))
	for pid := range ours {
		left = append(left, pid)
	}
	return left
}

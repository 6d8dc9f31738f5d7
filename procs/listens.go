package procs

import (
	"github.com/shirou/gopsutil/v3/process"

	"github.com/benchtui/benchtui/procs/system"
)

// Listens are the addresses on which the child and its descendants listen, sorted;
// known is false where that can't be seen. It reads the descriptors of all of them:
// only for a message.
func (c *Child) Listens() (addresses []system.Address, known bool) {
	return system.ListensOf(append(c.members(), c.PID())...)
}

// members are the descendants of the child.
func (c *Child) members() []int {
	c.stopping.Lock()
	defer c.stopping.Unlock()
	return c.left()
}

// ListensOf is the same of a process that was not started here: the addresses on which it
// and its descendants listen.
func ListensOf(pid int) (addresses []system.Address, known bool) {
	all, _ := process.Processes()
	children := map[int32][]int32{}
	for _, one := range all {
		if parent, err := one.Ppid(); err == nil {
			children[parent] = append(children[parent], one.Pid)
		}
	}
	family, seen := []int{pid}, map[int32]bool{int32(pid): true}
	for at := 0; at < len(family); at++ {
		for _, child := range children[int32(family[at])] {
			if !seen[child] {
				seen[child] = true
				family = append(family, int(child))
			}
		}
	}
	return system.ListensOf(family...)
}

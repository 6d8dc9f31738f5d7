package procs

import "github.com/benchtui/benchtui/procs/system"

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

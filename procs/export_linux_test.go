package procs

import "github.com/benchtui/benchtui/procs/system"

// What the tests see of the inside.

const (
	MarkPrefix = markPrefix
	BuildMark  = buildMark
)

var (
	MarkOf = func(pid int, marker string) (this, any bool) {
		environment, _ := system.Environment(pid)
		return envMarkerIn(environment, marker)
	}
	OrphansOfOthers = func() bool { return adoption.others }
)

func (c *Child) Mark() string   { return c.envMarker }
func (c *Child) Members() []int { return c.members() }

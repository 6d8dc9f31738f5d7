package procs

// What the tests see of the inside.

const MarkPrefix = markPrefix

var (
	MarkOf          = envMarkerOf
	OrphansOfOthers = func() bool { return adoption.others }
)

func (c *Child) Mark() string   { return c.envMarker }
func (c *Child) Members() []int { return c.members() }

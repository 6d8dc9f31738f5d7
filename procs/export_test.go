package procs

// What the tests see of the inside.

const (
	HeirEvery        = heirEvery
	KeptLines        = keptLines
	LongestRow       = longestRow
	OutputAfterDeath = outputAfterDeath
)

// TakesProfile says whether the child has begun the profile that it was asked for.
func (c *Child) TakesProfile() bool {
	c.probe.mu.Lock()
	defer c.probe.mu.Unlock()
	return c.probe.profile != nil && len(c.probe.profile.begun) > 0
}

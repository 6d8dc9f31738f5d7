package procs

// What the tests see of the inside.

const (
	HeirEvery        = heirEvery
	KeptLines        = keptLines
	LongestRow       = longestRow
	OutputAfterDeath = outputAfterDeath
)

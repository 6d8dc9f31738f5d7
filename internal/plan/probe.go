package plan

import "time"

const (
	// probeLength is how long a contender is asked for all it can do. Its second half
	// counts: in the first a virtual machine compiles.
	ProbeLength = 4 * time.Second
	// sustained is the share of the slowest contender's throughput that all of them
	// are given: a rate at which nobody has a queue, so that what a request costs is
	// its own cost.
	Sustained = 0.5
)

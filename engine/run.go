package engine

import (
	"context"
	"time"
)

// Run puts the job's load on its target and blocks until it is done or ctx ends.
// observe gets the Measures of each interval, in order, from one goroutine that
// is not on the path of the load; the value is the receiver's to keep. Run
// returns the merged Measures of the whole, also when ctx ended it early (then
// with ctx's error).
func Run(ctx context.Context, job Job, observe func(Measures)) (Measures, error) { panic("contract") }

// Check says whether this machine can carry the job, and why not: bad figures
// (a rate of 0), or more connections than file descriptors. It raises this
// process's descriptor limit to the hard limit.
func Check(job Job) error { panic("contract") }

// Reply is what came back from Once.
type Reply struct {
	Status int
	Header map[string][]string // by canonical name
	Body   []byte              // the first 64 KiB
	Cause  Cause               // "" if the reply is OK by the checks
	Took   time.Duration       // from dial to the last byte
}

// Once sends the request one time on a connection of its own. The error tells
// of a request that got no whole reply; a reply that fails the checks is no error.
func Once(ctx context.Context, request Request, checks Checks, timeout time.Duration) (Reply, error) {
	panic("contract")
}

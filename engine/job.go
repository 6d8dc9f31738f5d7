package engine

import (
	"time"

	"github.com/benchtui/benchtui/internal/traffic"
)

// Job is one load on one target.
type Job struct {
	Request  traffic.Request
	Checks   traffic.Checks
	Workload traffic.Load
	// Interval is how often measures are handed out; 0: DefaultInterval.
	Interval time.Duration
	// Client chooses how requests are sent; "" is the cheapest that serves here.
	Client Client
	// Loops is how many threads the event loops take, at most one for each connection;
	// 0: half the CPUs that this process may use, at least one, if the target is this
	// machine, else all of them.
	Loops int
	// Cores is how many cores' worth of CPU this process has, where less than there are
	// CPUs that it may run on; 0: as many.
	Cores float64
	// Tick, in the open models, has requests become due in steps of this length, all of
	// a step at its end: fewer wake-ups, for arrivals in bursts. The wait for the end
	// of the step is the generator's choice, and no part of a response time. 0: each
	// request at its own time.
	Tick time.Duration
	// SkipLate, in the models of a rate, leaves out what finds no free connection when
	// it is due: the rate is then the most that is sent. Such is a warm-up, which is
	// to leave nothing behind.
	SkipLate bool
	// Drain is how long replies still under way are waited for when a closed,
	// rate or ramp load has run its time; 0: Workload.Timeout.
	Drain time.Duration
	// Patience is for how long users go on when the server answers nobody: one whose
	// request then times out leaves. 0: each sends all its requests, whatever becomes
	// of them.
	Patience time.Duration
	// EndsAtReading has every reply end when it is read, as other tools have it, also
	// where the kernel tells when it arrived.
	EndsAtReading bool

	wall func(ns int64) int64 // the wall clock as a test would have it; nil: as it is
}

// Client is a way of sending requests. All give the same results.
type Client string

const (
	// Portable is a goroutine for each connection; it runs everywhere, and serves
	// all that goes through TLS or HTTP/2, whatever was chosen.
	Portable Client = "portable"
	// Loops is a few event loops, each with a thread of its own.
	Loops Client = "loops"
)

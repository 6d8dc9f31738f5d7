package engine

import (
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// threadClock reads how the thread of a loop fares with the system's scheduler. The
// loop alone uses it; nil tells nothing.
type threadClock struct {
	source threadSource
	last   scheduled
	lastAt time.Duration
}

// scheduled is what the system's scheduler says of a thread since it began.
type scheduled struct {
	onCPU  time.Duration
	queued time.Duration // ready to run, and no CPU was free
}

// newThreadClock begins to watch the calling thread; nil where the system tells nothing.
func newThreadClock(now time.Duration) *threadClock {
	source, open := openOwnThread()
	if !open {
		return nil
	}
	last, known := source.read()
	if !known {
		source.close()
		return nil
	}
	return &threadClock{source, last, now}
}

// addTo adds what has come since the last time.
func (c *threadClock) addTo(into *measure.LoopTime, now time.Duration) {
	if c == nil {
		return
	}
	latest, known := c.source.read()
	if !known {
		return
	}
	into.Told += now - c.lastAt
	into.OnCPU += latest.onCPU - c.last.onCPU
	into.Queued += latest.queued - c.last.queued
	c.last, c.lastAt = latest, now
}

// explains says whether an absence of so long that has just ended was for want of a
// CPU: whether most of it can have been spent in line for one.
func (c *threadClock) explains(absent time.Duration) bool {
	if c == nil {
		return false
	}
	latest, known := c.source.read()
	return known && latest.queued-c.last.queued >= absent/2
}

func (c *threadClock) close() {
	if c != nil {
		c.source.close()
	}
}

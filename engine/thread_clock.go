package engine

import (
	"sync"
	"time"
)

// threadClock reads how a thread fares with the system's scheduler.
type threadClock struct {
	mu      sync.Mutex
	source  threadSource
	last    scheduled
	latest  scheduled
	lastAt  time.Time
	endedAt time.Time // zero: it runs
}

// scheduled is what the system's scheduler says of a thread since it began.
type scheduled struct {
	onCPU  time.Duration
	queued time.Duration // ready to run, and no CPU was free
}

// newThreadClock begins to watch the calling thread; nil where the system tells nothing.
func newThreadClock() *threadClock {
	c := &threadClock{}
	var known bool
	if c.source, known = openOwnThread(); !known {
		return nil
	}
	if c.last, known = c.source.read(); !known {
		c.source.close()
		return nil
	}
	c.lastAt = time.Now()
	return c
}

// addTo adds what has come since the last time.
func (c *threadClock) addTo(into *LoopTime) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.endedAt
	if at.IsZero() {
		at = time.Now()
		var known bool
		if c.latest, known = c.source.read(); !known {
			return
		}
	}
	into.Told += at.Sub(c.lastAt)
	into.OnCPU += c.latest.onCPU - c.last.onCPU
	into.Queued += c.latest.queued - c.last.queued
	c.last, c.lastAt = c.latest, at
}

// end keeps what stands when the thread's work is done: it may be another's next.
func (c *threadClock) end() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var known bool
	if c.latest, known = c.source.read(); !known {
		c.latest = c.last
	}
	c.endedAt = time.Now()
	c.source.close()
}

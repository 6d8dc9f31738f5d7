package engine

import (
	"time"
)

// collector hands out the measures of each interval and adds them up.
type collector struct {
	load    *load
	observe func(Measures)
	every   time.Duration
	total   Measures
	last    time.Duration
	usage   usage
	stop    chan struct{}
	stopped chan struct{}
}

func newCollector(l *load, observe func(Measures)) *collector {
	every := l.job.Interval
	if every <= 0 {
		every = DefaultInterval
	}
	return &collector{load: l, observe: observe, every: every, stop: make(chan struct{}), stopped: make(chan struct{})}
}

func (c *collector) start() {
	c.usage = readUsage()
	go func() {
		defer close(c.stopped)
		tick := time.NewTicker(c.every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				c.collect()
			case <-c.stop:
				return
			}
		}
	}()
}

// collect takes what was measured since the last time.
func (c *collector) collect() {
	used := readUsage()
	measures := Measures{From: c.last, To: c.load.since(), GeneratorCPU: used.cpu - c.usage.cpu}
	c.usage = used
	c.last = measures.To
	for _, loop := range c.load.loops {
		loop.take(&measures, c.load.job.Checks)
	}
	for _, shard := range c.load.shards {
		shard.take(&measures, c.load.job.Checks)
	}
	measures.Backlog += c.load.backlog()
	measures.FileDescriptors = measures.Connections + measures.Connecting + ownDescriptors
	c.total = c.total.Merge(measures)
	c.observe(measures)
}

// finish ends the collecting with what came since the last interval.
func (c *collector) finish() Measures {
	close(c.stop)
	<-c.stopped
	c.collect()
	return c.total
}

// ownDescriptors is about what the program has open besides its connections:
// terminal, logs, pipes of a child, the poller.
const ownDescriptors = 24

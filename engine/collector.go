package engine

import (
	"runtime"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/measure"
)

// collector hands out the measures of each interval and adds them up.
type collector struct {
	load    *load
	observe func(measure.Measures)
	every   time.Duration
	total   measure.Sum
	last    time.Duration
	usage   usage
	process processClock // of the portable client, whose threads are the process's
	stop    chan struct{}
	stopped chan struct{}
}

func newCollector(l *load, observe func(measure.Measures)) *collector {
	every := l.job.Interval
	if every <= 0 {
		every = measure.DefaultInterval
	}
	return &collector{load: l, observe: observe, every: every, stop: make(chan struct{}), stopped: make(chan struct{})}
}

func (c *collector) start() {
	c.usage = readUsage()
	if len(c.load.loops) == 0 {
		c.process.growth()
	}
	wait := c.byClock
	if len(c.load.loops) > 0 {
		wait = c.byLoops
	}
	crash.Go(func() {
		defer close(c.stopped)
		wait()
	})
}

// byClock collects from the shards, which are there to be taken at any time.
func (c *collector) byClock() {
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
}

// byLoops collects when every loop has published an interval. One that is held up
// does not keep the others' figures back for longer than another interval.
func (c *collector) byLoops() {
	held := time.NewTimer(2 * c.every)
	defer held.Stop()
	for told := 0; ; {
		select {
		case <-c.load.published:
			if told++; told < len(c.load.loops) {
				continue
			}
		case <-held.C:
		case <-c.stop:
			return
		}
		if told > 0 {
			c.collect()
		}
		told = 0
		held.Reset(2 * c.every)
	}
}

// collect takes what was measured since the last time.
func (c *collector) collect() {
	used := readUsage()
	measures := measure.Measures{From: c.last, GeneratorCPU: used.cpu - c.usage.cpu}
	c.usage = used
	for _, loop := range c.load.loops {
		at := loop.take(&measures, c.load.job.Checks)
		measures.To = max(measures.To, at)
	}
	if measures.To <= measures.From {
		measures.To = c.load.since()
	}
	measures.Ran = max(0, min(measures.To, c.load.ends)-measures.From)
	c.last = measures.To
	for _, shard := range c.load.shards {
		shard.take(&measures, c.last, c.load.job.Checks)
	}
	if len(c.load.loops) == 0 {
		measures.LoopTime = c.threads(measures)
	}
	measures.Backlog += c.load.backlog()
	measures.FileDescriptors = measures.Connections + measures.Connecting + ownDescriptors
	if open, ok := openDescriptors(); ok {
		measures.FileDescriptors = open
	}
	c.total.Take(measures)
	c.observe(measures)
}

// threads is what the portable client's threads did in an interval: as many can be at
// work as Go runs at once. One that has work is on a CPU or stands in line for one.
func (c *collector) threads(m measure.Measures) measure.LoopTime {
	wall := time.Duration(runtime.GOMAXPROCS(0)) * (m.To - m.From)
	t := measure.LoopTime{Wall: wall, Busy: min(wall, m.GeneratorCPU)}
	if grown, known := c.process.growth(); known {
		t.Told, t.OnCPU, t.Queued = wall, grown.onCPU, grown.queued
		t.Busy = min(wall, grown.onCPU+grown.queued)
	}
	return t
}

// finish ends the collecting with what came since the last interval.
func (c *collector) finish() measure.Measures {
	close(c.stop)
	<-c.stopped
	c.collect()
	return c.total.Measures()
}

// ownDescriptors is about what the program has open besides its connections:
// terminal, logs, pipes of a child, the poller.
const ownDescriptors = 24

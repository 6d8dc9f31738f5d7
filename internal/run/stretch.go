package run

import (
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// stretch adds up what a verdict rests on besides the measures of the load: over a
// whole load or, in a search, over the part of one step in which requests are begun.
// What went before, at other rates, and the rest between two steps say nothing of it.
type stretch struct {
	server measure.Mean  // percent of a core
	host   measure.Means // the same of all processes of the machine, by core

	unserved unserved

	closed bool // nothing more belongs to it
}

// unserved looks for connections that get no reply at all. That many wait for their first
// one says little where connections are short: they are others at every moment.
type unserved struct {
	firsts  uint64     // first replies so far
	moments []standing // the last of them, and those of starvingFor before it
}

// standing is how many connections wait to be served at a moment.
type standing struct {
	at      time.Duration
	waiting int    // for their first reply, or to be established
	firsts  uint64 // first replies up to then
}

// starvingFor is how long connections must have waited for a first reply.
const starvingFor = time.Second

func (u *unserved) take(m measure.Measures) {
	u.firsts += m.FirstReply.Count()
	u.moments = append(u.moments, standing{m.To, m.AwaitingFirst + m.Connecting, u.firsts})
	for len(u.moments) > 1 && m.To-u.moments[1].at >= starvingFor {
		u.moments = u.moments[1:]
	}
}

// connections are how many at least have waited for all that time: those that waited at
// its beginning, less the first replies since.
func (u *unserved) connections() int {
	if len(u.moments) == 0 {
		return 0
	}
	then, now := u.moments[0], u.moments[len(u.moments)-1]
	if now.at-then.at < starvingFor {
		return 0
	}
	return max(0, min(then.waiting, now.waiting)-int(now.firsts-then.firsts))
}

func (s *stretch) process(sample measure.Sample) {
	if s.closed {
		return
	}
	s.server.Take(sample.CPUPercentOfCore, sample.Over)
	s.host.Take(sample.HostCPUPercent, sample.Over)
}

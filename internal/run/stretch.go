package run

import (
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// stretch adds up what a verdict rests on besides the measures of the load: over a
// whole load or, in a search, over the part of one step in which requests are begun.
// What went before, at other rates, and the rest between two steps say nothing of it.
type stretch struct {
	cpuSeconds float64 // of the server, over the time that was sampled
	sampled    time.Duration

	hostSeconds float64 // of all processes of the machine, over the time that was sampled
	hostOver    time.Duration

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
	if sample.CPUPercentOfCore.Known {
		s.cpuSeconds += sample.CPUPercentOfCore.Value / 100 * sample.Over.Seconds()
		s.sampled += sample.Over
	}
	if len(sample.HostCPUPercent) > 0 {
		for _, core := range sample.HostCPUPercent {
			s.hostSeconds += core / 100 * sample.Over.Seconds()
		}
		s.hostOver += sample.Over
	}
}

// cpuPercent of a core is the mean; missing if nothing was sampled.
func (s *stretch) cpuPercent() figure.Value {
	if s.sampled == 0 {
		return figure.Value{}
	}
	return figure.Of(100 * s.cpuSeconds / s.sampled.Seconds())
}

// hostPercent of a core is what all processes of the machine used, summed over its
// cores; missing if that was not read.
func (s *stretch) hostPercent() figure.Value {
	if s.hostOver == 0 {
		return figure.Value{}
	}
	return figure.Of(100 * s.hostSeconds / s.hostOver.Seconds())
}

package session

import (
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/procs"
)

// stretch adds up what a verdict rests on besides the measures of the load: over a
// whole load or, in a search, over the part of one step in which requests are begun.
// What went before, at other rates, and the rest between two steps say nothing of it.
type stretch struct {
	cpuSeconds float64 // of the server, over the time that was sampled
	sampled    time.Duration

	inFlightSeconds float64 // requests in flight, integrated
	inFlightOver    time.Duration

	closed bool // nothing more belongs to it
}

func (s *stretch) load(m engine.Measures) {
	if s.closed {
		return
	}
	s.inFlightSeconds += float64(m.InFlight) * (m.To - m.From).Seconds()
	s.inFlightOver += m.To - m.From
}

func (s *stretch) process(sample procs.Sample) {
	if s.closed || !sample.CPUPercentOfCore.Known {
		return
	}
	s.cpuSeconds += sample.CPUPercentOfCore.Value / 100 * sample.Over.Seconds()
	s.sampled += sample.Over
}

// cpuPercent of a core is the mean; missing if nothing was sampled.
func (s *stretch) cpuPercent() procs.Figure {
	if s.sampled == 0 {
		return procs.Figure{}
	}
	return procs.Of(100 * s.cpuSeconds / s.sampled.Seconds())
}

// inFlight is the mean; missing if nothing was measured.
func (s *stretch) inFlight() procs.Figure {
	if s.inFlightOver == 0 {
		return procs.Figure{}
	}
	return procs.Of(s.inFlightSeconds / s.inFlightOver.Seconds())
}

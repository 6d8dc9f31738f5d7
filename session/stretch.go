package session

import (
	"time"

	"github.com/benchtui/benchtui/procs"
)

// stretch adds up what a verdict rests on besides the measures of the load: over a
// whole load or, in a search, over the part of one step in which requests are begun.
// What went before, at other rates, and the rest between two steps say nothing of it.
type stretch struct {
	cpuSeconds float64 // of the server, over the time that was sampled
	sampled    time.Duration

	hostSeconds float64 // of all processes of the machine, over the time that was sampled
	hostOver    time.Duration

	closed bool // nothing more belongs to it
}

func (s *stretch) process(sample procs.Sample) {
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
func (s *stretch) cpuPercent() procs.Figure {
	if s.sampled == 0 {
		return procs.Figure{}
	}
	return procs.Of(100 * s.cpuSeconds / s.sampled.Seconds())
}

// hostPercent of a core is what all processes of the machine used, summed over its
// cores; missing if that was not read.
func (s *stretch) hostPercent() procs.Figure {
	if s.hostOver == 0 {
		return procs.Figure{}
	}
	return procs.Of(100 * s.hostSeconds / s.hostOver.Seconds())
}

package run

import (
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// turnOf is what the connections did over a stretch, on average.
func turnOf(m measure.Measures) diagnosis.Turn {
	length := float64(m.To - m.From)
	c := m.ConnectionTime
	if length <= 0 || c == (measure.ConnectionTime{}) { // a recording of before it was measured
		return diagnosis.Turn{}
	}
	// An interval may take back a little of what the one before it told.
	mean := func(d time.Duration) float64 { return max(0, float64(d)/length) }
	return diagnosis.Turn{Known: true,
		Connecting: mean(c.Connecting), Waiting: mean(c.Waiting), Held: mean(c.Held), Idle: mean(c.Idle)}
}

// loopsOf is how the generator's threads fared over a stretch.
func loopsOf(m measure.Measures) diagnosis.Loops {
	t := m.LoopTime
	loops := diagnosis.Loops{Stops: t.Stops, Stopped: t.Stopped, LongestStop: t.LongestStop}
	if t.Wall > 0 {
		loops.Busy = figure.Of(float64(t.Busy) / float64(t.Wall))
		loops.StoppedShare = figure.Of(float64(t.Stopped) / float64(t.Wall))
	}
	if t.Told > 0 {
		loops.OnCPU = figure.Of(float64(t.OnCPU) / float64(t.Told))
		loops.Queued = figure.Of(float64(t.Queued) / float64(t.Told))
	}
	return loops
}

// latenessShare is the part that the generator's lateness has in the response times of
// all requests.
func latenessShare(m measure.Measures) figure.Value {
	sum := func(h measure.Histogram) float64 {
		if h.Count() == 0 {
			return 0
		}
		return h.Mean() * float64(h.Count())
	}
	took := sum(m.ResponseOK) + sum(m.ResponseKO)
	if took <= 0 || m.Lateness.Count() == 0 {
		return figure.Value{}
	}
	return figure.Of(min(1, sum(m.Lateness)/took))
}

// effortOf is what was measured of the generator over a load, and who else used the CPU.
func effortOf(m measure.Measures, s stretch) diagnosis.Effort {
	effort := diagnosis.Effort{
		Turn: turnOf(m), Loops: loopsOf(m),
		LatenessP99:               quantile(m.Lateness, 0.99),
		LatenessShare:             latenessShare(m),
		GeneratorCPUPercentOfCore: generatorPercent(m),
		ServerCPUPercentOfCore:    s.server.Value(),
	}
	if m.Lateness.Count() > 0 {
		effort.LatenessMax = time.Duration(m.Lateness.Max()) * time.Microsecond
	}
	if all := m.ResponseOK.Merge(m.ResponseKO); all.Count() > 0 {
		effort.ResponseP99MS = figure.Of(measure.MS(all.Quantile(0.99)))
	}
	if host := s.host.Sum(); host.Known && effort.ServerCPUPercentOfCore.Known {
		effort.OtherCPUPercentOfCore = figure.Of(max(0, host.Value-effort.ServerCPUPercentOfCore.Value-effort.GeneratorCPUPercentOfCore))
	}
	return effort
}

// lackedOf are the failures for want of what the generator needs itself, and the cause
// of most of them.
func lackedOf(m measure.Measures) (count uint64, most string) {
	for _, failure := range m.Failures { // the most frequent first
		if failure.Cause.Generators() {
			count += failure.Count
			if most == "" {
				most = string(failure.Cause)
			}
		}
	}
	return count, most
}

func quantile(h measure.Histogram, q float64) time.Duration {
	return time.Duration(h.Quantile(q)) * time.Microsecond
}

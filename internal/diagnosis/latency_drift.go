package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// latencyDrift looks for latency that climbs and climbs although the load stays
// the same. Under a rate that the server does not keep up with, the wait for a
// connection climbs by itself; rate_not_reached tells that.
func latencyDrift(facts Facts) ruleFunc {
	if !facts.steady() {
		return nil
	}
	const (
		long  = 9 * time.Second
		parts = 4
		each  = 1.1 // by which every quarter must exceed the one before
		whole = 1.6 // and the last one the first
		more  = 0.5 // ms
		// rising is the share of all pairs of windows of which the later must be the
		// slower (Kendall's measure of a trend): a few stutters make no trend.
		rising = 0.8
	)
	var p50 series
	return whileRunning(facts, func(w Window) *evidence {
		if w.Backlog > 0 {
			p50 = series{}
			return nil
		}
		if !w.LatencyP50MS.Known {
			return nil
		}
		p50.add(w.From, w.LatencyP50MS.Value)
		first := p50.points[:min(1, len(p50.points))]
		if len(first) == 0 || w.To-first[0].at < long {
			return nil
		}
		quarters := p50.parts(parts)
		var calmest []float64 // of each quarter
		for i, quarter := range quarters {
			if len(quarter) < 2 {
				return nil
			}
			calmest = append(calmest, least(quarter))
			if i > 0 && calmest[i] < each*calmest[i-1] {
				return nil
			}
		}
		if calmest[parts-1] < whole*calmest[0] || calmest[parts-1] < calmest[0]+more || risingPairs(p50.points) < rising {
			return nil
		}
		return &evidence{
			since: first[0].at,
			title: "latency keeps climbing although the load stays the same",
			figures: []string{fmt.Sprintf("the median latency of the calmest second, quarter by quarter: %s, %s, %s, %s",
				figure.MS(calmest[0]), figure.MS(calmest[1]), figure.MS(calmest[2]), figure.MS(calmest[3]))},
			advice: "something in the server grows with time (a queue, a cache, a heap before its collector); run it longer (" + flagname.ShortDuration + ") to see where it ends, and look at its memory",
		}
	})
}

// risingPairs is the share of pairs of which the later is higher.
func risingPairs(points []point) float64 {
	pairs, rising := 0, 0
	for i := range points {
		for j := i + 1; j < len(points); j++ {
			pairs++
			if points[j].value > points[i].value {
				rising++
			}
		}
	}
	return float64(rising) / float64(max(1, pairs))
}

package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// slowStart looks for a server that was not in its steady state when measuring
// began: its first seconds are slower than all that comes after, and what comes
// after stays level. Only under a load that does not itself change.
func slowStart(facts Facts) ruleFunc {
	if !facts.steady() {
		return nil
	}
	const (
		early  = 3 * time.Second // what is looked at
		steady = 4 * time.Second // where the comparison begins
		long   = 4 * time.Second // and how long it must be
		slower = 2.0             // times
		more   = 0.3             // ms, below which a ratio means nothing
		fewer  = 0.8             // of the steady throughput, where the load waits for the server
		level  = 1.3             // by how much the steady part may move from half to half
	)
	var p50 series
	var replies series
	return whileRunning(facts, func(w Window) *evidence {
		if !w.LatencyP50MS.Known {
			return nil
		}
		p50.add(w.From, w.LatencyP50MS.Value)
		replies.add(w.From, w.rate(w.OK))
		if w.To < steady+long {
			return nil
		}
		first, later := p50.between(0, early), p50.between(steady, w.To)
		if len(first) < 3 || len(later) < 4 {
			return nil
		}
		then, now := median(first), median(later)
		half := len(later) / 2
		a, b := median(later[:half]), median(later[half:])
		if then < slower*now || then < now+more || least(first) < 1.5*now || max(a, b) > level*min(a, b) {
			return nil
		}
		before, after := median(replies.between(0, early)), median(replies.between(steady, w.To))
		if facts.Model == "closed" && before > fewer*after {
			return nil
		}
		figures := []string{fmt.Sprintf("the median latency was %s in the first %g s, and %s from %g s on",
			figure.MS(then), early.Seconds(), figure.MS(now), steady.Seconds())}
		if facts.Model == "closed" {
			figures = append(figures, fmt.Sprintf("throughput was %s OK replies per second, and %s from then on",
				figure.Whole(before), figure.Whole(after)))
		}
		return &evidence{
			since:   0,
			title:   "the server was still warming up when measuring began",
			figures: figures,
			advice:  "give it a longer " + flagname.Warmup + ", so that the figures are those of its steady state",
		}
	})
}

package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/measure"
)

// timeoutsHideLatency looks for requests that were given up: they would have been
// the slowest, and no percentile of the OK replies knows of them.
//
// One time-out has lasted for seconds by itself, so that their number decides.
func timeoutsHideLatency(facts Facts) ruleFunc {
	const (
		fewest     = 10
		leastShare = 0.001 // from here on p99.9 is wrong
	)
	var lost, replies uint64
	var since time.Duration
	var ok measure.Histogram // the response times of the OK replies so far
	return func(w Window) *evidence {
		if lost == 0 {
			since = w.From
			for _, at := range []time.Duration{w.FailedAt["timeout"], w.FailedAt["connect timeout"]} {
				since = max(since, at)
			}
		}
		lost += w.givenUp()
		replies += w.replies()
		ok = ok.Merge(w.ResponseOK)
		if lost < fewest || share(lost, replies) < leastShare {
			return nil
		}
		figures := []string{of(lost, replies, "requests") + " were given up without a reply"}
		advice := "read the latency together with the failures; raise " + flagname.Timeout + " to see how long the slowest really take"
		patience := facts.patience()
		if patience > 0 {
			figures[0] += fmt.Sprintf(" within %g s", patience.Seconds())
		}
		if patience < facts.Timeout {
			figures[0] += ": the load waits no longer than that for what it still misses at its end"
			advice = "read the latency together with the failures; run longer (" + flagname.ShortDuration + "), for the wait at the end is as long as the load, to see how long the slowest really take"
		}
		hidden := "p99.9"
		if share(lost, replies) >= 0.01 {
			hidden = "p99"
		}
		p99 := measure.MS(ok.Quantile(0.99))
		if patience > 0 && figure.Milliseconds(patience) > p99 { // else the wait for a connection took longer than the time-out
			figures = append(figures, fmt.Sprintf("over all requests the %s is at least %s", hidden, figure.LongMS(figure.Milliseconds(patience))))
		}
		title := "time-outs hide the worst latencies: no reply came in time that was OK"
		if ok.Count() > 0 {
			title = "time-outs hide the worst latencies: OK replies look better than what users got"
			figures = append(figures, fmt.Sprintf("the OK replies alone show a p99 of %s", figure.MS(p99)))
		}
		return &evidence{
			since:   since,
			title:   title,
			figures: figures,
			advice:  advice,
		}
	}
}

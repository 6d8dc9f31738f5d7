package stream

import (
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
)

// StartupStep is the time between two tries whether a server is ready: a startup is told
// no more finely.
const StartupStep = 2 * time.Millisecond

// Step is what a figure of the contender moves in, in its unit, by the name that
// Figure knows it by: a bucket of a histogram, the CPU clock over the requests of a
// round, one reply in the length of a load. Two figures a step apart may be one. 0
// where none is known.
func (r ContenderResult) Step(name string) float64 {
	value := r.Figure(name)
	if value == nil {
		return 0
	}
	step := leaderboard.Metric(name).Step(*value)
	for _, round := range r.counting() {
		step = max(step, round.step(name))
	}
	return step
}

// step of what was measured in one round, beyond that of the metric.
func (r ContenderResult) step(name string) float64 {
	switch leaderboard.Metric(name) {
	case leaderboard.RPS, "capacity":
		if r.Capacity != nil {
			return max(0, r.Capacity.Ceiling-r.Capacity.Rate)
		}
		if r.Requests.OK > 0 && name != "capacity" {
			return r.RPS.OK / float64(r.Requests.OK) // one reply more
		}
	case leaderboard.CPUPerRequest:
		if reached := r.Requests.ReachedServer(); reached > 0 {
			return 1e6 * measure.CPUClockStep.Seconds() / float64(reached)
		}
	case leaderboard.RPSPerCore:
		if cost := r.Figure("cpu-per-request"); cost != nil && *cost > 0 {
			return r.step("cpu-per-request") / *cost * 1e6 / *cost
		}
	case leaderboard.RPSPerMB:
		if memory := r.Figure("rss"); memory != nil && *memory > 0 {
			return r.step("rps")/(*memory) + r.RPS.OK/(*memory)*leaderboard.RSS.Step(*memory)/(*memory)
		}
	case leaderboard.Startup:
		return figure.Milliseconds(StartupStep)
	case "p75", "p90", "p95", "p999", "max":
		if value := r.Figure(name); value != nil {
			return leaderboard.P50.Step(*value) // all of histograms
		}
	}
	return 0
}

// countingError is the standard error that counting alone leaves to a figure of one
// round, in its unit: what so many requests tell of all that might have been sent,
// taken for independent of each other. 0: not known.
func (r ContenderResult) countingError(name string) float64 {
	var sum, rounds float64
	for _, round := range r.counting() {
		one := round.countingErrorOfRound(name)
		sum, rounds = sum+one*one, rounds+1
	}
	if rounds == 0 {
		return 0
	}
	return math.Sqrt(sum / rounds)
}

func (r ContenderResult) countingErrorOfRound(name string) float64 {
	d, n := r.LatencyMS.OK, float64(r.Requests.OK)
	if leaderboard.Metric(name) == leaderboard.MeanAll {
		d, n = r.LatencyMS.Total, float64(r.Requests.Total)
	}
	if d == nil || n < 1 {
		return 0
	}
	// A quantile is as uncertain as its rank, √(n·q·(1−q)) of n, times how much the
	// distribution rises there for each.
	quantile := func(q, rise, over float64) float64 { return rise / over * math.Sqrt(q*(1-q)/n) }
	switch leaderboard.Metric(name) {
	case leaderboard.Mean, leaderboard.MeanAll:
		return d.StdDev / math.Sqrt(n)
	case leaderboard.P50:
		return quantile(0.5, d.P75-d.P50, 0.25)
	case leaderboard.P99:
		return quantile(0.99, d.P99-d.P95, 0.04)
	}
	return 0
}

// counting are the rounds that count, each as if it were the only one; of old results
// that have none, the contender itself.
func (r ContenderResult) counting() (rounds []ContenderResult) {
	for _, round := range r.Counted() {
		rounds = append(rounds, round.AsContender())
	}
	if len(rounds) == 0 {
		rounds = append(rounds, r)
	}
	return rounds
}

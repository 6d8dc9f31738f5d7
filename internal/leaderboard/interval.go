package leaderboard

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/benchtui/benchtui/internal/measure"
	"gonum.org/v1/gonum/stat"
)

// LeastRounds is how many rounds it takes for a confidence interval.
const LeastRounds = 3

// Confidence is that of the intervals.
const Confidence = 0.95

// Interval sums up what a metric was in several rounds, in the metric's unit.
type Interval struct {
	Median    float64
	Low, High float64 // of the confidence interval of the median; without meaning below LeastRounds
	Min, Max  float64
	Rounds    int
}

// Confident says whether there were rounds enough for Low and High.
func (i Interval) Confident() bool { return i.Rounds >= LeastRounds }

// Spread is how far the rounds lie apart, as a share of the median.
func (i Interval) Spread() float64 {
	if i.Median == 0 {
		return 0
	}
	return (i.Max - i.Min) / i.Median
}

// Reaching is the interval with a confidence interval that holds at least what lies
// between low and high: that rounds don't vary is no certainty.
func (i Interval) Reaching(low, high float64) Interval {
	i.Low, i.High = min(i.Low, low), max(i.High, high)
	return i
}

// IntervalOf sums up the figures of rounds, in any order; there must be one at least.
//
// The interval is the percentile bootstrap (Efron 1979): rounds are drawn with
// replacement, as many as there are, and their median is taken, again and again; of
// these medians the middle 95 % are the interval. It assumes nothing of how rounds
// are distributed, which latencies, with their long tails, would not keep to. Below
// six rounds it reaches from the lowest to the highest of them, and that is all they
// can tell: the true median lies between three with 1 − 2·½³ = 75 %, between four with
// 88 %, between five with 94 %.
//
// The same figures give the same interval always: its draws come from a fixed seed.
func IntervalOf(values []float64) Interval {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	interval := Interval{Median: measure.Median(sorted), Min: sorted[0], Max: sorted[n-1], Rounds: n}
	interval.Low, interval.High = interval.Min, interval.Max
	if n < LeastRounds || interval.Min == interval.Max {
		return interval
	}
	const draws = 4000
	random := rand.New(rand.NewPCG(draws, uint64(n)))
	medians := make([]float64, draws)
	drawn := make([]float64, n)
	for i := range medians {
		for j := range drawn {
			drawn[j] = sorted[random.IntN(n)]
		}
		slices.Sort(drawn)
		medians[i] = measure.Median(drawn)
	}
	slices.Sort(medians)
	const tail = (1 - Confidence) / 2
	interval.Low = stat.Quantile(tail, stat.Empirical, medians, nil)
	interval.High = stat.Quantile(1-tail, stat.Empirical, medians, nil)
	return interval
}

// IntervalTitle heads intervals over so many rounds: too few for an interval are told by
// their ends.
func IntervalTitle(rounds int) string {
	if rounds < LeastRounds {
		return "lowest–highest"
	}
	return fmt.Sprintf("%.0f %% interval", 100*Confidence)
}

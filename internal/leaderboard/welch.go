package leaderboard

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Sample is what the rounds of a contender tell of a figure, and how finely it can be
// told at all.
type Sample struct {
	Rounds []float64 // the figure of each
	// Step is what the figure moves in, in its unit: a histogram's bucket, a clock's
	// tick, one of what is counted. Two figures a step apart may be one; 0: no step is
	// known.
	Step float64
	// Error is the standard error that counting leaves to the figure of one round,
	// whatever the other rounds say: three rounds of twenty requests may agree by
	// chance. 0: not known.
	Error float64
}

// welchP is the probability of so large a difference between two samples where there
// is none; 1 where they can't be told apart whatever the test says. positive says that b's
// figure is the higher.
//
// It is Welch's t-test, which lets the two spread differently, on the logarithms of
// the values: what disturbs a measurement does so by a factor. On medians there is
// no test that could tell anything from three rounds: the least p of Mann-Whitney's
// is then 0.1. Where one contender has a single value, that of the other's spread is
// taken for its own; where both have, nothing is known and nothing differs.
//
// Rounding to a step is the same in every round, so it does not average out: each
// figure may be half a step nearer to the other, and only what remains is tested.
// That a sample does not vary at all is no certainty either: its variance is at least
// that of rounding evenly within a step (a twelfth of its square), and at least what
// counting leaves.
func welchP(a, b Sample) (p float64, positive bool) {
	if len(a.Rounds) == 0 || len(b.Rounds) == 0 || len(a.Rounds) < 2 && len(b.Rounds) < 2 {
		return 1, false
	}
	xs, ys := a.logs(), b.logs()
	d := differenceOf(xs, ys)
	positive = d.means > 0
	if math.Abs(d.means) < math.Log(leastRatio) {
		return 1, positive
	}
	low, high := a, b
	lower, higher := math.Exp(stat.Mean(xs, nil)), math.Exp(stat.Mean(ys, nil))
	if !positive {
		low, high, lower, higher = b, a, higher, lower
	}
	const rounding = 1e-9 // 0.051 − 0.050 is a little more than 0.001
	if higher-lower <= (low.Step+high.Step)/2*(1+rounding) {
		return 1, positive
	}
	d = differenceWithin(xs, ys, a.leastVariance(xs), b.leastVariance(ys))
	d.means = math.Log((higher - high.Step/2) / (lower + low.Step/2))
	return d.p(), positive
}

// logs of the rounds; a 0, which has none, stands for what can't be told from it.
func (s Sample) logs() []float64 {
	const nothing = 1e-6 // something far below the others
	xs := make([]float64, len(s.Rounds))
	for i, value := range s.Rounds {
		xs[i] = math.Log(max(value, nothing, s.Step/2))
	}
	return xs
}

// leastVariance is what the logarithm of a round's figure has at least.
func (s Sample) leastVariance(xs []float64) float64 {
	middle := math.Exp(stat.Mean(xs, nil))
	return (s.Step*s.Step/12 + s.Error*s.Error) / (middle * middle)
}

// difference is that of the means of two samples, second less first, as Welch's
// t-test takes it. One of the samples may be a single value: then the other's spread
// is taken for its own.
type difference struct {
	means   float64
	error   float64 // its standard error; 0: neither sample varies
	freedom float64 // degrees of, after Welch and Satterthwaite
}

func differenceOf(a, b []float64) difference { return differenceWithin(a, b, 0, 0) }

// differenceWithin is the same with variances that are not below those given.
func differenceWithin(a, b []float64, leastA, leastB float64) difference {
	meanA, varianceA := meanVariance(a)
	meanB, varianceB := meanVariance(b)
	n, m := float64(len(a)), float64(len(b))
	d := difference{means: meanB - meanA}
	switch {
	case n < 2:
		varianceA, d.freedom = varianceB, m-1
	case m < 2:
		varianceB, d.freedom = varianceA, n-1
	}
	x, y := max(varianceA, leastA)/n, max(varianceB, leastB)/m
	d.error = math.Sqrt(x + y)
	if d.freedom == 0 && d.error > 0 {
		d.freedom = (x + y) * (x + y) / (x*x/(n-1) + y*y/(m-1))
	}
	return d
}

// p is how probable so large a difference is where there is none.
func (d difference) p() float64 {
	if d.error == 0 {
		return 0
	}
	return 2 * survivalT(math.Abs(d.means)/d.error, d.freedom)
}

// zOf is how many standard deviations a normal interval of a confidence reaches.
func zOf(confidence float64) float64 {
	return distuv.UnitNormal.Quantile(1 - (1-confidence)/2)
}

func meanVariance(xs []float64) (mean, variance float64) {
	if len(xs) < 2 {
		return stat.Mean(xs, nil), 0
	}
	return stat.MeanVariance(xs, nil)
}

// logs of values; a 0, which has none, stands for something far below the others.
func logs(values []float64) []float64 { return Sample{Rounds: values}.logs() }

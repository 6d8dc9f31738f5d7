package leaderboard

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

const (
	// significance is the probability with which two contenders that are alike may be
	// told apart by chance.
	significance = 0.05
	// leastRatio is the difference below which nobody is ranked before another,
	// however sure it is: it is a matter of the histogram's digits, the clock's ticks
	// and where the code happens to lie in memory.
	leastRatio = 1.01
)

// Differ says whether two contenders' figures of a metric, a value per round each,
// differ by more than chance lets them.
//
// It is Welch's t-test, which lets the two spread differently, on the logarithms of
// the values: what disturbs a measurement does so by a factor. On medians there is
// no test that could tell anything from three rounds: the least p of Mann-Whitney's
// is then 0.1. Where one contender has a single value, that of the other's spread is
// taken for its own; where both have, nothing is known and nothing differs.
func Differ(a, b []float64) bool {
	if len(a) == 0 || len(b) == 0 || len(a) < 2 && len(b) < 2 {
		return false
	}
	xs, ys := logs(a), logs(b)
	if math.Abs(stat.Mean(xs, nil)-stat.Mean(ys, nil)) < math.Log(leastRatio) {
		return false
	}
	return differenceOf(xs, ys).p() < significance
}

// difference is that of the means of two samples, second less first, as Welch's
// t-test takes it. One of the samples may be a single value: then the other's spread
// is taken for its own.
type difference struct {
	means   float64
	error   float64 // its standard error; 0: neither sample varies
	freedom float64 // degrees of, after Welch and Satterthwaite
}

func differenceOf(a, b []float64) difference {
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
	x, y := varianceA/n, varianceB/m
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
	return 2 * distuv.StudentsT{Sigma: 1, Nu: d.freedom}.Survival(math.Abs(d.means)/d.error)
}

func meanVariance(xs []float64) (mean, variance float64) {
	if len(xs) < 2 {
		return stat.Mean(xs, nil), 0
	}
	return stat.MeanVariance(xs, nil)
}

// logs of values; a 0, which has none, stands for something far below the others.
func logs(values []float64) []float64 {
	xs := make([]float64, len(values))
	for i, value := range values {
		xs[i] = math.Log(max(value, 1e-6))
	}
	return xs
}

// groups says for rows sorted best first where each rank begins. Those of equal
// value share a rank; with rounds, so do those that don't differ from the best of
// their rank.
func groups(rows []Row, metric Metric) (starts []int) {
	for i := range rows {
		if i == 0 || !tied(rows[starts[len(starts)-1]].Entry, rows[i].Entry, metric) {
			starts = append(starts, i)
		}
	}
	return starts
}

func tied(a, b Entry, metric Metric) bool {
	x, _ := a.value(metric)
	y, _ := b.value(metric)
	if x == y {
		return true
	}
	xs, ys := a.Rounds[metric], b.Rounds[metric]
	if max(len(xs), len(ys)) < LeastRounds {
		return false
	}
	return !Differ(xs, ys)
}

// tieRule says in words when ranks are shared; "" where only equal values do.
func tieRule(rows []Row, metric Metric) string {
	most := 0
	for _, row := range rows {
		most = max(most, len(row.Entry.Rounds[metric]))
	}
	switch {
	case most < LeastRounds && most > 1:
		return fmt.Sprintf("ties: none are looked for in %d rounds; it takes %d", most, LeastRounds)
	case most < LeastRounds:
		return ""
	}
	return fmt.Sprintf("ties: = the difference from the best of its rank may be chance (%d rounds, Welch's p ≥ %g) or is below %.2g %%",
		most, significance, 100*(leastRatio-1))
}

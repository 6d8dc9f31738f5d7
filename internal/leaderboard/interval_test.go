package leaderboard

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestMedianAndWhatRoundsLieBetween(t *testing.T) {
	for _, c := range []struct {
		values           []float64
		median, min, max float64
		spread           float64
		confident        bool
	}{
		{[]float64{7}, 7, 7, 7, 0, false},
		{[]float64{8, 4}, 6, 4, 8, 4.0 / 6, false},
		{[]float64{3, 1, 2}, 2, 1, 3, 1, true},
		{[]float64{9, 1, 2, 4}, 3, 1, 9, 8.0 / 3, true},
		{[]float64{5, 5, 5}, 5, 5, 5, 0, true},
		{[]float64{0, 0, 0}, 0, 0, 0, 0, true},
	} {
		got := IntervalOf(c.values)
		if got.Median != c.median || got.Min != c.min || got.Max != c.max || got.Spread() != c.spread ||
			got.Confident() != c.confident || got.Rounds != len(c.values) {
			t.Errorf("%v: %+v, spread %g", c.values, got, got.Spread())
		}
	}
}

// Of an odd number n of rounds the bootstrap's distribution of the median is known:
// the drawn median is at most the k-th of them where at least half of n draws are,
// each with probability k/n. The interval's ends are the first of them at which that
// reaches 2.5 and 97.5 %.
func TestIntervalIsThatOfTheoryForOddNumbersOfRounds(t *testing.T) {
	const draws, deviations = 4000, 4
	for n := 3; n <= 41; n += 2 {
		var values []float64
		for k := range n {
			values = append(values, float64(k+1))
		}
		upTo := func(k int) float64 { // P(median ≤ k)
			half := float64(n+1) / 2
			return 1 - distuv.Binomial{N: float64(n), P: float64(k) / float64(n)}.CDF(half-1)
		}
		got := IntervalOf(values)
		for _, end := range []struct {
			name      string
			got, tail float64
		}{{"low", got.Low, 0.025}, {"high", got.High, 0.975}} {
			// The draws are so many that the share up to any round is told to within this.
			within := deviations * math.Sqrt(end.tail*(1-end.tail)/draws)
			k := int(end.got)
			if k < n && upTo(k) < end.tail-within || k > 1 && upTo(k-1) > end.tail+within {
				t.Errorf("%d rounds: %s is round %d, up to which there are %.4f, and %.4f up to the one before; want %.3f",
					n, end.name, k, upTo(k), upTo(k-1), end.tail)
			}
		}
		// Below six rounds that is from the lowest to the highest.
		if n < 7 && (got.Low != 1 || got.High != float64(n)) || n >= 9 && (got.Low == 1 || got.High == float64(n)) {
			t.Errorf("%d rounds: %g to %g", n, got.Low, got.High)
		}
	}
}

// As the comment of IntervalOf says: how often the interval holds the true median.
func TestIntervalHoldsTheMedianAsOftenAsIsSaid(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	const runs = 600
	for n, want := range map[int]float64{3: 0.75, 4: 0.875, 5: 0.9375} {
		held := 0
		for range runs {
			values := make([]float64, n)
			for i := range values {
				values[i] = math.Exp(random.NormFloat64()) // its median is 1
			}
			if got := IntervalOf(values); got.Low <= 1 && 1 <= got.High {
				held++
			}
		}
		share, within := float64(held)/runs, 4*math.Sqrt(want*(1-want)/runs)
		if math.Abs(share-want) > within {
			t.Errorf("%d rounds: held in %.3f of the runs, want %.3f ± %.3f", n, share, want, within)
		}
	}
}

func TestIntervalIsTheSameEveryTimeWhateverTheOrder(t *testing.T) {
	values := []float64{5, 3, 8, 1, 9, 2, 7, 4}
	first := IntervalOf(values)
	slices.Reverse(values)
	if again := IntervalOf(values); again != first {
		t.Errorf("%+v, then %+v", first, again)
	}
	if values[0] != 4 {
		t.Error("the values were sorted under their owner's hands")
	}
}

func TestIntervalIsOfTheMetricsScale(t *testing.T) {
	values := []float64{1, 1.5, 1.2, 1.1, 1.4, 1.3, 1.25, 1.15, 1.05}
	one := IntervalOf(values)
	for i := range values {
		values[i] *= 1000
	}
	scaled := IntervalOf(values)
	for _, pair := range [][2]float64{{one.Median, scaled.Median}, {one.Low, scaled.Low}, {one.High, scaled.High}} {
		if math.Abs(pair[0]*1000-pair[1]) > 1e-9 {
			t.Errorf("%+v and, a thousand times as large, %+v", one, scaled)
		}
	}
}

func TestIntervalReachesAtLeastAsFarAsItsFigureCanBeTold(t *testing.T) {
	got := IntervalOf([]float64{50, 50, 50}).Reaching(49.5, 50.5)
	if got.Low != 49.5 || got.High != 50.5 || got.Median != 50 || got.Min != 50 || got.Max != 50 {
		t.Errorf("%+v", got)
	}
	if wide := IntervalOf([]float64{40, 50, 60}).Reaching(49.5, 50.5); wide.Low != 40 || wide.High != 60 {
		t.Errorf("%+v", wide)
	}
}

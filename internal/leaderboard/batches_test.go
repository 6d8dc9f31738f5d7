package leaderboard

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// course draws the logarithms of n batches, with a deviation of 0.1 each, of which each
// keeps a part of the one before.
func course(random *rand.Rand, n int, kept float64) []float64 {
	values := make([]float64, n)
	last := random.NormFloat64()
	for i := range values {
		last = kept*last + math.Sqrt(1-kept*kept)*random.NormFloat64()
		values[i] = 0.1 * last
	}
	return values
}

func TestBatchMeansGiveTheErrorOfAMean(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	const n = 60
	// The standard error of the mean of n values that keep a part r is, of 0.1 each,
	// 0.1 × √((1+r) / (1−r) / n).
	for _, kept := range []float64{0, 0.3, 0.6} {
		var errors, means []float64
		for range 400 {
			values := course(random, n, kept)
			errors, means = append(errors, BatchMeans(values).Error), append(means, stat.Mean(values, nil))
		}
		want := 0.1 * math.Sqrt((1+kept)/(1-kept)/n)
		if got := stat.Mean(errors, nil); math.Abs(got/want-1) > 0.2 {
			t.Errorf("keeping %v: %v on average, want %v; the means vary by %v", kept, got, want, stat.StdDev(means, nil))
		}
	}
	if few := BatchMeans(make([]float64, LeastBatches-1)); few.Known() {
		t.Errorf("of four batches: %+v", few)
	}
	if same := BatchMeans(slices.Repeat([]float64{2}, 20)); same.Error != 0 || same.Effective != 20 {
		t.Errorf("of what never varies: %+v", same)
	}
	rising := make([]float64, 40)
	for i := range rising {
		rising[i] = float64(i)
	}
	if b := BatchMeans(rising); b.Effective > 4 {
		t.Errorf("a course that only rises is worth %v", b.Effective)
	}
	alternating := make([]float64, 40)
	for i := range alternating {
		alternating[i] = float64(i % 2)
	}
	if b := BatchMeans(alternating); b.Effective > 40 {
		t.Errorf("a course that alternates is worth %v of 40", b.Effective)
	}
}

// TestARunWithItselfIsSeldomAChange compares what was drawn from one distribution, as
// two single runs of a server are: what is told as a change there is a false alarm.
func TestARunWithItselfIsSeldomAChange(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	t.Parallel()
	random := rand.New(rand.NewPCG(11, 12))
	const trials = 2000
	for _, n := range []int{20, 40, 80} {
		for _, kept := range []float64{0, 0.3, 0.6, 0.8} {
			alarms, seen := 0, 0
			side := func(change float64) Evidence {
				values := course(random, n, kept)
				return Evidence{Value: math.Exp(stat.Mean(values, nil) + change), Within: BatchMeans(values)}
			}
			for range trials {
				if change := ChangeOf(side(0), side(0)); change.Low > 1 || change.High < 1 {
					alarms++
				}
				if change := ChangeOf(side(0), side(math.Log(3.0/5))); change.High < 1 {
					seen++
				}
			}
			share := float64(alarms) / trials
			t.Logf("%d batches that keep %v: %.1f %% false alarms, %.1f %% of the changes from 5 to 3 seen", n, kept, 100*share, 100*float64(seen)/trials)
			// 1 % where the course is long beside what it keeps, and about 5 % else.
			most := 0.06
			switch effective := float64(n) * (1 - kept) / (1 + kept); {
			case effective >= 9:
				most = 0.035
			case effective < 4: // are too few to know it from
				most = 0.1
			}
			if share > most || seen < trials*90/100 {
				t.Errorf("%d batches that keep %v: %.1f %% false alarms, %d changes of %d seen", n, kept, 100*share, seen, trials)
			}
		}
	}
}

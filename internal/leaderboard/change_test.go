package leaderboard

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/benchtui/benchtui/internal/measure"
)

// drawRounds are figures around a median whose logarithms vary by a deviation.
func drawRounds(random *rand.Rand, n int, median, deviation float64) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = median * math.Exp(deviation*random.NormFloat64())
	}
	return values
}

func evidence(rounds []float64) Evidence {
	return Evidence{Value: measure.Median(slices.Sorted(slices.Values(rounds))), Rounds: rounds}
}

func TestIntervalsOfChangesHoldTheTrueChange(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	const trials = 3000
	for _, n := range []int{3, 5, 10} {
		for _, truth := range []float64{1, 1.1, 2} {
			missed := 0
			for range trials {
				change := ChangeOf(evidence(drawRounds(random, n, 10, 0.05)), evidence(drawRounds(random, n, 10*truth, 0.1)))
				if truth < change.Low || truth > change.High {
					missed++
				}
			}
			// 1 % of 3,000 are 30 ± 5.4; Welch's approximation at 3 rounds may be off by as
			// much again.
			if missed > 62 {
				t.Errorf("%d rounds, a ratio of %v: missed %d of %d times, more than 1 %%", n, truth, missed, trials)
			}
		}
	}
}

func TestALargeChangeIsSeenInFewRounds(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	seen := 0
	for range 200 {
		if change := ChangeOf(evidence(drawRounds(random, 5, 10, 0.05)), evidence(drawRounds(random, 5, 13, 0.05))); change.Low > 1 {
			seen++
		}
	}
	if seen < 190 {
		t.Errorf("30 %% more at 5 %% of noise was seen %d of 200 times", seen)
	}
}

func TestOneRunASideIsHeldAgainstTheAssumption(t *testing.T) {
	one := func(value float64) Evidence { return Evidence{Value: value, Assumed: 0.1} }
	// z of 99 % is 2.576, and two runs of 10 % each differ by √2 of that: e^0.364.
	if change := ChangeOf(one(10), one(14)); math.Abs(change.Low/1.4-1/math.Exp(2.5758*math.Sqrt2*0.1)) > 1e-4 || change.Basis != BasisAssumption {
		t.Errorf("%+v", change)
	}
	for _, c := range []struct {
		ratio, disturbed float64
		seen             bool
	}{{1.30, 0, false}, {1.45, 0, true}, {1.45, 0.1, false}, {0.72, 0, false}, {0.68, 0, true}} {
		changed := one(10 * c.ratio)
		changed.Disturbed = c.disturbed
		change := ChangeOf(one(10), changed)
		if seen := change.Low > 1 || change.High < 1; seen != c.seen || (change.Sure > ChangeConfidence) != seen {
			t.Errorf("a ratio of %v disturbed by %v: %+v", c.ratio, c.disturbed, change)
		}
	}
	if two, single := ChangeOf(Evidence{Value: 10, Rounds: []float64{9, 11}, Assumed: 0.1}, Evidence{Value: 12, Rounds: []float64{12, 12}, Assumed: 0.1}), ChangeOf(one(10), one(12)); two.Basis != BasisAssumption || two.Low < single.Low {
		t.Errorf("two rounds %+v say less than one %+v", two, single)
	}
}

func TestARoundOnOneSideTakesTheOthersSpread(t *testing.T) {
	many := []float64{9.5, 10, 10.5, 10, 9.8}
	change := ChangeOf(evidence(many), Evidence{Value: 10.1, Rounds: []float64{10.1}, Assumed: 0.1})
	if change.Basis != BasisRounds || change.Low > 1 || change.High < 1 || change.High > 1.4 {
		t.Errorf("%+v", change)
	}
	equal := ChangeOf(evidence([]float64{5, 5, 5}), evidence([]float64{6, 6, 6}))
	if equal.Low != equal.High && math.Abs(equal.Low-1.2) > 1e-9 {
		t.Errorf("figures that never vary: %+v", equal)
	}
}

func TestSharesMayBeginAtNothing(t *testing.T) {
	none := ShareEvidence{Value: 0, Of: 32_000, Assumed: 0.1}
	for _, c := range []struct {
		failed uint64
		more   bool
	}{{0, false}, {3, false}, {320, true}} {
		change := ShareChangeOf(none, ShareEvidence{Value: float64(c.failed) / 32_000, Of: 32_000, Assumed: 0.1})
		if more := change.Low > 0; more != c.more {
			t.Errorf("%d of 32,000 failed after none: %+v", c.failed, change)
		}
	}
	few := ShareChangeOf(ShareEvidence{Value: 0, Of: 10}, ShareEvidence{Value: 0.1, Of: 10})
	if few.Low > 0 {
		t.Errorf("one of ten: %+v", few)
	}
	rounds := ShareChangeOf(ShareEvidence{Rounds: []float64{0, 0, 0}}, ShareEvidence{Value: 0.02, Rounds: []float64{0.02, 0.021, 0.019}})
	if rounds.Basis != BasisRounds || rounds.Low <= 0 {
		t.Errorf("2 %% in each of three rounds after none: %+v", rounds)
	}
}

// 0 of 1,000 in each of three rounds against 1 of 1,000 in each: three more of 3,000.
func TestSharesThatDoNotVaryAreNoCertainty(t *testing.T) {
	three := func(share float64, of uint64) ShareEvidence {
		return ShareEvidence{Value: share, Of: of, Rounds: []float64{share, share, share}}
	}
	few := ShareChangeOf(three(0, 3000), three(0.001, 3000))
	// Newcombe's interval of 3 of 3,000 less 0 of 3,000, as statsmodels has it.
	if math.Abs(few.Low+0.0013298763026742123) > 1e-9 || math.Abs(few.High-0.003949713996792237) > 1e-9 || few.Basis != BasisRounds {
		t.Errorf("0 of 1,000 against 1 of 1,000, three times: %+v", few)
	}
	if same := ShareChangeOf(three(0, 3000), three(0, 3000)); same.Low >= 0 || same.High <= 0 {
		t.Errorf("no width: %+v", same)
	}
	if many := ShareChangeOf(three(0, 3000), three(0.02, 3000)); many.Low <= 0 {
		t.Errorf("20 of 1,000 in each round after none: %+v", many)
	}
}

func TestTimesThatDoNotVaryAreNoCertainty(t *testing.T) {
	three := func(value, step float64) Evidence {
		return Evidence{Value: value, Rounds: []float64{value, value, value}, Step: step}
	}
	if change := ChangeOf(three(0.050, 0.001), three(0.051, 0.001)); change.Low > 1 || change.High < 1.04 {
		t.Errorf("50 against 51 µs: %+v", change)
	}
	if change := ChangeOf(three(0.050, 0.001), three(0.080, 0.001)); change.Low <= 1 {
		t.Errorf("50 against 80 µs: %+v", change)
	}
}

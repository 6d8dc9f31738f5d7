package leaderboard

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat"
)

const (
	// changeSignificance is the probability with which two runs that are alike may be
	// told apart by chance, in one figure. A comparison looks at many figures at once,
	// and CI fails by it: so it is stricter than the ties of a leaderboard.
	changeSignificance = 0.01
	// ChangeConfidence is that of the intervals of changes.
	ChangeConfidence = 1 - changeSignificance
)

// Basis is what the interval of a change rests on.
type Basis string

const (
	// BasisRounds: the rounds of at least one side show by how much figures vary from
	// run to run.
	BasisRounds Basis = "rounds"
	// BasisTime: how figures vary within one run is known; from run to run it is assumed.
	BasisTime Basis = "time"
	// BasisAssumption: all that is known is one figure a side.
	BasisAssumption Basis = "assumption"
)

// Evidence is what a run knows of a figure.
type Evidence struct {
	Value  float64   // as it is shown
	Rounds []float64 // the figure of each round; one at most tells nothing
	Step   float64   // what the figure moves in, as Sample has it; 0: not known
	// Within is the standard error of the figure's logarithm within a single run, by
	// StretchError; 0: not known.
	Within float64
	// Assumed is the standard deviation that the figure's logarithm is assumed to have
	// from run to run, where no rounds show it.
	Assumed float64
}

// Change is by what a figure changed. Ratio is new to old; Low and High are its
// interval. Of shares it is the difference new − old instead.
type Change struct {
	Ratio, Low, High float64
	Basis            Basis
}

// ChangeOf is the change of a figure that is above 0, such as a time.
//
// With rounds (three on one side at least) the interval is Welch's, on the logarithms
// of the rounds' figures, as in Differ, and half a step of each wider: rounds that
// don't vary are no certainty. Without, it is the normal one of what single runs tell of
// themselves and of what runs are assumed to differ by.
func ChangeOf(old, new Evidence) Change {
	change := Change{Ratio: new.Value / old.Value}
	if max(len(old.Rounds), len(new.Rounds)) >= LeastRounds && min(len(old.Rounds), len(new.Rounds)) >= 1 {
		was, now := Sample{Rounds: old.Rounds, Step: old.Step}, Sample{Rounds: new.Rounds, Step: new.Step}
		xs, ys := was.logs(), now.logs()
		low, high := differenceWithin(xs, ys, was.leastVariance(xs), now.leastVariance(ys)).interval(ChangeConfidence)
		change.Basis = BasisRounds
		steps := old.Step/2/old.Value + new.Step/2/new.Value
		change.Low, change.High = math.Exp(low-steps), math.Exp(high+steps)
	} else {
		change.Basis = BasisAssumption
		if old.Within > 0 && new.Within > 0 {
			change.Basis = BasisTime
		}
		reach := zOf(ChangeConfidence) * math.Sqrt(old.variance()+new.variance())
		change.Low, change.High = change.Ratio*math.Exp(-reach), change.Ratio*math.Exp(reach)
	}
	// The interval is that of the means of logarithms; the ratio that is shown is that
	// of medians, and must not lie outside of it.
	change.Low, change.High = min(change.Low, change.Ratio), max(change.High, change.Ratio)
	return change
}

// variance of the figure's logarithm, of few rounds or one.
func (e Evidence) variance() float64 {
	n := float64(max(1, len(e.Rounds)))
	return (e.Within*e.Within + e.Assumed*e.Assumed) / n
}

// ShareEvidence is what a run knows of a share, such as that of failed requests.
type ShareEvidence struct {
	Value  float64   // 0 to 1
	Of     uint64    // how many it is a share of, in all rounds; 0: not known
	Rounds []float64 // the share of each round
	// Assumed is by what part of itself the share is assumed to differ from run to run.
	Assumed float64
}

// ShareChangeOf is the difference of two shares, which a ratio can't tell: it may
// begin at 0. With rounds its interval is Welch's of the rounds' shares, but reaches at
// least as far as Newcombe's of what was counted in all of them: that none of a
// thousand failed, three times, is no certainty. Without, it is Agresti and Caffo's,
// which takes the requests for independent of each other, widened by what runs are
// assumed to differ.
func ShareChangeOf(old, new ShareEvidence) Change {
	change := Change{Ratio: new.Value - old.Value}
	if max(len(old.Rounds), len(new.Rounds)) >= LeastRounds && min(len(old.Rounds), len(new.Rounds)) >= 1 {
		change.Basis = BasisRounds
		change.Low, change.High = differenceOf(old.Rounds, new.Rounds).interval(ChangeConfidence)
		if old.Of > 0 && new.Of > 0 {
			low, high := Newcombe(old.count(), old.Of, new.count(), new.Of, ChangeConfidence)
			change.Low, change.High = min(change.Low, low), max(change.High, high)
		}
	} else {
		change.Basis = BasisAssumption
		middle := adjusted(new) - adjusted(old)
		reach := zOf(ChangeConfidence) * math.Sqrt(old.variance()+new.variance())
		change.Low, change.High = middle-reach, middle+reach
	}
	change.Low, change.High = min(change.Low, change.Ratio), max(change.High, change.Ratio)
	return change
}

func (e ShareEvidence) count() uint64 {
	return min(e.Of, uint64(math.Round(e.Value*float64(e.Of))))
}

// adjusted is the share with one success and one failure more.
func adjusted(e ShareEvidence) float64 {
	return (e.Value*float64(e.Of) + 1) / (float64(e.Of) + 2)
}

func (e ShareEvidence) variance() float64 {
	p := adjusted(e)
	between := e.Assumed * e.Value
	return p*(1-p)/(float64(e.Of)+2) + between*between
}

// LeastStretches is into how many stretches of time a run must be parted for them to
// tell something.
const LeastStretches = 5

// StretchError is the standard error of the logarithm of a figure of a run that is
// parted into n stretches of time: by bootstrap over the stretches, which keeps
// together what belongs together, as requests that waited in one queue. of computes
// the figure from the stretches that were drawn, by their numbers. 0: not known.
//
// It tells nothing of what is the same for the whole run and another in the next: the
// layout of memory, what the machine's neighbours do, the compiler's guesses.
func StretchError(n int, of func(drawn []int) float64) float64 {
	const draws = 300
	if n < LeastStretches {
		return 0
	}
	random := rand.New(rand.NewPCG(draws, uint64(n)))
	drawn := make([]int, n)
	values := make([]float64, 0, draws)
	for range draws {
		for i := range drawn {
			drawn[i] = random.IntN(n)
		}
		if value := of(drawn); value > 0 {
			values = append(values, math.Log(value))
		}
	}
	if len(values) < draws/2 {
		return 0
	}
	return stat.StdDev(values, nil)
}

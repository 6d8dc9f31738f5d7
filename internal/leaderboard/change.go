package leaderboard

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
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
	// BasisTime: how figures vary within one run is known, by BatchMeans, and by how much
	// runs differ beyond that is taken from what was measured elsewhere.
	BasisTime Basis = "time"
	// BasisAssumption: all that is known is one figure a side.
	BasisAssumption Basis = "assumption"
	// BasisAbsence: one side has no such figure. There is no interval.
	BasisAbsence Basis = "absence"
)

// Evidence is what a run knows of a figure.
type Evidence struct {
	Value  float64   // as it is shown
	Rounds []float64 // the figure of each round; one at most tells nothing
	Step   float64   // what the figure moves in, as Sample has it; 0: not known
	// Within is how sure a single round is of the figure's logarithm; the zero: not known.
	Within Batches
	// Between is the standard deviation that the logarithm has from run to run beyond
	// what Within tells.
	Between float64
	// Assumed is the standard deviation that the figure's logarithm is assumed to have
	// from run to run, where neither rounds nor Within show it.
	Assumed float64
	// Disturbed is how much more, where something else had part in a single run.
	Disturbed float64
}

// Change is by what a figure changed. Ratio is new to old; Low and High are its
// interval. Of shares it is the difference new − old instead.
type Change struct {
	Ratio, Low, High float64
	Basis            Basis
	// Sure is with what probability chance alone makes no change as large as this:
	// the confidence of the interval that just reaches to no change.
	Sure float64
	// perRun is the standard deviation from one run to another.
	perRun float64
}

// ChangeOf is the change of a figure that is above 0, such as a time.
//
// With rounds (three on one side at least) the interval is Welch's, on the logarithms
// of the rounds' figures, as in ties, and half a step of each wider: rounds that
// don't vary are no certainty. Without, it is Student's on what each run tells of itself
// by its batch means, the degrees of freedom by Welch and Satterthwaite, or the normal
// one on what runs are assumed to differ by.
func ChangeOf(old, new Evidence) Change {
	change := Change{Ratio: new.Value / old.Value}
	if inRounds(old.Rounds, new.Rounds) {
		was, now := Sample{Rounds: old.Rounds, Step: old.Step}, Sample{Rounds: new.Rounds, Step: new.Step}
		xs, ys := was.logs(), now.logs()
		steps := (old.relativeStep() + new.relativeStep()) / 2
		change.welch(differenceWithin(xs, ys, was.leastVariance(xs), now.leastVariance(ys)), len(xs), len(ys), steps)
	} else {
		a, b := old.variance(), new.variance()
		change.Basis = BasisAssumption
		if a.measured && b.measured {
			change.Basis = BasisTime
		}
		change.perRun = math.Sqrt((a.perRun + b.perRun) / 2)
		change.student(math.Log(change.Ratio), math.Sqrt(a.value+b.value), freedomOf(a, b))
	}
	change.Low, change.High = math.Exp(change.Low), math.Exp(change.High)
	// The interval is that of the means of logarithms; the ratio that is shown is that
	// of medians, and must not lie outside of it.
	change.Low, change.High = min(change.Low, change.Ratio), max(change.High, change.Ratio)
	change.holds(1)
	return change
}

// holds makes no change as sure as the interval says that holds it.
func (c *Change) holds(none float64) {
	if c.Low <= none && c.High >= none {
		c.Sure = min(c.Sure, ChangeConfidence)
	}
}

// inRounds says that rounds tell how runs vary.
func inRounds(old, new []float64) bool {
	return max(len(old), len(new)) >= LeastRounds && min(len(old), len(new)) >= 1
}

// variance is that of one side's figure.
type variance struct {
	value    float64 // of the side's figure
	perRun   float64 // of a single run's
	part     float64 // of the value, that was estimated
	freedom  float64 // of that part
	measured bool
}

// variance of the figure's logarithm, of few rounds or one.
func (e Evidence) variance() variance {
	n := float64(max(1, len(e.Rounds)))
	step := e.relativeStep() * e.relativeStep() / 12
	if !e.Within.Known() {
		perRun := e.Assumed*e.Assumed + e.Disturbed*e.Disturbed + step
		return variance{value: perRun / n, perRun: perRun}
	}
	part := e.Within.Error * e.Within.Error
	all := part + e.Between*e.Between + e.Disturbed*e.Disturbed + step
	return variance{value: all / n, perRun: all, part: part / n, freedom: e.Within.freedom(), measured: true}
}

// relativeStep is the step of the figure's logarithm; of one that is below its step, that
// of the step itself.
func (e Evidence) relativeStep() float64 {
	return e.Step / max(e.Value, e.Step, math.SmallestNonzeroFloat64)
}

// freedomOf is Satterthwaite's: of a sum of variances of which parts were estimated.
func freedomOf(a, b variance) float64 {
	below := 0.0
	for _, one := range []variance{a, b} {
		if one.part > 0 {
			below += one.part * one.part / one.freedom
		}
	}
	all := a.value + b.value
	if below == 0 {
		return math.Inf(1)
	}
	return max(1, all*all/below)
}

// student sets the interval around a difference with a standard error.
func (c *Change) student(middle, deviation, freedom float64) {
	reach := 0.0
	if deviation > 0 {
		reach = quantileT(1-changeSignificance/2, freedom) * deviation
		c.Sure = 1 - 2*survivalT(math.Abs(middle)/deviation, freedom)
	} else if middle != 0 {
		c.Sure = 1
	}
	c.Low, c.High = middle-reach, middle+reach
}

// mostRoundsToTell is from where on nobody waits for rounds.
const mostRoundsToTell = 100

// RoundsToTell is how many rounds a side would make the interval so narrow that it
// reaches by no more than a distance from its middle, if runs vary as these do; of
// shares the distance is one of shares, of others one of logarithms. 0: more than
// anybody waits for, or not known.
func (c Change) RoundsToTell(distance float64) int {
	for n := LeastRounds; n <= mostRoundsToTell && c.perRun > 0; n++ {
		if quantileT(1-changeSignificance/2, float64(2*n-2))*c.perRun*math.Sqrt(2/float64(n)) <= distance {
			return n
		}
	}
	return 0
}

// quantileT and survivalT are Student's; with infinite freedom the normal one.
func quantileT(p, freedom float64) float64 {
	if freedom > 1e6 {
		return distuv.UnitNormal.Quantile(p)
	}
	return distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile(p)
}

func survivalT(t, freedom float64) float64 {
	if freedom > 1e6 {
		return distuv.UnitNormal.Survival(t)
	}
	return distuv.StudentsT{Sigma: 1, Nu: freedom}.Survival(t)
}

// ShareEvidence is what a run knows of a share, such as that of failed requests.
type ShareEvidence struct {
	Value  float64   // 0 to 1
	Of     uint64    // how many it is a share of, in all rounds; 0: not known
	Rounds []float64 // the share of each round
	// Within is the standard error that the course of a single run gives the share; 0:
	// not known.
	Within float64
	// Assumed is by what part of itself the share is assumed to differ from run to run.
	Assumed float64
	// Disturbed is by how much more, where something else had part in a single run.
	Disturbed float64
}

// ShareChangeOf is the difference of two shares, which a ratio can't tell: it may
// begin at 0. With rounds its interval is Welch's of the rounds' shares, but reaches at
// least as far as Newcombe's of what was counted in all of them: that none of a
// thousand failed, three times, is no certainty. Without, it is Agresti and Caffo's,
// which takes the requests for independent of each other, unless the course of the run
// shows that they fail together; widened by what runs are assumed to differ.
func ShareChangeOf(old, new ShareEvidence) Change {
	change := Change{Ratio: new.Value - old.Value}
	if inRounds(old.Rounds, new.Rounds) {
		change.welch(differenceOf(old.Rounds, new.Rounds), len(old.Rounds), len(new.Rounds), 0)
		if old.Of > 0 && new.Of > 0 {
			low, high := Newcombe(old.count(), old.Of, new.count(), new.Of, ChangeConfidence)
			change.Low, change.High = min(change.Low, low), max(change.High, high)
		}
	} else {
		a, b := old.variance(), new.variance()
		change.Basis = BasisAssumption
		change.perRun = math.Sqrt((a + b) / 2)
		change.student(adjusted(new)-adjusted(old), math.Sqrt(a+b), math.Inf(1))
	}
	change.Low, change.High = min(change.Low, change.Ratio), max(change.High, change.Ratio)
	change.holds(0)
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
	between, disturbed := e.Assumed*e.Value, e.Disturbed*e.Value
	return max(p*(1-p)/(float64(e.Of)+2), e.Within*e.Within) + between*between + disturbed*disturbed
}

// welch sets the confidence interval of the difference of means of n and m rounds,
// second minus first, wider by what the figures move in.
func (c *Change) welch(d difference, n, m int, wider float64) {
	c.Basis = BasisRounds
	c.student(d.means, d.error, d.freedom)
	c.Low, c.High = c.Low-wider, c.High+wider
	c.perRun = d.error * math.Sqrt(float64(n*m)/float64(n+m))
}

package plan

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// DefaultObjective is what a rate must keep if --objective says nothing else.
const DefaultObjective = "p99<50ms,failures<0.1%"

// Objective is what a server must keep at a rate to be said to carry it.
type Objective struct {
	text       string
	conditions []Threshold
}

// objectiveQuantiles are the metrics of which a share of the replies may be above
// the limit.
var objectiveQuantiles = map[string]float64{
	"p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999, "max": 1,
}

// ParseObjective reads conditions that must all hold, such as "p99<50ms,failures<0.1%".
func ParseObjective(text string) (Objective, error) {
	objective := Objective{text: text}
	for part := range strings.SplitSeq(text, ",") {
		condition, err := ParseThreshold(strings.TrimSpace(part))
		if err != nil {
			return Objective{}, err
		}
		_, quantile := objectiveQuantiles[condition.metric.Name]
		switch {
		case !quantile && condition.metric.Name != "mean" && condition.metric.Name != "failures":
			return Objective{}, fmt.Errorf("%q: an objective is set on latency or failures: mean, p50, p75, p90, p95, p99, p999, max, failures", part)
		case !strings.HasPrefix(condition.op, "<"):
			return Objective{}, fmt.Errorf("%q: an objective says what must not be exceeded; write it with <", part)
		case condition.limit <= 0 && condition.op == "<":
			return Objective{}, fmt.Errorf("%q can never hold; give it room", part)
		}
		objective.conditions = append(objective.conditions, condition)
	}
	if len(objective.conditions) == 0 {
		return Objective{}, errors.New("an objective has at least one condition, such as p99<50ms")
	}
	return objective, nil
}

// String is the objective as it was written.
func (o Objective) String() string { return o.text }

// UnmarshalText takes an objective as ParseObjective does.
func (o *Objective) UnmarshalText(text []byte) error {
	objective, err := ParseObjective(string(text))
	if err == nil {
		*o = objective
	}
	return err
}

// broken says which condition the figures break; "" if they keep all.
func (o Objective) broken(figures stream.ContenderResult) string {
	for _, condition := range o.conditions {
		if holds, told := condition.Holds(figures); !holds {
			if told == "" {
				return condition.text + ": no reply was OK"
			}
			return told
		}
	}
	return ""
}

// Slowest is the highest latency that any condition lets pass.
func (o Objective) Slowest() time.Duration {
	var most time.Duration
	for _, condition := range o.conditions {
		if condition.metric.Unit == figure.InMS {
			most = max(most, time.Duration(condition.limit*float64(time.Millisecond)))
		}
	}
	return most
}

// StepJudge watches one step of the search.
type StepJudge struct {
	Objective Objective
	rate      float64
	Duration  time.Duration
	planned   float64 // requests

	over     []uint64 // by condition: replies above its limit
	ko       uint64
	answered uint64 // in the time in which requests were begun
}

// NewStepJudge begins a step of the search, under a load at a constant rate.
func NewStepJudge(objective Objective, load traffic.Load) *StepJudge {
	return &StepJudge{
		Objective: objective, rate: load.Rate, Duration: load.Duration,
		planned: math.Round(load.Rate * load.Duration.Seconds()), // as the engine counts them
		over:    make([]uint64, len(objective.conditions)),
	}
}

// Hopeless takes the next interval and says whether the objective is broken already,
// whatever the rest of the step brings.
func (j *StepJudge) Hopeless(m measure.Measures) bool {
	j.ko += m.KO
	if m.To <= j.Duration+m.To-m.From {
		j.answered += m.OK + m.KO
	}
	for i, condition := range j.Objective.conditions {
		if condition.metric.Name == "failures" {
			if float64(j.ko) > condition.limit*j.planned {
				return true
			}
			continue
		}
		quantile, ok := objectiveQuantiles[condition.metric.Name]
		if !ok {
			continue
		}
		j.over[i] += above(m.ResponseOK, int64(condition.limit*1000))
		if float64(j.over[i]) > (1-quantile)*j.planned+1 {
			return true
		}
	}
	return false
}

// above is how many of the values, in µs, lie above a limit.
func above(h measure.Histogram, limitUS int64) uint64 {
	from, _ := slices.BinarySearch(h.Values, limitUS+1)
	var count uint64
	for _, n := range h.Counts[from:] {
		count += n
	}
	return count
}

// Broken says what a whole step breaks; "" if the server carries its rate.
func (j *StepJudge) Broken(measured stream.Measured) string {
	figures := stream.ContenderResult{Measured: measured}
	if told := j.Objective.broken(figures); told != "" {
		return told
	}
	// A server that falls behind breaks no objective on failures by itself: what is
	// asked of it is answered, only ever later.
	const behind = 0.02
	slow := max(50*time.Millisecond, j.Objective.Slowest())
	due := j.planned*(1-behind) - j.rate*slow.Seconds()
	if float64(j.answered) < due {
		return fmt.Sprintf("only %s of %s were answered while they were asked", figure.Count(j.answered), figure.Count(uint64(j.planned)))
	}
	return ""
}

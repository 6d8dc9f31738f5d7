package recording

import (
	"slices"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// courses are how loads went of a recording of an older version, whose result does not
// tell how sure each of them is of its figures.
type courses struct {
	workload stream.WorkloadFacts
	of       map[load]*stream.Course
	now      *stream.Course
}

// load is one of a run's loads.
type load struct {
	contender string
	round     int
}

func (c *courses) fold(event stream.Event) {
	switch body := event.Body.(type) {
	case stream.RunStarted:
		c.workload = body.Plan.Workload
	case stream.RateFixed:
		c.workload = body.Workload
	case stream.ContenderStarted:
		if c.now = nil; !body.Probe {
			c.now = &stream.Course{}
			if c.of == nil {
				c.of = map[load]*stream.Course{}
			}
			c.of[load{event.Contender, max(1, body.Round)}] = c.now
		}
	case stream.LoadSample:
		facts := c.workload
		ended := facts.Model != string(traffic.Users) && facts.DurationS > 0 && body.Measures.From.Seconds() >= facts.DurationS
		if c.now != nil && body.Counts() && !ended {
			c.now.Load(body.Measures)
		}
	case stream.ProcessSample:
		if c.now != nil && body.Phase == stream.PhaseLoad {
			c.now.Process(body.Sample)
		}
	case stream.RoundDone:
		c.forget(event.Contender, body.Result)
	case stream.ContenderDone:
		c.forget(event.Contender, body.Result.Rounds...)
	}
}

// forget drops the courses of rounds that tell by themselves what would be made of them.
func (c *courses) forget(contender string, rounds ...stream.RoundResult) {
	for _, round := range rounds {
		if round.Within != nil {
			delete(c.of, load{contender, round.Round})
		}
	}
}

// addTo tells in a result what the rounds in it do not.
func (c *courses) addTo(result *stream.Result) {
	if result.Workload.Objective != "" {
		return
	}
	result.Contenders = slices.Clone(result.Contenders)
	for i, one := range result.Contenders {
		rounds := slices.Clone(one.Rounds)
		for j, round := range rounds {
			if round.Within == nil {
				rounds[j].Within = c.of[load{one.ID, round.Round}].Within()
			}
		}
		result.Contenders[i].Rounds = rounds
	}
}

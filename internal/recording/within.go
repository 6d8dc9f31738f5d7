package recording

import (
	"slices"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// addWithin tells in a result of an older version, which did not, how sure each load is
// of its figures, from the events of its recording.
func addWithin(result *stream.Result, events []stream.Event) {
	type load struct {
		contender string
		round     int
	}
	facts := result.Workload
	if facts.Objective != "" {
		return
	}
	courses := map[load]*stream.Course{}
	var now *stream.Course
	for _, event := range events {
		switch body := event.Body.(type) {
		case stream.ContenderStarted:
			now = nil
			if !body.Probe {
				now = &stream.Course{}
				courses[load{event.Contender, max(1, body.Round)}] = now
			}
		case stream.LoadSample:
			ended := facts.Model != string(traffic.Users) && facts.DurationS > 0 && body.Measures.From.Seconds() >= facts.DurationS
			if now != nil && body.Counts() && !ended {
				now.Load(body.Measures)
			}
		case stream.ProcessSample:
			if now != nil && body.Phase == stream.PhaseLoad {
				now.Process(body.Sample)
			}
		}
	}
	result.Contenders = slices.Clone(result.Contenders)
	for i, one := range result.Contenders {
		rounds := slices.Clone(one.Rounds)
		for j, round := range rounds {
			if round.Within == nil {
				rounds[j].Within = courses[load{one.ID, round.Round}].Within()
			}
		}
		result.Contenders[i].Rounds = rounds
	}
}

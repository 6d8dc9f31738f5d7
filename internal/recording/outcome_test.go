package recording

import (
	"errors"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

func cutEvents(bodies ...stream.Event) []stream.Event {
	plan := stream.PlanFacts{RankBy: "mean", Tiers: "auto", Workload: stream.WorkloadFacts{Name: "steady", Rounds: 3}, Contenders: []stream.ContenderFacts{
		{ID: "golang", Name: "Golang"}, {ID: "expressjs", Name: "Express.js"},
	}}
	return append([]stream.Event{{Body: stream.RunStarted{Started: time.Unix(1, 0), Plan: plan, Host: stream.HostFacts{Cores: 2}}}}, bodies...)
}

// resultOf folds events, whose last one tells whether they are whole.
func resultOf(events []stream.Event) (stream.Result, error) {
	whole := false
	if len(events) > 0 {
		_, whole = events[len(events)-1].Body.(stream.RunDone)
	}
	outcome := NewOutcome(whole)
	for _, event := range events {
		outcome.Fold(event)
	}
	return outcome.Result()
}

func fast() measure.Histogram {
	return measure.Histogram{Values: []int64{100, 200}, Counts: []uint64{8, 2}}
}

func TestResultOfWhatWasCutOff(t *testing.T) {
	load := func(from, to time.Duration, ok, ko uint64) stream.Event {
		return stream.Event{Contender: "golang", Body: stream.LoadSample{Measures: measure.Measures{From: from, To: to, OK: ok, KO: ko, ResponseOK: fast()}}}
	}
	started := stream.Event{Contender: "golang", Body: stream.ContenderStarted{Facts: stream.ContenderFacts{ID: "golang", Name: "Golang"}, Version: "Go 1.26"}}
	warmup := stream.Event{Contender: "golang", Body: stream.LoadSample{Warmup: true, Measures: measure.Measures{To: time.Second, OK: 1000, ResponseOK: fast()}}}

	result, err := resultOf(cutEvents(started, stream.Event{Contender: "golang", Body: stream.Ready{After: 9 * time.Millisecond}}, warmup,
		load(0, time.Second, 10, 0), load(time.Second, 2*time.Second, 10, 0)))
	if err != nil || !result.Interrupted || len(result.Contenders) != 2 {
		t.Fatalf("%d contenders, interrupted %v, %v", len(result.Contenders), result.Interrupted, err)
	}
	golang, express := result.Contenders[0], result.Contenders[1]
	if golang.ID != "golang" || golang.Requests.OK != 20 || golang.RPS.OK != 10 || golang.Status != stream.StatusAborted || golang.StartupMS == nil || golang.Version != "Go 1.26" {
		t.Errorf("golang: %+v", golang)
	}
	if golang.LatencyMS.OK == nil || golang.LatencyMS.OK.P50 != 0.1 {
		t.Errorf("golang's latencies: %+v", golang.LatencyMS.OK)
	}
	if express.Status != stream.StatusAborted || express.Rank != 0 || express.StatusDetail == "" {
		t.Errorf("expressjs, which was never begun: %+v", express)
	}
}

func TestRoundsThatWereOverStandWhenTheNextIsCutOff(t *testing.T) {
	soFar := stream.ContenderResult{TiedWith: []string{}, Measured: stream.MeasuredOf(measure.Measures{To: time.Second, OK: 10, ResponseOK: fast()})}
	soFar.ID, soFar.Name, soFar.Status = "golang", "Golang", stream.StatusOK
	soFar.Rounds = []stream.RoundResult{{Round: 1, Outcome: stream.Outcome{Status: stream.StatusOK}, Measured: stream.Measured{Requests: soFar.Requests, LatencyMS: soFar.LatencyMS}}}
	facts := stream.ContenderFacts{ID: "golang", Name: "Golang"}
	result, err := resultOf(cutEvents(
		stream.Event{Contender: "golang", Body: stream.ContenderStarted{Facts: facts, Round: 1, Rounds: 3}},
		stream.Event{Contender: "golang", Body: stream.RoundDone{SoFar: soFar, Of: 3}},
		stream.Event{Contender: "golang", Body: stream.ContenderStarted{Facts: facts, Round: 2, Rounds: 3}},
		stream.Event{Contender: "golang", Body: stream.LoadSample{Measures: measure.Measures{To: time.Second, OK: 1, KO: 500}}},
	))
	if err != nil {
		t.Fatal(err)
	}
	if one := result.Contenders[0]; one.ID != "golang" || one.Requests.OK != 10 || one.Requests.KO != 0 || len(one.Rounds) != 1 || one.Status != stream.StatusAborted {
		t.Errorf("%+v", one)
	}
}

// What a round tells of the rounds before is told by their own events.
func TestRoundsAreGatheredFromTheirOwnEvents(t *testing.T) {
	soFar := stream.ContenderResult{TiedWith: []string{}, Measured: stream.MeasuredOf(measure.Measures{To: time.Second, OK: 20, ResponseOK: fast()})}
	soFar.ID, soFar.Name, soFar.Status, soFar.Rounds = "golang", "Golang", stream.StatusOK, []stream.RoundResult{}
	facts := stream.ContenderFacts{ID: "golang", Name: "Golang"}
	var events []stream.Event
	for round := 1; round <= 2; round++ {
		events = append(events, stream.Event{Contender: "golang", Body: stream.ContenderStarted{Facts: facts, Round: round, Rounds: 3}},
			stream.Event{Contender: "golang", Body: stream.RoundDone{Result: stream.RoundResult{Round: round, Outcome: stream.Outcome{Status: stream.StatusOK}}, SoFar: soFar, Of: 3}})
	}
	result, err := resultOf(cutEvents(append(events, stream.Event{Contender: "golang", Body: stream.ContenderStarted{Facts: facts, Round: 3, Rounds: 3}})...))
	if err != nil {
		t.Fatal(err)
	}
	if one := result.Contenders[0]; len(one.Rounds) != 2 || one.Rounds[1].Round != 2 || one.Requests.OK != 20 {
		t.Errorf("%+v", one.Rounds)
	}
}

func TestEventsWithoutABeginningAreNoRun(t *testing.T) {
	for _, events := range [][]stream.Event{nil, {{Body: stream.Notice{Text: "hello"}}}} {
		if _, err := resultOf(events); !errors.Is(err, ErrNoRun) {
			t.Errorf("%v", err)
		}
	}
	whole := stream.Result{Schema: stream.ResultSchema, TierRule: "tiers: none"}
	if result, err := resultOf([]stream.Event{{Body: stream.RunDone{Result: whole, Interrupted: true}}}); err != nil || result.TierRule != whole.TierRule || !result.Interrupted {
		t.Errorf("%+v %v", result, err)
	}
}

package session

import (
	"errors"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

func cutEvents(bodies ...Event) []Event {
	plan := PlanFacts{RankBy: "mean", Tiers: "auto", Workload: WorkloadFacts{Name: "steady", Rounds: 3}, Contenders: []ContenderFacts{
		{ID: "golang", Name: "Golang"}, {ID: "expressjs", Name: "Express.js"},
	}}
	return append([]Event{{Body: RunStarted{Started: time.Unix(1, 0), Plan: plan, Host: HostFacts{Cores: 2}}}}, bodies...)
}

func fast() measure.Histogram {
	return measure.Histogram{Values: []int64{100, 200}, Counts: []uint64{8, 2}}
}

func TestResultOfWhatWasCutOff(t *testing.T) {
	load := func(from, to time.Duration, ok, ko uint64) Event {
		return Event{Contender: "golang", Body: LoadSample{Measures: measure.Measures{From: from, To: to, OK: ok, KO: ko, ResponseOK: fast()}}}
	}
	started := Event{Contender: "golang", Body: ContenderStarted{Facts: ContenderFacts{ID: "golang", Name: "Golang"}, Version: "Go 1.26"}}
	warmup := Event{Contender: "golang", Body: LoadSample{Warmup: true, Measures: measure.Measures{To: time.Second, OK: 1000, ResponseOK: fast()}}}

	result, err := ResultOf(cutEvents(started, Event{Contender: "golang", Body: Ready{After: 9 * time.Millisecond}}, warmup,
		load(0, time.Second, 10, 0), load(time.Second, 2*time.Second, 10, 0)))
	if err != nil || !result.Interrupted || len(result.Contenders) != 2 {
		t.Fatalf("%d contenders, interrupted %v, %v", len(result.Contenders), result.Interrupted, err)
	}
	golang, express := result.Contenders[0], result.Contenders[1]
	if golang.ID != "golang" || golang.Requests.OK != 20 || golang.RPS.OK != 10 || golang.Status != StatusAborted || golang.StartupMS == nil || golang.Version != "Go 1.26" {
		t.Errorf("golang: %+v", golang)
	}
	if golang.LatencyMS.OK == nil || golang.LatencyMS.OK.P50 != 0.1 {
		t.Errorf("golang's latencies: %+v", golang.LatencyMS.OK)
	}
	if express.Status != StatusAborted || express.Rank != 0 || express.StatusDetail == "" {
		t.Errorf("expressjs, which was never begun: %+v", express)
	}
}

func TestRoundsThatWereOverStandWhenTheNextIsCutOff(t *testing.T) {
	soFar := loadFigures(measure.Measures{To: time.Second, OK: 10, ResponseOK: fast()})
	soFar.ID, soFar.Name, soFar.Status = "golang", "Golang", StatusOK
	soFar.Rounds = []RoundResult{{Round: 1, Status: StatusOK, Requests: soFar.Requests, LatencyMS: soFar.LatencyMS}}
	facts := ContenderFacts{ID: "golang", Name: "Golang"}
	result, err := ResultOf(cutEvents(
		Event{Contender: "golang", Body: ContenderStarted{Facts: facts, Round: 1, Rounds: 3}},
		Event{Contender: "golang", Body: RoundDone{SoFar: soFar, Of: 3}},
		Event{Contender: "golang", Body: ContenderStarted{Facts: facts, Round: 2, Rounds: 3}},
		Event{Contender: "golang", Body: LoadSample{Measures: measure.Measures{To: time.Second, OK: 1, KO: 500}}},
	))
	if err != nil {
		t.Fatal(err)
	}
	if one := result.Contenders[0]; one.ID != "golang" || one.Requests.OK != 10 || one.Requests.KO != 0 || len(one.Rounds) != 1 || one.Status != StatusAborted {
		t.Errorf("%+v", one)
	}
}

// What a round tells of the rounds before is told by their own events.
func TestRoundsAreGatheredFromTheirOwnEvents(t *testing.T) {
	soFar := loadFigures(measure.Measures{To: time.Second, OK: 20, ResponseOK: fast()})
	soFar.ID, soFar.Name, soFar.Status, soFar.Rounds = "golang", "Golang", StatusOK, []RoundResult{}
	facts := ContenderFacts{ID: "golang", Name: "Golang"}
	var events []Event
	for round := 1; round <= 2; round++ {
		events = append(events, Event{Contender: "golang", Body: ContenderStarted{Facts: facts, Round: round, Rounds: 3}},
			Event{Contender: "golang", Body: RoundDone{Result: RoundResult{Round: round, Status: StatusOK}, SoFar: soFar, Of: 3}})
	}
	result, err := ResultOf(cutEvents(append(events, Event{Contender: "golang", Body: ContenderStarted{Facts: facts, Round: 3, Rounds: 3}})...))
	if err != nil {
		t.Fatal(err)
	}
	if one := result.Contenders[0]; len(one.Rounds) != 2 || one.Rounds[1].Round != 2 || one.Requests.OK != 20 {
		t.Errorf("%+v", one.Rounds)
	}
}

func TestEventsWithoutABeginningAreNoRun(t *testing.T) {
	for _, events := range [][]Event{nil, {{Body: Notice{Text: "hello"}}}} {
		if _, err := ResultOf(events); !errors.Is(err, ErrNoRun) {
			t.Errorf("%v", err)
		}
	}
	whole := Result{Schema: ResultSchema, TierRule: "tiers: none"}
	if result, err := ResultOf([]Event{{Body: RunDone{Result: whole, Interrupted: true}}}); err != nil || result.TierRule != whole.TierRule || !result.Interrupted {
		t.Errorf("%+v %v", result, err)
	}
}

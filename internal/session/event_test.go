package session

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// oneOfEach is an event of every kind, with figures in every part that has some.
func oneOfEach() []Event {
	histogram := measure.Histogram{Values: []int64{3, 2048, 60_000}, Counts: []uint64{7, 1, 2}}
	ms, seed := 12.5, uint64(7)
	bodies := []Body{
		RunStarted{Started: time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC), Plan: PlanFacts{
			Workload:   WorkloadFacts{Name: "burst", Users: 8000},
			Contenders: []ContenderFacts{{ID: "golang", State: "ready"}},
		}, Host: HostFacts{Cores: 2}},
		PhaseChanged{Phase: PhaseLoad, Expected: time.Second, Detail: "x"},
		BuildOutput{Line: "compiling", Step: 1, Of: 3},
		BuildDone{OK: true, Took: time.Minute, Variant: "single executable"},
		ContenderStarted{Facts: ContenderFacts{ID: "golang"}, Number: 1, Of: 2},
		Ready{After: 12 * time.Millisecond, Port: 8080, PID: 412},
		LoadSample{Warmup: true, Measures: measure.Measures{
			From: 1, To: 2, OK: 10, ResponseOK: histogram,
			Failures: []measure.Failure{{Cause: "status 304", Count: 3, FirstAt: 5, Sample: "HTTP/1.1 304"}},
		}, GeneratorCPUPercentOfCore: 14},
		ProcessSample{Phase: PhaseLoad, Into: 4, Sample: measure.Sample{Over: 5, CPUPercentOfCore: figure.Of(99.5), HostCPUPercent: []float64{1, 2}}},
		EventLoopSample{
			Phase: PhaseLoad, Into: 3 * time.Second, Silent: 1400 * time.Millisecond,
			Loop: measure.EventLoop{Over: 250 * time.Millisecond, Utilization: 0.98, DelayP50MS: 43.5, DelayP99MS: 61.25, DelayMaxMS: 80},
		},
		SearchStep{Of: 12, Judged: true, Step: CapacityStep{Number: 3, Rate: 1230, FromS: 4.5, ToS: 9.75, Why: "p99", P99MS: &ms, Verdict: "server"}},
		LogLine{Line: "started"},
		FindingChanged{Finding: diagnosis.Finding{ID: "x", Evidence: []string{"e"}}, Ended: true},
		Notice{Text: "n"},
		RoundStarted{Round: 2, Of: 3, Order: []string{"expressjs", "golang"}},
		RoundDone{
			Result: RoundResult{Round: 2, Position: 1, Status: StatusOK, Failures: []FailureResult{}, Findings: []FindingResult{}},
			Of:     3,
			SoFar: ContenderResult{
				ID: "golang", TiedWith: []string{}, Failures: []FailureResult{}, Findings: []FindingResult{}, Rounds: []RoundResult{},
				Intervals: map[string]Interval{"p99": {Median: 2, Low: &ms, High: &ms, Min: 1, Max: 3, Spread: 1, Rounds: 3}},
			},
		},
		RateFixed{Workload: WorkloadFacts{Rate: 1000, Seed: &seed}, Probes: []Probe{{ID: "golang", RPS: 2000}, {ID: "x", Why: "fails"}}, Slowest: "golang"},
		ContenderDone{Result: ContenderResult{ID: "golang", StartupMS: &ms, TiedWith: []string{}, Failures: []FailureResult{}, Findings: []FindingResult{}}},
		RunDone{Result: Result{Schema: ResultSchema}, Interrupted: true},
	}
	var events []Event
	for i, body := range bodies {
		events = append(events, Event{Seq: uint64(i + 1), At: time.Duration(i) * time.Second, Contender: "golang", Body: body})
	}
	return events
}

func TestEveryKindOfEventSurvivesJSON(t *testing.T) {
	all := oneOfEach()
	if len(all) != len(bodies) {
		t.Errorf("%d kinds are tried, there are %d", len(all), len(bodies))
	}
	for _, event := range all {
		data, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		var back Event
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if !reflect.DeepEqual(event, back) {
			t.Errorf("%s\n  became %+v\n  of     %+v", event.Body.kind(), back, event)
		}
	}
}

func TestUnknownKindOfEventIsAnError(t *testing.T) {
	var event Event
	if err := json.Unmarshal([]byte(`{"seq":1,"kind":"nonsense","body":{}}`), &event); err == nil {
		t.Error("no error")
	}
}

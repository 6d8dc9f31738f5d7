// Package streamtest has events for the tests of those who read them.
package streamtest

import (
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// OneOfEach is an event of every kind, with figures in every part that has some.
func OneOfEach() []stream.Event {
	histogram := measure.Histogram{Values: []int64{3, 2048, 60_000}, Counts: []uint64{7, 1, 2}}
	ms, seed := 12.5, uint64(7)
	bodies := []stream.Body{
		stream.RunStarted{Started: time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC), Plan: stream.PlanFacts{
			Workload:   stream.WorkloadFacts{Name: "burst", Users: 8000},
			Contenders: []stream.ContenderFacts{{ID: "golang", State: "ready"}},
		}, Host: stream.HostFacts{Cores: 2}},
		stream.PhaseChanged{Phase: stream.PhaseLoad, Expected: time.Second, Detail: "x"},
		stream.BuildOutput{Line: "compiling", Step: 1, Of: 3},
		stream.BuildDone{OK: true, Took: time.Minute, Variant: "single executable"},
		stream.ContenderStarted{Facts: stream.ContenderFacts{ID: "golang"}, Number: 1, Of: 2},
		stream.Ready{After: 12 * time.Millisecond, Port: 8080, PID: 412},
		stream.LoadSample{Warmup: true, Measures: measure.Measures{
			From: 1, To: 2, OK: 10, ResponseOK: histogram,
			Failures: []measure.Failure{{Cause: "status 304", Count: 3, FirstAt: 5, Sample: "HTTP/1.1 304"}},
		}, GeneratorCPUPercentOfCore: 14},
		stream.ProcessSample{Phase: stream.PhaseLoad, Into: 4, Sample: measure.Sample{Over: 5, CPUPercentOfCore: figure.Of(99.5), HostCPUPercent: []float64{1, 2}}},
		stream.EventLoopSample{
			Phase: stream.PhaseLoad, Into: 3 * time.Second, Silent: 1400 * time.Millisecond,
			Loop: measure.EventLoop{Over: 250 * time.Millisecond, Utilization: 0.98, DelayP50MS: 43.5, DelayP99MS: 61.25, DelayMaxMS: 80},
		},
		stream.RuntimeSample{
			Phase: stream.PhaseLoad, Into: 3 * time.Second,
			Runtime: measure.Runtime{
				Over: 250 * time.Millisecond, Names: []string{"JVM 25, G1"}, Processes: 1,
				Pauses:     []measure.Pause{{Ago: 120 * time.Millisecond, Duration: 4 * time.Millisecond, Kind: measure.PauseYoung}},
				PauseCount: figure.Of(1), PauseSeconds: figure.Of(0.004), HeapUsedBytes: figure.Of(2e7), HeapLimitBytes: figure.Of(6e7), CompilingCores: figure.Of(0.5),
				RunQueue: figure.Of(2.5), RunQueueLacks: "stripped", MonitorAwake: true,
			},
		},
		stream.SearchStep{Of: 12, Judged: true, Step: stream.CapacityStep{Number: 3, Rate: 1230, FromS: 4.5, ToS: 9.75, Why: "p99", P99MS: &ms, Verdict: "server"}},
		stream.LogLine{Line: "started"},
		stream.FindingChanged{Finding: diagnosis.Finding{ID: "x", Evidence: []string{"e"}}, Ended: true},
		stream.ProfileTaken{From: 1, To: 2, Pprof: []byte{0x1f, 0x8b, 0, 0xff}, Result: stream.ProfileResult{
			Source: "JFR", Round: 1, FromS: 1, DurationS: 2, CPUS: 3, Samples: 4, Processes: 5,
			Hottest: []stream.FunctionResult{{Function: "f", File: "a.js", Line: 1, Module: "m", Kind: "own code", Self: 0.5, Total: 0.6}},
			Reasons: []stream.ReasonForCPU{{Rule: "json", Share: 0.5, Evidence: "e", Advice: "a"}},
			Missing: []stream.MissingResult{{Lacks: "l", Fix: "f"}},
		}},
		stream.Notice{Text: "n"},
		stream.RoundStarted{Round: 2, Of: 3, Order: []string{"expressjs", "golang"}},
		stream.RoundDone{
			Result: stream.RoundResult{Round: 2, Position: 1, Outcome: stream.Outcome{Status: stream.StatusOK}, Measured: stream.Measured{Failures: []stream.FailureResult{}, Findings: []stream.FindingResult{}}},
			Of:     3,
			SoFar: stream.ContenderResult{
				ID:        "golang",
				TiedWith:  []string{},
				Measured:  stream.Measured{Failures: []stream.FailureResult{}, Findings: []stream.FindingResult{}},
				Rounds:    []stream.RoundResult{},
				Intervals: map[string]stream.Interval{"p99": {Median: 2, Low: &ms, High: &ms, Min: 1, Max: 3, Spread: 1, Rounds: 3}},
			},
		},
		stream.RateFixed{Workload: stream.WorkloadFacts{Rate: 1000, Seed: &seed}, Probes: []stream.Probe{{ID: "golang", RPS: 2000}, {ID: "x", Why: "fails"}}, Slowest: "golang"},
		stream.ContenderDone{Result: stream.ContenderResult{ID: "golang", Measured: stream.Measured{StartupMS: &ms, Failures: []stream.FailureResult{}, Findings: []stream.FindingResult{}}, TiedWith: []string{}}},
		stream.RunDone{Result: stream.Result{Schema: stream.ResultSchema}, Interrupted: true},
	}
	var events []stream.Event
	for i, body := range bodies {
		events = append(events, stream.Event{Seq: uint64(i + 1), At: time.Duration(i) * time.Second, Contender: "golang", Body: body})
	}
	return events
}

package view

import (
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/tuitest"
)

func folded(events ...stream.Event) *State {
	state := &State{}
	for _, event := range events {
		state.Fold(event)
	}
	return state
}

func at(d time.Duration, body stream.Body) stream.Event {
	return stream.Event{At: d, Contender: "golang", Body: body}
}

// underLoad is a contender with a warm-up from 1 s and the load from 4 s on.
func underLoad(more ...stream.Event) *State {
	events := []stream.Event{
		at(0, stream.RunStarted{Plan: stream.PlanFacts{Contenders: []stream.ContenderFacts{{ID: "golang"}}}}),
		at(time.Second, stream.ContenderStarted{Facts: stream.ContenderFacts{ID: "golang"}, Number: 1, Of: 1}),
		at(time.Second, stream.PhaseChanged{Phase: stream.PhaseWarmup, Expected: 3 * time.Second}),
		at(4*time.Second, stream.PhaseChanged{Phase: stream.PhaseLoad, Expected: 5 * time.Second}),
	}
	return folded(append(events, more...)...)
}

func TestFoldFollowsBuilds(t *testing.T) {
	plan := stream.RunStarted{Plan: stream.PlanFacts{Contenders: []stream.ContenderFacts{{ID: "golang"}}}}
	cases := []struct {
		name   string
		events []stream.Event
		want   BuildState
	}{
		{"waits", nil, BuildWaits},
		{"runs", []stream.Event{at(1, stream.PhaseChanged{Phase: stream.PhaseBuild})}, BuildRuns},
		{"done", []stream.Event{at(1, stream.PhaseChanged{Phase: stream.PhaseBuild}), at(2, stream.BuildDone{OK: true})}, BuildDone},
		{"failed", []stream.Event{at(1, stream.PhaseChanged{Phase: stream.PhaseBuild}), at(2, stream.BuildDone{Reason: "no"})}, BuildFailed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			state := folded(append([]stream.Event{at(0, plan)}, c.events...)...)
			if got := state.Builds[0].State; got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	state := folded(at(0, plan), stream.Event{Contender: "mine", Body: stream.BuildOutput{Line: "x"}})
	if len(state.Builds) != 2 || state.Builds[1].Facts.ID != "mine" {
		t.Error("a build that the plan does not name is lost")
	}
}

func TestFoldPutsBothSidesOnOneTimeAxis(t *testing.T) {
	state := underLoad(
		at(4*time.Second, stream.LoadSample{Warmup: true, Measures: measure.Measures{From: 2900 * time.Millisecond, To: 3 * time.Second}}),
		at(5*time.Second, stream.LoadSample{Measures: measure.Measures{From: 900 * time.Millisecond, To: time.Second}}),
		at(5*time.Second, stream.ProcessSample{Phase: stream.PhaseLoad, Into: time.Second}),
	)
	m := state.Now
	for i, want := range []float64{0, 1} {
		if got := m.Seconds(m.Latency.At(i).At); math.Abs(got-want) > 1e-9 {
			t.Errorf("load sample %d stands at %v s, want %v", i, got, want)
		}
	}
	if got := m.Seconds(m.Process.At(0).At); math.Abs(got-1) > 1e-9 {
		t.Errorf("the process sample stands at %v s, want 1", got)
	}
	if from, to := m.Span(5 * time.Second); from != -3 || to != 5 {
		t.Errorf("the charts show %v to %v, want -3 to 5", from, to)
	}
	if from, to := m.Span(304 * time.Second); to != 300 || from != 180 {
		t.Errorf("of a long load the charts show %v to %v, want the last two minutes", from, to)
	}
}

func TestFoldCountsTheLoadAndNotTheWarmup(t *testing.T) {
	failure := func(cause measure.Cause, n uint64, first time.Duration) measure.Failure {
		return measure.Failure{Cause: cause, Count: n, FirstAt: first}
	}
	state := underLoad(
		at(4*time.Second, stream.LoadSample{Warmup: true, Measures: measure.Measures{OK: 100, KO: 7}}),
		at(5*time.Second, stream.LoadSample{Measures: measure.Measures{OK: 3, KO: 3, Failures: []measure.Failure{
			failure("timeout", 1, 50*time.Millisecond), failure("status 304", 2, 20*time.Millisecond)}}}),
		at(6*time.Second, stream.LoadSample{Measures: measure.Measures{OK: 1, KO: 1, InFlight: 5, Failures: []measure.Failure{
			failure("status 304", 1, 900*time.Millisecond)}}}),
		stream.Event{Contender: "another", Body: stream.LoadSample{Measures: measure.Measures{OK: 1000}}},
	)
	totals := state.Now.Totals
	if totals.OK != 4 || totals.KO != 4 || totals.InFlight != 5 || totals.FailureRate() != 0.5 {
		t.Errorf("got %+v", totals)
	}
	want := []measure.Failure{failure("status 304", 3, 20*time.Millisecond), failure("timeout", 1, 50*time.Millisecond)}
	if got := totals.ByCount(); !reflect.DeepEqual(got, want) {
		t.Errorf("causes are %v, want %v", got, want)
	}
}

func TestFoldLeavesGapsWhereNothingWasMeasured(t *testing.T) {
	state := underLoad(
		at(5*time.Second, stream.LoadSample{Measures: measure.Measures{To: time.Second}}),
		at(5*time.Second, stream.ProcessSample{Phase: stream.PhaseLoad, Sample: measure.Sample{RSSBytes: figure.Value{Value: 5e6, Known: true}}}),
	)
	if point, _ := state.Now.Latency.Last(); !math.IsNaN(point.P50) || !math.IsNaN(point.Max) || !math.IsNaN(point.FailedP50) {
		t.Errorf("an interval without replies has latencies: %+v", point)
	}
	point, _ := state.Now.Process.Last()
	if point.CPU.Known || !point.RSS.Known || point.RSS.Value != 5 {
		t.Errorf("got %+v, want an unknown CPU and 5 MB", point)
	}
}

func TestFoldSharpensFindings(t *testing.T) {
	found := func(id, title string, ended bool) stream.Event {
		return at(5*time.Second, stream.FindingChanged{Finding: diagnosis.Finding{ID: id, Title: title}, Ended: ended})
	}
	state := underLoad(found("a", "first", false), found("b", "other", false), found("a", "sharper", true))
	got := state.Now.Findings
	if len(got) != 2 || got[0].Title != "sharper" || !got[0].Ended || got[1].ID != "b" {
		t.Errorf("got %+v", got)
	}
}

func TestFoldKeepsABoundedPast(t *testing.T) {
	state := underLoad()
	for i := range 3 * keptPoints {
		to := time.Duration(i+1) * 100 * time.Millisecond
		state.Fold(at(to, stream.LoadSample{Measures: measure.Measures{From: to - 100*time.Millisecond, To: to, OK: 1}}))
		state.Fold(at(to, stream.LogLine{Line: "x"}))
	}
	m := state.Now
	if m.Latency.Len() != keptPoints || m.Throughput.Len() != keptPoints || m.Log.Len() != keptLines {
		t.Errorf("%d, %d and %d are kept", m.Latency.Len(), m.Throughput.Len(), m.Log.Len())
	}
	last, _ := m.Latency.Last()
	if want := 4 + 0.1*3*keptPoints; math.Abs(last.At-want) > 1e-6 {
		t.Errorf("the newest point is at %v s, want %v", last.At, want)
	}
}

func TestClonedStateStandsStill(t *testing.T) {
	events := tuitest.Article()
	half := tuitest.Until(events, tuitest.LoadOf("expressjs", 2*time.Second))
	state := folded(half...)
	frozen := state.Clone()
	points, ok, findings := frozen.Now.Latency.Len(), frozen.Now.Totals.OK, len(frozen.Now.Findings)
	causes := frozen.Now.Totals.Causes["status 304"].Count
	for _, event := range events[len(half):] {
		state.Fold(event)
	}
	if frozen.Now.Latency.Len() != points || frozen.Now.Totals.OK != ok || len(frozen.Now.Findings) != findings ||
		frozen.Now.Totals.Causes["status 304"].Count != causes || frozen.Result != nil || len(frozen.Done) != 1 {
		t.Error("a clone changed with the state it was made of")
	}
}

func TestFoldKeepsTheLastWordOfASilentEventLoop(t *testing.T) {
	word := measure.EventLoop{Over: 250 * time.Millisecond, Utilization: 0.7, DelayP50MS: 3, DelayP99MS: 9}
	heard := stream.EventLoopSample{Phase: stream.PhaseLoad, Into: time.Second, Loop: word}
	silent := stream.EventLoopSample{Phase: stream.PhaseLoad, Into: 2400 * time.Millisecond, Loop: word, Silent: 1400 * time.Millisecond}

	m := underLoad(at(5*time.Second, heard), at(6400*time.Millisecond, silent)).Now
	if l := m.EventLoop; !l.Heard || l.Utilization != 0.7 || l.Silent != 1400*time.Millisecond {
		t.Errorf("the loop is %+v", l)
	}
	last, _ := m.Loop.Last()
	if math.Abs(m.Seconds(last.At)-2.4) > 1e-9 || last.DelayP99MS != 1400 || !math.IsNaN(last.DelayP50MS) {
		t.Errorf("after 1.4 s of silence the chart has %+v at %v s", last, m.Seconds(last.At))
	}
	back := heard
	back.Into = 3 * time.Second
	if m := underLoad(at(6400*time.Millisecond, silent), at(7*time.Second, back)).Now; m.EventLoop.Silent != 0 {
		t.Error("a loop that speaks is still shown as silent")
	}
	if m := underLoad().Now; m.EventLoop.Heard {
		t.Error("a loop is shown that never told anything")
	}
}

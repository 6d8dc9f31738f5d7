package run

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

func TestObjectiveIsRead(t *testing.T) {
	for text, says := range map[string]string{
		plan.DefaultObjective:       "",
		"p99<50ms":                  "",
		" mean<=5ms , failures<1% ": "",
		"":                          "is no condition",
		"p99":                       "is no condition",
		"p99>50ms":                  "must not be exceeded",
		"rss<50":                    "latency or failures",
		"startup<50ms":              "latency or failures",
		"failures<0":                "can never hold",
		"p99<50":                    "is no time",
	} {
		objective, err := plan.ParseObjective(text)
		switch {
		case says == "" && (err != nil || objective.String() != text):
			t.Errorf("%q: %v, %v", text, objective, err)
		case says != "" && (err == nil || !strings.Contains(err.Error(), says)):
			t.Errorf("%q: %v; want an error that says %q", text, err, says)
		}
	}
}

func TestStepThatCanNotKeepItsObjectiveIsGivenUp(t *testing.T) {
	objective, err := plan.ParseObjective("p99<10ms,failures<10%")
	if err != nil {
		t.Fatal(err)
	}
	load := traffic.Load{Rate: 100, Duration: 10 * time.Second}
	slow := func(n uint64) measure.Measures {
		return measure.Measures{To: time.Second, OK: n, ResponseOK: measure.Histogram{Values: []int64{1000, 11_000}, Counts: []uint64{90, n}}}
	}
	judge := plan.NewStepJudge(objective, load)
	if judge.Hopeless(slow(11)) { // 1 % of 1,000, and the one that interpolation may take
		t.Error("given up while it can still be kept")
	}
	if !judge.Hopeless(slow(1)) {
		t.Error("not given up with more than 1 % too slow")
	}
	judge = plan.NewStepJudge(objective, load)
	if !judge.Hopeless(measure.Measures{To: time.Second, KO: 101}) {
		t.Error("not given up with more than 10 % failed")
	}
}

func TestServerThatFallsBehindBreaksAnObjectiveOnFailuresAlone(t *testing.T) {
	objective, err := plan.ParseObjective("failures<1%")
	if err != nil {
		t.Fatal(err)
	}
	judge := plan.NewStepJudge(objective, traffic.Load{Rate: 1000, Duration: 10 * time.Second})
	judge.Hopeless(measure.Measures{To: 5 * time.Second, OK: 4000})
	judge.Hopeless(measure.Measures{From: 5 * time.Second, To: 10 * time.Second, OK: 4000})
	if why := judge.Broken(stream.Measured{Requests: stream.RequestCounts{Total: 8000, OK: 8000}}); !strings.Contains(why, "only 8,000 of 10,000") {
		t.Errorf("%q", why)
	}
}

// Of a rate of 1.28/s six requests come due in 5 s, which is all there are.
func TestFewRequestsThatAreAllAnsweredKeepTheObjective(t *testing.T) {
	objective, err := plan.ParseObjective("p90<40ms")
	if err != nil {
		t.Fatal(err)
	}
	judge := plan.NewStepJudge(objective, traffic.Load{Rate: 1.28, Duration: 5 * time.Second})
	judge.Hopeless(measure.Measures{To: 5 * time.Second, OK: 6})
	measured := stream.Measured{Requests: stream.RequestCounts{Total: 6, OK: 6}}
	measured.LatencyMS.OK = &stream.Distribution{P90: 20}
	if why := judge.Broken(measured); why != "" {
		t.Errorf("%q", why)
	}
}

// capacityTally is that of a contender in a search.
func capacityTally(t *testing.T) *tally {
	t.Helper()
	workload, err := plan.WorkloadNamed("capacity")
	if err != nil {
		t.Fatal(err)
	}
	if workload.Objective, err = plan.ParseObjective(plan.DefaultObjective); err != nil {
		t.Fatal(err)
	}
	return newTally(frameworks.Contender{}, Plan{Workload: workload}, 2)
}

// stepOf is a step of 5 s at a rate that is answered while it is asked, and a drain.
func stepOf(rate float64, drain time.Duration) (total, asked measure.Measures) {
	n := uint64(5 * rate)
	asked = measure.Measures{To: 5 * time.Second, Sent: n, OK: n - 1, ResponseOK: measure.Histogram{Values: []int64{1000}, Counts: []uint64{n - 1}}}
	total = asked
	total.OK, total.To = n, 5*time.Second+drain
	return total, asked
}

func TestStepIsJudgedByItsOwnFigures(t *testing.T) {
	tally := capacityTally(t)
	interval := func(at time.Duration, inFlight int) measure.Measures {
		return measure.Measures{From: at, To: at + time.Second, InFlight: inFlight}
	}
	busy := measure.Sample{Over: time.Second, CPUPercentOfCore: figure.Of(190)}
	idle := measure.Sample{Over: time.Second, CPUPercentOfCore: figure.Of(20)}
	tally.stepBegins() // far too much for the server
	tally.load(interval(0, 250))
	tally.process(stream.PhaseLoad, busy)
	tally.stepAsked() // it works off what is left, and rests
	tally.load(interval(time.Second, 100))
	tally.process(stream.PhaseLoad, busy)
	tally.stepBegins() // a calm one
	tally.load(interval(time.Minute, 4))
	tally.process(stream.PhaseLoad, idle)
	summary := tally.summary(tally.facts, measure.Measures{To: time.Second})
	if summary.Effort.ServerCPUPercentOfCore.Value != 20 {
		t.Errorf("judged by %v %% of CPU; its own are 20", summary.Effort.ServerCPUPercentOfCore)
	}
	tally.stepAsked()
	tally.process(stream.PhaseLoad, busy)
	if summary = tally.summary(tally.facts, measure.Measures{To: time.Second}); summary.Effort.ServerCPUPercentOfCore.Value != 20 {
		t.Errorf("judged by %v %% of CPU, of its drain too", summary.Effort.ServerCPUPercentOfCore)
	}
}

// 27,600/s were found, and the last reply of the step came after as long again.
func TestSearchIsRankedByWhatItFound(t *testing.T) {
	tally := capacityTally(t)
	search := engine.NewSearch(27_600, 1)
	step := stream.CapacityStep{Number: 1, Rate: 27_600}
	total, asked := stepOf(step.Rate, 5*time.Second)
	judge := plan.NewStepJudge(tally.plan.Workload.Objective, traffic.Load{Rate: step.Rate, Duration: 5 * time.Second})
	judge.Hopeless(asked)
	tally.total.Take(total)
	tally.step(&step, total, asked, judge, false)
	if !step.Kept || step.RPS < 27_590 {
		t.Fatalf("%+v", step)
	}
	search.Next()
	search.Tell(step.Kept)
	tally.stepped(step, search)
	tally.status = stream.StatusOK
	for _, rounds := range []int{1, 3} {
		e := &participant{rounds: rounds}
		for range rounds {
			e.tallies = append(e.tallies, tally)
		}
		result := e.result()
		if got := stream.EntryOf(result).Values["rps"]; got != 27_600 {
			t.Errorf("%d rounds: ranked by %.0f", rounds, got)
		}
		if result.RPS.OK < 27_590 || result.RPS.OK > 27_600 || *result.Figure("rps") != 27_600 {
			t.Errorf("%d rounds: %.0f replies a second, shown as %.0f", rounds, result.RPS.OK, *result.Figure("rps"))
		}
	}
}

func TestCapacityTellsHowSureItIs(t *testing.T) {
	result := stream.CapacityResult{Objective: "p99<50ms", Rate: 1000, Ceiling: 1040, Steps: []stream.CapacityStep{
		{Rate: 800, Kept: true}, {Rate: 1600}, {Rate: 1000, Kept: true}, {Rate: 1040}, {Rate: 1040, Verdict: "generator"}, {Rate: 1040}, {Rate: 1000, Kept: true},
	}}
	if words := result.Words(); words != "capacity: 1,000 req/s with p99<50ms; 1,040 were too many" {
		t.Errorf("of an old recording: %q", words)
	}
	result.Weigh()
	if words := result.Words(); words != "capacity: 1,000 req/s with p99<50ms; 1,040 were too many (4 % more); the first kept it in 2 of 2 tries, the second in 0 of 2 tries" {
		t.Errorf("%q", words)
	}
	// Rates that are found in steps of 40 are not told apart by less.
	one := stream.ContenderResult{Measured: stream.Measured{Requests: stream.RequestCounts{Total: 1}, Capacity: &result}}
	if step := one.Step("rps"); math.Abs(step-40) > 1e-9 {
		t.Errorf("its step is %v, and the capacity lies between 1,000 and 1,040", step)
	}
}

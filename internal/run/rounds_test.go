//go:build unix

package run

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// inRoundsOf is a plan of so many short rounds.
func inRoundsOf(rounds int, load traffic.Load, contenders ...frameworks.Contender) Plan {
	seed := uint64(7)
	return Plan{
		Contenders: contenders, Seed: &seed,
		Workload: plan.Workload{Name: "test", Load: load, Rounds: rounds, Cooldown: new(20 * time.Millisecond)},
		Grace:    200 * time.Millisecond, StartTimeout: 20 * time.Second,
	}
}

// carryOut runs a plan and keeps its events; each is shown to watch, if there is one,
// with the run.
func carryOut(t testing.TB, plan Plan, watch func(*Run, stream.Event)) (stream.Result, []stream.Event) {
	t.Helper()
	if err := plan.Check(); err != nil {
		t.Fatal(err)
	}
	var events []stream.Event
	begun := make(chan *Run, 1)
	var watched *Run
	run := Start(t.Context(), plan, Tools{Builder: build.NewBuilder(t.TempDir(), os.Args[0])}, func(event stream.Event) {
		events = append(events, event)
		if watch != nil {
			if watched == nil {
				watched = <-begun
			}
			watch(watched, event)
		}
	})
	begun <- run
	result := run.Wait()
	return result, events
}

func contenderOf(t testing.TB, result stream.Result, id string) stream.ContenderResult {
	t.Helper()
	for _, one := range result.Contenders {
		if one.ID == id {
			return one
		}
	}
	t.Fatalf("%s is not in the result", id)
	return stream.ContenderResult{}
}

func TestSameSeedSameOrder(t *testing.T) {
	one, same, other := uint64(1), uint64(1), uint64(2)
	const n, rounds = 6, 40
	plan := func(seed *uint64) [][]int {
		return Plan{Seed: seed, Workload: plan.Workload{Rounds: rounds}}.order(n)
	}
	first := plan(&one)
	if again := plan(&same); !slices.EqualFunc(first, again, slices.Equal[[]int]) {
		t.Errorf("%v, then %v", first, again)
	}
	if another := plan(&other); slices.EqualFunc(first, another, slices.Equal[[]int]) {
		t.Error("another seed draws the same orders")
	}
	for _, order := range plan(nil) {
		if !slices.Equal(order, []int{0, 1, 2, 3, 4, 5}) {
			t.Errorf("without a seed: %v", order)
		}
	}
}

// Every contender stands at every place equally often, as chi-squared tells: with 25
// degrees of freedom 1 in 10,000 is above 60.
func TestOrderFavoursNobody(t *testing.T) {
	const n, rounds = 6, 900
	seed := uint64(3)
	var at [n][n]float64
	for _, order := range (Plan{Seed: &seed, Workload: plan.Workload{Rounds: rounds}}).order(n) {
		for place, contender := range order {
			at[contender][place]++
		}
	}
	expected, chi := float64(rounds)/n, 0.0
	for _, places := range at {
		for _, count := range places {
			chi += (count - expected) * (count - expected) / expected
		}
	}
	if chi > 60 {
		t.Errorf("chi-squared %.1f: %v", chi, at)
	}
}

func TestRoundsAreInterleavedAndMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		plan := inRoundsOf(3, closed(4, 400*time.Millisecond), named(t, "a", servertest.Serves), named(t, "b", servertest.Computes, servertest.Options{For: 30 * time.Millisecond}), named(t, "c", servertest.Serves))
		result, events := carryOut(t, plan, nil)

		var want, started []string
		for _, order := range plan.order(3) {
			for _, at := range order {
				want = append(want, plan.Contenders[at].Manifest.ID)
			}
		}
		var rounds []stream.RoundStarted
		done := map[string]int{}
		rests := 0
		for _, event := range events {
			switch body := event.Body.(type) {
			case stream.RoundStarted:
				rounds = append(rounds, body)
			case stream.ContenderStarted:
				if body.Round != len(rounds) || body.Rounds != 3 || body.Number != len(started)%3+1 || body.Of != 3 {
					t.Errorf("%s starts as %+v in round %d", event.Contender, body, len(rounds))
				}
				started = append(started, event.Contender)
			case stream.RoundDone:
				done[event.Contender]++
				if body.Result.Round != len(rounds) || len(body.SoFar.Rounds) != 0 || body.SoFar.Requests.Total == 0 {
					t.Errorf("round %d of %s is told as %d, so far %+v", len(rounds), event.Contender, body.Result.Round, body.SoFar)
				}
			case stream.ContenderDone:
				if done[event.Contender] != 3 {
					t.Errorf("%s is done after %d rounds", event.Contender, done[event.Contender])
				}
			case stream.PhaseChanged:
				if body.Phase == stream.PhaseCooldown {
					rests++
				}
			}
		}
		if !slices.Equal(started, want) {
			t.Errorf("measured %v, want %v", started, want)
		}
		if rests != 8 {
			t.Errorf("%d rests between 9 loads", rests)
		}
		for i, round := range rounds {
			if round.Round != i+1 || round.Of != 3 || !slices.Equal(round.Order, want[3*i:3*i+3]) {
				t.Errorf("%+v", round)
			}
		}
		if result.Workload.Rounds != 3 || result.Workload.Seed == nil || *result.Workload.Seed != 7 {
			t.Errorf("the workload is told as %+v", result.Workload)
		}
		for _, one := range result.Contenders {
			holdsTogether(t, one, 3)
		}
		// A server that spends 30 ms on each of 4 connections' requests in turn is never faster
		// than that, and between stops nobody takes it for those that spend next to nothing.
		slow := contenderOf(t, result, "b")
		if means := slow.Intervals["mean"]; means.Min < 29 {
			t.Errorf("the means of b are %+v", means)
		}
		if last := result.Contenders[2]; last.ID != "b" || last.Rank != 3 || len(last.TiedWith) != 0 {
			t.Errorf("b has rank %d and is tied with %v; means %+v", slow.Rank, slow.TiedWith, slow.Intervals["mean"])
		}
		for i, one := range result.Contenders {
			if one.Rank < 1 || one.Rank > i+1 || i > 0 && *one.Figure("mean") < *result.Contenders[i-1].Figure("mean") {
				t.Errorf("%s stands at %d with rank %d; means %+v", one.ID, i+1, one.Rank, one.Intervals["mean"])
			}
		}
		if !strings.Contains(result.TieRule, "3 rounds") {
			t.Errorf("the rule of ties is %q", result.TieRule)
		}
	})
}

// holdsTogether checks a contender's figures against those of its rounds.
func holdsTogether(t testing.TB, one stream.ContenderResult, rounds int) {
	t.Helper()
	if len(one.Rounds) != rounds || one.Status != stream.StatusOK {
		t.Fatalf("%s: %s, %d rounds: %s", one.ID, one.Status, len(one.Rounds), one.StatusDetail)
	}
	var total uint64
	var sum, worst float64
	var means []float64
	for i, round := range one.Rounds {
		if round.Round != i+1 || round.Status != stream.StatusOK || round.Requests.Total == 0 || round.StartupMS == nil || round.Process == nil {
			t.Errorf("%s: round %d is %+v", one.ID, i+1, round)
		}
		total += round.Requests.Total
		sum += round.LatencyMS.OK.Mean * float64(round.Requests.OK)
		worst = max(worst, round.LatencyMS.OK.Max)
		means = append(means, round.LatencyMS.OK.Mean)
	}
	if one.Requests.Total != total {
		t.Errorf("%s: %d requests, the rounds have %d", one.ID, one.Requests.Total, total)
	}
	// The merged histogram's mean is that of all requests, and its maximum the worst of all.
	if mean := sum / float64(total); math.Abs(one.LatencyMS.OK.Mean-mean) > 1e-6*mean || one.LatencyMS.OK.Max != worst {
		t.Errorf("%s: mean %g and max %g of all requests; of the rounds %g and %g", one.ID, one.LatencyMS.OK.Mean, one.LatencyMS.OK.Max, mean, worst)
	}
	// All replies over all of the time: no less than the slowest round, no more than the fastest.
	if rps := one.Intervals["rps"]; one.RPS.OK < rps.Min*(1-1e-9) || one.RPS.OK > rps.Max*(1+1e-9) {
		t.Errorf("%s: %g replies per second over all rounds; of the rounds %g to %g", one.ID, one.RPS.OK, rps.Min, rps.Max)
	}
	slices.Sort(means)
	interval := one.Intervals["mean"]
	if figure := one.Figure("mean"); figure == nil || *figure != means[len(means)/2] || interval.Min != means[0] || interval.Max != means[len(means)-1] {
		t.Errorf("%s: figure %v, interval %+v; means %v", one.ID, figure, interval, means)
	}
	if interval.Low == nil || interval.High == nil || *interval.Low > interval.Median || *interval.High < interval.Median {
		t.Errorf("%s: interval %+v", one.ID, interval)
	}
	for _, name := range []string{"p50", "p99", "rps", "startup", "cpu-per-request", "rps-per-core", "rps-per-mb", "rss", "failures"} {
		if one.Intervals[name].Rounds != rounds {
			t.Errorf("%s: %s rests on %d rounds", one.ID, name, one.Intervals[name].Rounds)
		}
	}
	if failures := one.Figure("failures"); failures == nil || *failures != one.Requests.FailureRate {
		t.Errorf("%s: failures are told as %v, of all requests %g failed", one.ID, failures, one.Requests.FailureRate)
	}
}

// Two servers that are the same are told apart by chance in one run of twenty at
// most; four times in a row they hardly are.
func TestTwoThatAreTheSameAreTied(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	var seen []string
	for range 4 {
		result, _ := carryOut(t, inRoundsOf(3, closed(4, 300*time.Millisecond), named(t, "one", servertest.Computes, servertest.Options{For: time.Millisecond}), named(t, "two", servertest.Computes, servertest.Options{For: time.Millisecond})), nil)
		one, two := contenderOf(t, result, "one"), contenderOf(t, result, "two")
		if one.Rank == 1 && two.Rank == 1 && slices.Equal(one.TiedWith, []string{"two"}) && slices.Equal(two.TiedWith, []string{"one"}) && one.Tier == two.Tier {
			return
		}
		seen = append(seen, fmt.Sprintf("%+v and %+v", one.Intervals["mean"], two.Intervals["mean"]))
	}
	t.Errorf("told apart four times: %s", strings.Join(seen, "; "))
}

func TestCrashInOneRoundIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	load := traffic.Load{Model: traffic.Closed, Connections: 2, Requests: 50} // however long they take
	plan := inRoundsOf(3, load, named(t, "fragile", servertest.Crashes, servertest.Options{AtRequest: 10, InStart: 2, StartsIn: t.TempDir() + "/starts"}), named(t, "well", servertest.Serves))
	result, _ := carryOut(t, plan, nil)
	one := contenderOf(t, result, "fragile")
	if one.Status != stream.StatusCrashed || !strings.HasPrefix(one.StatusDetail, "in round 2 of 3: ") || !strings.Contains(one.StatusDetail, "out of luck") {
		t.Errorf("%s: %s", one.Status, one.StatusDetail)
	}
	if one.Rank != 0 || !strings.Contains(one.RankNote, "in round 2 of 3") {
		t.Errorf("rank %d, note %q", one.Rank, one.RankNote)
	}
	if len(one.Rounds) != 3 || one.Rounds[0].Status != stream.StatusOK || one.Rounds[1].Status != stream.StatusCrashed || one.Rounds[2].Status != stream.StatusOK {
		t.Fatalf("%d rounds", len(one.Rounds))
	}
	if want := one.Rounds[0].Requests.Total + one.Rounds[2].Requests.Total; one.Requests.Total != want || one.Intervals["mean"].Rounds != 2 {
		t.Errorf("%d requests of %d rounds are counted, want %d of 2", one.Requests.Total, one.Intervals["mean"].Rounds, want)
	}
	if !slices.Contains(one.LogTail, "out of luck") {
		t.Errorf("the log's end is that of another round: %q", one.LogTail)
	}
	for _, finding := range one.Findings {
		if finding.ID == string(diagnosis.ServerCrashed) && !slices.Equal(finding.Rounds, []int{2}) {
			t.Errorf("the crash is told of the rounds %v", finding.Rounds)
		}
	}
	if well := contenderOf(t, result, "well"); well.Rank != 1 || well.Status != stream.StatusOK {
		t.Errorf("the other: rank %d, %s", well.Rank, well.Status)
	}
}

func TestWhoDoesNotStartIsLeftOutOfTheOtherRounds(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	plan := inRoundsOf(3, closed(2, 200*time.Millisecond), named(t, "dead", servertest.Exits), named(t, "well", servertest.Serves))
	result, events := carryOut(t, plan, nil)
	dead, well := contenderOf(t, result, "dead"), contenderOf(t, result, "well")
	if dead.Status != stream.StatusStartFailed || len(dead.Rounds) != 1 || !strings.Contains(dead.StatusDetail, "in round 1 of 3") {
		t.Errorf("%s, %d rounds: %s", dead.Status, len(dead.Rounds), dead.StatusDetail)
	}
	if well.Status != stream.StatusOK || len(well.Rounds) != 3 {
		t.Errorf("the other: %s, %d rounds", well.Status, len(well.Rounds))
	}
	if !slices.ContainsFunc(told{events: events}.notices(), func(text string) bool {
		return strings.Contains(text, "dead takes no part in the rounds that follow")
	}) {
		t.Error("nobody is told")
	}
}

func TestStopInARoundKeepsThoseBefore(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		plan := inRoundsOf(3, closed(2, 600*time.Millisecond), named(t, "a", servertest.Serves), named(t, "b", servertest.Serves))
		round := 0
		result, events := carryOut(t, plan, func(run *Run, event stream.Event) {
			switch body := event.Body.(type) {
			case stream.ContenderStarted:
				round = body.Round
			case stream.LoadSample:
				if round == 2 {
					run.Stop()
				}
			}
		})
		if !result.Interrupted {
			t.Error("the result does not say that it was interrupted")
		}
		order := plan.order(2)[1]
		first, second := plan.Contenders[order[0]].Manifest.ID, plan.Contenders[order[1]].Manifest.ID
		stopped, before := contenderOf(t, result, first), contenderOf(t, result, second)
		if stopped.Status != stream.StatusAborted || !strings.Contains(stopped.StatusDetail, "in round 2 of 3") || len(stopped.Rounds) != 2 {
			t.Errorf("%s: %s: %s, %d rounds", first, stopped.Status, stopped.StatusDetail, len(stopped.Rounds))
		}
		if before.Status != stream.StatusAborted || !strings.Contains(before.StatusDetail, "after 1 of 3 rounds") || len(before.Rounds) != 1 {
			t.Errorf("%s: %s: %s, %d rounds", second, before.Status, before.StatusDetail, len(before.Rounds))
		}
		for _, one := range result.Contenders {
			if one.Rounds[0].Status != stream.StatusOK || one.Requests.Total != one.Rounds[0].Requests.Total || one.Rank == 0 {
				t.Errorf("%s: round 1 is %s, %d of its %d requests are counted; rank %d",
					one.ID, one.Rounds[0].Status, one.Requests.Total, one.Rounds[0].Requests.Total, one.Rank)
			}
		}
		if _, ok := events[len(events)-1].Body.(stream.RunDone); !ok {
			t.Error("the last event is another")
		}
	})
}

func TestOneRoundTellsNoneOfRounds(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	result, events := carryOut(t, inRoundsOf(1, closed(2, 200*time.Millisecond), named(t, "a", servertest.Serves)), nil)
	for _, event := range events {
		switch event.Body.(type) {
		case stream.RoundStarted, stream.RoundDone:
			t.Errorf("%T in a run of one round", event.Body)
		}
	}
	one := result.Contenders[0]
	if len(one.Rounds) != 1 || len(one.Intervals) != 0 || one.Rounds[0].Requests != one.Requests || result.TieRule != "" {
		t.Errorf("%d rounds, %d intervals, rule %q", len(one.Rounds), len(one.Intervals), result.TieRule)
	}
}

// Both have the rate that half of the slower one's throughput is; the cheaper
// request ranks first.
func TestEfficiencyIsComparedAtARateThatAllSustain(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		workload, err := plan.WorkloadNamed("efficiency")
		if err != nil {
			t.Fatal(err)
		}
		workload.Load.Duration, workload.Load.Connections, workload.Warmup, workload.Rounds = time.Second, 4, 0, 2
		plan := Plan{Contenders: []frameworks.Contender{named(t, "dear", servertest.Computes, servertest.Options{For: 10 * time.Millisecond}), named(t, "cheap", servertest.Serves)}, Workload: workload, Grace: 200 * time.Millisecond}
		result, events := carryOut(t, plan, nil)
		var fixed stream.RateFixed
		for _, event := range events {
			switch body := event.Body.(type) {
			case stream.RateFixed:
				fixed = body
			case stream.LoadSample:
				if fixed.Slowest == "" && !body.Warmup {
					t.Fatal("a load was measured before its rate was known")
				}
			}
		}
		if fixed.Slowest != "dear" || len(fixed.Probes) != 2 || fixed.Probes[0].RPS <= 0 || fixed.Probes[0].RPS >= fixed.Probes[1].RPS {
			t.Fatalf("%+v", fixed)
		}
		slowest := fixed.Probes[0].RPS
		if rate := fixed.Workload.Rate; rate > 0.5*slowest || rate < 0.45*slowest || result.Workload.Rate != rate {
			t.Errorf("the rate is %g, and %g in the result; the slowest does %g", rate, result.Workload.Rate, slowest)
		}
		dear, cheap := contenderOf(t, result, "dear"), contenderOf(t, result, "cheap")
		if cheap.Rank != 1 || dear.Rank != 2 || dear.RankedBy != string(leaderboard.CPUPerRequest) {
			t.Errorf("cheap has rank %d, dear %d, by %s", cheap.Rank, dear.Rank, dear.RankedBy)
		}
		// A request of it takes 10 ms; beside others that is not all CPU.
		if cost := *dear.Figure("cpu-per-request"); cost < 1500 || *cheap.Figure("cpu-per-request") > cost/2 {
			t.Errorf("a request costs %g µs, and %g", cost, *cheap.Figure("cpu-per-request"))
		}
		for _, one := range result.Contenders {
			for _, round := range one.Rounds { // of medians over rounds it need not be so
				perCore, perMB := *round.Figure("rps-per-core"), *round.Figure("rps-per-mb")
				if cpu := *round.Figure("cpu-per-request"); math.Abs(perCore*cpu-1e6) > 0.01*1e6 || perMB <= 0 {
					t.Errorf("%s: %g req/s per core at %g µs, %g per MB", one.ID, perCore, cpu, perMB)
				}
			}
		}
	})
}

func TestEfficiencyNeedsTheServersCPU(t *testing.T) {
	workload, err := plan.WorkloadNamed("efficiency")
	if err != nil {
		t.Fatal(err)
	}
	contender, err := frameworks.URL("http://127.0.0.1:1/")
	if err != nil {
		t.Fatal(err)
	}
	err = Plan{Contenders: []frameworks.Contender{contender}, Workload: workload}.Check()
	if err == nil || !strings.Contains(err.Error(), "pid") {
		t.Errorf("%v", err)
	}
}

func TestRoundsThatMakeNoSenseAreRefused(t *testing.T) {
	for text, workload := range map[string]plan.Workload{
		"rounds": {Load: closed(1, time.Second), Rounds: -1}, "pass 1 to": {Load: closed(1, time.Second), Rounds: 5000},
		"cooldown": {Load: closed(1, time.Second), Rounds: 2, Cooldown: new(-time.Second)},
	} {
		plan := Plan{Contenders: []frameworks.Contender{serverOf(t, servertest.Serves)}, Workload: workload}
		if err := plan.Check(); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%+v: %v, want %s", workload, err, text)
		}
	}
}

package report

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/session"
)

// roundOf is a round of a contender; one that crashed has a status of its own.
func roundOf(round int, scale float64, status session.Status) session.RoundResult {
	startup, cpu, rss := 10*scale, 60*scale, 20.0
	one := session.RoundResult{
		Round: round, Position: 1, Status: status, StartupMS: &startup, Verdict: "server",
		Requests:  session.RequestCounts{Total: 1000, OK: 1000},
		RPS:       session.RPS{Total: 500 / scale, OK: 500 / scale},
		LatencyMS: session.Latencies{Total: distributionOf(scale), OK: distributionOf(scale)},
		Process:   &session.ProcessResult{CPUUSPerRequest: &cpu, RSSMBMax: &rss},
	}
	if status == session.StatusCrashed {
		one.StatusDetail = "the server ended during the load: exit code 3"
	}
	return one
}

func overRounds(id string, rounds ...session.RoundResult) session.ContenderResult {
	one := session.ContenderResult{ID: id, Name: id, Version: "1.0", Status: session.StatusOK, RankedBy: "mean", Verdict: "server", Rounds: rounds, Intervals: map[string]session.Interval{}}
	for _, round := range rounds {
		if round.Status != session.StatusOK {
			one.Status, one.StatusDetail = round.Status, "in round 2 of 3: "+round.StatusDetail
		}
	}
	counted := one.Counted()
	one.LatencyMS, one.RPS, one.Process, one.StartupMS = counted[0].LatencyMS, counted[0].RPS, counted[0].Process, counted[0].StartupMS
	for _, round := range counted {
		one.Requests.Total += round.Requests.Total
		one.Requests.OK += round.Requests.OK
	}
	for _, name := range []string{"mean", "p50", "p99", "rps", "failures", "cpu-per-request", "rss", "startup"} {
		var values []float64
		for _, round := range counted {
			values = append(values, *round.Figure(name))
		}
		i := leaderboard.IntervalOf(values)
		interval := session.Interval{Median: i.Median, Min: i.Min, Max: i.Max, Spread: i.Spread(), Rounds: i.Rounds}
		if i.Confident() {
			interval.Low, interval.High = &i.Low, &i.High
		}
		one.Intervals[name] = interval
	}
	return one
}

// roundsResult has two that are tied, and one that crashed in its second round.
func roundsResult() session.Result {
	seed := uint64(7)
	ok, crashed := session.StatusOK, session.StatusCrashed
	a := overRounds("a", roundOf(1, 1, ok), roundOf(2, 1.2, ok), roundOf(3, 1.1, ok))
	b := overRounds("b", roundOf(1, 1.3, ok), roundOf(2, 1.05, ok), roundOf(3, 1.15, ok))
	c := overRounds("c", roundOf(1, 4, ok), roundOf(2, 3.5, crashed), roundOf(3, 4.4, ok))
	a.Rank, a.Tier, a.TiedWith, a.Letters = 1, 1, []string{"b"}, "a"
	b.Rank, b.Tier, b.TiedWith, b.Letters = 1, 1, []string{"a"}, "a"
	c.RankNote = c.StatusDetail
	c.Findings = []session.FindingResult{{ID: "server_crashed", AtS: 1.2, Title: "the server crashed", Rounds: []int{2}}}
	return session.Result{
		Schema: session.ResultSchema, Started: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), Host: host(),
		Workload: session.WorkloadFacts{
			Name: "steady", Model: "closed", Connections: 4, DurationS: 2, Rounds: 3, CooldownS: 1, Seed: &seed, Words: "4 connections for 2 s, 3 rounds",
		},
		Generator:  session.GeneratorResult{CPUUSPerRequest: 26.8, CPUPercentMax: 34, LatenessMS: session.Lateness{P50: 0.02, P99: 0.08, Max: 1.3}},
		Contenders: []session.ContenderResult{a, b, c},
		TierRule:   "tiers: one, for the differences in mean response time (0.46–0.48 ms) are no more than chance",
		TieRule:    "ties: = the difference from those with the same letter may be chance (3 rounds; Welch's test, Holm for 1 pair, 5 % in all) or is below 1 %; the rank is 1 + how many are surely better",
	}
}

// roundsStream is what a run of three rounds tells, but for its samples.
func roundsStream() []session.Event {
	r := &recording{}
	result := roundsResult()
	var facts []session.ContenderFacts
	for _, one := range result.Contenders {
		facts = append(facts, session.ContenderFacts{ID: one.ID, Name: one.Name})
	}
	r.emit("", 0, session.RunStarted{Started: result.Started, Host: host(), Plan: session.PlanFacts{Workload: result.Workload, Contenders: facts, Expected: 30 * time.Second}})
	for round, order := range [][]int{{2, 0, 1}, {0, 1, 2}, {1, 2, 0}} {
		ids := []string{}
		for _, at := range order {
			ids = append(ids, facts[at].ID)
		}
		r.emit("", 0, session.RoundStarted{Round: round + 1, Of: 3, Order: ids})
		for number, at := range order {
			one := result.Contenders[at]
			r.emit(one.ID, time.Second, session.ContenderStarted{Facts: facts[at], Version: "1.0", Number: number + 1, Of: 3, Round: round + 1, Rounds: 3})
			r.emit(one.ID, 2*time.Second, session.RoundDone{Result: one.Rounds[round], Of: 3})
			if round == 2 {
				r.emit(one.ID, 0, session.ContenderDone{Result: one})
			}
			r.emit(one.ID, 0, session.PhaseChanged{Phase: session.PhaseCooldown, Expected: time.Second})
		}
	}
	r.emit("", 0, session.RunDone{Result: result})
	return r.events
}

func TestPlainTextOfRounds(t *testing.T) {
	golden(t, "testdata/rounds.txt", plainText(t, roundsStream(), PlainOptions{}))
}

func TestRoundsHoldAgainstTheSchema(t *testing.T) {
	result := roundsResult()
	if err := validate(t, compiled(t, true), written(t, result)); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*session.Result){
		"no round 0":            func(r *session.Result) { r.Contenders[0].Rounds[0].Round = 0 },
		"a status":              func(r *session.Result) { r.Contenders[0].Rounds[0].Status = "fine" },
		"an interval of no one": func(r *session.Result) { r.Contenders[0].Intervals = map[string]session.Interval{"mean": {}} },
	} {
		spoiled := roundsResult()
		spoil(&spoiled)
		if validate(t, compiled(t, true), written(t, spoiled)) == nil {
			t.Errorf("%s: the schema takes it", name)
		}
	}
}

func TestFewRoundsHaveARangeAndNoInterval(t *testing.T) {
	result := roundsResult()
	result.Workload.Rounds, result.TieRule = 2, ""
	for i, one := range result.Contenders {
		result.Contenders[i] = overRounds(one.ID, one.Rounds[0], roundOf(2, 9, session.StatusOK))
		result.Contenders[i].Rank = i + 1
	}
	var text strings.Builder
	if err := WriteSummary(&text, result); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "range: the lowest and the highest round") || strings.Contains(text.String(), "95 %") {
		t.Errorf("%s", text.String())
	}
}

func TestRateThatWasFoundIsTold(t *testing.T) {
	r := &recording{}
	r.emit("", 0, session.RateFixed{
		Workload: session.WorkloadFacts{Rate: 5300}, Slowest: "expressjs",
		Probes: []session.Probe{{ID: "golang", RPS: 64496}, {ID: "expressjs", RPS: 10613}, {ID: "x", Why: "it did not start: exit code 1\nand more"}},
	})
	text := plainText(t, r.events, PlainOptions{})
	for _, want := range []string{"5,300 req/s for all", "half of what expressjs", "golang 64,496 req/s", "x none: it did not start: exit code 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// Ranked by what serving costs, the table has the costs and their interval.
func TestTableOfCosts(t *testing.T) {
	result := roundsResult()
	for i := range result.Contenders {
		result.Contenders[i].RankedBy = "cpu-per-request"
	}
	lines := boardLines(result)
	head := strings.Fields(lines[1])
	for _, want := range []string{"CPU/req", "req/s/core", "req/s/MB", "idle"} {
		if !strings.Contains(lines[1], want) {
			t.Errorf("no %s in %q", want, lines[1])
		}
	}
	if head[4] != "CPU/req" || head[5] != "95" || !strings.Contains(lines[2], "60–72 µs") {
		t.Errorf("%q\n%q", lines[1], lines[2])
	}
}

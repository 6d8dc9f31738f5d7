package recorded

import (
	"time"

	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
)

// RoundOf is a round of a contender; one that crashed has a status of its own.
func RoundOf(round int, scale float64, status stream.Status) stream.RoundResult {
	startup, cpu, rss := 10*scale, 60*scale, 20.0
	one := stream.RoundResult{
		Round:    round,
		Position: 1,
		Outcome:  stream.Outcome{Status: status},
		Measured: stream.Measured{
			StartupMS: &startup,
			Verdict:   "server",
			Requests:  stream.RequestCounts{Total: 1000, OK: 1000},
			RPS:       stream.RPS{Total: 500 / scale, OK: 500 / scale},
			LatencyMS: stream.Latencies{Total: distributionOf(scale), OK: distributionOf(scale)},
			Process:   &stream.ProcessResult{CPUUSPerRequest: &cpu, RSSMBMax: &rss},
		},
	}
	if status == stream.StatusCrashed {
		one.StatusDetail = "the server ended during the load: exit code 3"
	}
	return one
}

// OverRounds is a contender that was measured in these rounds.
func OverRounds(id string, rounds ...stream.RoundResult) stream.ContenderResult {
	one := stream.ContenderResult{ID: id, Name: id, Version: "1.0", Outcome: stream.Outcome{Status: stream.StatusOK}, RankedBy: "mean", Measured: stream.Measured{Verdict: "server"}, Rounds: rounds, Intervals: map[string]stream.Interval{}}
	for _, round := range rounds {
		if round.Status != stream.StatusOK {
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
		one.Intervals[name] = stream.IntervalFrom(leaderboard.IntervalOf(values))
	}
	return one
}

// RoundsResult has two that are tied, and one that crashed in its second round.
func RoundsResult() stream.Result {
	seed := uint64(7)
	ok, crashed := stream.StatusOK, stream.StatusCrashed
	a := OverRounds("a", RoundOf(1, 1, ok), RoundOf(2, 1.2, ok), RoundOf(3, 1.1, ok))
	b := OverRounds("b", RoundOf(1, 1.3, ok), RoundOf(2, 1.05, ok), RoundOf(3, 1.15, ok))
	c := OverRounds("c", RoundOf(1, 4, ok), RoundOf(2, 3.5, crashed), RoundOf(3, 4.4, ok))
	a.Rank, a.Tier, a.TiedWith, a.Letters = 1, 1, []string{"b"}, "a"
	b.Rank, b.Tier, b.TiedWith, b.Letters = 1, 1, []string{"a"}, "a"
	c.RankNote = c.StatusDetail
	c.Findings = []stream.FindingResult{{ID: "server_crashed", AtS: 1.2, Title: "the server crashed", Rounds: []int{2}}}
	return stream.Result{
		Schema: stream.ResultSchema, Started: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), Host: host(),
		Workload: stream.WorkloadFacts{
			Name: "steady", Model: "closed", Connections: 4, DurationS: 2, Rounds: 3, CooldownS: 1, Seed: &seed, Words: "4 connections for 2 s, 3 rounds",
		},
		Generator:  stream.GeneratorResult{CPUUSPerRequest: 26.8, CPUPercentMax: 34, LatenessMS: stream.Lateness{P50: 0.02, P99: 0.08, Max: 1.3}},
		Contenders: []stream.ContenderResult{a, b, c},
		TierRule:   "tiers: one, for the differences in mean response time (0.46–0.48 ms) are no more than chance",
		TieRule:    "ties: = the difference from those with the same letter may be chance (3 rounds; Welch's test, Holm for 1 pair, 5 % in all) or is below 1 %; the rank is 1 + how many are surely better",
	}
}

// RoundsStream is what a run of three rounds tells, but for its samples.
func RoundsStream() []stream.Event {
	r := &Recording{}
	result := RoundsResult()
	var facts []stream.ContenderFacts
	for _, one := range result.Contenders {
		facts = append(facts, stream.ContenderFacts{ID: one.ID, Name: one.Name})
	}
	r.Emit("", 0, stream.RunStarted{Started: result.Started, Host: host(), Plan: stream.PlanFacts{Workload: result.Workload, Contenders: facts, Expected: 30 * time.Second}})
	for round, order := range [][]int{{2, 0, 1}, {0, 1, 2}, {1, 2, 0}} {
		ids := []string{}
		for _, at := range order {
			ids = append(ids, facts[at].ID)
		}
		r.Emit("", 0, stream.RoundStarted{Round: round + 1, Of: 3, Order: ids})
		for number, at := range order {
			one := result.Contenders[at]
			r.Emit(one.ID, time.Second, stream.ContenderStarted{Facts: facts[at], Version: "1.0", Number: number + 1, Of: 3, Round: round + 1, Rounds: 3})
			r.Emit(one.ID, 2*time.Second, stream.RoundDone{Result: one.Rounds[round], Of: 3})
			if round == 2 {
				r.Emit(one.ID, 0, stream.ContenderDone{Result: one})
			}
			r.Emit(one.ID, 0, stream.PhaseChanged{Phase: stream.PhaseCooldown, Expected: time.Second})
		}
	}
	r.Emit("", 0, stream.RunDone{Result: result})
	return r.Events
}

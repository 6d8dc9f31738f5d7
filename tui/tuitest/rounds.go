package tuitest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// Rounds is a run of three rounds: golang and its like are tied, expressjs
// crashes in its second.
var Rounds = sync.OnceValue(func() []stream.Event {
	seed := uint64(7)
	workload := stream.WorkloadFacts{
		Name: "rate", Model: "rate", Connections: 64, DurationS: 2, Rate: 2000, Rounds: 3, CooldownS: 1, Seed: &seed,
		Words: "2,000 req/s for 2 s over 64 connections, 3 rounds",
	}
	contenders := []stream.ContenderFacts{
		{ID: "golang", Name: "Go net/http", Language: "Go", State: "ready"},
		{ID: "like", Name: "Its like", Language: "Go", State: "ready"},
		{ID: "expressjs", Name: "Express", Language: "JavaScript", State: "ready"},
	}
	means := map[string][]float64{"golang": {0.20, 0.23, 0.21}, "like": {0.22, 0.20, 0.24}, "expressjs": {0.61, 0.4, 0.66}}
	s := &Writer{}
	s.Emit("", stream.RunStarted{
		Started: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
		Plan:    stream.PlanFacts{Workload: workload, Contenders: contenders, RankBy: "mean", Tiers: "auto", Expected: 35 * time.Second},
	})
	rounds := map[string][]stream.RoundResult{}
	for round, order := range [][]int{{2, 0, 1}, {1, 2, 0}, {0, 1, 2}} {
		var ids []string
		for _, at := range order {
			ids = append(ids, contenders[at].ID)
		}
		s.Emit("", stream.RoundStarted{Round: round + 1, Of: 3, Order: ids})
		for position, at := range order {
			facts := contenders[at]
			result := s.round(facts, round+1, position+1, means[facts.ID][round])
			rounds[facts.ID] = append(rounds[facts.ID], result)
			s.Emit(facts.ID, stream.RoundDone{Result: result, Of: 3})
			if round == 2 {
				s.Emit(facts.ID, stream.ContenderDone{Result: overRounds(facts, rounds[facts.ID])})
			}
			s.Now += 40 * time.Millisecond
			s.Emit(facts.ID, stream.PhaseChanged{Phase: stream.PhaseCooldown, Expected: time.Second})
			s.Now += time.Second
		}
	}
	golang, like, express := overRounds(contenders[0], rounds["golang"]), overRounds(contenders[1], rounds["like"]), overRounds(contenders[2], rounds["expressjs"])
	golang.Rank, golang.Tier, golang.TiedWith, golang.Letters = 1, 1, []string{"like"}, "a"
	like.Rank, like.Tier, like.TiedWith, like.Letters = 1, 1, []string{"golang"}, "a"
	express.RankNote = express.StatusDetail
	s.Emit("", stream.RunDone{Result: stream.Result{
		Schema: stream.ResultSchema, Workload: workload, Contenders: []stream.ContenderResult{golang, like, express},
		Generator: stream.GeneratorResult{CPUUSPerRequest: 24.6, CPUPercentMax: 12, LatenessMS: stream.Lateness{P50: 0.02, P99: 0.3, Max: 1.2}},
		TierRule:  "tiers: one, for the differences in mean response time (0.21–0.22 ms) are no more than chance",
		TieRule:   tieRule("1 pair"),
	}})
	return s.Events
})

// round emits one of a contender's rounds of 2 s. Where expressjs' mean is 0.4 it
// crashes after half of it.
func (s *Writer) round(facts stream.ContenderFacts, round, position int, mean float64) stream.RoundResult {
	s.Emit(facts.ID, stream.ContenderStarted{Facts: facts, Version: "1.0", Number: position, Of: 3, Round: round, Rounds: 3})
	s.Emit(facts.ID, stream.PhaseChanged{Phase: stream.PhaseStart, Detail: "./" + facts.ID})
	s.Now += 10 * time.Millisecond
	s.Emit(facts.ID, stream.Ready{After: 10 * time.Millisecond})
	s.Emit(facts.ID, stream.PhaseChanged{Phase: stream.PhaseLoad, Expected: 2 * time.Second})
	crashes, lasts := mean == 0.4, 2*time.Second
	if crashes {
		lasts = time.Second
	}
	us := int64(mean * 1000)
	histogram := func(n uint64) measure.Histogram {
		return measure.Histogram{Values: []int64{us - 50, us, us + 50}, Counts: []uint64{n / 4, n - 2*(n/4), n / 4}}
	}
	for from := time.Duration(0); from < lasts; from += measure.DefaultInterval {
		s.Now += measure.DefaultInterval
		s.Emit(facts.ID, stream.LoadSample{Measures: measure.Measures{
			From: from, To: from + measure.DefaultInterval, Sent: 200, OK: 200, ResponseOK: histogram(200), Service: histogram(200),
		}, GeneratorCPUPercentOfCore: 12})
	}
	s.Emit(facts.ID, stream.PhaseChanged{Phase: stream.PhaseStop})
	total := uint64(lasts.Seconds() * 2000)
	whole := resultOf(facts, "1.0", "", 10*time.Millisecond, lasts, histogram(total), measure.Histogram{}, total, 0)
	cpu := mean * 300
	perCore, perMB := 1e6/cpu, whole.RPS.OK / *whole.Process.RSSMBMax
	whole.Process.CPUUSPerRequest, whole.Process.RPSPerCore, whole.Process.RPSPerMB = &cpu, &perCore, &perMB
	result := stream.RoundResult{
		Round:    round,
		Position: position,
		Outcome:  stream.Outcome{Status: stream.StatusOK},
		Measured: stream.Measured{
			StartupMS: whole.StartupMS,
			Requests:  whole.Requests,
			Verdict:   "server",
			RPS:       whole.RPS,
			LatencyMS: whole.LatencyMS,
			Process:   whole.Process,
		},
	}
	if crashes {
		result.Status, result.StatusDetail = stream.StatusCrashed, "the server ended during the load: exit code 3"
	}
	return result
}

// overRounds sums up a contender's rounds as session does.
func overRounds(facts stream.ContenderFacts, rounds []stream.RoundResult) stream.ContenderResult {
	result := stream.ContenderResult{
		ID:       facts.ID,
		Name:     facts.Name,
		Language: facts.Language,
		Version:  "1.0",
		Outcome:  stream.Outcome{Status: stream.StatusOK},
		RankedBy: "mean",
		Measured: stream.Measured{
			StartupMS: rounds[0].StartupMS,
			Verdict:   "server",
			RPS:       rounds[0].RPS,
			LatencyMS: rounds[0].LatencyMS,
			Process:   rounds[0].Process,
		},
		Intervals: map[string]stream.Interval{},
		Rounds:    rounds,
	}
	for _, round := range rounds {
		if round.Status != stream.StatusOK {
			result.Status, result.StatusDetail = round.Status, fmt.Sprintf("in round %d of 3: %s", round.Round, round.StatusDetail)
		}
	}
	for _, round := range result.Counted() {
		result.Requests.Total += round.Requests.Total
		result.Requests.OK += round.Requests.OK
	}
	for _, name := range []string{"mean", "p50", "p99", "rps", "failures", "cpu-per-request", "rps-per-core", "rps-per-mb", "rss", "rss-idle", "startup"} {
		var values []float64
		for _, round := range result.Counted() {
			values = append(values, *round.Figure(name))
		}
		result.Intervals[name] = stream.IntervalFrom(leaderboard.IntervalOf(values))
	}
	return result
}

// tieRule is the leaderboard's for three rounds.
func tieRule(pairs string) string {
	return "ties: = the difference from those with the same letter may be chance (3 rounds; Welch's test, Holm for " + pairs +
		", 5 % in all) or is below 1 %; the rank is 1 + how many are surely better"
}

// Noisy ends with a best that varies so much that it is tied with the three
// others, who are told apart from each other.
func Noisy() []stream.Event {
	events := slices.Clone(Rounds())
	done := events[len(events)-1].Body.(stream.RunDone)
	var contenders []stream.ContenderResult
	for i, c := range []struct {
		id, letters string
		rank        int
		means       [3]float64
		tied        []string
	}{
		{"noisy", "abc", 1, [3]float64{0.5, 1, 4}, []string{"axum", "ktor", "vertx"}},
		{"axum", "a", 1, [3]float64{1.09, 1.1, 1.11}, []string{"noisy"}},
		{"ktor", "b", 2, [3]float64{2.19, 2.2, 2.21}, []string{"noisy"}},
		{"vertx", "c", 3, [3]float64{2.99, 3, 3.01}, []string{"noisy"}},
	} {
		var rounds []stream.RoundResult
		for round, mean := range c.means {
			rounds = append(rounds, (&Writer{}).round(stream.ContenderFacts{ID: c.id, Name: c.id}, round+1, i+1, mean))
		}
		one := overRounds(stream.ContenderFacts{ID: c.id, Name: c.id}, rounds)
		one.Rank, one.Tier, one.Letters, one.TiedWith = c.rank, min(c.rank, 2), c.letters, c.tied
		contenders = append(contenders, one)
	}
	done.Result.Contenders = contenders
	done.Result.TierRule = "tiers: 2 groups of like mean response time: 1–1.1 ms, 2.2–3 ms"
	done.Result.TieRule = tieRule("6 pairs")
	events[len(events)-1].Body = done
	return events
}

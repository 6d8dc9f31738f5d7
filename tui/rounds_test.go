package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/session"
)

// roundsStream is a run of three rounds: golang and its like are tied, expressjs
// crashes in its second.
var roundsStream = sync.OnceValue(func() []session.Event {
	seed := uint64(7)
	workload := session.WorkloadFacts{
		Name: "rate", Model: "rate", Connections: 64, DurationS: 2, Rate: 2000, Rounds: 3, CooldownS: 1, Seed: &seed,
		Words: "2,000 req/s for 2 s over 64 connections, 3 rounds",
	}
	contenders := []session.ContenderFacts{
		{ID: "golang", Name: "Go net/http", Language: "Go", State: "ready"},
		{ID: "like", Name: "Its like", Language: "Go", State: "ready"},
		{ID: "expressjs", Name: "Express", Language: "JavaScript", State: "ready"},
	}
	means := map[string][]float64{"golang": {0.20, 0.23, 0.21}, "like": {0.22, 0.20, 0.24}, "expressjs": {0.61, 0.4, 0.66}}
	s := &streamWriter{}
	s.emit("", session.RunStarted{
		Started: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
		Plan:    session.PlanFacts{Workload: workload, Contenders: contenders, RankBy: "mean", Tiers: "auto", Expected: 35 * time.Second},
	})
	rounds := map[string][]session.RoundResult{}
	for round, order := range [][]int{{2, 0, 1}, {1, 2, 0}, {0, 1, 2}} {
		var ids []string
		for _, at := range order {
			ids = append(ids, contenders[at].ID)
		}
		s.emit("", session.RoundStarted{Round: round + 1, Of: 3, Order: ids})
		for position, at := range order {
			facts := contenders[at]
			result := s.round(facts, round+1, position+1, means[facts.ID][round])
			rounds[facts.ID] = append(rounds[facts.ID], result)
			s.emit(facts.ID, session.RoundDone{Result: result, Of: 3})
			if round == 2 {
				s.emit(facts.ID, session.ContenderDone{Result: overRounds(facts, rounds[facts.ID])})
			}
			s.now += 40 * time.Millisecond
			s.emit(facts.ID, session.PhaseChanged{Phase: session.PhaseCooldown, Expected: time.Second})
			s.now += time.Second
		}
	}
	golang, like, express := overRounds(contenders[0], rounds["golang"]), overRounds(contenders[1], rounds["like"]), overRounds(contenders[2], rounds["expressjs"])
	golang.Rank, golang.Tier, golang.TiedWith, golang.Letters = 1, 1, []string{"like"}, "a"
	like.Rank, like.Tier, like.TiedWith, like.Letters = 1, 1, []string{"golang"}, "a"
	express.RankNote = express.StatusDetail
	s.emit("", session.RunDone{Result: session.Result{
		Schema: session.ResultSchema, Workload: workload, Contenders: []session.ContenderResult{golang, like, express},
		Generator: session.GeneratorResult{CPUUSPerRequest: 24.6, CPUPercentMax: 12, LatenessMS: session.Lateness{P50: 0.02, P99: 0.3, Max: 1.2}},
		TierRule:  "tiers: one, for the differences in mean response time (0.21–0.22 ms) are no more than chance",
		TieRule:   tieRule("1 pair"),
	}})
	return s.events
})

// round emits one of a contender's rounds of 2 s. Where expressjs' mean is 0.4 it
// crashes after half of it.
func (s *streamWriter) round(facts session.ContenderFacts, round, position int, mean float64) session.RoundResult {
	s.emit(facts.ID, session.ContenderStarted{Facts: facts, Version: "1.0", Number: position, Of: 3, Round: round, Rounds: 3})
	s.emit(facts.ID, session.PhaseChanged{Phase: session.PhaseStart, Detail: "./" + facts.ID})
	s.now += 10 * time.Millisecond
	s.emit(facts.ID, session.Ready{After: 10 * time.Millisecond})
	s.emit(facts.ID, session.PhaseChanged{Phase: session.PhaseLoad, Expected: 2 * time.Second})
	crashes, lasts := mean == 0.4, 2*time.Second
	if crashes {
		lasts = time.Second
	}
	us := int64(mean * 1000)
	histogram := func(n uint64) engine.Histogram {
		return engine.Histogram{Values: []int64{us - 50, us, us + 50}, Counts: []uint64{n / 4, n - 2*(n/4), n / 4}}
	}
	for from := time.Duration(0); from < lasts; from += engine.DefaultInterval {
		s.now += engine.DefaultInterval
		s.emit(facts.ID, session.LoadSample{Measures: engine.Measures{
			From: from, To: from + engine.DefaultInterval, Sent: 200, OK: 200, ResponseOK: histogram(200), Service: histogram(200),
		}, GeneratorCPUPercentOfCore: 12})
	}
	s.emit(facts.ID, session.PhaseChanged{Phase: session.PhaseStop})
	total := uint64(lasts.Seconds() * 2000)
	whole := resultOf(facts, "1.0", "", 10*time.Millisecond, lasts, histogram(total), engine.Histogram{}, total, 0)
	cpu := mean * 300
	perCore, perMB := 1e6/cpu, whole.RPS.OK / *whole.Process.RSSMBMax
	whole.Process.CPUUSPerRequest, whole.Process.RPSPerCore, whole.Process.RPSPerMB = &cpu, &perCore, &perMB
	result := session.RoundResult{
		Round: round, Position: position, Status: session.StatusOK, StartupMS: whole.StartupMS, Requests: whole.Requests,
		Verdict: "server", RPS: whole.RPS, LatencyMS: whole.LatencyMS, Process: whole.Process,
	}
	if crashes {
		result.Status, result.StatusDetail = session.StatusCrashed, "the server ended during the load: exit code 3"
	}
	return result
}

// overRounds sums up a contender's rounds as session does.
func overRounds(facts session.ContenderFacts, rounds []session.RoundResult) session.ContenderResult {
	result := session.ContenderResult{
		ID: facts.ID, Name: facts.Name, Language: facts.Language, Version: "1.0", Status: session.StatusOK, RankedBy: "mean",
		StartupMS: rounds[0].StartupMS, Verdict: "server", RPS: rounds[0].RPS, LatencyMS: rounds[0].LatencyMS, Process: rounds[0].Process,
		Intervals: map[string]session.Interval{}, Rounds: rounds,
	}
	for _, round := range rounds {
		if round.Status != session.StatusOK {
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
		i := leaderboard.IntervalOf(values)
		interval := session.Interval{Median: i.Median, Min: i.Min, Max: i.Max, Spread: i.Spread(), Rounds: i.Rounds}
		if i.Confident() {
			interval.Low, interval.High = &i.Low, &i.High
		}
		result.Intervals[name] = interval
	}
	return result
}

var roundScenes = map[string]func(*bench){
	"round-live": func(b *bench) {
		b.begin()
		seen := 0
		b.events(until(roundsStream(), func(event session.Event) bool {
			sample, ok := event.Body.(session.LoadSample)
			if ok && event.Contender == "expressjs" && sample.Measures.From == 0 {
				seen++
			}
			return seen == 2 && ok && sample.Measures.To == 500*time.Millisecond
		})...)
		b.tick()
	},
	"round-cooldown": func(b *bench) {
		b.begin()
		b.events(until(roundsStream(), func(event session.Event) bool {
			phase, ok := event.Body.(session.PhaseChanged)
			return ok && phase.Phase == session.PhaseCooldown
		})...)
		b.tick()
	},
	"rounds-leaderboard": func(b *bench) { b.begin(); b.events(roundsStream()...); b.end() },
	"rounds-ties":        func(b *bench) { b.begin(); b.events(noisyStream()...); b.end() },
	"rounds-costs":       func(b *bench) { b.begin(); b.events(roundsStream()...); b.end(); b.keys("e") },
	"rounds-detail":      func(b *bench) { b.begin(); b.events(roundsStream()...); b.end(); b.keys("j", "j", "enter") },
}

// tieRule is the leaderboard's for three rounds.
func tieRule(pairs string) string {
	return "ties: = the difference from those with the same letter may be chance (3 rounds; Welch's test, Holm for " + pairs +
		", 5 % in all) or is below 1 %; the rank is 1 + how many are surely better"
}

// noisyStream ends with a best that varies so much that it is tied with the three
// others, who are told apart from each other.
func noisyStream() []session.Event {
	events := slices.Clone(roundsStream())
	done := events[len(events)-1].Body.(session.RunDone)
	var contenders []session.ContenderResult
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
		var rounds []session.RoundResult
		for round, mean := range c.means {
			rounds = append(rounds, (&streamWriter{}).round(session.ContenderFacts{ID: c.id, Name: c.id}, round+1, i+1, mean))
		}
		one := overRounds(session.ContenderFacts{ID: c.id, Name: c.id}, rounds)
		one.Rank, one.Tier, one.Letters, one.TiedWith = c.rank, min(c.rank, 2), c.letters, c.tied
		contenders = append(contenders, one)
	}
	done.Result.Contenders = contenders
	done.Result.TierRule = "tiers: 2 groups of like mean response time: 1–1.1 ms, 2.2–3 ms"
	done.Result.TieRule = tieRule("6 pairs")
	events[len(events)-1].Body = done
	return events
}

func TestScreensOfRounds(t *testing.T) {
	for name, scene := range roundScenes {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				b := newBench(t, nil, size[0], size[1])
				scene(b)
				compareGolden(t, b.frame()+"\n")
				checkFrame(t, b.frame(), size[0], size[1])
			})
		}
	}
}

func TestRoundIsToldWhileItRuns(t *testing.T) {
	for _, width := range []int{80, 200} {
		b := newBench(t, nil, width, 40)
		roundScenes["round-live"](b)
		if frame := b.frame(); !strings.Contains(frame, "2/3 · round 2 of 3") {
			t.Errorf("%d columns: no word of the round:\n%s", width, frame)
		}
	}
}

// Nine loads of about 3.9 s were planned in all; in the second round's second one
// there are four more to come, and the rest of this one.
func TestTimeLeftCountsTheRoundsToCome(t *testing.T) {
	b := newBench(t, nil, 120, 36)
	roundScenes["round-live"](b)
	progress := b.model.state.progress(b.model.state.At)
	if want := progress.Left + 4*(35*time.Second/9); progress.LeftAll != want {
		t.Errorf("%v left, want %v", progress.LeftAll, want)
	}
}

func TestTableShowsMediansNotTheFirstRound(t *testing.T) {
	b := newBench(t, nil, 200, 40)
	roundScenes["rounds-leaderboard"](b)
	column := b.model.board.columns()[0]
	for i, want := range []string{"0.21", "0.22"} { // of 0.20 0.23 0.21, and of 0.22 0.20 0.24
		if got := column.text(b.model.board.rows[i]); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
	if got := b.model.board.columns()[1].text(b.model.board.rows[0]); got != "0.20–0.23" {
		t.Errorf("interval %s", got)
	}
}

func TestEfficiencyViewSortsByCostAndGoesBack(t *testing.T) {
	b := fieldBoard(t)
	ranks := b.places()
	names := func() (all []string) {
		for _, column := range b.model.board.columns() {
			all = append(all, column.rank)
		}
		return all
	}
	for i := range b.model.board.result.Contenders { // whoever is slower is cheaper
		cheaper := *b.model.board.result.Contenders[i].Process
		cpu := 100 - float64(i)
		cheaper.CPUUSPerRequest = &cpu
		b.model.board.result.Contenders[i].Process = &cheaper
	}
	b.keys("e")
	for _, figure := range []string{"cpu-per-request", "rps-per-core", "rps-per-mb", "rss"} {
		if !slices.Contains(names(), figure) {
			t.Errorf("%s is not in the view: %v", figure, names())
		}
	}
	if !slices.IsSortedFunc(b.model.board.rows[:b.model.board.belowTheLine()], func(x, y session.ContenderResult) int {
		return cmp.Compare(*x.Figure("cpu-per-request"), *y.Figure("cpu-per-request"))
	}) {
		t.Errorf("not sorted by CPU per request: %v", b.places())
	}
	for range len(names()) + 1 { // every figure can be sorted by
		b.keys("s")
	}
	b.keys("e")
	if got := b.places(); !slices.Equal(got, ranks) {
		t.Errorf("back from the view the order is %v, was %v", got, ranks)
	}
}

func TestProbeIsNoLoadOfTheRace(t *testing.T) {
	s := &streamWriter{}
	facts := session.ContenderFacts{ID: "golang", Name: "Go"}
	s.emit("", session.RunStarted{Plan: session.PlanFacts{Workload: session.WorkloadFacts{Words: "to be found"}, Contenders: []session.ContenderFacts{facts}}})
	s.emit("golang", session.ContenderStarted{Facts: facts, Number: 1, Of: 1, Probe: true})
	s.emit("golang", session.PhaseChanged{Phase: session.PhaseProbe, Expected: 4 * time.Second})
	s.now = 2 * time.Second
	s.emit("golang", session.LoadSample{Warmup: true, Measures: engine.Measures{To: 2 * time.Second, OK: 100}})
	state := &State{}
	for _, event := range s.events {
		state.Fold(event)
	}
	if len(state.Tracks) != 0 || state.Now.Totals.OK != 0 {
		t.Errorf("%d tracks, %d replies counted", len(state.Tracks), state.Now.Totals.OK)
	}
	if progress := state.progress(state.At); progress.Fraction != 0.5 || !strings.Contains(progress.Words, "probe 50 %") {
		t.Errorf("%+v", progress)
	}
	state.Fold(session.Event{Body: session.RateFixed{Workload: session.WorkloadFacts{Words: "500 req/s"}}})
	if state.Plan.Workload.Words != "500 req/s" {
		t.Error("the rate that was found is not shown")
	}
}

// Where the server's processes were not found, the leaderboard marks the figures.
func TestFiguresOfAStarterAreMarked(t *testing.T) {
	const rule = "° CPU and memory are those of what started the server"
	for _, starter := range []bool{false, true} {
		events := noisyStream()
		done := events[len(events)-1].Body.(session.RunDone)
		process := *done.Result.Contenders[0].Process
		process.StarterOnly = starter
		done.Result.Contenders[0].Process = &process
		b := newBench(t, nil, 120, 40)
		b.begin()
		b.events(events...)
		b.end()
		frame := b.frame()
		if marked, told := strings.Contains(frame, "noisy °"), strings.Contains(frame, rule); marked != starter || told != starter {
			t.Errorf("of a starter %v: marked %v, told %v:\n%s", starter, marked, told, frame)
		}
		checkFrame(t, frame, 120, 40)
	}
}

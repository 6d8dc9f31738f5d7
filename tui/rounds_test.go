package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/tuitest"
)

var roundScenes = map[string]func(*bench){
	"round-live": func(b *bench) {
		b.begin()
		seen := 0
		b.events(tuitest.Until(tuitest.Rounds(), func(event stream.Event) bool {
			sample, ok := event.Body.(stream.LoadSample)
			if ok && event.Contender == "expressjs" && sample.Measures.From == 0 {
				seen++
			}
			return seen == 2 && ok && sample.Measures.To == 500*time.Millisecond
		})...)
		b.tick()
	},
	"round-cooldown": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Rounds(), func(event stream.Event) bool {
			phase, ok := event.Body.(stream.PhaseChanged)
			return ok && phase.Phase == stream.PhaseCooldown
		})...)
		b.tick()
	},
	"rounds-leaderboard": func(b *bench) { b.begin(); b.events(tuitest.Rounds()...); b.end() },
	"rounds-ties":        func(b *bench) { b.begin(); b.events(tuitest.Noisy()...); b.end() },
	"rounds-costs":       func(b *bench) { b.begin(); b.events(tuitest.Rounds()...); b.end(); b.keys("e") },
	"rounds-detail":      func(b *bench) { b.begin(); b.events(tuitest.Rounds()...); b.end(); b.keys("j", "j", "enter") },
}

func TestScreensOfRounds(t *testing.T) {
	for name, scene := range roundScenes {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				b := newBench(t, nil, size[0], size[1])
				scene(b)
				tuitest.CompareGolden(t, b.frame()+"\n")
				tuitest.CheckFrame(t, b.frame(), size[0], size[1])
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
	if !slices.IsSortedFunc(b.model.board.rows[:b.model.board.belowTheLine()], func(x, y stream.ContenderResult) int {
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

// Where the server's processes were not found, the leaderboard marks the figures.
func TestFiguresOfAStarterAreMarked(t *testing.T) {
	const rule = "° CPU and memory are those of what started the server"
	for _, starter := range []bool{false, true} {
		events := tuitest.Noisy()
		done := events[len(events)-1].Body.(stream.RunDone)
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
		tuitest.CheckFrame(t, frame, 120, 40)
	}
}

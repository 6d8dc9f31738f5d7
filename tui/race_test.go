package tui

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/session"
)

// fieldScenes are screens of a run of 18.
var fieldScenes = map[string]func(b *bench){
	"race-of-18": func(b *bench) {
		b.begin()
		b.events(until(fieldStream(), loadOf("kumuluz", 3200*time.Millisecond))...)
		b.keys("r", "m")
	},
	"race-of-18-first": func(b *bench) {
		b.begin()
		b.events(until(fieldStream(), loadOf("golang", 1500*time.Millisecond))...)
		b.keys("r")
	},
	"leaderboard-of-18": func(b *bench) {
		b.begin()
		b.events(fieldStream()...)
		b.end()
	},
	"stage-of-18": func(b *bench) {
		b.begin()
		b.events(fieldStream()...)
		b.end()
		b.keys("p")
	},
	"stage-race-of-18": func(b *bench) {
		b.begin()
		b.events(until(fieldStream(), loadOf("kumuluz", 3200*time.Millisecond))...)
		b.keys("p", " ", " ")
	},
	"race-of-18-ended": func(b *bench) {
		b.begin()
		b.events(fieldStream()...)
		b.end()
		b.keys("r", "m", "m", "m", "down", "down", "down", "down", "down", "down", "down", "down")
	},
}

func TestScreensOf18(t *testing.T) {
	for name, scene := range fieldScenes {
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

// raced is the state of the two-contender stream when the second has come to a second of its load.
func raced(at time.Duration) *State {
	var state State
	for _, event := range until(articleStream(), loadOf("expressjs", at)) {
		state.Fold(event)
	}
	return &state
}

func TestRaceComparesTheSameSecond(t *testing.T) {
	s := standingsOf(raced(2*time.Second), PaceThroughput)
	if s.second != 2 || s.running != "expressjs" {
		t.Fatalf("second %v of %q, want 2 of expressjs", s.second, s.running)
	}
	if len(s.runners) != 2 || s.runners[0].track.Facts.ID != "golang" {
		t.Fatalf("got %+v", s.runners)
	}
	// golang answers 640 requests in each tenth of a second.
	if golang := s.runners[0]; golang.value != 20*640 || golang.final != 50*640 {
		t.Errorf("golang had %v replies by then and %v at the end; want %v and %v", golang.value, golang.final, 20*640, 50*640)
	}
	if express := s.runners[1]; !express.fails || express.place != 0 {
		t.Error("expressjs fails three of four requests and has a place")
	}
}

func TestRaceAfterTheRunComparesTheEnd(t *testing.T) {
	var state State
	for _, event := range articleStream() {
		state.Fold(event)
	}
	if s := standingsOf(&state, PaceP50); !math.IsInf(s.second, 1) || s.running != "" {
		t.Errorf("second %v of %q, want the end of all", s.second, s.running)
	}
}

func TestWarmUpIsNotRaced(t *testing.T) {
	var state State
	state.Fold(session.Event{Contender: "x", Body: session.ContenderStarted{Facts: session.ContenderFacts{ID: "x"}, Number: 1, Of: 1}})
	sample := articleSample()
	sample.Warmup = true
	state.Fold(session.Event{Contender: "x", Body: sample})
	if n := state.Tracks[0].Points.Len(); n != 0 {
		t.Errorf("%d points of a warm-up", n)
	}
	sample.Warmup = false
	state.Fold(session.Event{Contender: "x", Body: sample})
	if n := state.Tracks[0].Points.Len(); n != 1 {
		t.Errorf("%d points of the load, want 1", n)
	}
}

// articleSample is one interval of golang's load.
func articleSample() session.LoadSample {
	events := until(articleStream(), loadOf("golang", time.Second))
	return events[len(events)-1].Body.(session.LoadSample)
}

func TestOvertakingIsTold(t *testing.T) {
	track := func(id string, number int, at func(second float64) float64) *Track {
		track := &Track{Facts: session.ContenderFacts{ID: id}, Number: number, Points: NewRing[TrackPoint](100)}
		for second := 0.1; second < 4.05; second += 0.1 {
			point := TrackPoint{At: second}
			point.SoFar[PaceMean] = at(second)
			track.Points.Push(point)
		}
		return track
	}
	tracks := []*Track{
		track("steady", 1, func(float64) float64 { return 10 }),
		track("tiring", 2, func(second float64) float64 { return 4 * second }), // passes 10 at 2.5 s
	}
	for second, want := range map[float64]string{2: "", 3: "▼ falls behind steady", 4: ""} {
		s := standings{runners: runnersAt(tracks, PaceMean, second), second: second, running: "tiring"}
		if got := s.overtaken(tracks, PaceMean); got != want {
			t.Errorf("at %g s: %q, want %q", second, got, want)
		}
	}
	s := standings{runners: runnersAt(tracks, PaceMean, 3), second: 3, running: "steady"}
	if got := s.overtaken(tracks, PaceMean); got != "▲ overtakes tiring" {
		t.Errorf("of the one who overtakes: %q", got)
	}
}

func TestColoursOfARaceAreTheFewAndTheirOwn(t *testing.T) {
	b := newBench(t, nil, 200, 60)
	fieldScenes["race-of-18"](b)
	s := standingsOf(b.model.state, PaceMean)
	s.highlight("ktor")
	seen := map[int]string{}
	for at, r := range s.runners {
		id := r.track.Facts.ID
		if want := at < 4 || id == "kumuluz" || id == "ktor"; (r.lane > 0) != want {
			t.Errorf("%s at place %d: picked out %v, want %v", id, at+1, r.lane > 0, want)
		}
		if r.lane > 0 && seen[r.lane] != "" {
			t.Errorf("%s has the colour of %s", id, seen[r.lane])
		}
		if r.lane > 0 {
			seen[r.lane] = id
		}
	}
}

func TestTheOneUnderLoadIsAlwaysAmongTheBars(t *testing.T) {
	for h := 6; h < 30; h++ {
		b := newBench(t, nil, 80, h)
		fieldScenes["race-of-18"](b)
		if !strings.Contains(b.frame(), "R kumuluz") {
			t.Errorf("no kumuluz on a screen of %d lines:\n%s", h, b.frame())
		}
	}
}

func TestRaceIsLeftTheWayItWasEntered(t *testing.T) {
	for _, out := range []string{"r", "esc"} {
		b := newBench(t, articleOffer(), 80, 24)
		scenes["live-express"](b)
		b.keys("r")
		b.tick()
		if b.model.screen != ScreenRace {
			t.Fatalf("r leads to screen %v", b.model.screen)
		}
		b.keys(out)
		if b.model.screen != ScreenLive {
			t.Errorf("%s leads back to screen %v", out, b.model.screen)
		}
		b = newBench(t, articleOffer(), 80, 24)
		scenes["leaderboard"](b)
		b.keys("r", out)
		if b.model.screen != ScreenLeaderboard {
			t.Errorf("%s leads from the leaderboard's race to screen %v", out, b.model.screen)
		}
	}
}

func TestRaceGoesToTheLeaderboardWhenTheRunEnds(t *testing.T) {
	b := newBench(t, nil, 80, 24)
	b.begin()
	events := articleStream()
	half := until(events, loadOf("golang", 2*time.Second))
	b.events(half...)
	b.keys("r")
	b.events(events[len(half):]...)
	b.end()
	if b.model.screen != ScreenLeaderboard {
		t.Errorf("screen is %v", b.model.screen)
	}
}

func BenchmarkRaceOf18(b *testing.B) {
	bench := newBench(b, nil, 160, 45)
	bench.model.theme = NewTheme(termenv.TrueColor, true)
	fieldScenes["race-of-18"](bench)
	b.ReportAllocs()
	for b.Loop() {
		bench.model.draw()
	}
}

func TestRaceMarksWhoTheGeneratorLimited(t *testing.T) {
	b := newBench(t, nil, 100, 30)
	b.begin()
	for _, event := range articleStream() {
		if done, ok := event.Body.(session.ContenderDone); ok && event.Contender == "golang" {
			done.Result.Verdict = verdictGenerator
			event.Body = done
		}
		b.events(event)
	}
	b.end()
	b.keys("r")
	if frame := b.frame(); !strings.Contains(frame, "golang⚠") || !strings.Contains(frame, "the generator was the limit of 1 contender") {
		t.Errorf("a run that the generator limited is raced without a mark:\n%s", frame)
	}
}

package view

import (
	"math"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// raced is the state of the two-contender stream when the second has come to a second of its load.
func raced(at time.Duration) *State {
	var state State
	for _, event := range tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", at)) {
		state.Fold(event)
	}
	return &state
}

func TestRaceComparesTheSameSecond(t *testing.T) {
	s := StandingsOf(raced(2*time.Second), PaceThroughput)
	if s.Second != 2 || s.Running != "expressjs" {
		t.Fatalf("second %v of %q, want 2 of expressjs", s.Second, s.Running)
	}
	if len(s.Runners) != 2 || s.Runners[0].Track.Facts.ID != "golang" {
		t.Fatalf("got %+v", s.Runners)
	}
	// golang answers 640 requests in each tenth of a second.
	if golang := s.Runners[0]; golang.Value != 20*640 || golang.Final != 50*640 {
		t.Errorf("golang had %v replies by then and %v at the end; want %v and %v", golang.Value, golang.Final, 20*640, 50*640)
	}
	if express := s.Runners[1]; !express.Fails || express.Place != 0 {
		t.Error("expressjs fails three of four requests and has a place")
	}
}

func TestRaceAfterTheRunComparesTheEnd(t *testing.T) {
	var state State
	for _, event := range tuitest.Article() {
		state.Fold(event)
	}
	if s := StandingsOf(&state, PaceP50); !math.IsInf(s.Second, 1) || s.Running != "" {
		t.Errorf("second %v of %q, want the end of all", s.Second, s.Running)
	}
}

func TestWarmUpIsNotRaced(t *testing.T) {
	var state State
	state.Fold(stream.Event{Contender: "x", Body: stream.ContenderStarted{Facts: stream.ContenderFacts{ID: "x"}, Number: 1, Of: 1}})
	sample := articleSample()
	sample.Warmup = true
	state.Fold(stream.Event{Contender: "x", Body: sample})
	if n := state.Tracks[0].Points.Len(); n != 0 {
		t.Errorf("%d points of a warm-up", n)
	}
	sample.Warmup = false
	state.Fold(stream.Event{Contender: "x", Body: sample})
	if n := state.Tracks[0].Points.Len(); n != 1 {
		t.Errorf("%d points of the load, want 1", n)
	}
}

// articleSample is one interval of golang's load.
func articleSample() stream.LoadSample {
	events := tuitest.Until(tuitest.Article(), tuitest.LoadOf("golang", time.Second))
	return events[len(events)-1].Body.(stream.LoadSample)
}

func TestOvertakingIsTold(t *testing.T) {
	track := func(id string, number int, at func(second float64) float64) *Track {
		track := &Track{Facts: stream.ContenderFacts{ID: id}, Number: number, Points: NewRing[TrackPoint](100)}
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
		s := Standings{Runners: runnersAt(tracks, PaceMean, second), Second: second, Running: "tiring"}
		if got := s.Overtaken(tracks, PaceMean); got != want {
			t.Errorf("at %g s: %q, want %q", second, got, want)
		}
	}
	s := Standings{Runners: runnersAt(tracks, PaceMean, 3), Second: 3, Running: "steady"}
	if got := s.Overtaken(tracks, PaceMean); got != "▲ overtakes tiring" {
		t.Errorf("of the one who overtakes: %q", got)
	}
}

func TestColoursOfARaceAreTheFewAndTheirOwn(t *testing.T) {
	s := StandingsOf(folded(tuitest.Until(tuitest.Field(), tuitest.LoadOf("kumuluz", 3200*time.Millisecond))...), PaceMean)
	s.Highlight("ktor")
	seen := map[int]string{}
	for at, r := range s.Runners {
		id := r.Track.Facts.ID
		if want := at < 4 || id == "kumuluz" || id == "ktor"; (r.Lane > 0) != want {
			t.Errorf("%s at place %d: picked out %v, want %v", id, at+1, r.Lane > 0, want)
		}
		if r.Lane > 0 && seen[r.Lane] != "" {
			t.Errorf("%s has the colour of %s", id, seen[r.Lane])
		}
		if r.Lane > 0 {
			seen[r.Lane] = id
		}
	}
}

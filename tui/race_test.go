package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
	"github.com/benchtui/benchtui/tui/words"
)

// fieldScenes are screens of a run of 18.
var fieldScenes = map[string]func(b *bench){
	"race-of-18": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Field(), tuitest.LoadOf("kumuluz", 3200*time.Millisecond))...)
		b.keys("r", "m")
	},
	"race-of-18-first": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Field(), tuitest.LoadOf("golang", 1500*time.Millisecond))...)
		b.keys("r")
	},
	"leaderboard-of-18": func(b *bench) {
		b.begin()
		b.events(tuitest.Field()...)
		b.end()
	},
	"stage-of-18": func(b *bench) {
		b.begin()
		b.events(tuitest.Field()...)
		b.end()
		b.keys("p")
	},
	"stage-race-of-18": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Field(), tuitest.LoadOf("kumuluz", 3200*time.Millisecond))...)
		b.keys("p", " ", " ")
	},
	"race-of-18-ended": func(b *bench) {
		b.begin()
		b.events(tuitest.Field()...)
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
				tuitest.CompareGolden(t, b.frame()+"\n")
				tuitest.CheckFrame(t, b.frame(), size[0], size[1])
			})
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
	events := tuitest.Article()
	half := tuitest.Until(events, tuitest.LoadOf("golang", 2*time.Second))
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
	bench.model.theme = term.NewTheme(termenv.TrueColor, true)
	fieldScenes["race-of-18"](bench)
	b.ReportAllocs()
	for b.Loop() {
		bench.model.draw()
	}
}

func TestRaceMarksWhoTheGeneratorLimited(t *testing.T) {
	b := newBench(t, nil, 100, 30)
	b.begin()
	for _, event := range tuitest.Article() {
		if done, ok := event.Body.(stream.ContenderDone); ok && event.Contender == "golang" {
			done.Result.Verdict = words.VerdictGenerator
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

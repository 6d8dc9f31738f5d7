package tui

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/tui/tuitest"
)

func TestStageTurnsByThePresentersRemote(t *testing.T) {
	b := newBench(t, articleOffer(), 120, 36)
	scenes["live-express"](b)
	b.keys("p")
	at := func(want int, after string) {
		t.Helper()
		if got := *b.model.slideAt(); got != want {
			t.Errorf("panel %d after %s, want %d", got, after, want)
		}
	}
	at(0, "p")
	for i, next := range []string{" ", "pgdown", "right"} {
		b.keys(next)
		at(i+1, next)
	}
	b.keys("pgdown")
	at(3, "page down on the last panel")
	for i, before := range []string{"pgup", "left", "backspace"} {
		b.keys(before)
		at(2-i, before)
	}
	b.keys("pgup")
	at(0, "page up on the first panel")
	if b.model.frozen != nil || b.stage.skips != 0 {
		t.Error("a key for the stage reached the screen behind it")
	}
}

func TestStageIsLeftByEscOrItsKey(t *testing.T) {
	for _, out := range []string{"esc", "p"} {
		for scene, screen := range map[string]Screen{"live-express": ScreenLive, "leaderboard": ScreenLeaderboard, "race": ScreenRace} {
			b := newBench(t, articleOffer(), 80, 24)
			scenes[scene](b)
			before := b.frame()
			b.keys("p")
			if b.frame() == before {
				t.Errorf("p shows no stage on %s", scene)
			}
			b.keys(out)
			if b.model.presenting() || b.model.screen != screen {
				t.Errorf("%s leaves the stage of %s for screen %v", out, scene, b.model.screen)
			}
		}
	}
}

func TestStageGoesOnWithTheResultsWhenTheRunEnds(t *testing.T) {
	b := newBench(t, nil, 80, 24)
	events := tuitest.Article()
	b.begin()
	b.events(tuitest.Until(events, tuitest.LoadOf("golang", 2_000_000_000))...)
	b.keys("p", " ")
	b.events(events[len(events)-1])
	b.end()
	if !b.model.presenting() || !strings.Contains(b.frame(), "mean response time") {
		t.Errorf("not the places on the stage:\n%s", b.frame())
	}
}

func TestStageStopsTheRunByQ(t *testing.T) {
	b := newBench(t, articleOffer(), 80, 24)
	scenes["stage"](b)
	b.keys("q")
	if b.stage.stops != 1 || !strings.Contains(b.frame(), "stopping") {
		t.Errorf("stopped %d times; shown:\n%s", b.stage.stops, b.frame())
	}
}

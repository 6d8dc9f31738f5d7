package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/tuitest"
)

func TestStageIsLeftByEscOrItsKey(t *testing.T) {
	for _, out := range []string{"esc", "p"} {
		for scene, screen := range map[string]screen.Name{"live-express": screen.Live, "leaderboard": screen.Leaderboard, "race": screen.Race} {
			b := newBench(t, screentest.ArticleChoices(), 80, 24)
			b.play(scene)
			before := b.frame()
			b.keys("p")
			if b.frame() == before {
				t.Errorf("p shows no stage on %s", scene)
			}
			b.keys(out)
			if b.model.presenting() || b.at() != screen {
				t.Errorf("%s leaves the stage of %s for screen %v", out, scene, b.at())
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
	b := newBench(t, screentest.ArticleChoices(), 80, 24)
	b.play("stage")
	b.keys("q")
	if b.began.stops != 1 || !strings.Contains(b.frame(), "stopping") {
		t.Errorf("stopped %d times; shown:\n%s", b.began.stops, b.frame())
	}
}

func TestRaceIsLeftTheWayItWasEntered(t *testing.T) {
	for _, out := range []string{"r", "esc"} {
		b := newBench(t, screentest.ArticleChoices(), 80, 24)
		b.play("live-express")
		b.keys("r")
		b.tick()
		if b.at() != screen.Race {
			t.Fatalf("r leads to screen %v", b.at())
		}
		b.keys(out)
		if b.at() != screen.Live {
			t.Errorf("%s leads back to screen %v", out, b.at())
		}
		b = newBench(t, screentest.ArticleChoices(), 80, 24)
		b.play("leaderboard")
		b.keys("r", out)
		if b.at() != screen.Leaderboard {
			t.Errorf("%s leads from the leaderboard's race to screen %v", out, b.at())
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
	if b.at() != screen.Leaderboard {
		t.Errorf("screen is %v", b.at())
	}
}

package tui

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func TestProfileKeyReachesTheRun(t *testing.T) {
	b := newBench(t, screentest.ArticleChoices(), 80, 24)
	b.play("live-express")
	b.keys("y")
	if b.began.profiles != 1 || !strings.Contains(b.frame(), "no server is under load now") {
		t.Errorf("asked for %d profiles where none can be taken, shown:\n%s", b.began.profiles, b.frame())
	}
	b.began.loading = true
	b.keys("y")
	if b.began.profiles != 2 || !strings.Contains(b.frame(), "a profile is being taken") {
		t.Errorf("asked for %d profiles, shown:\n%s", b.began.profiles, b.frame())
	}
	b.model.state.Now.Phase = stream.PhaseWhy
	b.keys("y")
	if b.began.profiles != 2 || !strings.Contains(b.frame(), "a profile is being taken already") {
		t.Errorf("asked for %d profiles while one is taken, shown:\n%s", b.began.profiles, b.frame())
	}
	b.keys("l")
	if !strings.Contains(b.frame(), "? help") {
		t.Errorf("the next key does not bring back the keys:\n%s", b.frame())
	}
}

func TestFlameGraphIsLeftTheWayItWasEntered(t *testing.T) {
	for scene, back := range map[string]screen.Name{"live-why-taken": screen.Live, "leaderboard-why": screen.Leaderboard, "detail-why": screen.Detail} {
		for _, out := range []string{"esc", "w"} {
			b := newBench(t, screentest.ArticleChoices(), 120, 36)
			b.play(scene)
			b.keys("w")
			if b.at() != "flame" || !strings.Contains(b.frame(), "O etag") {
				t.Fatalf("w leads from %s to %s:\n%s", scene, b.at(), b.frame())
			}
			b.keys(out)
			if b.at() != back {
				t.Errorf("%s leads from the flame graph of %s to %s", out, scene, b.at())
			}
		}
	}
	b := newBench(t, screentest.ArticleChoices(), 120, 36)
	b.play("detail-why")
	b.keys("w", "esc", "esc")
	if b.at() != screen.Leaderboard {
		t.Errorf("esc leads from the detail to %s, after a flame graph", b.at())
	}
}

func TestFlameGraphIsNotOfferedWithoutAProfile(t *testing.T) {
	for _, scene := range []string{"live-why-refused", "leaderboard"} {
		b := newBench(t, screentest.ArticleChoices(), 200, 60)
		b.play(scene)
		if strings.Contains(b.frame(), "flame graph") {
			t.Errorf("the last line of %s offers one:\n%s", scene, b.frame())
		}
		before := b.at()
		b.keys("w")
		if b.at() != before {
			t.Errorf("w leads from %s to %s", scene, b.at())
		}
	}
}

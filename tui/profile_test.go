package tui

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func TestProfileKeyReachesTheRun(t *testing.T) {
	b := newBench(t, screentest.ArticleOffer(), 80, 24)
	b.play("live-express")
	b.keys("y")
	if b.stage.profiles != 1 || !strings.Contains(b.frame(), "no server is under load now") {
		t.Errorf("asked for %d profiles where none can be taken, shown:\n%s", b.stage.profiles, b.frame())
	}
	b.stage.loading = true
	b.keys("y")
	if b.stage.profiles != 2 || !strings.Contains(b.frame(), "a profile is being taken") {
		t.Errorf("asked for %d profiles, shown:\n%s", b.stage.profiles, b.frame())
	}
	b.keys("l")
	if !strings.Contains(b.frame(), "? help") {
		t.Errorf("the next key does not bring back the keys:\n%s", b.frame())
	}
}

package present

import (
	"testing"

	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func TestStageTurnsByThePresentersRemote(t *testing.T) {
	p := New()
	b := screentest.NewBench(t, p, 120, 36).Play(screentest.SceneOf(t, "stage"))
	at := func(want int, after string) {
		t.Helper()
		if p.atLive != want {
			t.Errorf("slide %d after %s, want %d", p.atLive, after, want)
		}
	}
	at(0, "p")
	for i, next := range []string{" ", "pgdown", "right"} {
		b.Keys(next)
		at(i+1, next)
	}
	b.Keys("pgdown")
	at(3, "page down on the last panel")
	for i, before := range []string{"pgup", "left", "backspace"} {
		b.Keys(before)
		at(2-i, before)
	}
	b.Keys("pgup")
	at(0, "page up on the first panel")
	if len(b.Did) > 0 {
		t.Errorf("a key for the presentation asked for %+v", b.Did)
	}
}

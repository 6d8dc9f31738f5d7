package tui

import (
	"strings"
	"testing"
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
	events := articleStream()
	b.begin()
	b.events(until(events, loadOf("golang", 2_000_000_000))...)
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

// What is written large must be as wide as it was measured to be, and no letter
// may look like another.
func TestLettersAreAsLargeAsMeasured(t *testing.T) {
	for scale := 1; scale <= mostScale; scale++ {
		const text = "golang 9,876.5 %"
		s := NewSurface(largeWidth(text, scale)+10, largeHeight(scale)+10)
		s.Large(s.Bounds(), text, RoleText, scale)
		right, bottom := 0, 0
		for y := range s.h {
			for x := range s.w {
				if s.At(x, y) != ' ' {
					right, bottom = max(right, x+1), max(bottom, y+1)
				}
			}
		}
		if right != largeWidth(text, scale) || bottom != largeHeight(scale) {
			t.Errorf("scale %d: %d×%d, measured %d×%d", scale, right, bottom, largeWidth(text, scale), largeHeight(scale))
		}
	}
	seen := map[letter]rune{}
	for r, shape := range letters {
		if other, twice := seen[shape]; twice && r != '0' && other != '0' { // 0 is O in all but name
			t.Errorf("%q looks like %q", r, other)
		}
		seen[shape] = r
		for _, row := range shape.rows {
			if row >= 1<<shape.width {
				t.Errorf("%q is wider than it says", r)
			}
		}
	}
}

func TestTextWithoutShapesIsWrittenAsOrdinaryText(t *testing.T) {
	b := newBench(t, nil, 80, 24)
	in := Rect{0, 0, 80, 24}
	b.model.surface.Reset(80, 24)
	if rows := b.model.surface.LargeParagraph(in, "漢字", RoleText); rows != 1 || b.model.surface.At(0, 0) != '漢' {
		t.Errorf("took %d rows, begins with %q", rows, b.model.surface.At(0, 0))
	}
}

func TestLargeLinesBreakBetweenWords(t *testing.T) {
	lines, ok := breakLarge(strings.Fields("the event loop is saturated"), largeWidth("saturated", 1), 1)
	if want := "the event|loop is|saturated"; !ok || strings.Join(lines, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(lines, "|"), want)
	}
	if _, ok := breakLarge([]string{"saturated"}, largeWidth("saturated", 1)-1, 1); ok {
		t.Error("a word that is too wide was broken")
	}
}

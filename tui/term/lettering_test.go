package term

import (
	"strings"
	"testing"
)

// What is written large must be as wide as it was measured to be, and no letter
// may look like another.
func TestLettersAreAsLargeAsMeasured(t *testing.T) {
	for scale := 1; scale <= mostScale; scale++ {
		const text = "golang 9,876.5 %"
		s := NewSurface(LargeWidth(text, scale)+10, LargeHeight(scale)+10)
		s.Large(s.Bounds(), text, RoleText, scale)
		right, bottom := 0, 0
		for y := range s.h {
			for x := range s.w {
				if s.At(x, y) != ' ' {
					right, bottom = max(right, x+1), max(bottom, y+1)
				}
			}
		}
		if right != LargeWidth(text, scale) || bottom != LargeHeight(scale) {
			t.Errorf("scale %d: %d×%d, measured %d×%d", scale, right, bottom, LargeWidth(text, scale), LargeHeight(scale))
		}
	}
	seen := map[shape]rune{}
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
	s := NewSurface(80, 24)
	if rows := s.LargeParagraph(s.Bounds(), "漢字", RoleText); rows != 1 || s.At(0, 0) != '漢' {
		t.Errorf("took %d rows, begins with %q", rows, s.At(0, 0))
	}
}

func TestLargeLinesBreakBetweenWords(t *testing.T) {
	lines, ok := breakLarge(strings.Fields("the event loop is saturated"), LargeWidth("saturated", 1), 1)
	if want := "the event|loop is|saturated"; !ok || strings.Join(lines, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(lines, "|"), want)
	}
	if _, ok := breakLarge([]string{"saturated"}, LargeWidth("saturated", 1)-1, 1); ok {
		t.Error("a word that is too wide was broken")
	}
}

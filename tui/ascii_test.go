package tui

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// TestASCIIScreensAreASCIIAndAsWide holds that nothing beyond ASCII is left on any
// screen, and that nothing moves by it: borders stand where they stand without.
func TestASCIIScreensAreASCIIAndAsWide(t *testing.T) {
	for name, scene := range scenes {
		for _, size := range [][2]int{{40, 12}, {80, 24}, {160, 45}} {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				plain, ascii := newBench(t, articleOffer(), size[0], size[1]), newBench(t, articleOffer(), size[0], size[1])
				ascii.model.surface.SetASCII(true)
				ascii.send(keyOf("x"))
				plain.send(keyOf("x"))
				scene(plain)
				scene(ascii)
				view := ascii.model.View()
				for i := range len(view) {
					if view[i] > 0x7f {
						t.Fatalf("%q is not ASCII", view[max(0, i-20):min(len(view), i+20)])
					}
				}
				before, after := strings.Split(plain.frame(), "\n"), strings.Split(ascii.frame(), "\n")
				if len(before) != len(after) {
					t.Fatalf("%d lines, in ASCII %d", len(before), len(after))
				}
				for y, line := range before {
					x := 0
					for line != "" {
						cluster, width := ansi.FirstGraphemeCluster(line, ansi.GraphemeWidth)
						line = line[len(cluster):]
						if strings.Contains("─│╭╮╰╯━┃┏┓┗┛", cluster) {
							if x >= len(after[y]) || !strings.Contains("-|+=#", after[y][x:x+1]) {
								t.Fatalf("line %d has no border in column %d:\n%s\n%s", y, x, before[y], after[y])
							}
						}
						x += width
					}
				}
			})
		}
	}
}

func TestLinesDifferInASCIIWithoutColours(t *testing.T) {
	b := newBench(t, nil, 160, 45)
	b.model.surface.SetASCII(true)
	scenes["live-express"](b)
	// The first panel: the graph of latencies.
	var graph strings.Builder
	for _, line := range strings.Split(b.frame(), "\n")[3:10] {
		graph.WriteString(line[9:60])
	}
	for _, stroke := range []Stroke{Solid, Thick, Dashed} {
		if glyph := ASCII(stroke.Glyph()); strings.Count(graph.String(), glyph) < 5 {
			t.Errorf("no line of %q:\n%s", glyph, b.frame())
		}
	}
}

func TestASCIIGolden(t *testing.T) {
	for _, name := range []string{"live-express", "leaderboard"} {
		for _, size := range [][2]int{{80, 24}, {120, 36}} {
			t.Run(fmt.Sprintf("%s-ascii-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				b := newBench(t, articleOffer(), size[0], size[1])
				b.model.surface.SetASCII(true)
				scenes[name](b)
				compareGolden(t, b.frame()+"\n")
			})
		}
	}
}

func TestASCIIKeepsWidths(t *testing.T) {
	for _, text := range []string{"", "plain", "🥇 ✓ 3.4 µs × 2 …", "漢字 x", "é e\u0301 ß", "⣿⠁⠀", "⚑⚠▲", "a\u200db", "👩‍💻"} {
		got := ASCII(text)
		if ansi.StringWidth(got) != ansi.StringWidth(text) {
			t.Errorf("%q is %d columns, as %q %d", text, ansi.StringWidth(text), got, ansi.StringWidth(got))
		}
		for i := range len(got) {
			if got[i] > 0x7f {
				t.Errorf("%q becomes %q", text, got)
				break
			}
		}
	}
	for sign, text := range inASCII {
		if width := ansi.StringWidth(string(sign)); width != len(text) {
			t.Errorf("%q is %d columns, %q is not", sign, width, text)
		}
	}
	var out bytes.Buffer
	if n, err := (ASCIIWriter{&out}).Write([]byte("🥇 µ")); n != len("🥇 µ") || err != nil || out.String() != "#1 u" {
		t.Errorf("wrote %q, %d, %v", out.String(), n, err)
	}
}

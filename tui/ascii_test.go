package tui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
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
	for _, stroke := range []chart.Stroke{chart.Solid, chart.Thick, chart.Dashed} {
		if glyph := term.ASCII(stroke.Glyph()); strings.Count(graph.String(), glyph) < 5 {
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
				tuitest.CompareGolden(t, b.frame()+"\n")
			})
		}
	}
}

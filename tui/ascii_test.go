package tui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/tui/screen/screentest"
)

// TestASCIIScreensAreASCIIAndAsWide holds that nothing beyond ASCII is left on any
// screen, and that nothing moves by it: borders stand where they stand without.
func TestASCIIScreensAreASCIIAndAsWide(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	for _, name := range sceneNames() {
		for _, size := range [][2]int{{40, 12}, {80, 24}, {160, 45}} {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				plain, ascii := newBench(t, screentest.ArticleChoices(), size[0], size[1]), newBench(t, screentest.ArticleChoices(), size[0], size[1])
				ascii.model.surface.SetASCII(true)
				ascii.send(keyOf("x"))
				plain.send(keyOf("x"))
				plain.play(name)
				ascii.play(name)
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

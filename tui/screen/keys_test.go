package screen

import (
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"

	"github.com/benchtui/benchtui/tui/term"
)

// The note at the end of the last line stands beside the keys and not over one of them,
// however wide the line is.
func TestNoteCoversNoKey(t *testing.T) {
	keys := NewKeys()
	footer := Shortcuts{Footer: []key.Binding{keys.Help, Bind("a", "first", "a"), Bind("b", "second", "b"), keys.Back, keys.Quit}, Note: "3/12 "}
	for width := 25; width < 80; width++ {
		surface := term.NewSurface(width, 1)
		footer.Draw(surface, surface.Bounds())
		var line strings.Builder
		for x := range width {
			line.WriteRune(surface.At(x, 0))
		}
		if told := line.String(); !strings.Contains(told, " q quit ") || !strings.HasSuffix(told, footer.Note) || strings.Count(told, "/12") != 1 {
			t.Errorf("%d columns wide it is %q", width, told)
		}
	}
}

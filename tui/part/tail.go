// Package part draws what more than one screen shows: the line of what is under load,
// the race, a chart of latencies, a result in sentences. It knows no screen.
package part

import (
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// Tail writes the last lines that fit.
func Tail(s *term.Surface, in term.Rect, lines *view.Ring[string]) {
	n := min(in.H, lines.Len())
	for i := range n {
		s.Text(in.Row(i), lines.At(lines.Len()-n+i), term.RoleDim)
	}
}

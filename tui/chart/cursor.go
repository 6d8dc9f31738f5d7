package chart

import (
	"strconv"

	"github.com/benchtui/benchtui/tui/term"
)

// drawCursor draws the cursor through a graph: a line through blanks and blocks,
// and the dots of lines reversed.
func drawCursor(s *term.Surface, graph term.Rect, plot *Plot) {
	if plot.Cursor == nil || *plot.Cursor < plot.X.Min || *plot.Cursor > plot.X.Max {
		return
	}
	x := graph.X + Pixel(plot.X.Place(*plot.Cursor), graph.W*2)/2
	for y := graph.Y; y < graph.Y+graph.H; y++ {
		if r := s.At(x, y); r == ' ' || plot.Fill != nil || r >= '▀' && r <= '▟' {
			s.Set(x, y, '│', term.RoleKey)
		} else {
			s.Recolour(term.Rect{X: x, Y: y, W: 1, H: 1}, term.RoleCursor)
		}
	}
	if plot.HideX {
		return
	}
	s.Set(x, graph.Y+graph.H, '▲', term.RoleKey)
	label := " " + CursorTime(*plot.Cursor) + " "
	if graph.W > 2*len(label) {
		from := min(max(graph.X, x-len(label)/2), graph.X+graph.W-len(label))
		s.Text(term.Rect{X: from, Y: graph.Y + graph.H + 1, W: len(label), H: 1}, label, term.RoleCursor)
	}
}

// CursorTime writes a cursor's second.
func CursorTime(at float64) string { return strconv.FormatFloat(at, 'f', 1, 64) + "s" }

package screen

import (
	"slices"

	"github.com/benchtui/benchtui/tui/term"
)

// Title writes a screen's first line: the program's name, what is shown, and at the
// right what stands there.
func (c *Context) Title(s *term.Surface, in term.Rect, left []term.Span, right ...term.Span) {
	width := min(term.SpansWidth(right), in.W)
	if width+14 > in.W { // no room for both: what goes on matters more than the name
		left = nil
	} else {
		brand := term.Say(" benchtui ", term.RoleBrand)
		if c.Replay != nil {
			brand = term.Say(" REPLAY ", term.RoleCursor)
			left = append(slices.Clone(left), term.Say("  "+c.Replay.Made, term.RoleDim))
		}
		s.Spans(term.Rect{X: in.X, Y: in.Y, W: in.W - width - 1, H: 1}, append([]term.Span{brand, term.Say(" ", term.RoleText)}, left...)...)
	}
	s.Spans(term.Rect{X: in.X + in.W - width, Y: in.Y, W: width, H: 1}, right...)
}

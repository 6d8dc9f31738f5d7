package chart

import (
	"math"

	"github.com/benchtui/benchtui/tui/term"
)

// ValueBar is a bar without a trough, never quite empty.
func ValueBar(s *term.Surface, in term.Rect, share float64, role term.Role) {
	eighths := max(1, int(min(1, share)*float64(in.W*8)+0.5))
	for x := range in.W {
		switch {
		case eighths >= (x+1)*8:
			s.Set(in.X+x, in.Y, '█', role)
		case eighths > x*8:
			s.Set(in.X+x, in.Y, []rune(" ▏▎▍▌▋▊▉")[eighths-x*8], role)
		}
	}
}

// Bar fills a share of a line, to an eighth of a cell.
func Bar(s *term.Surface, in term.Rect, share float64, role term.Role) {
	eighths := int(min(1, max(0, share))*float64(in.W*8) + 0.5)
	for x := range in.W {
		switch {
		case eighths >= (x+1)*8:
			s.Set(in.X+x, in.Y, '█', role)
		case eighths > x*8:
			s.Set(in.X+x, in.Y, []rune(" ▏▎▍▌▋▊▉")[eighths-x*8], role)
		default:
			s.Set(in.X+x, in.Y, '░', term.RoleTrough)
		}
	}
}

// GhostBar draws a bar and, if it is longer, faintly how long it became.
func GhostBar(s *term.Surface, in term.Rect, share, final float64, role term.Role) {
	for x := range in.W {
		if !math.IsNaN(final) && float64(x) < final*float64(in.W)-0.5 {
			s.Set(in.X+x, in.Y, '░', term.RoleTrough)
		}
	}
	ValueBar(s, in, share, role)
}

// Whiskers draw a figure's interval over the end of its bar.
func Whiskers(s *term.Surface, in term.Rect, low, high, most float64) {
	if most <= 0 || in.W < 2 {
		return
	}
	at := func(value float64) int {
		return max(0, min(in.W-1, int(math.Round(value/most*float64(in.W)))-1))
	}
	from, to := at(low), at(high)
	if from == to {
		return // narrower than a cell
	}
	for x := from; x <= to; x++ {
		sign := '─'
		switch x {
		case from:
			sign = '├'
		case to:
			sign = '┤'
		}
		s.Set(in.X+x, in.Y, sign, term.RoleStrong)
	}
}

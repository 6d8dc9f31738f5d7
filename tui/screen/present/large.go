package present

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
)

// drawName writes a contender's name large, what it is doing or how it stands
// beside or below it, and returns what is left.
func drawName(s *term.Surface, in term.Rect, name, about string, role term.Role) (rest term.Rect) {
	_, in = in.CutTop(min(1, in.H/20))
	scale := term.Largest(in.W, max(1, in.H/5), name)
	taken := s.Large(in, name, term.RoleStrong, scale)
	right := term.LargeWidth(name, scale)
	if scale == 0 {
		right = ansi.StringWidth(name)
	}
	if room := in.W - right - 3; room >= ansi.StringWidth(about) {
		s.TextRight(in.Row(taken-1), about, role)
	} else {
		s.Text(in.Row(taken), about, role)
		taken++
	}
	_, rest = in.CutTop(taken + min(1, in.H/16))
	return rest
}

// sentence writes a finding's sentence below figures, large where it can be, and
// returns what is left for the figures.
func sentence(s *term.Surface, in term.Rect, text string) (rest term.Rect) {
	const ordinary = 3
	rest, below := in.CutBottom(in.H * 2 / 5)
	if in.H < 24 || !s.CanBeLarge(below, text) {
		rest, below = in.CutBottom(min(ordinary, max(2, in.H/4)))
	}
	_, below = below.CutTop(min(1, below.H/4))
	s.LargeParagraph(below, text, term.RoleWarn)
	return rest
}

// largeTime writes a time in ms with its unit, in few letters.
func largeTime(ms float64) (value, unit string) {
	if ms >= stream.MostMS {
		return strings.TrimSuffix(figure.Overlong, " s"), "s"
	}
	if ms >= 10_000 {
		return figure.Digits(ms/1000, 1), "s"
	}
	return figure.InMS.Cell(ms), "ms"
}

// largeFigure is a figure with what it says.
type largeFigure struct {
	label, value string
	role         term.Role
}

// drawFigures writes figures side by side or in a square, all as large as the
// widest of them allows.
func drawFigures(s *term.Surface, in term.Rect, figures []largeFigure) {
	if in.Empty() {
		return
	}
	var values []string
	for _, figure := range figures {
		values = append(values, figure.value)
	}
	const gap = 2
	columns, scale := len(figures), 0
	for _, try := range []int{len(figures), 2} { // side by side if that is no smaller
		rows := (len(figures) + try - 1) / try
		if fitting := term.Largest(in.W/try-gap, in.H/rows-2, values...); fitting > scale {
			columns, scale = try, fitting
		}
	}
	rows := (len(figures) + columns - 1) / columns
	height := 1
	if scale > 0 {
		height = term.LargeHeight(scale)
	}
	if scale == 0 && in.H >= len(figures) { // a line each
		for i, figure := range figures {
			s.Spans(in.Row(i), term.Say(figure.value, figure.role), term.Say("  "+figure.label, term.RoleText))
		}
		return
	}
	each := min(in.H/rows, height+5)
	for i, figure := range figures {
		at := term.Rect{X: in.X + in.W/columns*(i%columns), Y: in.Y + each*(i/columns), W: in.W/columns - gap, H: each}
		s.Text(at.Row(0), figure.label, term.RoleTitle)
		s.Large(term.Rect{X: at.X, Y: at.Y + 1, W: at.W, H: at.H - 1}, figure.value, figure.role, scale)
	}
}

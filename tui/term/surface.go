package term

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/foreign"
)

// Surface is a screen's worth of cells that parts draw into. Everything is
// clipped to the rectangle it is drawn in and measured by what the terminal will
// show, so a part cannot break another's border, whatever text it is given.
type Surface struct {
	w, h  int
	ascii bool
	clip  Rect // nothing is drawn outside
	cells []cell
}

// cell is one column of one line. A wide character takes two: the second has width 0.
type cell struct {
	r     rune
	more  string // the rest of a cluster of several runes
	width int8
	role  Role
}

var blank = cell{r: ' ', width: 1}

// NewSurface makes a blank one.
func NewSurface(w, h int) *Surface {
	s := &Surface{}
	s.Reset(w, h)
	return s
}

// Reset blanks the surface and gives it a size.
func (s *Surface) Reset(w, h int) {
	s.w, s.h = max(0, w), max(0, h)
	s.clip = s.Bounds()
	if need := s.w * s.h; cap(s.cells) < need {
		s.cells = make([]cell, need)
	} else {
		s.cells = s.cells[:need]
	}
	for i := range s.cells {
		s.cells[i] = blank
	}
}

// SetASCII makes the surface show nothing beyond ASCII.
func (s *Surface) SetASCII(only bool) { s.ascii = only }

// ASCII says that the surface shows nothing beyond ASCII.
func (s *Surface) ASCII() bool { return s.ascii }

// Bounds is the whole surface.
func (s *Surface) Bounds() Rect { return Rect{W: s.w, H: s.h} }

// Clip keeps what follows inside a rectangle, until the function that it returns is called.
func (s *Surface) Clip(in Rect) (restore func()) {
	before := s.clip
	x, y := max(in.X, before.X), max(in.Y, before.Y)
	s.clip = Rect{x, y, min(in.X+in.W, before.X+before.W) - x, min(in.Y+in.H, before.Y+before.H) - y}
	return func() { s.clip = before }
}

// Set puts a rune of width 1 into a cell.
func (s *Surface) Set(x, y int, r rune, role Role) {
	if !s.clip.Contains(x, y) {
		return
	}
	s.put(x, y, cell{r: r, width: 1, role: role})
}

// At is the rune of a cell; a blank outside.
func (s *Surface) At(x, y int) rune {
	if !s.Bounds().Contains(x, y) {
		return ' '
	}
	return s.cells[y*s.w+x].r
}

// put writes a cell and blanks the other half of a wide character it hits.
func (s *Surface) put(x, y int, c cell) {
	at := y*s.w + x
	if old := s.cells[at]; old.width == 0 && x > 0 {
		s.cells[at-1] = cell{r: ' ', width: 1, role: s.cells[at-1].role}
	} else if old.width == 2 && x+1 < s.w {
		s.cells[at+1] = cell{r: ' ', width: 1, role: old.role}
	}
	s.cells[at] = c
}

// Text writes text from the left of the rectangle's first line and returns how
// many columns it took. What does not fit is cut with an ellipsis. Control
// characters and escape sequences never reach the terminal.
func (s *Surface) Text(in Rect, text string, role Role) int {
	if in.Empty() || in.Y < 0 || in.Y >= s.h {
		return 0
	}
	text = foreign.Line(text)
	if !Fits(text, in.W) {
		text = ansi.Truncate(text, in.W, "…")
	}
	x := in.X
	for len(text) > 0 {
		if text[0] < utf8.RuneSelf && (len(text) == 1 || text[1] < utf8.RuneSelf) {
			s.Set(x, in.Y, rune(text[0]), role)
			text = text[1:]
			x++
			continue
		}
		cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		if cluster == "" {
			break
		}
		text = text[len(cluster):]
		if width == 0 || !s.clip.Contains(x, in.Y) || !s.clip.Contains(x+width-1, in.Y) {
			x += width
			continue
		}
		r, size := utf8.DecodeRuneInString(cluster)
		s.put(x, in.Y, cell{r: r, more: cluster[size:], width: int8(width), role: role})
		if width == 2 {
			s.put2(x+1, in.Y, role)
		}
		x += width
	}
	return x - in.X
}

// put2 marks the second half of a wide character.
func (s *Surface) put2(x, y int, role Role) {
	at := y*s.w + x
	if s.cells[at].width == 2 && x+1 < s.w {
		s.cells[at+1] = cell{r: ' ', width: 1, role: s.cells[at+1].role}
	}
	s.cells[at] = cell{width: 0, role: role}
}

// TextRight writes text so that it ends at the rectangle's right edge.
func (s *Surface) TextRight(in Rect, text string, role Role) int {
	width := min(ansi.StringWidth(foreign.Line(text)), in.W)
	return s.Text(Rect{in.X + in.W - width, in.Y, width, in.H}, text, role)
}

// TextCentre writes text into the middle of the rectangle's first line.
func (s *Surface) TextCentre(in Rect, text string, role Role) {
	width := min(ansi.StringWidth(foreign.Line(text)), in.W)
	s.Text(Rect{in.X + (in.W-width)/2, in.Y, width, in.H}, text, role)
}

// Span is a stretch of text in one role.
type Span struct {
	Text string
	Role Role
}

// Say is a text in a role.
func Say(text string, role Role) Span { return Span{text, role} }

// Spans writes one after the other and returns how many columns they took.
func (s *Surface) Spans(in Rect, spans ...Span) int {
	x := 0
	for _, span := range spans {
		if x >= in.W {
			break
		}
		x += s.Text(Rect{in.X + x, in.Y, in.W - x, in.H}, span.Text, span.Role)
	}
	return x
}

// SpansWidth is how many columns spans would take.
func SpansWidth(spans []Span) int {
	width := 0
	for _, span := range spans {
		width += ansi.StringWidth(span.Text)
	}
	return width
}

// Fitting appends groups of spans to a line as long as whole groups fit.
func Fitting(width int, line []Span, groups ...[]Span) []Span {
	room := width - SpansWidth(line)
	for _, group := range groups {
		if need := SpansWidth(group); need <= room {
			line = append(line, group...)
			room -= need
		}
	}
	return line
}

// Fill blanks the rectangle in a role.
func (s *Surface) Fill(in Rect, role Role) {
	for y := max(0, in.Y); y < min(s.h, in.Y+in.H); y++ {
		for x := max(0, in.X); x < min(s.w, in.X+in.W); x++ {
			s.put(x, y, cell{r: ' ', width: 1, role: role})
		}
	}
}

// Recolour gives the rectangle's cells a role and keeps what stands there.
func (s *Surface) Recolour(in Rect, role Role) {
	for y := max(0, in.Y); y < min(s.h, in.Y+in.H); y++ {
		for x := max(0, in.X); x < min(s.w, in.X+in.W); x++ {
			s.cells[y*s.w+x].role = role
		}
	}
}

// lines are what a border is drawn with: along, down, and the corners from the top
// left on, by rows.
type lines struct{ along, down, topLeft, topRight, bottomLeft, bottomRight rune }

var (
	rounded = lines{'─', '│', '╭', '╮', '╰', '╯'}
	heavy   = lines{'━', '┃', '┏', '┓', '┗', '┛'}
)

// Box draws a border with a title set into it and returns what is inside.
func (s *Surface) Box(in Rect, border Role, title ...Span) Rect {
	return s.box(in, rounded, border, title)
}

// HeavyBox is a Box that stands out, with colours and without.
func (s *Surface) HeavyBox(in Rect, border Role, title ...Span) Rect {
	return s.box(in, heavy, border, title)
}

func (s *Surface) box(in Rect, with lines, border Role, title []Span) Rect {
	if in.W < 2 || in.H < 2 {
		return Rect{X: in.X, Y: in.Y}
	}
	right, bottom := in.X+in.W-1, in.Y+in.H-1
	for x := in.X + 1; x < right; x++ {
		s.Set(x, in.Y, with.along, border)
		s.Set(x, bottom, with.along, border)
	}
	for y := in.Y + 1; y < bottom; y++ {
		s.Set(in.X, y, with.down, border)
		s.Set(right, y, with.down, border)
	}
	s.Set(in.X, in.Y, with.topLeft, border)
	s.Set(right, in.Y, with.topRight, border)
	s.Set(in.X, bottom, with.bottomLeft, border)
	s.Set(right, bottom, with.bottomRight, border)
	if len(title) > 0 && in.W > 6 {
		at := Rect{in.X + 2, in.Y, in.W - 4, 1}
		spans := append([]Span{{" ", border}}, title...)
		taken := s.Spans(at, spans...)
		if taken < at.W {
			s.Set(at.X+taken, in.Y, ' ', border)
		}
	}
	return in.Inset(1)
}

// Frame is a Box where there are lines enough for one around its content.
func (s *Surface) Frame(in Rect, border Role, title ...Span) Rect {
	if in.H < 4 {
		return in
	}
	return s.Box(in, border, title...)
}

// Encode writes the cells as lines with the theme's escape sequences, one per run
// of equal role. Blanks at a line's end are left out; the terminal has them.
func (s *Surface) Encode(theme *Theme) string {
	var out strings.Builder
	out.Grow(len(s.cells) * 2)
	for y := range s.h {
		if y > 0 {
			out.WriteByte('\n')
		}
		line := s.cells[y*s.w : (y+1)*s.w]
		end := len(line)
		for end > 0 && line[end-1].r == ' ' && !theme.visibleBlank(line[end-1].role) {
			end--
		}
		var role Role
		for _, c := range line[:end] {
			if c.width == 0 {
				continue
			}
			if c.role != role {
				if role != RoleText {
					out.WriteString(theme.reset(role))
				}
				out.WriteString(theme.start(c.role))
				role = c.role
			}
			switch {
			case c.r < utf8.RuneSelf:
				out.WriteByte(byte(c.r))
			case s.ascii:
				out.WriteString(asciiRune(c.r, int(c.width)))
				continue
			default:
				out.WriteRune(c.r)
			}
			if !s.ascii {
				out.WriteString(c.more)
			}
		}
		if role != RoleText {
			out.WriteString(theme.reset(role))
		}
	}
	return out.String()
}

// Fits is a cheap test that spares most texts the measuring.
func Fits(text string, width int) bool {
	return len(text) <= width || ansi.StringWidth(text) <= width
}

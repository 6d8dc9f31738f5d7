package term

import (
	"strings"
	"unicode"

	"github.com/benchtui/benchtui/internal/foreign"
)

// Letters large enough for the last row of a hall. A pixel of a letter is half a
// cell high and one wide, which is about square, times the scale.
const (
	letterRows = 7
	mostScale  = 5
)

// letter is a shape: a bit per pixel, the highest of width bits at the left.
type shape struct {
	width int
	rows  [letterRows]uint8
}

// letters are the shapes of what is written large: capitals, digits, and the
// signs of figures.
var letters = map[rune]shape{
	'A': {5, [7]uint8{0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11}}, 'B': {5, [7]uint8{0x1e, 0x11, 0x11, 0x1e, 0x11, 0x11, 0x1e}},
	'C': {5, [7]uint8{0x0e, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0e}}, 'D': {5, [7]uint8{0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e}},
	'E': {5, [7]uint8{0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f}}, 'F': {5, [7]uint8{0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x10}},
	'G': {5, [7]uint8{0x0e, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0f}}, 'H': {5, [7]uint8{0x11, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11}},
	'I': {3, [7]uint8{0x07, 0x02, 0x02, 0x02, 0x02, 0x02, 0x07}}, 'J': {5, [7]uint8{0x07, 0x02, 0x02, 0x02, 0x02, 0x12, 0x0c}},
	'K': {5, [7]uint8{0x11, 0x12, 0x14, 0x18, 0x14, 0x12, 0x11}}, 'L': {5, [7]uint8{0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f}},
	'M': {5, [7]uint8{0x11, 0x1b, 0x15, 0x15, 0x11, 0x11, 0x11}}, 'N': {5, [7]uint8{0x11, 0x11, 0x19, 0x15, 0x13, 0x11, 0x11}},
	'O': {5, [7]uint8{0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e}}, 'P': {5, [7]uint8{0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10}},
	'Q': {5, [7]uint8{0x0e, 0x11, 0x11, 0x11, 0x15, 0x12, 0x0d}}, 'R': {5, [7]uint8{0x1e, 0x11, 0x11, 0x1e, 0x14, 0x12, 0x11}},
	'S': {5, [7]uint8{0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e}}, 'T': {5, [7]uint8{0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04}},
	'U': {5, [7]uint8{0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e}}, 'V': {5, [7]uint8{0x11, 0x11, 0x11, 0x11, 0x11, 0x0a, 0x04}},
	'W': {5, [7]uint8{0x11, 0x11, 0x11, 0x15, 0x15, 0x15, 0x0a}}, 'X': {5, [7]uint8{0x11, 0x11, 0x0a, 0x04, 0x0a, 0x11, 0x11}},
	'Y': {5, [7]uint8{0x11, 0x11, 0x0a, 0x04, 0x04, 0x04, 0x04}}, 'Z': {5, [7]uint8{0x1f, 0x01, 0x02, 0x04, 0x08, 0x10, 0x1f}},

	'0': {5, [7]uint8{0x0e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0e}}, '1': {3, [7]uint8{0x02, 0x06, 0x02, 0x02, 0x02, 0x02, 0x07}},
	'2': {5, [7]uint8{0x0e, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1f}}, '3': {5, [7]uint8{0x1e, 0x01, 0x01, 0x0e, 0x01, 0x01, 0x1e}},
	'4': {5, [7]uint8{0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02}}, '5': {5, [7]uint8{0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e}},
	'6': {5, [7]uint8{0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e}}, '7': {5, [7]uint8{0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08}},
	'8': {5, [7]uint8{0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e}}, '9': {5, [7]uint8{0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c}},

	' ': {3, [7]uint8{}}, '.': {2, [7]uint8{5: 0x03, 6: 0x03}}, ',': {2, [7]uint8{4: 0x03, 5: 0x01, 6: 0x02}},
	':': {2, [7]uint8{1: 0x03, 2: 0x03, 4: 0x03, 5: 0x03}}, ';': {2, [7]uint8{1: 0x03, 2: 0x03, 4: 0x03, 5: 0x01, 6: 0x02}},
	'-': {3, [7]uint8{3: 0x07}}, '–': {5, [7]uint8{3: 0x1f}}, '_': {5, [7]uint8{6: 0x1f}},
	'/': {5, [7]uint8{0x01, 0x01, 0x02, 0x04, 0x08, 0x10, 0x10}}, '%': {5, [7]uint8{0x18, 0x19, 0x02, 0x04, 0x08, 0x13, 0x03}},
	'+': {5, [7]uint8{1: 0x04, 2: 0x04, 3: 0x1f, 4: 0x04, 5: 0x04}}, '=': {4, [7]uint8{2: 0x0f, 4: 0x0f}},
	'×': {5, [7]uint8{1: 0x11, 2: 0x0a, 3: 0x04, 4: 0x0a, 5: 0x11}}, '#': {5, [7]uint8{0x0a, 0x0a, 0x1f, 0x0a, 0x1f, 0x0a, 0x0a}},
	'(': {3, [7]uint8{0x01, 0x02, 0x04, 0x04, 0x04, 0x02, 0x01}}, ')': {3, [7]uint8{0x04, 0x02, 0x01, 0x01, 0x01, 0x02, 0x04}},
	'<': {4, [7]uint8{0x01, 0x02, 0x04, 0x08, 0x04, 0x02, 0x01}}, '>': {4, [7]uint8{0x08, 0x04, 0x02, 0x01, 0x02, 0x04, 0x08}},
	'\'': {1, [7]uint8{0x01, 0x01}}, '!': {1, [7]uint8{0x01, 0x01, 0x01, 0x01, 0x01, 0, 0x01}},
	'?': {5, [7]uint8{0x0e, 0x11, 0x01, 0x02, 0x04, 0, 0x04}},
}

func letterOf(r rune) (shape, bool) {
	switch r {
	case '’':
		r = '\''
	case '"', '“', '”':
		r = '\''
	case '*':
		r = '×'
	}
	shape, ok := letters[unicode.ToUpper(r)]
	return shape, ok
}

// writable says that there is a shape for every letter of a text.
func writable(text string) bool {
	for _, r := range text {
		if _, ok := letterOf(r); !ok {
			return false
		}
	}
	return true
}

// LargeWidth is how many columns a line takes at a scale.
func LargeWidth(text string, scale int) int {
	width := -1
	for _, r := range text {
		shape, _ := letterOf(r)
		width += shape.width + 1
	}
	return max(0, width) * scale
}

// LargeHeight is how many rows a line takes at a scale.
func LargeHeight(scale int) int { return (letterRows*scale + 1) / 2 }

// Largest is the largest scale at which all of those lines fit into so many columns
// and one of them into so many rows; 0: none, or a sign has no shape.
func Largest(w, h int, texts ...string) int {
	for scale := mostScale; scale > 0; scale-- {
		fits := LargeHeight(scale) <= h
		for _, text := range texts {
			fits = fits && writable(text) && LargeWidth(text, scale) <= w
		}
		if fits {
			return scale
		}
	}
	return 0
}

// Large writes a line at a scale, from the top left of the rectangle; at scale 0 as
// ordinary text. It returns how many rows it took.
func (s *Surface) Large(in Rect, text string, role Role, scale int) int {
	if scale <= 0 {
		s.Text(in.Row(0), text, role)
		return 1
	}
	restore := s.Clip(in)
	defer restore()
	x := in.X
	for _, r := range text {
		shape, _ := letterOf(r)
		s.largeLetter(x, in.Y, shape, role, scale)
		x += (shape.width + 1) * scale
	}
	return LargeHeight(scale)
}

func (s *Surface) largeLetter(x, y int, shape shape, role Role, scale int) {
	lit := func(column, row int) bool {
		row /= scale
		return row < letterRows && shape.rows[row]>>(shape.width-1-column/scale)&1 == 1
	}
	for row := range LargeHeight(scale) {
		for column := range shape.width * scale {
			upper, lower := lit(column, 2*row), lit(column, 2*row+1)
			switch {
			case upper && lower:
				s.Set(x+column, y+row, '█', role)
			case upper:
				s.Set(x+column, y+row, '▀', role)
			case lower:
				s.Set(x+column, y+row, '▄', role)
			}
		}
	}
}

// LargeParagraph writes a text over several large lines, as large as it goes into
// the rectangle, and returns how many rows it took; where no scale fits, as
// ordinary text.
func (s *Surface) LargeParagraph(in Rect, text string, role Role) int {
	lines, scale := largeLines(in, text)
	if scale == 0 {
		return s.Paragraph(in, text, role)
	}
	height := LargeHeight(scale) + 1
	for i, line := range lines {
		s.Large(Rect{in.X, in.Y + i*height, in.W, height}, line, role, scale)
	}
	return len(lines)*height - 1
}

// CanBeLarge says that a text fits into the rectangle in large letters.
func (s *Surface) CanBeLarge(in Rect, text string) bool {
	_, scale := largeLines(in, text)
	return scale > 0
}

// largeLines breaks a text between words for the largest scale at which it fits
// into the rectangle; scale 0: none.
func largeLines(in Rect, text string) (lines []string, scale int) {
	words := strings.Fields(foreign.Line(text))
	for scale := mostScale; scale > 0 && writable(text); scale-- {
		lines, ok := breakLarge(words, in.W, scale)
		if height := LargeHeight(scale) + 1; ok && len(lines)*height-1 <= in.H {
			return lines, scale
		}
	}
	return nil, 0
}

// breakLarge breaks words into lines; ok is false if one is too wide.
func breakLarge(words []string, width, scale int) (lines []string, ok bool) {
	line := ""
	for _, word := range words {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		switch {
		case LargeWidth(longer, scale) <= width:
			line = longer
		case LargeWidth(word, scale) > width:
			return nil, false
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line), true
}

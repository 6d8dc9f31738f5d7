package term

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/foreign"
)

// Wrap breaks a text between words into lines of so many columns, and words that are
// wider within. The library's way counts a hyphen at a line's end for nothing.
func Wrap(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(foreign.Line(text)) {
		for ansi.StringWidth(word) > max(1, width) {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			part := ansi.Truncate(word, max(1, width), "")
			if part == "" { // a wide character in one column
				return append(lines, line)
			}
			lines, word = append(lines, part), word[len(part):]
		}
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		switch {
		case ansi.StringWidth(longer) <= width:
			line = longer
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}

// Paragraph writes a text over several lines and returns how many it took.
func (s *Surface) Paragraph(in Rect, text string, role Role) int {
	if in.Empty() {
		return 0
	}
	lines := Wrap(text, in.W)
	if len(lines) > in.H {
		lines = lines[:in.H]
		last := &lines[in.H-1]
		for !Fits(*last, in.W-2) && strings.Contains(*last, " ") { // whole words
			*last = (*last)[:strings.LastIndex(*last, " ")]
		}
		*last += " …"
	}
	for i, line := range lines {
		s.Text(in.Row(i), line, role)
	}
	return len(lines)
}

// Pad fills text with blanks to a width.
func Pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}

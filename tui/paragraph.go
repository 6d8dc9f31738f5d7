package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Paragraph writes a text over several lines and returns how many it took.
func (s *Surface) Paragraph(in Rect, text string, role Role) int {
	if in.Empty() {
		return 0
	}
	lines := wrap(text, in.W)
	if len(lines) > in.H {
		lines = lines[:in.H]
		last := &lines[in.H-1]
		for !fits(*last, in.W-2) && strings.Contains(*last, " ") { // whole words
			*last = (*last)[:strings.LastIndex(*last, " ")]
		}
		*last += " …"
	}
	for i, line := range lines {
		s.Text(in.Row(i), line, role)
	}
	return len(lines)
}

// pad fills text with blanks to a width.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}

// ScrollBar marks in a box's right border what part of a longer list is seen.
func (s *Surface) ScrollBar(box Rect, from, to, n int) {
	rows := box.H - 2
	if box.H < 4 {
		return // it has no border
	}
	if to-from >= n || rows < 1 {
		return
	}
	first := rows * from / n
	last := max(first+1, rows*to/n)
	for row := first; row < min(last, rows); row++ {
		s.Set(box.X+box.W-1, box.Y+1+row, '┃', RoleKey)
	}
}

package wording

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// Cells measures text as terminals draw it: a medal is two cells wide, a dash one.
// The locale is left out of it, so that a table is the same everywhere.
var Cells = runewidth.Condition{StrictEmojiNeutral: true}

// Column is one of a table.
type Column struct {
	Title string
	left  bool // text; figures stand to the right
}

// TextColumn is a column of words, which stand to the left.
func TextColumn(title string) Column { return Column{title, true} }

// FigureColumn is a column of figures, which stand to the right.
func FigureColumn(title string) Column { return Column{title, false} }

// Table aligns rows under their columns.
type Table struct {
	Columns []Column
	Rows    [][]string
}

// Add adds a row; one may have fewer cells than there are columns.
func (t *Table) Add(row ...string) { t.Rows = append(t.Rows, row) }

// widths of the columns.
func (t *Table) widths() []int {
	widths := make([]int, len(t.Columns))
	for i, column := range t.Columns {
		widths[i] = Cells.StringWidth(column.Title)
		for _, row := range t.Rows {
			if i < len(row) {
				widths[i] = max(widths[i], Cells.StringWidth(row[i]))
			}
		}
	}
	return widths
}

// Lines are the title and the rows, without spaces at their ends.
func (t *Table) Lines() []string {
	widths := t.widths()
	titles := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		titles[i] = column.Title
	}
	lines := []string{t.line(titles, widths)}
	for _, row := range t.Rows {
		lines = append(lines, t.line(row, widths))
	}
	return lines
}

func (t *Table) line(row []string, widths []int) string {
	var line strings.Builder
	for i, cell := range row {
		if i > 0 {
			line.WriteString("  ")
		}
		line.WriteString(Align(cell, widths[i], t.Columns[i].left))
	}
	return strings.TrimRight(line.String(), " ")
}

// Align fills a text up to a width with blanks: behind it where it stands to the left,
// else before it.
func Align(text string, width int, left bool) string {
	space := strings.Repeat(" ", max(0, width-Cells.StringWidth(text)))
	if left {
		return text + space
	}
	return space + text
}

// Cut shortens text to a width, and shows that it did; no space stands before the sign.
func Cut(text string, width int) string {
	const sign = "…"
	if Cells.StringWidth(text) <= width {
		return text
	}
	return strings.TrimRight(strings.TrimSuffix(Cells.Truncate(text, width, sign), sign), " ") + sign
}

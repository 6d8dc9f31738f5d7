package report

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// cells measures text as terminals draw it: a medal is two cells wide, a dash one.
// The locale is left out of it, so that a table is the same everywhere.
var cells = runewidth.Condition{StrictEmojiNeutral: true}

// column is one of a table.
type column struct {
	title string
	left  bool // text; figures stand to the right
}

// table aligns rows under their columns.
type table struct {
	columns []column
	rows    [][]string
}

func (t *table) add(row ...string) { t.rows = append(t.rows, row) }

// widths of the columns.
func (t *table) widths() []int {
	widths := make([]int, len(t.columns))
	for i, column := range t.columns {
		widths[i] = cells.StringWidth(column.title)
		for _, row := range t.rows {
			if i < len(row) {
				widths[i] = max(widths[i], cells.StringWidth(row[i]))
			}
		}
	}
	return widths
}

// lines are the title and the rows, without spaces at their ends.
func (t *table) lines() []string {
	widths := t.widths()
	titles := make([]string, len(t.columns))
	for i, column := range t.columns {
		titles[i] = column.title
	}
	lines := []string{t.line(titles, widths)}
	for _, row := range t.rows {
		lines = append(lines, t.line(row, widths))
	}
	return lines
}

func (t *table) line(row []string, widths []int) string {
	var line strings.Builder
	for i, cell := range row {
		if i > 0 {
			line.WriteString("  ")
		}
		line.WriteString(align(cell, widths[i], t.columns[i].left))
	}
	return strings.TrimRight(line.String(), " ")
}

func align(text string, width int, left bool) string {
	space := strings.Repeat(" ", max(0, width-cells.StringWidth(text)))
	if left {
		return text + space
	}
	return space + text
}

// cut shortens text to a width.
func cut(text string, width int) string { return cells.Truncate(text, width, "…") }

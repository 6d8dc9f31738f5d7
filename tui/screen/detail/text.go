package detail

import (
	"fmt"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/words"
)

// detailLines says all that is known of a result.
func detailLines(result stream.ContenderResult, width int) [][]term.Span {
	w := &part.Lines{Width: width}
	w.Ending(result)
	if result.Requests.Total > 0 {
		rounds(w, result)
		if len(result.Intervals) > 0 {
			w.Heading("all counted rounds together")
		}
		latencies(w, result)
		w.Heading("requests and server")
		w.Figures(result)
	}
	if capacity := result.Capacity; capacity != nil {
		w.Heading("search for the capacity")
		w.Text(0, capacity.Words(), term.RoleStrong)
		for _, step := range capacity.Steps {
			w.Text(2, fmt.Sprintf("%2d  %s", step.Number, step.Words()), map[bool]term.Role{true: term.RoleText, false: term.RoleDim}[step.Kept])
		}
	}
	if len(result.Findings) > 0 {
		w.Heading("findings")
		w.Findings(result, true)
	}
	why(w, result)
	if len(result.Failures) > 0 {
		w.Heading("failures")
		w.Failures(result, true)
	}
	if len(result.LogTail) > 0 {
		w.Heading("last log lines")
		for _, line := range result.LogTail {
			w.Text(2, line, term.RoleDim)
		}
	}
	return w.All
}

// why says where the server's CPU time went while a profile was taken.
func why(w *part.Lines, result stream.ContenderResult) {
	taken := result.Profile
	if taken == nil {
		return
	}
	w.Heading(words.Join(": ", "where the CPU goes", part.ProfileOf(*taken)))
	const most = 12
	w.Hottest(*taken, most)
	for _, reason := range taken.Reasons {
		w.Text(2, "· "+reason.Evidence, term.RoleText)
		if reason.Advice != "" {
			w.Text(4, "→ "+reason.Advice, term.RoleDim)
		}
	}
	w.Missing(*taken)
	if taken.Source != "" {
		w.Text(2, "nothing of it is in the figures", term.RoleDim)
	}
}

// rounds writes a contender's figures by round and what they come to.
func rounds(w *part.Lines, result stream.ContenderResult) {
	by := result.ByRound()
	if len(by.Columns) == 0 {
		return
	}
	const nameWidth, columnWidth = 10, 13
	room := w.Width - nameWidth
	for _, row := range by.Rows {
		if row.Ended != "" { // which is told behind its figures
			room = w.Width - nameWidth - len("  ✗ start failed, not counted")
		}
	}
	importances := make([]int, len(by.Columns))
	for i, column := range by.Columns {
		importances[i] = column.Importance
	}
	slices.Sort(importances)
	least := importances[max(0, len(importances)-max(1, room/columnWidth))]
	row := func(name string, cell func(i int) string) string {
		text := term.Pad(name, nameWidth)
		for i, column := range by.Columns {
			if column.Importance >= least {
				words := cell(i)
				text += strings.Repeat(" ", max(1, columnWidth-len([]rune(words)))) + words
			}
		}
		return text
	}
	w.Heading(row("by round", func(i int) string { return by.Columns[i].CellHead }))
	for _, round := range by.Rows {
		role, ended := term.RoleText, ""
		switch {
		case round.Sum:
			role = term.RoleStrong
		case round.Ended != "":
			role, ended = term.RoleBad, "  ✗ "+round.Ended
		}
		w.Line(term.Say(row("  "+round.Name, func(i int) string { return round.Bare[i] })+ended, role))
	}
}

// quantities are the columns of the table of times; those of the lowest
// importance go first where there is no room.
var quantities = []struct {
	name       string // of the figure
	importance int
}{
	{"min", 3},
	{"mean", 9},
	{"p50", 8},
	{"p75", 1},
	{"p90", 5},
	{"p95", 2},
	{"p99", 7},
	{"p999", 4},
	{"max", 6},
}

func latencies(w *part.Lines, result stream.ContenderResult) {
	const nameWidth, columnWidth = 15, 8
	room := max(1, (w.Width-nameWidth)/columnWidth)
	least := len(quantities) + 1 - room
	header := term.Pad("times, ms", nameWidth)
	for _, quantity := range quantities {
		if quantity.importance >= least {
			of, _ := figure.Named(quantity.name)
			header += fmt.Sprintf("%*s", columnWidth, of.Head)
		}
	}
	w.Heading(header)
	l := result.LatencyMS
	for _, row := range []struct {
		name string
		of   *stream.Distribution
	}{
		{"OK replies", l.OK}, {"KO replies", l.KO}, {"all replies", l.Total},
		{"service time", l.Service}, {"connect", l.Connect}, {"first reply", l.FirstReply},
		{"lay unread", l.ReadLateness}, {"OK, to read", l.OKToReading},
	} {
		if row.of == nil {
			continue
		}
		text := ""
		for _, quantity := range quantities {
			if quantity.importance >= least {
				text += fmt.Sprintf("%*s", columnWidth, figure.Known(row.of.Figure(quantity.name), figure.InMS.Cell))
			}
		}
		w.Line(term.Say(term.Pad("  "+row.name, nameWidth), term.RoleDim), term.Say(text, term.RoleText))
	}
}

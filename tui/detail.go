package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// detail is the screen of one contender's result.
type detail struct {
	result stream.ContenderResult
	scroll list
	lines  int // how many there were when last drawn

	track           *view.Track // of its load; nil: not at hand
	curve, timeline *chart.Chart
}

func newDetail(result stream.ContenderResult, track *view.Track) detail {
	return detail{result: result, track: track, curve: chart.NewChart(), timeline: chart.NewChart()}
}

// takeKey scrolls: here the cursor is the first line that is seen.
func (d *detail) takeKey(msg tea.KeyMsg, keys Keys) {
	d.scroll.takeKey(msg, keys, max(1, d.lines-d.scroll.page+1))
}

func (m *model) drawDetail(area term.Rect) {
	result := m.detail.result
	layout := layoutDetail(area, result.LatencyMS.OK != nil)
	m.drawTitle(layout.title, []term.Span{term.Say(m.board.result.Workload.Words, term.RoleDim)}, term.Say(result.Name+" ", term.RoleStrong))
	m.drawFooter(layout.footer, m.keys.detail())
	if m.detail.track == nil || m.detail.track.Points.Len() == 0 {
		layout.curve.W, layout.timeline = area.W, term.Rect{}
	}
	m.drawCurve(layout.curve)
	if m.detail.track != nil {
		m.drawTimeline(layout.timeline)
	}
	area = layout.text
	in := m.surface.Box(area, term.RoleBorder, term.Say(result.Name, term.RoleTitle), term.Say("  "+words.Join(" · ", result.Language, result.Version, result.Variant), term.RoleDim))
	in = term.Rect{X: in.X + 1, Y: in.Y, W: max(0, in.W-2), H: in.H}
	if in.Empty() {
		return
	}
	lines := detailLines(result, in.W)
	m.detail.lines, m.detail.scroll.page = len(lines), in.H
	first := max(0, min(m.detail.scroll.cursor, len(lines)-in.H))
	m.detail.scroll.cursor = first
	for i := range min(in.H, len(lines)) {
		m.surface.Spans(in.Row(i), lines[first+i]...)
	}
	m.surface.ScrollBar(area, first, first+in.H, len(lines))
}

// detailLines says all that is known of a result.
func detailLines(result stream.ContenderResult, width int) [][]term.Span {
	w := &lineWriter{width: width}
	w.ending(result)
	if result.Requests.Total > 0 {
		w.rounds(result)
		if len(result.Intervals) > 0 {
			w.heading("all counted rounds together")
		}
		w.latencies(result)
		w.heading("requests and server")
		w.figures(result)
	}
	if capacity := result.Capacity; capacity != nil {
		w.heading("search for the capacity")
		w.text(0, capacity.Words(), term.RoleStrong)
		for _, step := range capacity.Steps {
			w.text(2, fmt.Sprintf("%2d  %s", step.Number, step.Words()), map[bool]term.Role{true: term.RoleText, false: term.RoleDim}[step.Kept])
		}
	}
	if len(result.Findings) > 0 {
		w.heading("findings")
		w.findings(result, true)
	}
	if len(result.Failures) > 0 {
		w.heading("failures")
		w.failures(result, true)
	}
	if len(result.LogTail) > 0 {
		w.heading("last log lines")
		for _, line := range result.LogTail {
			w.text(2, line, term.RoleDim)
		}
	}
	return w.lines
}

// quantities are the columns of the table of times; those of the lowest
// importance go first where there is no room.
var quantities = []struct {
	name       string
	of         func(*stream.Distribution) float64
	importance int
}{
	{"min", func(d *stream.Distribution) float64 { return d.Min }, 3},
	{"mean", func(d *stream.Distribution) float64 { return d.Mean }, 9},
	{"p50", func(d *stream.Distribution) float64 { return d.P50 }, 8},
	{"p75", func(d *stream.Distribution) float64 { return d.P75 }, 1},
	{"p90", func(d *stream.Distribution) float64 { return d.P90 }, 5},
	{"p95", func(d *stream.Distribution) float64 { return d.P95 }, 2},
	{"p99", func(d *stream.Distribution) float64 { return d.P99 }, 7},
	{"p99.9", func(d *stream.Distribution) float64 { return d.P999 }, 4},
	{"max", func(d *stream.Distribution) float64 { return d.Max }, 6},
}

func (w *lineWriter) latencies(result stream.ContenderResult) {
	const nameWidth, columnWidth = 15, 8
	room := max(1, (w.width-nameWidth)/columnWidth)
	least := len(quantities) + 1 - room
	header := term.Pad("times, ms", nameWidth)
	for _, quantity := range quantities {
		if quantity.importance >= least {
			header += fmt.Sprintf("%*s", columnWidth, quantity.name)
		}
	}
	w.heading(header)
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
				text += fmt.Sprintf("%*s", columnWidth, words.Millis(quantity.of(row.of)))
			}
		}
		w.line(term.Say(term.Pad("  "+row.name, nameWidth), term.RoleDim), term.Say(text, term.RoleText))
	}
}

// roundColumns are the figures of the table by round; those behind go first where
// there is no room.
func roundColumns(result stream.ContenderResult) []roundColumn {
	return []roundColumn{
		{"mean ms", "mean", words.Millis},
		{"p99 ms", "p99", words.Millis},
		{"OK/s", "rps", words.Thousands},
		{"KO", "failures", words.Percent},
		{"p50 ms", "p50", words.Millis},
		{"CPU µs/req", "cpu-per-request", words.Short},
		{stream.MemoryWord([]stream.ContenderResult{result}) + " MB", "rss", words.Short},
		{"start ms", "startup", words.LongMillis},
	}
}

type roundColumn struct {
	name, figure string
	write        func(float64) string
}

// rounds writes a contender's figures by round and what they come to.
func (w *lineWriter) rounds(result stream.ContenderResult) {
	if len(result.Intervals) == 0 {
		return
	}
	const nameWidth, columnWidth, shown = 10, 13, 20
	room := w.width - nameWidth
	for _, round := range result.Rounds {
		if round.Status != stream.StatusOK { // which is told behind its figures
			room = w.width - nameWidth - len("  ✗ start failed, not counted")
		}
	}
	columns := roundColumns(result)
	columns = columns[:min(len(columns), max(1, room/columnWidth))]
	row := func(name string, cell func(i int) string) string {
		text := term.Pad(name, nameWidth)
		for i := range columns {
			words := cell(i)
			text += strings.Repeat(" ", max(1, columnWidth-len([]rune(words)))) + words
		}
		return text
	}
	w.heading(row("rounds", func(i int) string { return columns[i].name }))
	if len(result.Rounds) <= shown {
		for _, round := range result.Rounds {
			role, ended := term.RoleText, ""
			if round.Status != stream.StatusOK {
				role, ended = term.RoleBad, "  ✗ "+strings.ReplaceAll(string(round.Status), "_", " ")+", not counted"
			}
			w.line(term.Say(row(fmt.Sprintf("  %d", round.Round), func(i int) string {
				return words.OrNone(round.Figure(columns[i].figure), columns[i].write)
			})+ended, role))
		}
	}
	summed := func(name string, told func(stream.Interval, func(float64) string) string) {
		w.line(term.Say(row(name, func(i int) string {
			interval, ok := result.Intervals[columns[i].figure]
			if !ok {
				return words.NoFigure
			}
			return told(interval, columns[i].write)
		}), term.RoleStrong))
	}
	summed("  median", func(i stream.Interval, write func(float64) string) string { return write(i.Median) })
	if len(result.Counted()) >= 3 {
		summed("  95 %", words.IntervalWords)
	}
	summed("  spread", func(i stream.Interval, _ func(float64) string) string { return words.Percent(i.Spread) })
}

package live

import (
	"math"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// loopBar is how many cells the bar of a loop's utilization has.
const loopBar = 8

// utilizationSpans are a loop's utilization as a figure and a bar; while the loop
// is silent, that it is.
func utilizationSpans(loop view.EventLoop) []term.Span {
	if loop.Silent > 0 {
		return []term.Span{term.Say("⚠ no word for "+figure.At(loop.Silent.Seconds()), term.RoleWarn)}
	}
	filled := int(math.Round(loop.Utilization * loopBar))
	return []term.Span{
		term.Say("utilization ", term.RoleDim),
		term.Say(figure.Utilization(loop.Utilization), term.RoleStrong),
		term.Say(" "+strings.Repeat("▇", filled), term.RoleHottest),
		term.Say(strings.Repeat("░", loopBar-filled), term.RoleTrough),
	}
}

// delaySpans are how late a loop comes to what is due; stale while it is silent.
func delaySpans(loop view.EventLoop) []term.Span {
	if loop.Silent > 0 {
		return []term.Span{term.Say("  delay p99 ", term.RoleDim), term.Say("> "+figure.LongMS(figure.Milliseconds(loop.Silent)), term.RoleWarn)}
	}
	return []term.Span{term.Say("  delay p99 ", term.RoleDim), term.Say(figure.LongMS(loop.DelayP99MS), term.RoleStrong)}
}

// queueSpans are the accept queue's length and limit; none if it is not known.
func queueSpans(point view.ProcessPoint) []term.Span {
	if !point.Queue.Known {
		return nil
	}
	role := term.RoleStrong
	if point.QueueLimit.Known && point.Queue.Value >= point.QueueLimit.Value {
		role = term.RoleBad
	}
	text := figure.Whole(point.Queue.Value)
	if point.QueueLimit.Known {
		text += "/" + figure.Whole(point.QueueLimit.Value)
	}
	return []term.Span{term.Say("  accept queue ", term.RoleDim), term.Say(text, role)}
}

// drawLoopLine writes all in a line, where there is no room for charts.
func drawLoopLine(s *term.Surface, in term.Rect, measuring *view.Measuring) {
	if in.Empty() {
		return
	}
	loop := measuring.EventLoop
	line := append([]term.Span{term.Say(" event loop ", term.RoleTitle)}, utilizationSpans(loop)...)
	last, _ := measuring.Process.Last()
	s.Spans(in, term.Fitting(in.W, line, delaySpans(loop), queueSpans(last))...)
}

// drawLoopDelay draws how late the loop comes to what is due, over time.
func (l *Screen) drawLoopDelay(s *term.Surface, box term.Rect, measuring *view.Measuring, charts chartView) {
	if box.Empty() {
		return
	}
	loop := measuring.EventLoop
	title := []term.Span{term.Say("event loop", term.RoleTitle)}
	switch {
	case charts.Reading():
		title = term.Fitting(part.TitleWidth(box), title, loopReading(measuring, charts))
	case loop.Heard:
		title = term.Fitting(part.TitleWidth(box), title, append([]term.Span{term.Say("  ", term.RoleText)}, utilizationSpans(loop)...), delaySpans(loop))
	}
	lines := []chart.Series{
		{Name: "p50", Role: term.RoleP50, Stroke: chart.Solid},
		{Name: "p99", Role: term.RoleP99, Stroke: chart.Thick},
	}
	high, any := 1.0, false // ms; less is nothing to look at
	for i := range measuring.Loop.Len() {
		point := measuring.Loop.At(i)
		x := measuring.Seconds(point.At)
		if x < charts.From {
			continue
		}
		lines[0].Points = append(lines[0].Points, chart.XY{X: x, Y: point.DelayP50MS})
		lines[1].Points = append(lines[1].Points, chart.XY{X: x, Y: point.DelayP99MS})
		high, any = max(high, point.DelayP99MS), true
	}
	empty := ""
	switch {
	case !any && loop.Heard:
		empty = "no word from the loop so far"
	case !any:
		empty = "no event loop tells of itself here"
	}
	in, ok := l.panel(s, box, charts, empty, title...)
	if !ok {
		return
	}
	if loop.Silent == 0 || charts.Reading() {
		charts.Read(&lines[0], figure.InLongMS.Cell)
		charts.Read(&lines[1], figure.InLongMS.Cell)
	}
	plot, rows := charts.Plot(in)
	plot.Y = scale.Linear(high, plot.Steps(rows), figure.InMS.Tick)
	plot.Series = lines
	l.loopDelay.Draw(s, in, plot)
}

// drawQueue draws how many connections wait to be accepted, over time.
func (l *Screen) drawQueue(s *term.Surface, box term.Rect, measuring *view.Measuring, charts chartView) {
	if box.Empty() {
		return
	}
	points, high := processSeries(measuring, charts, func(p view.ProcessPoint) figure.Value { return p.Queue })
	title := []term.Span{term.Say("accept queue, connections", term.RoleTitle)}
	line := chart.Series{Name: "accept queue", Role: term.RoleMax, Stroke: chart.Solid, Points: points}
	if charts.Read(&line, figure.Whole); line.Latest != "" {
		title = term.Fitting(part.TitleWidth(box), title, []term.Span{term.Say("  ─", term.RoleMax), term.Say(" "+line.Latest, term.RoleText)})
		if last, _ := measuring.Process.Last(); last.QueueLimit.Known {
			title = term.Fitting(part.TitleWidth(box), title, []term.Span{term.Say(" of at most "+figure.Whole(last.QueueLimit.Value), term.RoleDim)})
		}
	}
	in, ok := l.panel(s, box, charts, noReading(measuring, len(points)), title...)
	if !ok {
		return
	}
	plot, rows := charts.Plot(in)
	plot.Y = scale.Linear(max(high, 1), plot.Steps(rows), figure.Things.Tick)
	plot.Series = []chart.Series{line}
	l.queue.Draw(s, in, plot)
}

// loopReading is what the event loop told at the cursor.
func loopReading(m *view.Measuring, charts chartView) []term.Span {
	at := part.Nearest(charts.Cursor, m.Loop.Len(), func(i int) float64 { return m.Seconds(m.Loop.At(i).At) })
	if at < 0 {
		return nil
	}
	point := m.Loop.At(at)
	if math.IsNaN(point.DelayP50MS) {
		return []term.Span{term.Say("  no word for "+figure.LongMS(point.DelayP99MS), term.RoleWarn)}
	}
	return []term.Span{term.Say("  utilization ", term.RoleDim), term.Say(figure.Utilization(point.Utilization), term.RoleStrong), term.Say("  delay p99 ", term.RoleDim), term.Say(figure.LongMS(point.DelayP99MS), term.RoleStrong)}
}

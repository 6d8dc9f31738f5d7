package tui

import (
	"fmt"
	"math"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
)

// loopBar is how many cells the bar of a loop's utilization has.
const loopBar = 8

// utilizationSpans are a loop's utilization as a figure and a bar; while the loop
// is silent, that it is.
func utilizationSpans(loop EventLoop) []Span {
	if loop.Silent > 0 {
		return []Span{{fmt.Sprintf("⚠ no word for %.1f s", loop.Silent.Seconds()), RoleWarn}}
	}
	filled := int(math.Round(loop.Utilization * loopBar))
	return []Span{
		{"utilization ", RoleDim},
		{fmt.Sprintf("%.0f %%", math.Floor(100*loop.Utilization)), RoleStrong},
		{" " + strings.Repeat("▇", filled), RoleHottest},
		{strings.Repeat("░", loopBar-filled), RoleTrough},
	}
}

// delaySpans are how late a loop comes to what is due; stale while it is silent.
func delaySpans(loop EventLoop) []Span {
	if loop.Silent > 0 {
		return []Span{{"  delay p99 ", RoleDim}, {"> " + longMillis(1000*loop.Silent.Seconds()) + " ms", RoleWarn}}
	}
	return []Span{{"  delay p99 ", RoleDim}, {longMillis(loop.DelayP99MS) + " ms", RoleStrong}}
}

// queueSpans are the accept queue's length and limit; none if it is not known.
func queueSpans(point ProcessPoint) []Span {
	if !point.Queue.Known {
		return nil
	}
	role := RoleStrong
	if point.QueueLimit.Known && point.Queue.Value >= point.QueueLimit.Value {
		role = RoleBad
	}
	text := thousands(point.Queue.Value)
	if point.QueueLimit.Known {
		text += "/" + thousands(point.QueueLimit.Value)
	}
	return []Span{{"  accept queue ", RoleDim}, {text, role}}
}

// drawLoopLine writes all in a line, where there is no room for charts.
func (m *model) drawLoopLine(in Rect, measuring *Measuring) {
	if in.Empty() {
		return
	}
	loop := measuring.EventLoop
	line := append([]Span{{" event loop ", RoleTitle}}, utilizationSpans(loop)...)
	last, _ := measuring.Process.Last()
	m.surface.Spans(in, fitting(in.W, line, delaySpans(loop), queueSpans(last))...)
}

// drawLoopDelay draws how late the loop comes to what is due, over time.
func (m *model) drawLoopDelay(box Rect, measuring *Measuring, view chartView) {
	if box.Empty() {
		return
	}
	loop := measuring.EventLoop
	title := []Span{{"event loop", RoleTitle}}
	switch {
	case view.reading():
		title = fitting(titleWidth(box), title, measuring.loopReading(view))
	case loop.Heard:
		title = fitting(titleWidth(box), title, append([]Span{{"  ", RoleText}}, utilizationSpans(loop)...), delaySpans(loop))
	}
	lines := []Series{
		{Name: "p50", Role: RoleP50, Stroke: Solid},
		{Name: "p99", Role: RoleP99, Stroke: Thick},
	}
	high, any := 1.0, false // ms; less is nothing to look at
	for i := range measuring.Loop.Len() {
		point := measuring.Loop.At(i)
		x := measuring.Seconds(point.At)
		if x < view.from {
			continue
		}
		lines[0].Points = append(lines[0].Points, XY{x, point.DelayP50MS})
		lines[1].Points = append(lines[1].Points, XY{x, point.DelayP99MS})
		high, any = max(high, point.DelayP99MS), true
	}
	empty := ""
	switch {
	case !any && loop.Heard:
		empty = "no word from the loop so far"
	case !any:
		empty = "no event loop tells of itself here"
	}
	in, ok := m.panel(box, view, empty, title...)
	if !ok {
		return
	}
	if loop.Silent == 0 || view.reading() {
		view.read(&lines[0], longMillis)
		view.read(&lines[1], longMillis)
	}
	plot, rows := view.plot(in)
	plot.Y = linearAxis(high, rows, msLabel)
	plot.Series = lines
	m.live.loopDelay.Draw(m.surface, in, plot)
}

// drawQueue draws how many connections wait to be accepted, over time.
func (m *model) drawQueue(box Rect, measuring *Measuring, view chartView) {
	if box.Empty() {
		return
	}
	points, high := measuring.processSeries(view, func(p ProcessPoint) figure.Value { return p.Queue })
	title := []Span{{"accept queue, connections", RoleTitle}}
	line := Series{Name: "accept queue", Role: RoleMax, Stroke: Solid, Points: points}
	if view.read(&line, thousands); line.Latest != "" {
		title = fitting(titleWidth(box), title, []Span{{"  ─", RoleMax}, {" " + line.Latest, RoleText}})
		if last, _ := measuring.Process.Last(); last.QueueLimit.Known {
			title = fitting(titleWidth(box), title, []Span{{" of at most " + thousands(last.QueueLimit.Value), RoleDim}})
		}
	}
	in, ok := m.panel(box, view, noReading(measuring, len(points)), title...)
	if !ok {
		return
	}
	plot, rows := view.plot(in)
	plot.Y = linearAxis(max(high, 1), rows, short)
	plot.Series = []Series{line}
	m.live.queue.Draw(m.surface, in, plot)
}

package tui

import (
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// chartView is what the live charts have in common: the stretch of time, and what
// happened in it; and where the chart that is drawn stands.
type chartView struct {
	from, to float64 // s since the measured load began
	now      float64
	cursor   float64 // where values are read; NaN: at the end
	marks    []Mark
	placedPanel
}

func (m *Measuring) charts(now time.Duration, cursor float64) chartView {
	view := chartView{cursor: cursor}
	view.from, view.to = m.Span(now)
	view.now = m.Seconds(now.Seconds())
	view.marks = append(m.startMarks(), m.flags()...)
	return view
}

// plot is a plot over that time, for a panel's inside.
func (v chartView) plot(in Rect) (plot *Plot, rows int) {
	plot = &Plot{HideX: v.hideX, Marks: v.marks, Labels: v.labels}
	if v.reading() {
		plot.Cursor = &v.cursor
	}
	columns, rows := plot.GraphSize(in)
	plot.X = timeAxis(v.from, v.to, columns)
	return plot, rows
}

// panel draws a panel's frame; where nothing has been measured it says so.
func (m *model) panel(box Rect, view chartView, empty string, title ...Span) (in Rect, ok bool) {
	if box.Empty() {
		return Rect{}, false
	}
	in = m.border(box, view.panel, title...)
	if empty != "" {
		m.surface.TextCentre(in.Row(in.H/2), empty, RoleDim)
		return in, false
	}
	return in, !in.Empty()
}

// titleWidth is the room that a panel's border has for a title beside its key.
func titleWidth(box Rect) int { return box.W - 8 }

// labelled says how much room the labels of lines get beside a graph.
func labelled(width int) int {
	if width >= 56 {
		return 12
	}
	return 0
}

func (m *model) drawLatency(box Rect, measuring *Measuring, view chartView) {
	points := &measuring.Latency
	lines := []Series{
		{Name: "max", Role: RoleMax, Stroke: Dotted},
		{Name: "p90", Role: RoleP90, Stroke: Dashed},
		{Name: "p50", Role: RoleP50, Stroke: Solid},
		{Name: "p99", Role: RoleP99, Stroke: Thick},
		{Name: "KO", Role: RoleFailed, Stroke: Dashed},
	}
	low, high := math.Inf(1), 0.0
	scaling := measuring.scaling()
	for i := range lines {
		lines[i].Points = make([]XY, 0, points.Len())
	}
	for i := range points.Len() {
		point := points.At(i)
		x := measuring.Seconds(point.At)
		if x < view.from {
			continue
		}
		for j, y := range [...]float64{point.Max, point.P90, point.P50, point.P99, point.FailedP50} {
			lines[j].Points = append(lines[j].Points, XY{x, y})
			if !math.IsNaN(y) && x > scaling {
				low, high = min(low, y), max(high, y)
			}
		}
	}
	for i := range lines {
		view.read(&lines[i], millis)
	}
	if lines[4].Latest == "" {
		lines = lines[:4]
	}
	empty := ""
	if high == 0 {
		empty = "no reply so far"
	}
	title := []Span{{"latency of OK replies, ms", RoleTitle}}
	if view.labels == 0 { // the legend goes into the title
		var legend [][]Span
		for _, i := range []int{2, 3, 4, 0} { // p50, p99, KO, max
			if i < len(lines) && lines[i].Latest != "" {
				legend = append(legend, []Span{{" " + lines[i].Stroke.Glyph() + lines[i].Name, lines[i].Role}, {" " + lines[i].Latest, RoleText}})
			}
		}
		title = fitting(titleWidth(box), []Span{{"latency ms", RoleTitle}}, legend...)
	}
	in, ok := m.panel(box, view, empty, title...)
	if !ok {
		return
	}
	plot, rows := view.plot(in)
	plot.Y = logAxis(low, high, rows, msLabel)
	plot.Series = lines
	m.live.latency.Draw(m.surface, in, plot)
}

func (m *model) drawThroughput(box Rect, measuring *Measuring, view chartView) {
	points := &measuring.Throughput
	columns := make([]Column, 0, points.Len())
	high := 0.0
	scaling := measuring.scaling()
	for i := range points.Len() {
		point := points.At(i)
		column := Column{From: measuring.Seconds(point.From), To: measuring.Seconds(point.At), Value: point.OK, Stacked: point.KO}
		if column.To < view.from {
			continue
		}
		columns = append(columns, column)
		if column.To > scaling {
			high = max(high, point.OK+point.KO)
		}
	}
	held, tooMuch, asked := measuring.Search.stairs(view.from, view.now)
	high = max(high, asked)
	title := []Span{{"throughput, req/s", RoleTitle}}
	if last, ok := view.throughput(points, measuring); ok {
		if box.W < 48 {
			title[0].Text = "req/s"
		}
		title = fitting(titleWidth(box), title,
			[]Span{{"  █ OK", RoleOK}, {" " + perSecond(last.OK), RoleText}},
			[]Span{{"  ▒ KO", RoleFailed}, {" " + perSecond(last.KO), RoleText}})
		if asked > 0 {
			title = fitting(titleWidth(box), title, []Span{{"  ━ asked", RoleStrong}}, []Span{{"  ╌ too much", RoleBad}})
		}
	}
	empty := ""
	if high == 0 {
		empty = "no reply so far"
	}
	in, ok := m.panel(box, view, empty, title...)
	if !ok {
		return
	}
	plot, rows := view.plot(in)
	plot.Y = linearAxis(high, rows, rateLabel)
	plot.Columns, plot.Value, plot.Over = columns, RoleOK, RoleFailed
	if m.theme.heat && !m.surface.ASCII() {
		plot.Mixed = RoleMixed
	}
	plot.Series = []Series{
		{Name: "asked", Role: RoleStrong, Stroke: Thick, Points: held},
		{Name: "too much", Role: RoleBad, Stroke: Dashed, Points: tooMuch},
	}
	m.live.throughput.Draw(m.surface, in, plot)
}

func (m *model) drawCPU(box Rect, measuring *Measuring, view chartView) {
	total, high := measuring.processSeries(view, func(p ProcessPoint) figure.Value { return p.CPU })
	hottest, hot := measuring.processSeries(view, func(p ProcessPoint) figure.Value { return p.Hottest })
	high = max(high, hot, 100) // one core, for the eye to compare with
	title := []Span{{"server CPU, % of a core", RoleTitle}}
	if box.W < 48 {
		title[0].Text = "CPU, % of a core"
	}
	lines := []Series{
		{Name: "hot", Role: RoleHottest, Stroke: Dashed, Points: hottest},
		{Name: "all", Role: RoleCPU, Stroke: Solid, Points: total},
	}
	view.read(&lines[0], thousands)
	view.read(&lines[1], thousands)
	var legend [][]Span
	if lines[1].Latest != "" {
		legend = append(legend, []Span{{"  ─", RoleCPU}, {" " + lines[1].Latest, RoleText}})
	}
	if lines[0].Latest != "" {
		name := "  ╌ hottest thread"
		if box.W < 60 {
			name = "  ╌ hottest"
		}
		legend = append(legend, []Span{{name, RoleHottest}, {" " + lines[0].Latest, RoleText}})
	}
	title = fitting(titleWidth(box), title, legend...)
	in, ok := m.panel(box, view, noReading(measuring, len(total)), title...)
	if !ok {
		return
	}
	plot, rows := view.plot(in)
	plot.Y = linearAxis(high, rows, percentLabel)
	plot.Series = lines
	m.live.cpu.Draw(m.surface, in, plot)
}

func (m *model) drawRSS(box Rect, measuring *Measuring, view chartView) {
	points, high := measuring.processSeries(view, func(p ProcessPoint) figure.Value { return p.RSS })
	title := []Span{{"server memory (RSS), MB", RoleTitle}}
	line := Series{Name: "RSS", Role: RoleRSS, Stroke: Solid, Points: points}
	if view.read(&line, thousands); line.Latest != "" {
		title = fitting(titleWidth(box), title, []Span{{"  ─", RoleRSS}, {" " + line.Latest, RoleText}})
	}
	in, ok := m.panel(box, view, noReading(measuring, len(points)), title...)
	if !ok {
		return
	}
	plot, rows := view.plot(in)
	plot.Y = linearAxis(high, rows, mbLabel)
	plot.Series = []Series{line}
	m.live.rss.Draw(m.surface, in, plot)
}

// processSeries is a figure of the server over time, and the highest in it.
func (m *Measuring) processSeries(view chartView, of func(ProcessPoint) figure.Value) (points []XY, high float64) {
	points = make([]XY, 0, m.Process.Len())
	known := false
	for i := range m.Process.Len() {
		point := m.Process.At(i)
		x := m.Seconds(point.At)
		if x < view.from {
			continue
		}
		y := math.NaN()
		if figure := of(point); figure.Known {
			y, known = figure.Value, true
			high = max(high, y)
		}
		points = append(points, XY{x, y})
	}
	if !known {
		return nil, 0
	}
	return points, high
}

// noReading says why a chart of the server is empty; "" when it is not.
func noReading(measuring *Measuring, points int) string {
	switch {
	case points > 0:
		return ""
	case measuring.Process.Len() == 0:
		return "no reading so far"
	default:
		return "not known here"
	}
}

package tui

import (
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// chartView is what the live charts have in common: the stretch of time, and what
// happened in it; and where the chart that is drawn stands.
type chartView struct {
	from, to float64 // s since the measured load began
	now      float64
	cursor   float64 // where values are read; NaN: at the end
	marks    []chart.Mark
	placedPanel
}

func charts(m *view.Measuring, now time.Duration, cursor float64) chartView {
	view := chartView{cursor: cursor}
	view.from, view.to = m.Span(now)
	view.now = m.Seconds(now.Seconds())
	view.marks = append(startMarks(m), flags(m)...)
	return view
}

// plot is a plot over that time, for a panel's inside.
func (v chartView) plot(in term.Rect) (plot *chart.Plot, rows int) {
	plot = &chart.Plot{HideX: v.hideX, Marks: v.marks, Labels: v.labels}
	if v.reading() {
		plot.Cursor = &v.cursor
	}
	columns, rows := plot.GraphSize(in)
	plot.X = chart.TimeAxis(v.from, v.to, columns)
	return plot, rows
}

// panel draws a panel's frame; where nothing has been measured it says so.
func (m *model) panel(box term.Rect, view chartView, empty string, title ...term.Span) (in term.Rect, ok bool) {
	if box.Empty() {
		return term.Rect{}, false
	}
	in = m.border(box, view.panel, title...)
	if empty != "" {
		m.surface.TextCentre(in.Row(in.H/2), empty, term.RoleDim)
		return in, false
	}
	return in, !in.Empty()
}

// titleWidth is the room that a panel's border has for a title beside its key.
func titleWidth(box term.Rect) int { return box.W - 8 }

// labelled says how much room the labels of lines get beside a graph.
func labelled(width int) int {
	if width >= 56 {
		return 12
	}
	return 0
}

func (m *model) drawLatency(box term.Rect, measuring *view.Measuring, view chartView) {
	points := &measuring.Latency
	lines := []chart.Series{
		{Name: "max", Role: term.RoleMax, Stroke: chart.Dotted},
		{Name: "p90", Role: term.RoleP90, Stroke: chart.Dashed},
		{Name: "p50", Role: term.RoleP50, Stroke: chart.Solid},
		{Name: "p99", Role: term.RoleP99, Stroke: chart.Thick},
		{Name: "KO", Role: term.RoleFailed, Stroke: chart.Dashed},
	}
	low, high := math.Inf(1), 0.0
	scaling := measuring.Scaling()
	for i := range lines {
		lines[i].Points = make([]chart.XY, 0, points.Len())
	}
	for i := range points.Len() {
		point := points.At(i)
		x := measuring.Seconds(point.At)
		if x < view.from {
			continue
		}
		for j, y := range [...]float64{point.Max, point.P90, point.P50, point.P99, point.FailedP50} {
			lines[j].Points = append(lines[j].Points, chart.XY{X: x, Y: y})
			if !math.IsNaN(y) && x > scaling {
				low, high = min(low, y), max(high, y)
			}
		}
	}
	for i := range lines {
		view.read(&lines[i], words.Millis)
	}
	if lines[4].Latest == "" {
		lines = lines[:4]
	}
	empty := ""
	if high == 0 {
		empty = "no reply so far"
	}
	title := []term.Span{term.Say("latency of OK replies, ms", term.RoleTitle)}
	if view.labels == 0 { // the legend goes into the title
		var legend [][]term.Span
		for _, i := range []int{2, 3, 4, 0} { // p50, p99, KO, max
			if i < len(lines) && lines[i].Latest != "" {
				legend = append(legend, []term.Span{term.Say(" "+lines[i].Stroke.Glyph()+lines[i].Name, lines[i].Role), term.Say(" "+lines[i].Latest, term.RoleText)})
			}
		}
		title = term.Fitting(titleWidth(box), []term.Span{term.Say("latency ms", term.RoleTitle)}, legend...)
	}
	in, ok := m.panel(box, view, empty, title...)
	if !ok {
		return
	}
	plot, rows := view.plot(in)
	plot.Y = chart.LogAxis(low, high, rows, words.MsLabel)
	plot.Series = lines
	m.live.latency.Draw(m.surface, in, plot)
}

func (m *model) drawThroughput(box term.Rect, measuring *view.Measuring, view chartView) {
	points := &measuring.Throughput
	columns := make([]chart.Column, 0, points.Len())
	high := 0.0
	scaling := measuring.Scaling()
	for i := range points.Len() {
		point := points.At(i)
		column := chart.Column{From: measuring.Seconds(point.From), To: measuring.Seconds(point.At), Value: point.OK, Stacked: point.KO}
		if column.To < view.from {
			continue
		}
		columns = append(columns, column)
		if column.To > scaling {
			high = max(high, point.OK+point.KO)
		}
	}
	held, tooMuch, asked := stairs(&measuring.Search, view.from, view.now)
	high = max(high, asked)
	title := []term.Span{term.Say("throughput, req/s", term.RoleTitle)}
	if last, ok := view.throughput(points, measuring); ok {
		if box.W < 48 {
			title[0].Text = "req/s"
		}
		title = term.Fitting(titleWidth(box), title,
			[]term.Span{term.Say("  █ OK", term.RoleOK), term.Say(" "+words.PerSecond(last.OK), term.RoleText)},
			[]term.Span{term.Say("  ▒ KO", term.RoleFailed), term.Say(" "+words.PerSecond(last.KO), term.RoleText)})
		if asked > 0 {
			title = term.Fitting(titleWidth(box), title, []term.Span{term.Say("  ━ asked", term.RoleStrong)}, []term.Span{term.Say("  ╌ too much", term.RoleBad)})
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
	plot.Y = chart.LinearAxis(high, rows, words.RateLabel)
	plot.Columns, plot.Value, plot.Over = columns, term.RoleOK, term.RoleFailed
	if m.theme.Heat && !m.surface.ASCII() {
		plot.Mixed = term.RoleMixed
	}
	plot.Series = []chart.Series{
		{Name: "asked", Role: term.RoleStrong, Stroke: chart.Thick, Points: held},
		{Name: "too much", Role: term.RoleBad, Stroke: chart.Dashed, Points: tooMuch},
	}
	m.live.throughput.Draw(m.surface, in, plot)
}

func (m *model) drawCPU(box term.Rect, measuring *view.Measuring, charts chartView) {
	total, high := processSeries(measuring, charts, func(p view.ProcessPoint) figure.Value { return p.CPU })
	hottest, hot := processSeries(measuring, charts, func(p view.ProcessPoint) figure.Value { return p.Hottest })
	high = max(high, hot, 100) // one core, for the eye to compare with
	title := []term.Span{term.Say("server CPU, % of a core", term.RoleTitle)}
	if box.W < 48 {
		title[0].Text = "CPU, % of a core"
	}
	lines := []chart.Series{
		{Name: "hot", Role: term.RoleHottest, Stroke: chart.Dashed, Points: hottest},
		{Name: "all", Role: term.RoleCPU, Stroke: chart.Solid, Points: total},
	}
	charts.read(&lines[0], words.Thousands)
	charts.read(&lines[1], words.Thousands)
	var legend [][]term.Span
	if lines[1].Latest != "" {
		legend = append(legend, []term.Span{term.Say("  ─", term.RoleCPU), term.Say(" "+lines[1].Latest, term.RoleText)})
	}
	if lines[0].Latest != "" {
		name := "  ╌ hottest thread"
		if box.W < 60 {
			name = "  ╌ hottest"
		}
		legend = append(legend, []term.Span{term.Say(name, term.RoleHottest), term.Say(" "+lines[0].Latest, term.RoleText)})
	}
	title = term.Fitting(titleWidth(box), title, legend...)
	in, ok := m.panel(box, charts, noReading(measuring, len(total)), title...)
	if !ok {
		return
	}
	plot, rows := charts.plot(in)
	plot.Y = chart.LinearAxis(high, rows, words.PercentLabel)
	plot.Series = lines
	m.live.cpu.Draw(m.surface, in, plot)
}

func (m *model) drawRSS(box term.Rect, measuring *view.Measuring, charts chartView) {
	points, high := processSeries(measuring, charts, func(p view.ProcessPoint) figure.Value { return p.PSS })
	line := chart.Series{Name: "PSS", Role: term.RoleRSS, Stroke: chart.Solid, Points: points}
	rss, most := processSeries(measuring, charts, func(p view.ProcessPoint) figure.Value { return p.RSS })
	var beside chart.Series // a figure in the title: what is shared several times would flatten the line
	if high > 0 {
		beside.Points = rss
	} else { // PSS is not known here
		line.Name, line.Points, points, high = "RSS", rss, rss, most
	}
	title := []term.Span{term.Say("server memory ("+line.Name+"), MB", term.RoleTitle)}
	if charts.read(&line, words.Thousands); line.Latest != "" {
		title = term.Fitting(titleWidth(box), title, []term.Span{term.Say("  ─", term.RoleRSS), term.Say(" "+line.Latest, term.RoleText)})
	}
	if charts.read(&beside, words.Thousands); beside.Latest != "" {
		title = term.Fitting(titleWidth(box), title, []term.Span{term.Say("  RSS", term.RoleDim), term.Say(" "+beside.Latest, term.RoleText)})
	}
	in, ok := m.panel(box, charts, noReading(measuring, len(points)), title...)
	if !ok {
		return
	}
	plot, rows := charts.plot(in)
	plot.Y = chart.LinearAxis(high, rows, words.MbLabel)
	plot.Series = []chart.Series{line}
	m.live.rss.Draw(m.surface, in, plot)
}

// processSeries is a figure of the server over time, and the highest in it.
func processSeries(m *view.Measuring, view chartView, of func(view.ProcessPoint) figure.Value) (points []chart.XY, high float64) {
	points = make([]chart.XY, 0, m.Process.Len())
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
		points = append(points, chart.XY{X: x, Y: y})
	}
	if !known {
		return nil, 0
	}
	return points, high
}

// noReading says why a chart of the server is empty; "" when it is not.
func noReading(measuring *view.Measuring, points int) string {
	switch {
	case points > 0:
		return ""
	case measuring.Process.Len() == 0:
		return "no reading so far"
	default:
		return "not known here"
	}
}

// stairs are the rates that were asked for, over time: those that held or are under
// way, and those that were too much. high is the highest of them.
func stairs(s *view.Search, from, now float64) (held, tooMuch []chart.XY, high float64) {
	gap := chart.XY{X: math.NaN(), Y: math.NaN()}
	for i, step := range s.Steps {
		open := i == len(s.Steps)-1 && !s.Judged
		to := step.ToS
		if open {
			to = now
		}
		if to < from {
			continue
		}
		stair := []chart.XY{{X: max(from, step.FromS), Y: step.Rate}, {X: to, Y: step.Rate}, gap}
		high = max(high, step.Rate)
		if step.Kept || open {
			held = append(held, stair...)
		} else {
			tooMuch = append(tooMuch, stair...)
		}
	}
	return held, tooMuch, high
}

package live

import (
	"math"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

func (l *Screen) drawThroughput(ctx *screen.Context, s *term.Surface, box term.Rect, measuring *view.Measuring, charts chartView) {
	points := &measuring.Throughput
	columns := make([]chart.Column, 0, points.Len())
	high := 0.0
	scaling := measuring.Scaling()
	for i := range points.Len() {
		point := points.At(i)
		column := chart.Column{From: measuring.Seconds(point.From), To: measuring.Seconds(point.At), Value: point.OK, Stacked: point.KO}
		if column.To < charts.From {
			continue
		}
		columns = append(columns, column)
		if column.To > scaling {
			high = max(high, point.OK+point.KO)
		}
	}
	held, tooMuch, asked := stairs(&measuring.Search, charts.From, charts.Now)
	high = max(high, asked)
	title := []term.Span{term.Say("throughput, req/s", term.RoleTitle)}
	if last, ok := charts.throughput(points, measuring); ok {
		if box.W < 48 {
			title[0].Text = "req/s"
		}
		title = term.Fitting(part.TitleWidth(box), title,
			[]term.Span{term.Say("  █ OK", term.RoleOK), term.Say(" "+figure.PerSecond(last.OK), term.RoleText)},
			[]term.Span{term.Say("  ▒ KO", term.RoleFailed), term.Say(" "+figure.PerSecond(last.KO), term.RoleText)})
		if asked > 0 {
			title = term.Fitting(part.TitleWidth(box), title, []term.Span{term.Say("  ━ asked", term.RoleStrong)}, []term.Span{term.Say("  ╌ too much", term.RoleBad)})
		}
	}
	empty := ""
	if high == 0 {
		empty = "no reply so far"
	}
	in, ok := l.panel(s, box, charts, empty, title...)
	if !ok {
		return
	}
	plot, rows := charts.Plot(in)
	plot.Y = scale.Linear(high, plot.Steps(rows), figure.InRequests.Tick)
	plot.Columns, plot.Value, plot.Over = columns, term.RoleOK, term.RoleFailed
	if ctx.Colours && !s.ASCII() {
		plot.Mixed = term.RoleMixed
	}
	plot.Series = []chart.Series{
		{Name: "asked", Role: term.RoleStrong, Stroke: chart.Thick, Points: held},
		{Name: "too much", Role: term.RoleBad, Stroke: chart.Dashed, Points: tooMuch},
	}
	l.throughput.Draw(s, in, plot)
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

func (l *Screen) drawCPU(s *term.Surface, box term.Rect, measuring *view.Measuring, charts chartView) {
	total, high := processSeries(measuring, charts, func(p view.ProcessPoint) figure.Value { return p.CPU })
	hottest, hot := processSeries(measuring, charts, func(p view.ProcessPoint) figure.Value { return p.Hottest })
	compiled, latest, most := compiling(measuring, charts)
	high = max(high, hot, most, 100) // one core, for the eye to compare with
	title := []term.Span{term.Say("server CPU, % of a core", term.RoleTitle)}
	if box.W < 48 {
		title[0].Text = "CPU, % of a core"
	}
	lines := []chart.Series{
		{Name: "hot", Role: term.RoleHottest, Stroke: chart.Dashed, Points: hottest},
		{Name: "all", Role: term.RoleCPU, Stroke: chart.Solid, Points: total},
	}
	charts.Read(&lines[0], figure.Whole)
	charts.Read(&lines[1], figure.Whole)
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
	legend = append(legend, pausedSpans(measuring, charts))
	if len(compiled) > 0 {
		legend = append(legend, []term.Span{term.Say("  █ compiling", term.RoleRuntime), term.Say(" "+figure.Whole(latest), term.RoleText)})
	}
	legend = append(legend, waitingSpans(measuring, charts))
	title = term.Fitting(part.TitleWidth(box), title, legend...)
	in, ok := l.panel(s, box, charts, noReading(measuring, len(total)), title...)
	if !ok {
		return
	}
	plot, rows := charts.Plot(in)
	plot.Y = scale.Linear(high, plot.Steps(rows), figure.InPercentOfCore.Tick)
	plot.Series, plot.Columns, plot.Value = lines, compiled, term.RoleRuntime
	l.cpu.Draw(s, in, plot)
}

func (l *Screen) drawRSS(s *term.Surface, box term.Rect, measuring *view.Measuring, charts chartView) {
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
	if charts.Read(&line, figure.Whole); line.Latest != "" {
		title = term.Fitting(part.TitleWidth(box), title, []term.Span{term.Say("  ─", term.RoleRSS), term.Say(" "+line.Latest, term.RoleText)})
	}
	if charts.Read(&beside, figure.Whole); beside.Latest != "" {
		title = term.Fitting(part.TitleWidth(box), title, []term.Span{term.Say("  RSS", term.RoleDim), term.Say(" "+beside.Latest, term.RoleText)})
	}
	title = term.Fitting(part.TitleWidth(box), title, heapSpans(measuring))
	in, ok := l.panel(s, box, charts, noReading(measuring, len(points)), title...)
	if !ok {
		return
	}
	plot, rows := charts.Plot(in)
	plot.Y = scale.Linear(high, plot.Steps(rows), figure.InMB.Tick)
	plot.Series = []chart.Series{line}
	l.rss.Draw(s, in, plot)
}

// processSeries is a figure of the server over time, and the highest in it.
func processSeries(m *view.Measuring, charts chartView, of func(view.ProcessPoint) figure.Value) (points []chart.XY, high float64) {
	points = make([]chart.XY, 0, m.Process.Len())
	known := false
	for i := range m.Process.Len() {
		point := m.Process.At(i)
		x := m.Seconds(point.At)
		if x < charts.From {
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

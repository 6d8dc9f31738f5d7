package part

import (
	"math"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// Latency draws the response times of a load into a box; frame draws the box's border
// with a title and returns what is inside.
func Latency(s *term.Surface, c *chart.Chart, box term.Rect, measuring *view.Measuring, at Stretch, frame func(title ...term.Span) term.Rect) {
	if box.Empty() {
		return
	}
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
		if x < at.From {
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
		at.Read(&lines[i], figure.InMS.Cell)
	}
	if lines[4].Latest == "" {
		lines = lines[:4]
	}
	empty := ""
	if high == 0 {
		empty = "no reply so far"
	}
	title := []term.Span{term.Say("latency of OK replies, ms", term.RoleTitle)}
	if at.Labels == 0 { // the legend goes into the title
		var legend [][]term.Span
		for _, i := range []int{2, 3, 4, 0} { // p50, p99, KO, max
			if i < len(lines) && lines[i].Latest != "" {
				legend = append(legend, []term.Span{term.Say(" "+lines[i].Stroke.Glyph()+lines[i].Name, lines[i].Role), term.Say(" "+lines[i].Latest, term.RoleText)})
			}
		}
		title = term.Fitting(TitleWidth(box), []term.Span{term.Say("latency ms", term.RoleTitle)}, legend...)
	}
	in := frame(title...)
	if empty != "" {
		s.TextCentre(in.Row(in.H/2), empty, term.RoleDim)
		return
	}
	if in.Empty() {
		return
	}
	plot, rows := at.Plot(in)
	plot.Y = scale.Log(low, high, plot.Steps(rows), figure.InMS.Tick)
	plot.Series = lines
	c.Draw(s, in, plot)
}

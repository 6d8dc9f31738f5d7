package detail

import (
	"math"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// serviceDiffers says that service times tell another story than response times:
// that requests waited before they were sent.
func serviceDiffers(result stream.ContenderResult) bool {
	response, service := result.LatencyMS.Total, result.LatencyMS.Service
	if response == nil || service == nil {
		return false
	}
	const notable = 1.05
	for _, pair := range [][2]float64{{response.P50, service.P50}, {response.P99, service.P99}} {
		if pair[0] > pair[1]*notable {
			return true
		}
	}
	return false
}

// curves are the lines of the percentile curve.
func (d *Screen) curves(columns int) []chart.Series {
	response := chart.Series{Name: "response", Role: term.RoleP99, Stroke: chart.Thick}
	service := chart.Series{Name: "service", Role: term.RoleP50, Stroke: chart.Dashed}
	if d.track != nil {
		response.Points = part.PercentileCurve(d.track.SoFar, columns)
		service.Points = part.PercentileCurve(d.track.Service, columns)
	}
	if len(response.Points) == 0 {
		response.Points = part.CurveOf(d.result.LatencyMS.OK)
		service.Points = part.CurveOf(d.result.LatencyMS.Service)
	}
	if !serviceDiffers(d.result) {
		service.Points = nil
	}
	return []chart.Series{service, response}
}

func (d *Screen) drawCurve(s *term.Surface, box term.Rect) {
	if box.Empty() {
		return
	}
	lines := d.curves(box.W)
	title := []term.Span{term.Say("percentiles, ms", term.RoleTitle)}
	room := box.W - 6
	title = term.Fitting(room, title, []term.Span{term.Say("  ━", term.RoleP99), term.Say(" response", term.RoleText)})
	if len(lines[0].Points) > 0 {
		title = term.Fitting(room, title, []term.Span{term.Say("  ╌", term.RoleP50), term.Say(" service, of all replies", term.RoleText)})
	}
	in := s.Box(box, term.RoleBorder, title...)
	low, high, to := math.Inf(1), 0.0, 0.0
	for _, line := range lines {
		for _, point := range line.Points {
			low, high, to = min(low, point.Y), max(high, point.Y), max(to, point.X)
		}
	}
	if high == 0 {
		s.TextCentre(in.Row(in.H/2), "no OK reply", term.RoleDim)
		return
	}
	plot := &chart.Plot{Series: lines}
	columns, rows := plot.GraphSize(in)
	plot.X = part.Percentiles(to, columns)
	plot.Y = scale.Log(low, high, plot.Steps(rows), figure.InMS.Tick)
	d.curve.Draw(s, in, plot)
}

// drawTimeline is the load over time with the findings at the seconds at which
// they began.
func (d *Screen) drawTimeline(s *term.Surface, box term.Rect) {
	if box.Empty() {
		return
	}
	in := s.Box(box, term.RoleBorder, term.Fitting(box.W-6, []term.Span{term.Say("over time, ms", term.RoleTitle)},
		[]term.Span{term.Say("  ━", term.RoleP99), term.Say(" p99", term.RoleText)}, []term.Span{term.Say("  ─", term.RoleP50), term.Say(" p50", term.RoleText)}, []term.Span{term.Say("  ⚑", term.RoleWarn), term.Say(" findings", term.RoleText)})...)
	p50 := chart.Series{Role: term.RoleP50, Stroke: chart.Solid}
	p99 := chart.Series{Role: term.RoleP99, Stroke: chart.Thick}
	low, high, to := math.Inf(1), 0.0, 1.0
	for i := range d.track.Points.Len() {
		point := d.track.Points.At(i)
		p50.Points = append(p50.Points, chart.XY{X: point.At, Y: point.Pace[view.PaceP50]})
		p99.Points = append(p99.Points, chart.XY{X: point.At, Y: point.Pace[view.PaceP99]})
		to = max(to, point.At)
		if y := point.Pace[view.PaceP50]; !math.IsNaN(y) {
			low, high = min(low, y), max(high, point.Pace[view.PaceP99])
		}
	}
	if high == 0 {
		s.TextCentre(in.Row(in.H/2), "no OK reply", term.RoleDim)
		return
	}
	plot := &chart.Plot{Series: []chart.Series{p50, p99}}
	columns, rows := plot.GraphSize(in)
	plot.X = scale.Time(0, to, chart.Moments(columns))
	plot.Y = scale.Log(low, high, plot.Steps(rows), figure.InMS.Tick)
	for _, finding := range d.result.Findings {
		plot.Marks = append(plot.Marks, chart.Mark{X: finding.AtS, Sign: '⚑', Line: '╎', Role: term.RoleWarn})
	}
	plot.Asides = part.Asides(d.track.Asides)
	d.timeline.Draw(s, in, plot)
}

package tui

import (
	"math"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/session"
)

// detailLayout is where the parts of the detail screen are; an empty one is left out.
type detailLayout struct{ title, curve, timeline, text, footer Rect }

func layoutDetail(area Rect, charts bool) detailLayout {
	var l detailLayout
	l.title, area = area.CutTop(1)
	area, l.footer = area.CutBottom(1)
	l.text = area
	const leastColumns, leastRows = 70, 18
	if !charts || area.W < leastColumns || area.H < leastRows {
		return l
	}
	top, text := area.CutTop(min(max(9, area.H*2/5), 22))
	columns := top.Columns(1, 1)
	l.curve, l.timeline, l.text = columns[0], columns[1], text
	return l
}

// percentileCurve is a distribution as HdrHistogram plots it: x is how rare a time
// is, as powers of ten of 1/(1-p), so that the tail gets the room that it deserves.
func percentileCurve(h engine.Histogram, columns int) []XY {
	count := h.Count()
	if count == 0 {
		return nil
	}
	rarest := rarity(1 - 1/float64(count)) // one reply stands for no more
	steps := max(2, columns*2)
	points := make([]XY, 0, steps+1)
	for i := range steps + 1 {
		x := rarest * float64(i) / float64(steps)
		points = append(points, XY{x, ms(h.Quantile(1 - math.Pow(10, -x)))})
	}
	return points
}

// curveOf is the curve through the percentiles of a result, where its histogram is
// not at hand.
func curveOf(d *session.Distribution) []XY {
	if d == nil {
		return nil
	}
	return []XY{{0, d.Min}, {rarity(0.5), d.P50}, {rarity(0.75), d.P75}, {rarity(0.9), d.P90},
		{rarity(0.95), d.P95}, {rarity(0.99), d.P99}, {rarity(0.999), d.P999}}
}

// rarity is how many powers of ten there are to one time beyond a quantile.
func rarity(p float64) float64 { return -math.Log10(1 - p) }

// rarityAxis names the percentiles.
func rarityAxis(to float64) Axis {
	axis := Axis{Max: max(2, to)}
	for _, tick := range []Tick{{rarity(0.5), "50%"}, {1, "90%"}, {2, "99%"}, {3, "99.9%"}, {4, "99.99%"}, {5, "99.999%"}} {
		if tick.Value <= axis.Max+0.05 {
			axis.Ticks = append(axis.Ticks, tick)
		}
	}
	return axis
}

// serviceDiffers says that service times tell another story than response times:
// that requests waited before they were sent.
func serviceDiffers(result session.ContenderResult) bool {
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
func (d *detail) curves(columns int) []Series {
	response := Series{Name: "response", Role: RoleP99, Stroke: Thick}
	service := Series{Name: "service", Role: RoleP50, Stroke: Dashed}
	if d.track != nil {
		response.Points = percentileCurve(d.track.soFar, columns)
		service.Points = percentileCurve(d.track.service, columns)
	}
	if len(response.Points) == 0 {
		response.Points = curveOf(d.result.LatencyMS.OK)
		service.Points = curveOf(d.result.LatencyMS.Service)
	}
	if !serviceDiffers(d.result) {
		service.Points = nil
	}
	return []Series{service, response}
}

func (m *model) drawCurve(box Rect) {
	if box.Empty() {
		return
	}
	d := &m.detail
	lines := d.curves(box.W)
	title := []Span{{"percentiles, ms", RoleTitle}}
	room := box.W - 6
	title = fitting(room, title, []Span{{"  ━", RoleP99}, {" response", RoleText}})
	if len(lines[0].Points) > 0 {
		title = fitting(room, title, []Span{{"  ╌", RoleP50}, {" service, of all replies", RoleText}})
	}
	in := m.surface.Box(box, RoleBorder, title...)
	low, high, to := math.Inf(1), 0.0, 0.0
	for _, line := range lines {
		for _, point := range line.Points {
			low, high, to = min(low, point.Y), max(high, point.Y), max(to, point.X)
		}
	}
	if high == 0 {
		m.surface.TextCentre(in.Row(in.H/2), "no OK reply", RoleDim)
		return
	}
	plot := &Plot{Series: lines, X: rarityAxis(to)}
	_, rows := plot.GraphSize(in)
	plot.Y = logAxis(low, high, rows, msLabel)
	d.curve.Draw(m.surface, in, plot)
}

// drawTimeline is the load over time with the findings at the seconds at which
// they began.
func (m *model) drawTimeline(box Rect) {
	if box.Empty() {
		return
	}
	d := &m.detail
	in := m.surface.Box(box, RoleBorder, fitting(box.W-6, []Span{{"over time, ms", RoleTitle}},
		[]Span{{"  ━", RoleP99}, {" p99", RoleText}}, []Span{{"  ─", RoleP50}, {" p50", RoleText}}, []Span{{"  ⚑", RoleWarn}, {" findings", RoleText}})...)
	p50 := Series{Role: RoleP50, Stroke: Solid}
	p99 := Series{Role: RoleP99, Stroke: Thick}
	low, high, to := math.Inf(1), 0.0, 1.0
	for i := range d.track.Points.Len() {
		point := d.track.Points.At(i)
		p50.Points = append(p50.Points, XY{point.At, point.Pace[PaceP50]})
		p99.Points = append(p99.Points, XY{point.At, point.Pace[PaceP99]})
		to = max(to, point.At)
		if y := point.Pace[PaceP50]; !math.IsNaN(y) {
			low, high = min(low, y), max(high, point.Pace[PaceP99])
		}
	}
	if high == 0 {
		m.surface.TextCentre(in.Row(in.H/2), "no OK reply", RoleDim)
		return
	}
	plot := &Plot{Series: []Series{p50, p99}}
	columns, rows := plot.GraphSize(in)
	plot.X = timeAxis(0, to, columns)
	plot.Y = logAxis(low, high, rows, msLabel)
	for _, finding := range d.result.Findings {
		plot.Marks = append(plot.Marks, Mark{X: finding.AtS, Sign: '⚑', Line: '╎', Role: RoleWarn})
	}
	d.timeline.Draw(m.surface, in, plot)
}

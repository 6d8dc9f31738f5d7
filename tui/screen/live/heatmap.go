package live

import (
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// drawHeatmap draws the share of replies by time and latency.
func (l *Screen) drawHeatmap(ctx *screen.Context, s *term.Surface, box term.Rect, measuring *view.Measuring, charts chartView) {
	if box.Empty() {
		return
	}
	low, high := view.HeatBands, 0
	from := max(charts.From, measuring.Scaling())
	for i := range measuring.Heat.Len() {
		point := measuring.Heat.At(i)
		if measuring.Seconds(point.At) >= from && point.High > 0 {
			low, high = min(low, point.Low), max(high, point.High)
		}
	}
	empty := ""
	if high == 0 {
		empty = "no reply so far"
	}
	title := []term.Span{term.Say("latency heatmap, share of replies", term.RoleTitle)}
	if box.W < 50 || charts.Reading() {
		title[0].Text = "heatmap"
	}
	title = term.Fitting(part.TitleWidth(box), title, heatReading(measuring, charts), pausedSpans(measuring, charts))
	in, ok := l.panel(s, box, charts, empty, title...)
	if !ok {
		return
	}
	plot, rows := charts.Plot(in)
	plot.Y = scale.Log(view.LatencyOfBand(float64(low)), view.LatencyOfBand(float64(high)), plot.Steps(rows), figure.InMS.Tick)
	l.heat.Draw(s, in, &chart.HeatPlot{
		Plot: *plot, N: measuring.Heat.Len(), Lowest: view.BandOf(plot.Y.Min), Highest: view.BandOf(plot.Y.Max),
		At: func(i int) chart.Heat {
			point := measuring.Heat.At(i)
			heat := chart.Heat{From: measuring.Seconds(point.From), To: measuring.Seconds(point.At), First: point.Low}
			if point.High > 0 {
				heat.Counts = point.Counts[point.Low:point.High]
			}
			return heat
		},
	}, ctx.Colours)
	if columns, rows := plot.GraphSize(in); columns >= chart.MinGraphColumns && rows >= chart.MinGraphRows {
		drawPauses(s, term.Rect{X: in.X + chart.LabelWidth + 1, Y: in.Y, W: columns, H: rows}, plot.X, measuring)
	}
}

// heatReading is which latencies most replies had at the cursor.
func heatReading(measuring *view.Measuring, charts chartView) []term.Span {
	if !charts.Reading() {
		return nil
	}
	at := part.Nearest(charts.Cursor, measuring.Heat.Len(), func(i int) float64 {
		return measuring.Seconds(measuring.Heat.At(i).At)
	})
	if at < 0 {
		return nil
	}
	band, share, total := measuring.Heat.At(at).Most()
	if total == 0 {
		return []term.Span{term.Say("  no reply", term.RoleText)}
	}
	low, high := view.LatencyOfBand(float64(band)), view.LatencyOfBand(float64(band+1))
	return []term.Span{term.Say("  most ", term.RoleDim), term.Say(figure.Percent(share), term.RoleStrong), term.Say(" at "+figure.InMS.Cell(low)+" to "+figure.MS(high), term.RoleText)}
}

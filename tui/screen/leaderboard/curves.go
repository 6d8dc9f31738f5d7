package leaderboard

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

// From this size on, the room below the leaderboard also has the percentiles of all.
const (
	curvesColumns = 110
	curvesRows    = 11
)

// curvesOf are the percentile curves of the OK replies: from what the race kept, or
// from the result's percentiles where it kept nothing.
func curvesOf(result stream.Result, tracks []*view.Track) map[string][]chart.XY {
	const columns = 60 // more than that no graph tells apart
	curves := map[string][]chart.XY{}
	for _, track := range tracks {
		if curve := part.PercentileCurve(track.SoFar, columns); len(curve) > 0 {
			curves[track.Facts.ID] = curve
		}
	}
	for _, row := range result.Contenders {
		if curve := part.CurveOf(row.LatencyMS.OK); len(curve) > 0 && curves[row.ID] == nil {
			curves[row.ID] = curve
		}
	}
	return curves
}

// drawCurves lays the percentiles of all contenders over each other, the
// selected one thick; those below the line are dashed.
func (b *Screen) drawCurves(s *term.Surface, box term.Rect) {
	in := s.Box(box, term.RoleBorder, term.Say("percentiles of OK replies, ms", term.RoleTitle))
	selected, _ := b.selected()
	var lines []chart.Series
	low, high, to := math.Inf(1), 0.0, 0.0
	for _, row := range b.rows {
		curve := b.curves[row.ID]
		if len(curve) == 0 {
			continue
		}
		line := chart.Series{Name: row.ID, Role: term.TierRole(row.Tier), Points: curve, Read: curve[len(curve)-1].Y}
		line.Latest = figure.InMS.Cell(line.Read)
		if row.Rank == 0 {
			line.Role, line.Stroke = term.RoleFailed, chart.Dashed
		}
		if row.ID == selected.ID {
			line.Stroke = chart.Thick
		}
		lines = append(lines, line)
		for _, point := range curve {
			low, high, to = min(low, point.Y), max(high, point.Y), max(to, point.X)
		}
	}
	if high == 0 {
		s.TextCentre(in.Row(in.H/2), "no OK reply", term.RoleDim)
		return
	}
	const labels = 20
	plot := &chart.Plot{Series: lines, Labels: labels}
	columns, rows := plot.GraphSize(in)
	plot.X = part.Percentiles(to, columns)
	plot.Y = scale.Log(low, high, plot.Steps(rows), figure.InMS.Tick)
	b.chart.Draw(s, in, plot)
}

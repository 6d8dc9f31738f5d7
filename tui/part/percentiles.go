package part

import (
	"math"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/view"
)

// PercentileCurve is a distribution as HdrHistogram plots it: x is how rare a time
// is, as powers of ten of 1/(1-p), so that the tail gets the room that it deserves.
func PercentileCurve(h measure.Histogram, columns int) []chart.XY {
	count := h.Count()
	if count == 0 {
		return nil
	}
	rarest := rarity(1 - 1/float64(count)) // one reply stands for no more
	steps := max(2, columns*2)
	points := make([]chart.XY, 0, steps+1)
	for i := range steps + 1 {
		x := rarest * float64(i) / float64(steps)
		points = append(points, chart.XY{X: x, Y: view.MS(h.Quantile(1 - math.Pow(10, -x)))})
	}
	return points
}

// CurveOf is the curve through the percentiles of a result, where its histogram is
// not at hand.
func CurveOf(d *stream.Distribution) []chart.XY {
	if d == nil {
		return nil
	}
	return []chart.XY{{X: 0, Y: d.Min}, {X: rarity(0.5), Y: d.P50}, {X: rarity(0.75), Y: d.P75}, {X: rarity(0.9), Y: d.P90},
		{X: rarity(0.95), Y: d.P95}, {X: rarity(0.99), Y: d.P99}, {X: rarity(0.999), Y: d.P999}}
}

// rarity is how many powers of ten there are to one time beyond a quantile.
func rarity(p float64) float64 { return -math.Log10(1 - p) }

// RarityAxis names the percentiles.
func RarityAxis(to float64) chart.Axis {
	axis := chart.Axis{Max: max(2, to)}
	for _, tick := range []chart.Tick{{Value: rarity(0.5), Label: "50%"}, {Value: 1, Label: "90%"}, {Value: 2, Label: "99%"}, {Value: 3, Label: "99.9%"}, {Value: 4, Label: "99.99%"}, {Value: 5, Label: "99.999%"}} {
		if tick.Value <= axis.Max+0.05 {
			axis.Ticks = append(axis.Ticks, tick)
		}
	}
	return axis
}

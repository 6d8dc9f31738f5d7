package part

import (
	"math"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/scale"
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
	rarest := scale.Rarity(1 - 1/float64(count)) // one reply stands for no more
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
	return []chart.XY{{X: 0, Y: d.Min}, {X: scale.Rarity(0.5), Y: d.P50}, {X: scale.Rarity(0.75), Y: d.P75}, {X: scale.Rarity(0.9), Y: d.P90},
		{X: scale.Rarity(0.95), Y: d.P95}, {X: scale.Rarity(0.99), Y: d.P99}, {X: scale.Rarity(0.999), Y: d.P999}}
}

// percentileColumns is how many columns the name of a percentile takes.
const percentileColumns = 9

// Percentiles is the axis that names them, in a graph of so many columns.
func Percentiles(rarest float64, columns int) chart.Axis {
	return scale.Percentiles(rarest, percentileColumns/float64(max(1, columns)))
}

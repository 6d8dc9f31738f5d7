package part

import (
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
)

// PercentileCurve is a distribution as HdrHistogram plots it: x is how rare a time
// is, as powers of ten of 1/(1-p), so that the tail gets the room that it deserves.
func PercentileCurve(h measure.Histogram, columns int) []chart.XY {
	return scale.Curve(h.Count(), max(2, columns*2), func(rarity, q float64) chart.XY { return chart.XY{X: rarity, Y: measure.MS(h.Quantile(q))} })
}

// CurveOf is the curve through the percentiles of a result, where its histogram is
// not at hand.
func CurveOf(d *stream.Distribution) (points []chart.XY) {
	for q, ms := range d.Quantiles() {
		points = append(points, chart.XY{X: scale.Rarity(q), Y: ms})
	}
	return points
}

// percentileColumns is how many columns the name of a percentile takes.
const percentileColumns = 9

// Percentiles is the axis that names them, in a graph of so many columns.
func Percentiles(rarest float64, columns int) chart.Axis {
	return scale.Percentiles(rarest, percentileColumns/float64(max(1, columns)))
}

package page

import (
	"math"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/scale"
)

// axis is a scale over a stretch of pixels.
type axis struct {
	scale.Scale
	from, to float64 // px of its least and its largest value
}

// at is where a value lies; what is outside lies at the edge.
func (a axis) at(value float64) float64 { return a.from + a.Place(value)*(a.to-a.from) }

// How much room labels take, px: below each other, beside each other for moments, and for
// percentiles.
const (
	labelHeight     = 20.0
	momentWidth     = 62.0
	percentileWidth = 54.0
)

// plotSteps is how many steps a chart's y axis has; see scale.
func plotSteps(height float64) int { return int((height - plotTop - plotBottom) / labelHeight * 2) }

// moments is the axis of the seconds of a load.
func moments(from, to float64) scale.Scale {
	const room = (plotWidth - plotLeft - plotRight) / momentWidth
	return scale.Time(from, to, int(math.Floor(room)))
}

// logMS is that of times that lie far apart.
func logMS(low, high, height float64) scale.Scale {
	return scale.Log(low, high, plotSteps(height), figure.InMS.Tick)
}

// linear is that of values from 0 on, written as the unit has them.
func linear(high float64, unit figure.Unit) scale.Scale {
	return scale.Linear(high, plotSteps(plotHeight), unit.Tick)
}

// percentilesTo is that of percentiles over a chart of a width.
func percentilesTo(rarest, width, right float64) scale.Scale {
	return scale.Percentiles(rarest, percentileWidth/(width-plotLeft-right))
}

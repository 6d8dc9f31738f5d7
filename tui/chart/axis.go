package chart

import (
	"math"
	"strconv"
)

// Axis is a range of values and what is written beside it.
type Axis struct {
	Min, Max float64
	Log      bool
	Ticks    []Tick
}

// Tick is a value with its label. Labels are ASCII: the chart library measures
// them in bytes.
type Tick struct {
	Value float64
	Label string
}

// Place maps a value onto 0 to 1 along the axis, clamped.
func (a Axis) Place(value float64) float64 {
	low, high := a.Min, a.Max
	if a.Log {
		low, high, value = math.Log10(low), math.Log10(high), math.Log10(max(value, a.Min))
	}
	if !(high > low) {
		return 0
	}
	return min(1, max(0, (value-low)/(high-low)))
}

// LogAxis covers the values from low to high with bounds of 1, 2 or 5 times a
// power of ten, two powers at least, so that noise is not drawn as drama.
func LogAxis(low, high float64, rows int, label func(float64) string) Axis {
	const smallest = 0.01
	if !(low > 0) || math.IsInf(low, 0) {
		low = 1
	}
	low = max(low, smallest)
	high = max(high, low)
	axis := Axis{Log: true, Min: roundDown125(low), Max: roundUp125(high)}
	for axis.Max < axis.Min*100 {
		if axis.Max < axis.Min*100 {
			axis.Max = roundUp125(axis.Max * 1.5)
		}
		if axis.Max < axis.Min*100 && axis.Min > smallest {
			axis.Min = roundDown125(axis.Min * 0.99)
		}
	}
	decades := math.Log10(axis.Max / axis.Min)
	fine := float64(rows) >= decades*5
	exponent := int(math.Floor(math.Log10(axis.Min)))
	for ; pow10(exponent) <= axis.Max*1.0001; exponent++ {
		for _, factor := range []float64{1, 2, 5} {
			if factor != 1 && !fine {
				continue
			}
			value := factor * pow10(exponent)
			if value >= axis.Min*0.9999 && value <= axis.Max*1.0001 {
				axis.Ticks = append(axis.Ticks, Tick{value, label(value)})
			}
		}
	}
	return axis
}

// LinearAxis runs from 0 to a round value at or above high.
func LinearAxis(high float64, rows int, label func(float64) string) Axis {
	if !(high > 0) || math.IsInf(high, 0) {
		high = 1
	}
	// Of the steps that leave room for their labels, the one that wastes least.
	step, top := 0.0, math.Inf(1)
	for n := 2; n <= max(2, min(6, (rows+2)/2)); n++ {
		s := niceStep(high / float64(n))
		if t := math.Ceil(high/s-1e-9) * s; t < top*0.999 {
			step, top = s, t
		}
	}
	axis := Axis{Max: top}
	for i := 0; float64(i)*step <= axis.Max*1.0001; i++ {
		value := float64(i) * step
		axis.Ticks = append(axis.Ticks, Tick{value, label(value)})
	}
	return axis
}

// TimeAxis runs over seconds, with a label about every eight columns.
func TimeAxis(from, to float64, columns int) Axis {
	axis := Axis{Min: from, Max: to}
	if !(to > from) {
		axis.Max = from + 1
	}
	step := niceStep((axis.Max - axis.Min) / float64(max(1, columns/8)))
	for i := math.Ceil(axis.Min/step - 1e-9); i*step <= axis.Max*1.0001+1e-9; i++ {
		value := i * step
		if value == 0 {
			value = 0 // not -0
		}
		axis.Ticks = append(axis.Ticks, Tick{value, strconv.FormatFloat(roundTo(value, step), 'f', -1, 64) + "s"})
	}
	return axis
}

// niceStep is the smallest of 1, 2, 2.5, 5 times a power of ten at or above size.
func niceStep(size float64) float64 {
	power := pow10(int(math.Floor(math.Log10(size))))
	for _, factor := range []float64{1, 2, 2.5, 5, 10} {
		if factor*power >= size*0.9999 {
			return factor * power
		}
	}
	return 10 * power
}

func roundTo(value, step float64) float64 {
	digits := pow10(max(0, 2-int(math.Floor(math.Log10(step)))))
	return math.Round(value*digits) / digits
}

func roundDown125(value float64) float64 {
	power := pow10(int(math.Floor(math.Log10(value) + 1e-9)))
	for _, factor := range []float64{5, 2, 1} {
		if factor*power <= value*1.0001 {
			return factor * power
		}
	}
	return power
}

func roundUp125(value float64) float64 {
	power := pow10(int(math.Floor(math.Log10(value) + 1e-9)))
	for _, factor := range []float64{1, 2, 5, 10} {
		if factor*power >= value*0.9999 {
			return factor * power
		}
	}
	return 10 * power
}

func pow10(exponent int) float64 { return math.Pow(10, float64(exponent)) }

// Labels of values, at most six characters.

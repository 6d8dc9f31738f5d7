package page

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// scale maps values to pixels.
type scale struct {
	min, max float64
	log      bool
	from, to float64 // px of min and max
	ticks    []tick
}

// tick is a value that an axis names.
type tick struct {
	value float64
	label string
}

// at is where a value lies; what is outside lies at the edge.
func (s scale) at(value float64) float64 {
	value = min(max(value, s.min), s.max)
	share := (value - s.min) / (s.max - s.min)
	if s.log {
		share = math.Log(value/s.min) / math.Log(s.max/s.min)
	}
	return s.from + share*(s.to-s.from)
}

// placed is the scale over a stretch of pixels.
func (s scale) placed(from, to float64) scale {
	s.from, s.to = from, to
	return s
}

// logScale covers low to high from a one, two or five to another. Its ticks are whole
// decades where there are several, else ones, twos and fives.
func logScale(low, high float64, label func(float64) string) scale {
	if !(low > 0) {
		low = min(0.001, high/10)
	}
	const lowest, highest = 1e-9, 1e15 // of anything that is measured
	low, high = min(max(low, lowest), highest), min(max(high, lowest), highest)
	if !(high > low) {
		high = low * 2
	}
	var values []float64
	for decade := math.Floor(math.Log10(low)); decade <= math.Ceil(math.Log10(high)); decade++ {
		for _, step := range []float64{1, 2, 5} {
			values = append(values, step*math.Pow(10, decade))
		}
	}
	for len(values) > 2 && values[1] <= low*1.0001 {
		values = values[1:]
	}
	for n := len(values); n > 2 && values[n-2] >= high*0.9999; n = len(values) {
		values = values[:n-1]
	}
	s := scale{min: values[0], max: values[len(values)-1], log: true}
	const most = 7
	if len(values) > most {
		values = slices.DeleteFunc(values, func(value float64) bool { return !isDecade(value) })
	}
	every := (len(values) + most - 1) / most
	for i := 0; i < len(values); i += every {
		s.ticks = append(s.ticks, tick{values[i], label(values[i])})
	}
	return s
}

func isDecade(value float64) bool {
	power := math.Log10(value)
	return math.Abs(power-math.Round(power)) < 1e-6
}

// linearScale covers 0 to high in about four steps.
func linearScale(high float64, label func(float64) string) scale {
	if !(high > 0) {
		high = 1
	}
	const most = 1e300 // beside the largest float a step has no room
	high = min(high, most)
	step := niceStep(high / 4)
	s := scale{max: math.Ceil(high/step*0.999) * step}
	for i := 0; float64(i)*step <= s.max*1.0001; i++ {
		s.ticks = append(s.ticks, tick{float64(i) * step, label(float64(i) * step)})
	}
	return s
}

// niceStep is the least of 1, 2, 5, 10, 20, … that is not below the given step.
func niceStep(least float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, factor := range []float64{1, 2, 5} {
		if factor*power >= least*0.999 {
			return factor * power
		}
	}
	return 10 * power
}

// timeScale covers the seconds of a load.
func timeScale(from, to float64) scale {
	if !(to > from) {
		to = from + 1
	}
	step := niceStep((to - from) / 8)
	for _, whole := range []float64{15, 30, 60, 120, 300, 600, 900, 1800, 3600} {
		if to-from > 60 && whole >= (to-from)/8 {
			step = whole
			break
		}
	}
	s := scale{min: from, max: to}
	for i := math.Ceil(from/step - 1e-9); i*step <= to+1e-9; i++ {
		s.ticks = append(s.ticks, tick{i*step + 0, secondsLabel(i*step + 0)}) // a 0 that is not −0
	}
	return s
}

func secondsLabel(seconds float64) string {
	if math.Abs(seconds) >= 120 && math.Mod(seconds, 60) == 0 {
		return strconv.FormatFloat(seconds/60, 'f', -1, 64) + " min"
	}
	return strconv.FormatFloat(math.Round(seconds*10)/10, 'f', -1, 64) + " s"
}

// rarity is how many powers of ten there are to one reply beyond a quantile: the
// axis on which HdrHistogram plots distributions, which gives the tail its room.
func rarity(quantile float64) float64 { return -math.Log10(1 - quantile) }

// rarityScale names the percentiles up to a rarity.
func rarityScale(most float64) scale {
	s := scale{max: min(max(most, 2), 7)}
	for _, named := range []tick{{rarity(0.5), "50 %"}, {1, "90 %"}, {2, "99 %"}, {3, "99.9 %"}, {4, "99.99 %"}, {5, "99.999 %"}, {6, "99.9999 %"}} {
		if named.value <= s.max+0.05 {
			s.ticks = append(s.ticks, named)
		}
	}
	return s
}

func msLabel(value float64) string {
	if value >= 1000 {
		return strconv.FormatFloat(value/1000, 'g', 6, 64) + " s"
	}
	return strconv.FormatFloat(value, 'g', 6, 64) + " ms"
}

// shortLabel writes thousands as k and millions as M.
func shortLabel(value float64) string {
	switch {
	case value >= 1e6:
		return strconv.FormatFloat(value/1e6, 'g', 4, 64) + "M"
	case value >= 1e4:
		return strconv.FormatFloat(value/1e3, 'g', 4, 64) + "k"
	}
	return strconv.FormatFloat(value, 'g', 6, 64)
}

func percentLabel(value float64) string { return fmt.Sprintf("%.4g %%", value) }

func mbLabel(value float64) string { return fmt.Sprintf("%.4g MB", value) }

// Package scale says where values lie along an axis, from 0 to 1, and which of them are
// named beside it: linear, logarithmic, of time and of percentiles, by one set of rules
// for the screen and for pages. It knows neither cells nor pixels, only how many steps
// an axis has: rows, or stretches of pixels as high as half a label.
package scale

import "math"

// Scale is a range of values with the values that are named beside it.
type Scale struct {
	Min, Max float64
	Log      bool
	Ticks    []Tick
}

// Tick is a value that an axis names.
type Tick struct {
	Value float64
	Label string
}

// Place is where a value lies, 0 at Min and 1 at Max; what is outside lies at the edge.
func (s Scale) Place(value float64) float64 {
	low, high := s.Min, s.Max
	if s.Log {
		low, high, value = math.Log10(low), math.Log10(high), math.Log10(max(value, s.Min))
	}
	if !(high > low) {
		return 0
	}
	return min(1, max(0, (value-low)/(high-low)))
}

// Value is what lies at a place.
func (s Scale) Value(place float64) float64 {
	if s.Log {
		low, high := math.Log10(s.Min), math.Log10(s.Max)
		return math.Pow(10, low+place*(high-low))
	}
	return s.Min + place*(s.Max-s.Min)
}

// leastGap is how many steps lie at least between two labels: one stays free.
const leastGap = 2

// mostLabels is how many an axis has at most.
const mostLabels = 9

// What is measured lies between these.
const smallest, largest = 1e-9, 1e15

// Linear runs from 0 to high or somewhat above. Its labels stand on whole steps, equally
// far apart: of the ways to name three values or more, up to about seven, the one
// that reaches least beyond high. A scale of five steps or fewer may name but two.
func Linear(high float64, steps int, label func(float64) string) Scale {
	if !(high > 0) || math.IsInf(high, 0) {
		high = 1
	}
	high = min(max(high, smallest), largest)
	n := max(1, steps)
	const mostGaps = 6
	first, last := max(min(leastGap, n), (n+mostGaps-1)/mostGaps), n
	if n >= 3*leastGap {
		last = n / 2
	}
	s, gap, step := Scale{Max: math.Inf(1)}, 0, 0.0
	for every := first; every <= last; every++ {
		size := niceStep(high * float64(every) / float64(n))
		if top := size / float64(every) * float64(n); top < s.Max*0.999 {
			s.Max, gap, step = top, every, size
		}
	}
	for i := 0; i*gap <= n; i++ {
		value := roundTo(float64(i)*step, step)
		s.Ticks = append(s.Ticks, Tick{value, label(value)})
	}
	return s
}

// Log covers low to high, two powers of ten at least, so that noise is not drawn as
// drama. Its labels stand on whole steps, equally far apart: each power of ten, or each
// second, third, … where there are many; where they are far apart, 3 or 2 and 5 of each
// are named too.
func Log(low, high float64, steps int, label func(float64) string) Scale {
	if !(low > 0) || math.IsInf(low, 0) {
		low = 1
		if high > 0 && !math.IsInf(high, 0) {
			low = high / 10
		}
	}
	if math.IsNaN(high) {
		high = low
	}
	low = min(max(low, smallest), largest)
	high = min(max(high, low), largest)
	const leastDecades = 2
	from, to := math.Log10(low), math.Log10(high)
	if short := leastDecades - (to - from); short > 0 {
		from, to = from-short/2, to+short/2
	}
	at := place(from, to, max(1, steps))
	s := Scale{Log: true, Min: math.Pow(10, at.from), Max: math.Pow(10, at.from+float64(at.steps)*at.perStep())}
	add := func(exponent int, factor float64) {
		value := roundTo(factor*math.Pow(10, float64(exponent)), math.Pow(10, float64(exponent)))
		if value >= s.Min*(1-1e-9) && value <= s.Max*(1+1e-9) {
			s.Ticks = append(s.Ticks, Tick{value, label(value)})
		}
	}
	// From below the axis on, for of a power that lies there 2, 3 or 5 may be on it.
	for exponent := at.exponent - at.decades; float64(exponent) <= at.from+float64(at.steps)*at.perStep()+1e-9; exponent += at.decades {
		add(exponent, 1)
		for _, factor := range at.between() {
			add(exponent, factor)
		}
	}
	return s
}

// logPlace is where powers of ten lie on an axis of steps.
type logPlace struct {
	steps    int
	gap      int     // steps between two named powers
	decades  int     // that lie between them
	from     float64 // the exponent where the axis begins
	exponent int     // of the first named power
}

func (p logPlace) perStep() float64 { return float64(p.decades) / float64(p.gap) }

// between are the factors that are named between two powers: 2 and 5 where they stand as
// evenly on whole steps as may be, else 3, which is nearly half the way; none where
// that would be too near, or too many.
func (p logPlace) between() []float64 {
	powers := p.steps/p.gap + 1
	switch {
	case p.decades > 1 || p.gap < 2*leastGap:
		return nil
	case p.gap >= 3*leastGap && 3*powers <= mostLabels:
		two, five := math.Round(math.Log10(2)*float64(p.gap)), math.Round(math.Log10(5)*float64(p.gap))
		if first, second, third := two, five-two, float64(p.gap)-five; max(first, second, third)-min(first, second, third) <= 1 {
			return []float64{2, 5}
		}
	}
	if 2*powers > mostLabels {
		return nil
	}
	return []float64{3}
}

// place finds the axis that is least longer than from…to, in exponents, and that names
// two powers at least.
func place(from, to float64, steps int) (best logPlace) {
	const slack = 1e-9
	worth := math.Inf(1)
	for gap := max(min(leastGap, steps), (steps+mostLabels-2)/(mostLabels-1)); gap <= steps; gap++ {
		least := max(1, int(math.Ceil((to-from)*float64(gap)/float64(steps)-slack)))
		for decades := least; decades <= least+2; decades++ {
			p := logPlace{steps: steps, gap: gap, decades: decades}
			length := float64(steps) * p.perStep()
			// The power that is named first stands so many steps from the axis's beginning.
			for before := range gap {
				if before+gap > steps {
					break
				}
				lead := float64(before) * p.perStep()
				middle := math.Round(from - (length-(to-from))/2 + lead)
				p.exponent = int(min(middle, math.Floor(from+lead+slack)))
				if p.from = float64(p.exponent) - lead; p.from+length < to-slack {
					continue
				}
				uneven := math.Abs((from - p.from) - (p.from + length - to))
				// A few decades more are better than labels that skip some, or than two alone.
				cost := length + 0.75*float64(decades-1) + 0.1*uneven
				if (steps-before)/gap < 2 {
					cost++
				}
				if cost < worth-slack {
					worth, best = cost, p
				}
			}
		}
	}
	return best
}

// Within names values of a range that is what it is, at most so many and equally far
// apart.
func Within(from, to float64, most int, label func(float64) string) Scale {
	s := rangeOf(from, to)
	return s.every(niceStep((s.Max-s.Min)/float64(max(1, most))), label)
}

// Time runs over seconds and names at most so many: seconds, their parts, and minutes
// as clocks have them.
func Time(from, to float64, most int) Scale {
	s := rangeOf(from, to)
	least := (s.Max - s.Min) / float64(max(1, most))
	step := roundStep(least, 1, 2, 5) // no clock beats quarters of ten
	for _, whole := range []float64{10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200} {
		if least > 5 && whole >= least*0.999 {
			step = whole
			break
		}
	}
	return s.every(step, Seconds)
}

func rangeOf(from, to float64) Scale {
	if math.IsNaN(from) || math.IsInf(from, 0) {
		from = 0
	}
	from = min(max(from, -largest), largest)
	if !(to > from) || math.IsInf(to, 0) || to-from < smallest {
		to = from + 1
	}
	return Scale{Min: from, Max: min(to, 2*largest)}
}

// every names the multiples of a step that lie on the axis.
func (s Scale) every(step float64, label func(float64) string) Scale {
	first := math.Ceil(s.Min/step - 1e-9)
	for i := 0.0; (first+i)*step <= s.Max+step*1e-9; i++ {
		value := roundTo((first+i)*step, step) + 0 // a 0 that is not −0
		s.Ticks = append(s.Ticks, Tick{value, label(value)})
		if i > 1000 { // of a range so narrow and far from 0 that adding is lost in rounding
			break
		}
	}
	return s
}

// niceStep is the least of 1, 2, 2.5, 5, 10, 20, … that is not below a size.
func niceStep(size float64) float64 { return roundStep(size, 1, 2, 2.5, 5) }

// roundStep is the least of factors times a power of ten that is not below a size.
func roundStep(size float64, factors ...float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(size)))
	for _, factor := range factors {
		if factor*power >= size*(1-1e-9) {
			return factor * power
		}
	}
	return 10 * power
}

// roundTo takes away what adding up steps leaves behind their digits.
func roundTo(value, step float64) float64 {
	digits := math.Pow(10, max(0, 2-math.Floor(math.Log10(step))))
	if rounded := math.Round(value*digits) / digits; !math.IsNaN(rounded) && !math.IsInf(rounded, 0) {
		return rounded
	}
	return value
}

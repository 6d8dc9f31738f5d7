package profile

import (
	"cmp"
	"slices"
	"time"
)

// Hot is a function and the time spent in it.
type Hot struct {
	Function
	Line       int // the one at which it was found most often; 0: unknown
	Self       time.Duration
	Total      time.Duration // with all that it called; a function that calls itself counts once
	SelfShare  float64       // of the profile's time, 0 to 1
	TotalShare float64
}

// Place is where to look: the line at which the function was found most often, else the
// one at which it begins.
func (h Hot) Place() string {
	return h.at(h.Line)
}

// ColumnShown is the column that Place has behind the line, 0 for none.
func (h Hot) ColumnShown() int { return h.columnAt(h.Line) }

// Order is the order of the hottest functions.
type Order uint8

const (
	// OwnFirst lists the server's own code before its libraries, these before the runtime, and
	// the kernel after all, each by the time spent in itself; what took less than a twentieth
	// is no reason to come first, and follows behind.
	OwnFirst Order = iota
	// BySelf lists by the time spent in the function itself, whose ever it is.
	BySelf
	// ByTotal lists by the time spent in the function and all that it called.
	ByTotal
)

// worthFirst is the share from which on whose code it is comes before how hot it is.
const worthFirst = 0.05

// Hottest lists the functions in which time was spent, by an order. In one by self time
// those come last that only called others.
func (p *Profile) Hottest(order Order) []Hot {
	type sums struct {
		self, total time.Duration
		lines       map[int]time.Duration // self time by line
		callLines   map[int]time.Duration // total time by line
		seen        int                   // the last sample that counted for total, + 1
	}
	byFunction := map[Function]*sums{}
	all := time.Duration(0)
	for i, sample := range p.Samples {
		all += sample.Weight
		for depth, index := range sample.Stack {
			frame := p.Frames[index]
			sum := byFunction[frame.Of()]
			if sum == nil {
				sum = &sums{lines: map[int]time.Duration{}, callLines: map[int]time.Duration{}}
				byFunction[frame.Of()] = sum
			}
			if depth == 0 {
				sum.self += sample.Weight
				sum.lines[frame.Line] += sample.Weight
			}
			if sum.seen != i+1 {
				sum.seen = i + 1
				sum.total += sample.Weight
				sum.callLines[frame.Line] += sample.Weight
			}
		}
	}
	hottest := make([]Hot, 0, len(byFunction))
	for function, sum := range byFunction {
		line := mostOf(sum.lines)
		if sum.self == 0 {
			line = mostOf(sum.callLines)
		}
		hottest = append(hottest, Hot{Function: function, Line: line, Self: sum.self, Total: sum.total,
			SelfShare: share(sum.self, all), TotalShare: share(sum.total, all)})
	}
	slices.SortFunc(hottest, func(a, b Hot) int {
		if order == OwnFirst {
			if c := cmp.Compare(group(a), group(b)); c != 0 {
				return c
			}
		}
		bySelf, byTotal := cmp.Compare(b.Self, a.Self), cmp.Compare(b.Total, a.Total)
		if order == ByTotal {
			bySelf, byTotal = byTotal, bySelf
		}
		return cmp.Or(bySelf, byTotal, compareFunctions(a.Function, b.Function))
	})
	return hottest
}

// group is where a function stands in the order that lists own code first.
func group(hot Hot) int {
	if hot.SelfShare < worthFirst {
		return len(Kinds)
	}
	return slices.Index(Kinds, hot.Kind)
}

// mostOf is the line with the most time; of several the first.
func mostOf(lines map[int]time.Duration) int {
	best, most := 0, time.Duration(-1)
	for line, weight := range lines {
		if weight > most || weight == most && line < best {
			best, most = line, weight
		}
	}
	return best
}

func share(part, whole time.Duration) float64 {
	if whole <= 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// compareFunctions is an order that does not depend on what was measured.
func compareFunctions(a, b Function) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.File, b.File), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Module, b.Module), cmp.Compare(a.Kind, b.Kind))
}

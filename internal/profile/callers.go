package profile

import (
	"cmp"
	"slices"
	"time"
)

// Caller is a frame of the server's own code from which a function was reached.
type Caller struct {
	Frame
	Weight time.Duration // of the time in the function
	Share  float64       // of the time in the function, 0 to 1
}

// CalledFrom lists from where in the server's own code a function is called, the nearest
// frame of own code above it in each stack, the one with most time first. What no own
// code called is left out, so that shares need not add up to 1.
func (p *Profile) CalledFrom(function Function) []Caller {
	at := func(frame Frame) bool { return frame.Of() == function }
	return p.callers(at)
}

func (p *Profile) callers(at func(Frame) bool) []Caller {
	weights := map[int]time.Duration{}
	all := time.Duration(0)
	for _, sample := range p.Samples {
		found := slices.IndexFunc(sample.Stack, func(index int) bool { return at(p.Frames[index]) })
		if found < 0 {
			continue
		}
		all += sample.Weight
		for _, index := range sample.Stack[found+1:] {
			if frame := p.Frames[index]; frame.Kind == Own && !at(frame) {
				weights[index] += sample.Weight
				break
			}
		}
	}
	callers := make([]Caller, 0, len(weights))
	for index, weight := range weights {
		callers = append(callers, Caller{Frame: p.Frames[index], Weight: weight, Share: share(weight, all)})
	}
	slices.SortFunc(callers, func(a, b Caller) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), compareFunctions(a.Of(), b.Of()), cmp.Compare(a.Line, b.Line))
	})
	return callers
}

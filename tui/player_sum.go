package tui

import (
	"time"

	"github.com/benchtui/benchtui/tui/screen"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/view"
)

// windowSum is what a window's intervals add up to.
type windowSum struct{ ok, ko measure.Histogram }

// windowKey says for what a sum was made.
type windowKey struct {
	load     time.Duration // when the load began
	from, to float64
	next     int // up to which event, where the window reaches to the end
}

// sum merges the intervals that lie in a stretch of the load that is shown, as far
// as it has been played.
func (p *player) sum(measuring *view.Measuring, from, to float64) windowSum {
	// Times in a load are those of intervals; events come a little later.
	const later = 2 * time.Second
	end := measuring.LoadAt + time.Duration(to*float64(time.Second)) + later
	key := windowKey{load: measuring.LoadAt, from: from, to: to}
	if p.state.At <= end {
		key.next = p.next
	}
	if p.summed == key {
		return p.windowSum
	}
	var sum windowSum
	for i := p.next - 1; i >= 0 && p.recording.At(i) >= measuring.LoadAt; i-- {
		if p.recording.At(i) > end || p.recording.Contender(i) != measuring.Facts.ID || !p.recording.IsKind(i, stream.LoadSample{}) {
			continue
		}
		sample, ok := p.recording.Event(i).Body.(stream.LoadSample)
		if !ok || !sample.Counts() {
			continue
		}
		switch middle := (sample.Measures.From + sample.Measures.To).Seconds() / 2; {
		case middle > to:
			continue
		case middle < from:
			p.summed, p.windowSum = key, sum
			return sum
		}
		sum.ok, sum.ko = sum.ok.Merge(sample.Measures.ResponseOK), sum.ko.Merge(sample.Measures.ResponseKO)
	}
	p.summed, p.windowSum = key, sum
	return sum
}

// replay is what screens may know of the recording.
func (p *player) replay() *screen.Replay {
	return &screen.Replay{Made: p.made, Sum: func(measuring *view.Measuring, from, to float64) (ok, ko measure.Histogram) {
		sum := p.sum(measuring, from, to)
		return sum.ok, sum.ko
	}}
}

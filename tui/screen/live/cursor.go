package live

import (
	"math"
	"time"

	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/view"
)

// cursor is where a person reads values: a time of one contender's load.
type cursor struct {
	on        bool
	at        float64 // s since the measured load began
	contender string  // whose load; on another's there is no cursor
	columns   int     // of the widest chart, as last drawn
}

// place is the cursor's time on a contender's charts; NaN without one.
func (c cursor) place(measuring *view.Measuring) float64 {
	if !c.on || measuring == nil || c.contender != measuring.Facts.ID {
		return math.NaN()
	}
	return c.at
}

// put sets the cursor to a time, to a tenth of a second as intervals are, and kept
// within what has been measured and is shown.
func (c *cursor) put(measuring *view.Measuring, at float64, now time.Duration) {
	from, to := measuring.Span(now)
	if last, ok := measuring.Latency.Last(); ok {
		to = min(to, measuring.Seconds(last.At))
	}
	c.on, c.contender = true, measuring.Facts.ID
	c.at = math.Round(10*min(max(at, from), to)) / 10
}

// move moves the cursor by columns of the widest chart, an interval at least. It
// begins at the last interval.
func (c *cursor) move(measuring *view.Measuring, columns int, now time.Duration) {
	from, to := measuring.Span(now)
	if math.IsNaN(c.place(measuring)) {
		c.put(measuring, to, now)
		return
	}
	step := max(0.1, math.Ceil(10*(to-from)/float64(max(1, c.columns)))/10)
	c.put(measuring, c.at+float64(columns)*step, now)
}

// throughput is the interval at the cursor, or the last one.
func (v chartView) throughput(points *view.Ring[view.ThroughputPoint], measuring *view.Measuring) (view.ThroughputPoint, bool) {
	if !v.Reading() {
		return measuring.Lately(0)
	}
	at := part.Nearest(v.Cursor, points.Len(), func(i int) float64 {
		return measuring.Seconds(points.At(i).At)
	})
	if at < 0 {
		return view.ThroughputPoint{}, false
	}
	return points.At(at), true
}

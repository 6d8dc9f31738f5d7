package tui

import (
	"math"
	"time"

	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// readWithin is how far from the cursor a point may be to be read as its value, s:
// the server is looked at four times a second.
const readWithin = 0.3

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

// reading says that values are read at the cursor.
func (v chartView) reading() bool { return !math.IsNaN(v.cursor) }

// read sets what a line's label says: the value at the cursor, or the latest.
func (v chartView) read(series *chart.Series, write func(float64) string) {
	series.Latest, series.Read = "", math.NaN()
	if v.reading() {
		if at := nearest(v.cursor, len(series.Points), func(i int) float64 { return series.Points[i].X }); at >= 0 {
			series.Read = series.Points[at].Y
		}
	} else {
		for i := len(series.Points) - 1; i >= 0 && math.IsNaN(series.Read); i-- {
			series.Read = series.Points[i].Y
		}
	}
	if !math.IsNaN(series.Read) {
		series.Latest = write(series.Read)
	}
}

// nearest is which of n ascending times is nearest to the cursor; -1 if none is near.
func nearest(cursor float64, n int, time func(i int) float64) int {
	best, distance := -1, readWithin
	for i := range n {
		if d := math.Abs(time(i) - cursor); d <= distance {
			best, distance = i, d
		}
	}
	return best
}

// throughput is the interval at the cursor, or the last one.
func (v chartView) throughput(points *view.Ring[view.ThroughputPoint], measuring *view.Measuring) (view.ThroughputPoint, bool) {
	if !v.reading() {
		return measuring.Lately(0)
	}
	at := nearest(v.cursor, points.Len(), func(i int) float64 {
		return measuring.Seconds(points.At(i).At)
	})
	if at < 0 {
		return view.ThroughputPoint{}, false
	}
	return points.At(at), true
}

// loopReading is what the event loop told at the cursor.
func loopReading(m *view.Measuring, view chartView) []term.Span {
	at := nearest(view.cursor, m.Loop.Len(), func(i int) float64 { return m.Seconds(m.Loop.At(i).At) })
	if at < 0 {
		return nil
	}
	point := m.Loop.At(at)
	if math.IsNaN(point.DelayP50MS) {
		return []term.Span{term.Say("  no word for "+words.LongMillis(point.DelayP99MS)+" ms", term.RoleWarn)}
	}
	return []term.Span{term.Say("  utilization ", term.RoleDim), term.Say(words.Percent(point.Utilization), term.RoleStrong), term.Say("  delay p99 ", term.RoleDim), term.Say(words.LongMillis(point.DelayP99MS)+" ms", term.RoleStrong)}
}

package live

import (
	"fmt"
	"math"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// window is a stretch of a recorded load: from a mark to the cursor. A recording
// holds the histogram of every interval, so every percentile over it can be had.
type window struct {
	on        bool
	mark      float64 // s since the measured load began
	contender string  // whose load
}

// toggleWindow puts the mark at the cursor, or takes it away.
func (l *Screen) toggleWindow(ctx *screen.Context) {
	measuring := ctx.State.Now
	if l.window.on || measuring == nil {
		l.window.on = false
		return
	}
	if math.IsNaN(l.cursor.place(measuring)) {
		l.cursor.move(measuring, 0, ctx.Now)
	}
	l.window = window{on: true, mark: l.cursor.at, contender: measuring.Facts.ID}
}

// ends are the window's beginning and its end; ok is false without one on this load.
func (l *Screen) ends(measuring *view.Measuring) (from, to float64, ok bool) {
	at := l.cursor.place(measuring)
	if !l.window.on || math.IsNaN(at) || l.window.contender != measuring.Facts.ID {
		return 0, 0, false
	}
	return min(l.window.mark, at), max(l.window.mark, at), true
}

// drawWindow writes what the window's replies took in the place of the totals.
func drawWindow(ctx *screen.Context, s *term.Surface, in term.Rect, measuring *view.Measuring, from, to float64) {
	ok, ko := ctx.Replay.Sum(measuring, from, to)
	spans := []term.Span{term.Say(fmt.Sprintf(" %s–%s ", chart.CursorTime(from), chart.CursorTime(to)), term.RoleCursor)}
	replies := ok.Count() + ko.Count()
	if replies == 0 {
		s.Spans(in, append(spans, term.Say("  no reply", term.RoleDim))...)
		return
	}
	latency, of := ok, "OK"
	if latency.Count() == 0 {
		latency, of = ko, "KO"
	}
	add := func(label, value string) {
		spans = append(spans, term.Say("  "+label+" ", term.RoleDim), term.Say(value, term.RoleStrong))
	}
	add(of, figure.Count(latency.Count()))
	if of == "OK" && ko.Count() > 0 {
		add("KO", figure.Percent(float64(ko.Count())/float64(replies)))
	}
	add("ms: mean", figure.InMS.Cell(measure.MS(latency.Mean())))
	for _, quantile := range []struct {
		label string
		q     float64
	}{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}} {
		add(quantile.label, figure.InMS.Cell(measure.MS(latency.Quantile(quantile.q))))
	}
	add("max", figure.InMS.Cell(measure.MS(latency.Max())))
	s.Spans(in, spans...)
}

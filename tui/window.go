package tui

import (
	"fmt"
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// window is a stretch of a recorded load: from a mark to the cursor. A recording
// holds the histogram of every interval, so every percentile over it can be had.
type window struct {
	on        bool
	mark      float64 // s since the measured load began
	contender string  // whose load
}

// toggleWindow puts the mark at the cursor, or takes it away.
func (m *model) toggleWindow() {
	l := &m.live
	measuring := m.state.Now
	if l.window.on || measuring == nil {
		l.window.on = false
		return
	}
	if math.IsNaN(l.cursor.place(measuring)) {
		l.cursor.move(measuring, 0, m.now())
	}
	l.window = window{on: true, mark: l.cursor.at, contender: measuring.Facts.ID}
}

// stretch is the window's beginning and end; ok is false without one on this load.
func (l *live) stretch(measuring *view.Measuring) (from, to float64, ok bool) {
	at := l.cursor.place(measuring)
	if !l.window.on || math.IsNaN(at) || l.window.contender != measuring.Facts.ID {
		return 0, 0, false
	}
	return min(l.window.mark, at), max(l.window.mark, at), true
}

// drawWindow writes what the window's replies took in the place of the totals.
func (m *model) drawWindow(in term.Rect, measuring *view.Measuring, from, to float64) {
	sum := m.player.sum(measuring, from, to)
	spans := []term.Span{term.Say(fmt.Sprintf(" %s–%s ", chart.CursorTime(from), chart.CursorTime(to)), term.RoleCursor)}
	replies := sum.ok.Count() + sum.ko.Count()
	if replies == 0 {
		m.surface.Spans(in, append(spans, term.Say("  no reply", term.RoleDim))...)
		return
	}
	latency, of := sum.ok, "OK"
	if latency.Count() == 0 {
		latency, of = sum.ko, "KO"
	}
	add := func(label, value string) {
		spans = append(spans, term.Say("  "+label+" ", term.RoleDim), term.Say(value, term.RoleStrong))
	}
	add(of, words.Thousands(float64(latency.Count())))
	if of == "OK" && sum.ko.Count() > 0 {
		add("KO", words.Percent(float64(sum.ko.Count())/float64(replies)))
	}
	add("ms: mean", words.Millis(latency.Mean()/1000))
	for _, quantile := range []struct {
		label string
		q     float64
	}{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}} {
		add(quantile.label, words.Millis(view.MS(latency.Quantile(quantile.q))))
	}
	add("max", words.Millis(view.MS(latency.Max())))
	m.surface.Spans(in, spans...)
}

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
		if !ok || sample.Warmup {
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

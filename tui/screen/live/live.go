// Package live is the screen of the contender under load.
package live

import (
	"slices"

	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// Screen shows the contender under load: charts, findings, failures, the server's log.
type Screen struct {
	keys keys

	latency, throughput, cpu, rss *chart.Chart
	loopDelay, queue              *chart.Chart
	heat                          *chart.Heatmap

	switches switches
	focus    panelID // noPanel: none
	enlarged bool
	cursor   cursor
	window   window    // of a recording
	shown    []panelID // as last drawn, in the order of their keys
	single   bool      // one panel has the room of all
}

// New makes it.
func New() *Screen {
	return &Screen{
		keys:    newKeys(),
		latency: chart.NewChart(), throughput: chart.NewChart(), cpu: chart.NewChart(), rss: chart.NewChart(),
		loopDelay: chart.NewChart(), queue: chart.NewChart(), heat: chart.NewHeatmap(),
	}
}

// About says when it is shown: while a contender is measured.
func (l *Screen) About() screen.About {
	return screen.About{Name: screen.Live, Shows: screen.UnderLoad, Signs: [][2]string{
		{"p99", "99 of 100 replies were at least as fast"},
		{"KO", "replies that failed; in the latency chart: their p50"},
		{"heatmap", "brighter: more of its moment's replies took so long"},
		{"1–9", "a panel on or off by the number in its border"},
		{"╱", "a profile was being taken: in no figure"},
		part.KindSigns,
		{"· ▾ ▼", "the runtime paused: a little, 10 ms or more, 100 ms"},
		{"⚑ ╎", "a finding, at the second it began"},
		{"┊", "the warm-up ends, measuring begins"},
		{"lateness", "how late we sent; it counts in the latencies"},
		{"reading", "how long replies lay unread by us; not in the latencies"},
	}}
}

// Contender is the one under load.
func (l *Screen) Contender(ctx *screen.Context) string {
	if ctx.State.Now == nil {
		return ""
	}
	return ctx.State.Now.Facts.ID
}

// Draw draws what there is room for; see layout.go.
func (l *Screen) Draw(s *term.Surface, area term.Rect, ctx *screen.Context) {
	state, now := ctx.State, ctx.Now
	measuring := state.Now
	if measuring == nil {
		return
	}
	layout := layoutOf(area, wishes{
		eventLoop: measuring.EventLoop.Heard, why: state.Why(measuring.Facts.ID) != nil, switches: l.switches, focus: l.focus, enlarged: l.enlarged,
	})
	part.LoadTitle(ctx, s, layout.title)
	part.Progress(s, layout.progress, state.Progress(now))
	charts := chartView{Stretch: part.StretchOf(measuring, now, l.cursor.place(measuring))}
	from, to, window := l.ends(measuring)
	if window {
		charts.Marks = append(charts.Marks, chart.Mark{X: l.window.mark, Line: '│', Role: term.RoleKey})
	}
	l.shown, l.single, l.cursor.columns = l.shown[:0], layout.single, 0
	for _, placed := range layout.panels {
		charts.place(placed)
		l.shown = append(l.shown, placed.panel)
		l.drawPanel(ctx, s, measuring, charts)
		l.clickPanel(ctx, placed, charts)
	}
	slices.Sort(l.shown)
	if !layout.noPanel.Empty() {
		s.TextCentre(layout.noPanel.Row(layout.noPanel.H/2), "all charts are off: 1 to 7 switch them on", term.RoleDim)
	}
	drawLoopLine(s, layout.loopLine, measuring)
	if window {
		drawWindow(ctx, s, layout.totals, measuring, from, to)
	} else {
		drawTotals(s, layout.totals, measuring)
	}
	drawGenerator(s, layout.generator, state, now)
}

func (l *Screen) drawPanel(ctx *screen.Context, s *term.Surface, measuring *view.Measuring, charts chartView) {
	box, state := charts.in, ctx.State
	switch charts.panel {
	case panelLatency:
		part.Latency(s, l.latency, box, measuring, charts.Stretch, func(title ...term.Span) term.Rect {
			return l.border(s, box, panelLatency, title...)
		})
	case panelThroughput:
		l.drawThroughput(ctx, s, box, measuring, charts)
	case panelHeatmap:
		l.drawHeatmap(ctx, s, box, measuring, charts)
	case panelCPU:
		l.drawCPU(s, box, measuring, charts)
	case panelMemory:
		l.drawRSS(s, box, measuring, charts)
	case panelLoop:
		l.drawLoopDelay(s, box, measuring, charts)
	case panelQueue:
		l.drawQueue(s, box, measuring, charts)
	case panelFindings:
		l.drawFindings(s, box, measuring)
	case panelWhy:
		l.drawWhy(ctx, s, box, state.Why(measuring.Facts.ID))
	case panelFailures:
		l.drawFailures(s, box, measuring)
	case panelLog:
		l.drawLog(s, box, measuring)
	}
}

// chartView is one of the charts: the stretch of time that all show, and its place.
type chartView struct {
	part.Stretch
	placedPanel
}

// place puts the chart somewhere.
func (v *chartView) place(placed placedPanel) {
	v.placedPanel = placed
	v.Labels, v.HideX = placed.labels, placed.hideX
}

// border draws a panel's border; that of the one in focus is heavy.
func (l *Screen) border(s *term.Surface, box term.Rect, panel panelID, title ...term.Span) term.Rect {
	return part.Panel(s, box, panel.key(), panel == l.focus, title...)
}

// panel draws a panel's frame; where nothing has been measured it says so.
func (l *Screen) panel(s *term.Surface, box term.Rect, charts chartView, empty string, title ...term.Span) (in term.Rect, ok bool) {
	if box.Empty() {
		return term.Rect{}, false
	}
	in = l.border(s, box, charts.panel, title...)
	if empty != "" {
		s.TextCentre(in.Row(in.H/2), empty, term.RoleDim)
		return in, false
	}
	return in, !in.Empty()
}

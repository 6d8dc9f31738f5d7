package live

import (
	"slices"

	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
)

// panelID is a part of the live screen that can be focused, enlarged and switched.
type panelID int

// The panels, in the order of their keys.
const (
	noPanel panelID = iota
	panelLatency
	panelThroughput
	panelHeatmap
	panelCPU
	panelMemory
	panelLoop
	panelQueue
	panelFindings
	panelWhy
	panelFailures
	panelLog
)

// key is the key that switches the panel.
func (p panelID) key() string { return " 12345678h9l"[p : p+1] }

// panelOfKey is the panel that a key switches; noPanel if none.
func panelOfKey(key string) panelID {
	for p := panelLatency; p <= panelLog; p++ {
		if p.key() == key {
			return p
		}
	}
	return noPanel
}

// isChart says that the panel has a time axis.
func (p panelID) isChart() bool { return p >= panelLatency && p <= panelQueue }

// weight is how much of its column's height, or of its row's width, a panel gets.
func (p panelID) weight() int {
	return [...]int{panelLatency: 6, panelThroughput: 6, panelHeatmap: 6, panelCPU: 4, panelMemory: 3, panelLoop: 4, panelQueue: 3,
		panelFindings: 6, panelWhy: 7, panelFailures: 4, panelLog: 5}[p]
}

// allPanels are all of them, in the order of their keys.
var allPanels = []panelID{
	panelLatency, panelThroughput, panelHeatmap, panelCPU, panelMemory, panelLoop, panelQueue, panelFindings, panelWhy, panelFailures, panelLog,
}

// What panels are given room in, the most important first.
var (
	chartsByImportance = []panelID{panelLatency, panelThroughput, panelCPU, panelHeatmap, panelMemory, panelLoop, panelQueue}
	textsByImportance  = []panelID{panelFindings, panelWhy, panelFailures, panelLog}
)

// away says that there is something for esc to leave: a cursor, an enlarged panel, a focus.
func (l *Screen) away() bool { return l.cursor.on || l.enlarged || l.focus != noPanel }

// back leaves one of them, the last one entered first.
func (l *Screen) back() {
	switch {
	case l.cursor.on:
		l.cursor.on = false
	case l.enlarged:
		l.enlarged = false
	default:
		l.focus = noPanel
	}
}

// moveFocus moves the focus on by so many panels: among those that are shown, or
// among all where there is room for one.
func (l *Screen) moveFocus(by int) {
	panels := l.shown
	if l.single {
		panels = allPanels
	}
	at := slices.Index(panels, l.focus)
	switch {
	case len(panels) == 0:
		return
	case at < 0 && by < 0:
		at = len(panels)
	case at < 0 && l.single:
		at = slices.Index(panels, panelLatency) // is what is shown without a focus
	}
	l.focus = panels[(at+by+len(panels))%len(panels)]
}

// enlarge gives the panel in focus the room of all, or takes it back.
func (l *Screen) enlarge() {
	if l.focus == noPanel && !l.enlarged {
		l.focus = panelLatency
		if len(l.shown) > 0 && !slices.Contains(l.shown, l.focus) {
			l.focus = l.shown[0]
		}
	}
	l.enlarged = !l.enlarged
}

// toggle switches a panel on or off; where there is room for one, it shows that one.
func (l *Screen) toggle(panel panelID) {
	switch {
	case l.single && l.focus == panel:
		l.enlarged, l.focus = false, noPanel
	case l.single:
		l.focus = panel
	default:
		shown := slices.Contains(l.shown, panel)
		l.switches.toggle(panel, shown)
		if shown && l.focus == panel {
			l.focus = noPanel
		}
	}
}

// clickPanel lets a click focus a panel and, in a graph, put the cursor there; a
// click on the border of the one in focus enlarges it.
func (l *Screen) clickPanel(ctx *screen.Context, placed placedPanel, charts chartView) {
	in := placed.in.Inset(1)
	graph := term.Rect{X: in.X + chart.LabelWidth + 1, Y: in.Y, W: in.W - chart.LabelWidth - 1 - placed.labels, H: in.H}
	if placed.panel.isChart() && graph.W > 0 {
		l.cursor.columns = max(l.cursor.columns, graph.W)
		ctx.Click(graph, func() {
			l.focus = placed.panel
			if ctx.State.Now != nil {
				column := float64(ctx.Pointer.X-graph.X) + 0.5
				l.cursor.put(ctx.State.Now, charts.From+(charts.To-charts.From)*column/float64(graph.W), ctx.Now)
			}
		})
	}
	ctx.Click(placed.in, func() {
		if l.focus == placed.panel {
			l.enlarge()
			return
		}
		l.focus = placed.panel
	})
}

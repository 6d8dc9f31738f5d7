package live

import (
	"slices"

	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/term"
)

// layout is where the parts of the live screen are; an empty one is left out.
type layout struct {
	title, progress   term.Rect
	panels            []placedPanel
	single            bool      // one panel has the room of all
	noPanel           term.Rect // where panels would be if any were on
	loopLine          term.Rect // of an event loop that tells of itself, where its charts have no room
	totals, generator term.Rect
}

// placedPanel is a panel's place.
type placedPanel struct {
	panel  panelID
	in     term.Rect
	labels int  // columns for the labels of lines, the same for all charts above each other
	hideX  bool // the time axis is left to the charts above
}

// wishes are what a layout depends on besides the size.
type wishes struct {
	eventLoop bool // the server tells of its event loop
	why       bool // a profile was taken, or refused
	switches  switches
	focus     panelID
	enlarged  bool
}

// The least that the whole live screen needs; below it there is one column.
const (
	wholeColumns = 80
	wholeRows    = 23
)

// From this size on the heatmap is there without being asked for.
const (
	heatColumns = 110
	heatRows    = 33
)

// The least that charts of the event loop need of the room for charts; below it
// there is a line.
const (
	loopColumns = 110
	loopRows    = 22
)

// The least height of a column's first chart, and of those below.
const (
	leastFirst = 5
	leastRest  = 4
)

// The heights from which on a chart has a time axis of its own, although another
// of its column has one; and from which on it may be the one that has it for all.
const (
	ownAxis  = 12
	lastAxis = 7
	anAxis   = 6
)

func layoutOf(area term.Rect, wish wishes) layout {
	var l layout
	whole := area
	l.title, area = area.CutTop(1)
	if whole.W < wholeColumns || whole.H < wholeRows {
		return l.oneColumn(area, wish)
	}
	l.progress, area = area.CutTop(1)
	area, l.generator = area.CutBottom(1)
	area, l.totals = area.CutBottom(1)
	if wish.enlarged && wish.focus != noPanel {
		if wish.eventLoop && wish.focus != panelLoop {
			area, l.loopLine = area.CutBottom(1)
		}
		l.single = true
		l.place(wish.focus, area, part.LabelColumns(area.W-2), false)
		return l
	}
	texts := wish.textPanels(area.W)
	charts := area
	if len(texts) > 0 {
		var bottom term.Rect
		charts, bottom = area.CutBottom(wish.textRows(area.H, texts))
		l.placeTexts(bottom, texts)
	}
	room := charts.H >= loopRows && charts.W >= loopColumns
	if wish.eventLoop && !room && !wish.switches.asked(panelLoop) {
		charts, l.loopLine = charts.CutBottom(1)
	}
	left, right := wish.chartPanels(charts, chartDefaults{
		heatmap: whole.W >= heatColumns && whole.H >= heatRows,
		loop:    wish.eventLoop && room,
	})
	switch {
	case len(left) == 0 && len(right) == 0:
		l.noPanel = charts
	case len(right) == 0:
		l.placeColumn(charts, left, 0)
	case len(left) == 0:
		l.placeColumn(charts, right, 0)
	default:
		columns := charts.Columns(1, 1)
		first := max(leastFirst, charts.H*panelLatency.weight()/max(weights(left), weights(right)))
		l.placeColumn(columns[0], left, first)
		l.placeColumn(columns[1], right, first)
	}
	return l
}

func (l *layout) place(panel panelID, in term.Rect, labels int, hideX bool) {
	l.panels = append(l.panels, placedPanel{panel, in, labels, hideX})
}

// chartDefaults are the charts that are shown unasked if there is room.
type chartDefaults struct{ heatmap, loop bool }

// chartPanels are the charts that there is room for, by column: first those that
// were asked for, the latest first.
func (w wishes) chartPanels(charts term.Rect, defaults chartDefaults) (left, right []panelID) {
	wanted := w.switches.wanted(chartsByImportance, func(p panelID) bool {
		switch p {
		case panelHeatmap:
			return defaults.heatmap
		case panelLoop, panelQueue:
			return defaults.loop
		}
		return true
	})
	var shown []panelID
	for _, panel := range wanted {
		more := append(slices.Clone(shown), panel)
		l, r := sides(more)
		if leastHeight(l) <= charts.H && leastHeight(r) <= charts.H {
			shown, left, right = more, l, r
		}
	}
	return left, right
}

// sides puts charts into two columns: times on the left, the server's figures on
// the right, and moves what makes one much longer than the other.
func sides(panels []panelID) (left, right []panelID) {
	for _, panel := range []panelID{panelLatency, panelHeatmap, panelLoop, panelThroughput, panelCPU, panelMemory, panelQueue} {
		switch {
		case !slices.Contains(panels, panel):
		case panel == panelLatency || panel == panelHeatmap || panel == panelLoop:
			left = append(left, panel)
		default:
			right = append(right, panel)
		}
	}
	for len(right) > len(left)+1 {
		at := min(1, len(left)) // throughput stays if there is anything on the left
		left = append(left, right[at])
		right = slices.Delete(right, at, at+1)
	}
	for len(left) > len(right)+1 {
		right = append(right, left[len(left)-1])
		left = left[:len(left)-1]
	}
	return left, right
}

func leastHeight(column []panelID) int {
	if len(column) == 0 {
		return 0
	}
	return leastFirst + leastRest*(len(column)-1)
}

func weights(panels []panelID) int {
	sum := 0
	for _, panel := range panels {
		sum += panel.weight()
	}
	return sum
}

// placeColumn puts charts above each other. The first may be given a height, so
// that it ends where the first of the other column does.
func (l *layout) placeColumn(in term.Rect, column []panelID, first int) {
	labels := 0
	for _, panel := range column {
		if panel == panelLatency || panel == panelHeatmap || panel == panelLoop {
			labels = part.LabelColumns(in.W - 2)
		}
	}
	if first == 0 {
		first = max(leastFirst, in.H*column[0].weight()/weights(column))
	}
	heights := []int{min(first, in.H-leastRest*(len(column)-1))}
	if len(column) == 1 {
		heights[0] = in.H
	}
	y, sum, total := 0, 0, weights(column[1:])
	spare := in.H - heights[0] - leastRest*(len(column)-1)
	for i, panel := range column[1:] {
		sum += panel.weight()
		end := leastRest*(i+1) + spare*sum/total
		heights = append(heights, end-y)
		y = end
	}
	axes := timeAxes(heights)
	for i, panel := range column {
		var place term.Rect
		place, in = in.CutTop(heights[i])
		l.place(panel, place, labels, !axes[i])
	}
}

// timeAxes says which of the charts above each other have a time axis. One is
// enough for all, the lowest; where it is too small, the first.
func timeAxes(heights []int) []bool {
	axes := make([]bool, len(heights))
	for i, height := range heights {
		axes[i] = height >= ownAxis
	}
	last := len(heights) - 1
	switch {
	case heights[last] >= lastAxis:
		axes[last] = true
	case heights[0] >= anAxis:
		axes[0] = true
	}
	return axes
}

// textPanels are the panels of text that there is room for side by side.
func (w wishes) textPanels(width int) []panelID {
	room := 1
	switch {
	case width >= 170:
		room = 3
	case width >= 110:
		room = 2
	}
	wanted := w.switches.wanted(textsByImportance, func(p panelID) bool {
		switch p {
		case panelLog:
			return room == 3
		case panelWhy:
			return w.why && room > 1
		}
		return true
	})
	wanted = wanted[:min(room, len(wanted))]
	slices.Sort(wanted)
	return wanted
}

// textRows is how high the panels of text are: a profile has more lines to show.
func (w wishes) textRows(rows int, texts []panelID) int {
	if slices.Contains(texts, panelWhy) {
		return min(max(rows/3, 4), 14)
	}
	return min(max(rows/5, 4), 10)
}

func (l *layout) placeTexts(in term.Rect, panels []panelID) {
	var weights []int
	for _, panel := range panels {
		weights = append(weights, panel.weight())
	}
	for i, column := range in.Columns(weights...) {
		l.place(panels[i], column, 0, false)
	}
}

// How high a chart is at least in a single column, and from which height on there
// is room for more than one beside the findings.
const (
	columnChart = 7
	columnRows  = 18
)

// oneColumn is for terminals too small for panels side by side: the figures
// first, then the charts that there is room for, then findings.
func (l layout) oneColumn(area term.Rect, wish wishes) layout {
	l.progress, area = area.CutTop(1)
	l.totals, area = area.CutTop(1)
	l.generator, area = area.CutTop(1)
	if wish.eventLoop && wish.focus != panelLoop && area.H >= 6 {
		l.loopLine, area = area.CutTop(1)
	}
	if area.H < columnRows || wish.enlarged && wish.focus != noPanel {
		return l.onePanel(area, wish)
	}
	texts := wish.textPanels(area.W)
	if len(texts) > 0 {
		var bottom term.Rect
		area, bottom = area.CutBottom(max(4, area.H/6))
		l.placeTexts(bottom, texts)
	}
	charts := wish.switches.wanted(chartsByImportance, func(p panelID) bool {
		return p != panelLoop && p != panelQueue || wish.eventLoop
	})
	charts = charts[:min(len(charts), area.H/columnChart)]
	slices.Sort(charts)
	if len(charts) == 0 {
		l.noPanel = area
		return l
	}
	l.placeColumn(area, charts, 0)
	return l
}

// onePanel is for the smallest: the panel in focus, if it can be read, and findings.
func (l layout) onePanel(area term.Rect, wish wishes) layout {
	l.single = true
	panel := wish.focus
	if panel == noPanel {
		panel = panelLatency
	}
	if panel.isChart() && area.H >= 10 && !wish.enlarged {
		var findings term.Rect
		area, findings = area.CutBottom(4)
		l.place(panelFindings, findings, 0, false)
	}
	if panel.isChart() && (area.H < 5 || area.W < 24) {
		panel = panelFindings
	}
	if !area.Empty() {
		l.place(panel, area, part.LabelColumns(area.W-2), area.H < anAxis)
	}
	return l
}

// switches are the panels that a person has switched on, the latest last, and off.
type switches struct{ on, off []panelID }

// toggle switches a panel: off if it is shown.
func (s *switches) toggle(panel panelID, shown bool) {
	is := func(p panelID) bool { return p == panel }
	s.on, s.off = slices.DeleteFunc(s.on, is), slices.DeleteFunc(s.off, is)
	if shown {
		s.off = append(s.off, panel)
	} else {
		s.on = append(s.on, panel)
	}
}

// asked says that the panel was switched on.
func (s switches) asked(panel panelID) bool { return slices.Contains(s.on, panel) }

// wanted are the panels to give room to: those asked for, the latest first, then
// those that are shown unasked and were not switched off.
func (s switches) wanted(panels []panelID, unasked func(panelID) bool) []panelID {
	var wanted []panelID
	for _, panel := range slices.Backward(s.on) {
		if slices.Contains(panels, panel) {
			wanted = append(wanted, panel)
		}
	}
	for _, panel := range panels {
		if unasked(panel) && !s.asked(panel) && !slices.Contains(s.off, panel) {
			wanted = append(wanted, panel)
		}
	}
	return wanted
}

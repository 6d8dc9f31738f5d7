package tui

// liveLayout is where the parts of the live screen are; an empty one is left out.
type liveLayout struct {
	title, progress               Rect
	latency, throughput, cpu, rss Rect
	loopDelay, queue, loopLine    Rect // of an event loop that tells of itself: charts, or a line
	findings, failures, log       Rect
	totals, generator, footer     Rect
	hideLowerX                    bool // the lower charts leave the time axis to those above
	hideLoopX                     bool
}

// The least that the whole live screen needs; below it there is one column.
const (
	liveColumns = 60
	liveRows    = 18
)

// The least that charts of the event loop need of the room for charts; below it
// there is a line.
const (
	loopColumns = 110
	loopRows    = 22
)

func layoutLive(area Rect, showLog, eventLoop bool) liveLayout {
	var l liveLayout
	l.title, area = area.CutTop(1)
	area, l.footer = area.CutBottom(1)
	if area.W < liveColumns || area.H < liveRows-2 {
		return l.oneColumn(area, eventLoop)
	}
	l.progress, area = area.CutTop(1)
	area, l.generator = area.CutBottom(1)
	area, l.totals = area.CutBottom(1)

	charts, bottom := area.CutBottom(min(max(area.H/5, 4), 10))
	switch {
	case !eventLoop:
	case charts.H >= loopRows && charts.W >= loopColumns:
		var row Rect
		charts, row = charts.CutBottom(charts.H * 3 / 10)
		l.hideLoopX = row.H < 8
		columns := row.Columns(1, 1)
		l.loopDelay, l.queue = columns[0], columns[1]
	default:
		charts, l.loopLine = charts.CutBottom(1)
	}
	upper, lower := charts.CutTop((charts.H*6 + 9) / 10)
	l.hideLowerX = lower.H < 8
	columns := upper.Columns(1, 1)
	l.latency, l.throughput = columns[0], columns[1]
	columns = lower.Columns(1, 1)
	l.cpu, l.rss = columns[0], columns[1]

	switch {
	case bottom.W >= 170:
		columns = bottom.Columns(5, 3, 4)
		l.findings, l.failures, l.log = columns[0], columns[1], columns[2]
	case bottom.W >= 110:
		columns = bottom.Columns(3, 2)
		l.findings, l.failures = columns[0], columns[1]
		if showLog {
			l.failures, l.log = Rect{}, columns[1]
		}
	case showLog:
		l.log = bottom
	default:
		l.findings = bottom
	}
	return l
}

// oneColumn is for terminals too small for panels side by side: the figures
// first, then one chart if it can be read, then findings.
func (l liveLayout) oneColumn(area Rect, eventLoop bool) liveLayout {
	l.progress, area = area.CutTop(1)
	l.totals, area = area.CutTop(1)
	l.generator, area = area.CutTop(1)
	if eventLoop && area.H >= 6 {
		l.loopLine, area = area.CutTop(1)
	}
	if area.H >= 10 {
		area, l.findings = area.CutBottom(4)
	}
	if area.H >= 5 && area.W >= 24 {
		l.latency = area
	} else {
		l.findings = area
	}
	return l
}

package tui

// liveLayout is where the parts of the live screen are; an empty one is left out.
type liveLayout struct {
	title, progress               Rect
	latency, throughput, cpu, rss Rect
	findings, failures, log       Rect
	totals, generator, footer     Rect
	hideLowerX                    bool // the lower charts leave the time axis to those above
}

// The least that the whole live screen needs; below it there is one column.
const (
	liveColumns = 60
	liveRows    = 18
)

func layoutLive(area Rect, showLog bool) liveLayout {
	var l liveLayout
	l.title, area = area.CutTop(1)
	area, l.footer = area.CutBottom(1)
	if area.W < liveColumns || area.H < liveRows-2 {
		return l.oneColumn(area)
	}
	l.progress, area = area.CutTop(1)
	area, l.generator = area.CutBottom(1)
	area, l.totals = area.CutBottom(1)

	charts, bottom := area.CutBottom(min(max(area.H/5, 4), 10))
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
func (l liveLayout) oneColumn(area Rect) liveLayout {
	l.progress, area = area.CutTop(1)
	l.totals, area = area.CutTop(1)
	l.generator, area = area.CutTop(1)
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

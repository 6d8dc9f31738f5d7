package tui

import (
	"math"

	"github.com/benchtui/benchtui/engine"
)

// The bands in which latencies are counted for the heatmap, even on a log scale.
const (
	heatLowest     = 0.01 // ms
	bandsPerDecade = 20
	heatBands      = 7 * bandsPerDecade // up to 100 s
)

// HeatPoint is an interval's replies, OK and KO, counted by latency. It does not
// change once it is made.
type HeatPoint struct {
	From, At  float64 // s
	low, high int     // the bands that hold something: low to high-1
	counts    [heatBands]uint32
}

func newHeatPoint(from, at float64, histograms ...engine.Histogram) *HeatPoint {
	p := &HeatPoint{From: from, At: at, low: heatBands}
	for _, h := range histograms {
		for i, us := range h.Values {
			band := min(max(int(bandOf(ms(us))), 0), heatBands-1)
			p.counts[band] += uint32(h.Counts[i])
			p.low, p.high = min(p.low, band), max(p.high, band+1)
		}
	}
	return p
}

// bandOf is where a latency in ms lies among the bands.
func bandOf(ms float64) float64 {
	return math.Log10(max(ms, heatLowest)/heatLowest) * bandsPerDecade
}

// latencyOfBand is where a band begins, in ms.
func latencyOfBand(band float64) float64 { return heatLowest * math.Pow(10, band/bandsPerDecade) }

// most is the band that most replies fell in, and their share of all.
func (p *HeatPoint) most() (band int, share float64, total uint64) {
	for i := p.low; i < p.high; i++ {
		total += uint64(p.counts[i])
		if p.counts[i] > p.counts[band] {
			band = i
		}
	}
	if total > 0 {
		share = float64(p.counts[band]) / float64(total)
	}
	return band, share, total
}

// heatmap is the heatmap's panel: axes by a chart, and the shares of the replies
// over them. What it computes in is kept from frame to frame.
type heatmap struct {
	chart  *Chart
	shares []float64 // column by column, the lowest band of each first
	column [heatBands]float64
}

func newHeatmap() *heatmap { return &heatmap{chart: NewChart()} }

// resample fills the shares of each column's replies by bands of the graph, and
// returns the largest.
func (h *heatmap) resample(measuring *Measuring, x, y Axis, columns, bands int) (largest float64) {
	if need := columns * bands; cap(h.shares) < need {
		h.shares = make([]float64, need)
	} else {
		h.shares = h.shares[:need]
		clear(h.shares)
	}
	lowest, highest := bandOf(y.Min), bandOf(y.Max)
	cellTime := (x.Max - x.Min) / float64(columns)
	next, n := 0, measuring.Heat.Len()
	for column := range columns {
		from := x.Min + float64(column)*cellTime
		to := from + cellTime
		for next < n && measuring.Seconds(measuring.Heat.At(next).At) <= from {
			next++
		}
		clear(h.column[:])
		total := 0.0
		for i := next; i < n; i++ {
			point := measuring.Heat.At(i)
			began, ended := measuring.Seconds(point.From), measuring.Seconds(point.At)
			if began >= to {
				break
			}
			part := (min(to, ended) - max(from, began)) / (ended - began)
			if !(part > 1e-6) { // times are sums of others, and touch to about 1e-15
				continue
			}
			for band := point.low; band < point.high; band++ {
				count := part * float64(point.counts[band])
				h.column[band] += count
				total += count
			}
		}
		if total == 0 {
			continue
		}
		shares := h.shares[column*bands : (column+1)*bands]
		for band, count := range h.column {
			if count > 0 {
				spread(shares, lowest, highest, float64(band), count/total)
			}
		}
		for _, share := range shares {
			largest = max(largest, share)
		}
	}
	return largest
}

// spread adds a band's share to the rows it falls on, in proportion to overlap.
// What lies outside of the axis belongs to its ends.
func spread(rows []float64, lowest, highest, band, share float64) {
	scale := float64(len(rows)) / (highest - lowest)
	from, to := (band-lowest)*scale, (band+1-lowest)*scale
	last := float64(len(rows))
	from, to = min(max(from, 0), last), min(max(to, 0), last)
	if to <= from {
		rows[min(int(from), len(rows)-1)] += share
		return
	}
	for row := int(from); row < len(rows) && float64(row) < to; row++ {
		rows[row] += share * (min(to, float64(row+1)) - max(from, float64(row))) / (to - from)
	}
}

// heatStep is the step of the ramp for a share. The square root lifts the few slow
// replies, which are what a heatmap is looked at for, above what the eye can see.
func heatStep(share, largest float64) int {
	if share < 1e-6 || largest == 0 {
		return 0
	}
	return max(1, int(math.Round(math.Sqrt(share/largest)*(heatLevels-1))))
}

// heatShare is the share that a step stands for.
func heatShare(step int, largest float64) float64 {
	place := float64(step) / (heatLevels - 1)
	return place * place * largest
}

// drawHeatmap draws the share of replies by time and latency.
func (m *model) drawHeatmap(box Rect, measuring *Measuring, view chartView) {
	if box.Empty() {
		return
	}
	low, high := heatBands, 0
	from := max(view.from, measuring.scaling())
	for i := range measuring.Heat.Len() {
		point := measuring.Heat.At(i)
		if measuring.Seconds(point.At) >= from && point.high > 0 {
			low, high = min(low, point.low), max(high, point.high)
		}
	}
	empty := ""
	if high == 0 {
		empty = "no reply so far"
	}
	title := []Span{{"latency heatmap, share of replies", RoleTitle}}
	if box.W < 50 || view.reading() {
		title[0].Text = "heatmap"
	}
	title = fitting(titleWidth(box), title, m.heatReading(measuring, view))
	in, ok := m.panel(box, view, empty, title...)
	if !ok {
		return
	}
	plot, rows := view.plot(in)
	columns, _ := plot.GraphSize(in)
	if columns < minGraphColumns || rows < minGraphRows {
		return
	}
	plot.Y = logAxis(latencyOfBand(float64(low)), latencyOfBand(float64(high)), rows, msLabel)
	heat, fine := m.live.heat, m.theme.heat && !m.surface.ASCII()
	bands := rows // of the graph
	if fine {
		bands *= 2
	}
	largest := heat.resample(measuring, plot.X, plot.Y, columns, bands)
	plot.Fill = func(s *Surface, graph Rect) {
		heat.draw(graph, bands, func(x, y int, shares []float64) {
			r, role := ' ', RoleText
			if fine {
				r, role = heatCell(heatStep(shares[2*y+1], largest), heatStep(shares[2*y], largest))
			} else if step := heatStep(shares[y], largest); step > 0 {
				r, role = m.heatMark(step)
			}
			if r != ' ' {
				s.Set(x, graph.Y+graph.H-1-y, r, role)
			}
		})
	}
	heat.chart.Draw(m.surface, in, plot)
	m.drawHeatLegend(in, plot, rows, largest)
}

// draw hands out the cells of the graph from below, each column with its shares.
func (h *heatmap) draw(graph Rect, bands int, cell func(x, y int, shares []float64)) {
	for column := range graph.W {
		shares := h.shares[column*bands : (column+1)*bands]
		for y := range graph.H {
			cell(graph.X+column, y, shares)
		}
	}
}

// heatMark is a whole cell of a step.
func (m *model) heatMark(step int) (rune, Role) {
	role := RoleText
	if m.theme.heat {
		role = heatRole(step, step)
	}
	switch {
	case m.surface.ASCII():
		return shade(step, asciiShades), role
	case m.theme.heat:
		return '█', role
	default:
		return shade(step, shades), role
	}
}

// drawHeatLegend writes what share the steps stand for, beside the graph.
func (m *model) drawHeatLegend(in Rect, plot *Plot, rows int, largest float64) {
	if plot.Labels == 0 || largest == 0 {
		return
	}
	steps := []int{heatLevels - 1, heatLevels * 3 / 5, heatLevels / 3, 1}
	if rows < len(steps) {
		steps = []int{heatLevels - 1, 1}
	}
	for i, step := range steps {
		row := Rect{in.X + in.W - plot.Labels + 1, in.Y + i, plot.Labels - 1, 1}
		r, role := m.heatMark(step)
		m.surface.Set(row.X, row.Y, r, role)
		m.surface.Set(row.X+1, row.Y, r, role)
		m.surface.TextRight(Rect{row.X + 2, row.Y, row.W - 2, 1}, percent(heatShare(step, largest)), RoleDim)
	}
}

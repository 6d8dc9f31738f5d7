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
	Low, High int     // the bands that hold something: Low to High-1
	Counts    [heatBands]uint32
}

func newHeatPoint(from, at float64, histograms ...engine.Histogram) *HeatPoint {
	p := &HeatPoint{From: from, At: at, Low: heatBands}
	for _, h := range histograms {
		for i, us := range h.Values {
			band := min(max(int(bandOf(ms(us))), 0), heatBands-1)
			p.Counts[band] += uint32(h.Counts[i])
			p.Low, p.High = min(p.Low, band), max(p.High, band+1)
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
	for i := p.Low; i < p.High; i++ {
		total += uint64(p.Counts[i])
		if p.Counts[i] > p.Counts[band] {
			band = i
		}
	}
	if total > 0 {
		share = float64(p.Counts[band]) / float64(total)
	}
	return band, share, total
}

// Heat is a stretch of the x axis with how much fell into each band of values, from
// band First on.
type Heat struct {
	From, To float64
	First    int
	Counts   []uint32
}

// HeatPlot is what a heatmap shows.
type HeatPlot struct {
	Plot
	N               int
	At              func(i int) Heat // the ith of N stretches, ascending
	Lowest, Highest float64          // the ends of the y axis in bands
}

// Heatmap draws shares by colours or shades: axes by a chart, and the shares over
// them. What it computes in is kept from frame to frame.
type Heatmap struct {
	chart  *Chart
	shares []float64 // column by column, the lowest row of each first
	column []float64 // of bands
}

// NewHeatmap makes an empty one.
func NewHeatmap() *Heatmap { return &Heatmap{chart: NewChart()} }

// resample fills the shares of each column by so many rows of the graph, and returns
// the largest.
func (h *Heatmap) resample(plot *HeatPlot, columns, rows int) (largest float64) {
	if need := columns * rows; cap(h.shares) < need {
		h.shares = make([]float64, need)
	} else {
		h.shares = h.shares[:need]
		clear(h.shares)
	}
	x := plot.X
	cellTime := (x.Max - x.Min) / float64(columns)
	next := 0
	for column := range columns {
		from := x.Min + float64(column)*cellTime
		to := from + cellTime
		for next < plot.N && plot.At(next).To <= from {
			next++
		}
		clear(h.column)
		total := 0.0
		for i := next; i < plot.N; i++ {
			heat := plot.At(i)
			if heat.From >= to {
				break
			}
			overlap := (min(to, heat.To) - max(from, heat.From)) / (heat.To - heat.From)
			if !(overlap > 1e-6) { // times are sums of others, and touch to about 1e-15
				continue
			}
			if more := heat.First + len(heat.Counts) - len(h.column); more > 0 {
				h.column = append(h.column, make([]float64, more)...)
			}
			for i, n := range heat.Counts {
				count := overlap * float64(n)
				h.column[heat.First+i] += count
				total += count
			}
		}
		if total == 0 {
			continue
		}
		shares := h.shares[column*rows : (column+1)*rows]
		for band, count := range h.column {
			if count > 0 {
				spread(shares, plot.Lowest, plot.Highest, float64(band), count/total)
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
		if measuring.Seconds(point.At) >= from && point.High > 0 {
			low, high = min(low, point.Low), max(high, point.High)
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
	plot.Y = logAxis(latencyOfBand(float64(low)), latencyOfBand(float64(high)), rows, msLabel)
	m.live.heat.Draw(m.surface, in, &HeatPlot{
		Plot: *plot, N: measuring.Heat.Len(), Lowest: bandOf(plot.Y.Min), Highest: bandOf(plot.Y.Max),
		At: func(i int) Heat {
			point := measuring.Heat.At(i)
			heat := Heat{From: measuring.Seconds(point.From), To: measuring.Seconds(point.At), First: point.Low}
			if point.High > 0 {
				heat.Counts = point.Counts[point.Low:point.High]
			}
			return heat
		},
	}, m.theme.heat)
}

// Draw draws the heatmap; colours says that there are enough for the ramp.
func (h *Heatmap) Draw(s *Surface, in Rect, plot *HeatPlot, colours bool) {
	columns, rows := plot.GraphSize(in)
	if columns < minGraphColumns || rows < minGraphRows {
		return
	}
	fine := colours && !s.ASCII()
	bands := rows // of the graph
	if fine {
		bands *= 2
	}
	largest := h.resample(plot, columns, bands)
	plot.Fill = func(s *Surface, graph Rect) {
		h.fill(graph, bands, func(x, y int, shares []float64) {
			r, role := ' ', RoleText
			if fine {
				r, role = heatCell(heatStep(shares[2*y+1], largest), heatStep(shares[2*y], largest))
			} else if step := heatStep(shares[y], largest); step > 0 {
				r, role = heatMark(step, colours, s.ASCII())
			}
			if r != ' ' {
				s.Set(x, graph.Y+graph.H-1-y, r, role)
			}
		})
	}
	h.chart.Draw(s, in, &plot.Plot)
	drawHeatLegend(s, in, &plot.Plot, rows, largest, colours)
}

// fill hands out the cells of the graph from below, each column with its shares.
func (h *Heatmap) fill(graph Rect, bands int, cell func(x, y int, shares []float64)) {
	for column := range graph.W {
		shares := h.shares[column*bands : (column+1)*bands]
		for y := range graph.H {
			cell(graph.X+column, y, shares)
		}
	}
}

// heatMark is a whole cell of a step.
func heatMark(step int, colours, ascii bool) (rune, Role) {
	role := RoleText
	if colours {
		role = heatRole(step, step)
	}
	switch {
	case ascii:
		return shade(step, asciiShades), role
	case colours:
		return '█', role
	default:
		return shade(step, shades), role
	}
}

// drawHeatLegend writes what share the steps stand for, beside the graph.
func drawHeatLegend(s *Surface, in Rect, plot *Plot, rows int, largest float64, colours bool) {
	if plot.Labels == 0 || largest == 0 {
		return
	}
	steps := []int{heatLevels - 1, heatLevels * 3 / 5, heatLevels / 3, 1}
	if rows < len(steps) {
		steps = []int{heatLevels - 1, 1}
	}
	for i, step := range steps {
		row := Rect{in.X + in.W - plot.Labels + 1, in.Y + i, plot.Labels - 1, 1}
		r, role := heatMark(step, colours, s.ASCII())
		s.Set(row.X, row.Y, r, role)
		s.Set(row.X+1, row.Y, r, role)
		s.TextRight(Rect{row.X + 2, row.Y, row.W - 2, 1}, percent(heatShare(step, largest)), RoleDim)
	}
}

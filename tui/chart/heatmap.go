package chart

import (
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/tui/term"
)

// heatSteps is how many steps of the ramp show something.
const heatSteps = term.HeatLevels - 1

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
			bands := h.column[heat.First : heat.First+len(heat.Counts)]
			for i, n := range heat.Counts {
				count := overlap * float64(n)
				bands[i] += count
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

// Draw draws the heatmap; colours says that there are enough for the ramp.
func (h *Heatmap) Draw(s *term.Surface, in term.Rect, plot *HeatPlot, colours bool) {
	columns, rows := plot.GraphSize(in)
	if columns < MinGraphColumns || rows < MinGraphRows {
		return
	}
	fine := colours && !s.ASCII()
	bands := rows // of the graph
	if fine {
		bands *= 2
	}
	largest := h.resample(plot, columns, bands)
	plot.Fill = func(s *term.Surface, graph term.Rect) {
		h.fill(graph, bands, func(x, y int, shares []float64) {
			r, role := ' ', term.RoleText
			if fine {
				r, role = heatCell(scale.Shade(shares[2*y+1], largest, heatSteps), scale.Shade(shares[2*y], largest, heatSteps))
			} else if step := scale.Shade(shares[y], largest, heatSteps); step > 0 {
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
func (h *Heatmap) fill(graph term.Rect, bands int, cell func(x, y int, shares []float64)) {
	for column := range graph.W {
		shares := h.shares[column*bands : (column+1)*bands]
		for y := range graph.H {
			cell(graph.X+column, y, shares)
		}
	}
}

// heatMark is a whole cell of a step.
func heatMark(step int, colours, ascii bool) (rune, term.Role) {
	role := term.RoleText
	if colours {
		role = term.HeatRole(step, step)
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
func drawHeatLegend(s *term.Surface, in term.Rect, plot *Plot, rows int, largest float64, colours bool) {
	if plot.Labels == 0 || largest == 0 {
		return
	}
	steps := []int{heatSteps, term.HeatLevels * 3 / 5, term.HeatLevels / 3, 1}
	if rows < len(steps) {
		steps = []int{heatSteps, 1}
	}
	for i, step := range steps {
		row := term.Rect{X: in.X + in.W - plot.Labels + 1, Y: in.Y + i, W: plot.Labels - 1, H: 1}
		r, role := heatMark(step, colours, s.ASCII())
		s.Set(row.X, row.Y, r, role)
		s.Set(row.X+1, row.Y, r, role)
		s.TextRight(term.Rect{X: row.X + 2, Y: row.Y, W: row.W - 2, H: 1}, figure.Percent(scale.Share(step, largest, heatSteps)), term.RoleDim)
	}
}

// heatCell is what shows two steps in a cell; a blank shows none.
func heatCell(upper, lower int) (r rune, role term.Role) {
	switch {
	case upper == 0 && lower == 0:
		return ' ', term.RoleText
	case upper == lower:
		r = '█'
	case upper == 0:
		r = '▄'
	default:
		r = '▀'
	}
	return r, term.HeatRole(upper, lower)
}

// shades are the steps of a heatmap without colours, and without more than ASCII.
var (
	shades      = []rune(" ░▒▓█")
	asciiShades = []rune(" .:-=+*#%@")
)

// shade is the shade for a step: none only for none.
func shade(step int, among []rune) rune {
	steps := len(among) - 1
	return among[(step*steps+heatSteps-1)/heatSteps]
}

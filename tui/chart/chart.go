package chart

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/NimbleMarkets/ntcharts/canvas"
	"github.com/NimbleMarkets/ntcharts/canvas/graph"
	"github.com/NimbleMarkets/ntcharts/canvas/runes"
	"github.com/NimbleMarkets/ntcharts/linechart"
	"github.com/charmbracelet/lipgloss"

	"github.com/benchtui/benchtui/tui/term"
)

// LabelWidth is what the y labels of every chart take, so that the time axes of
// charts above each other are aligned.
const LabelWidth = 7

// The smallest graph that is drawn. Below it the library's charts panic or show
// nothing that could be read; this is the one place that knows.
const (
	MinGraphColumns = 4
	MinGraphRows    = 2
)

// XY is a point of a series; a NaN as Y is a gap.
type XY struct{ X, Y float64 }

// Stroke is how a line is drawn, so that lines differ without colours.
type Stroke int

// The strokes.
const (
	Solid Stroke = iota
	Thick
	Dashed
	Dotted
)

// Glyph stands for the stroke in a legend.
func (s Stroke) Glyph() string {
	return [...]string{"─", "━", "╌", "┈"}[s]
}

// Series is a line.
type Series struct {
	Name   string
	Role   term.Role
	Stroke Stroke
	Points []XY
	Latest string  // what the label at the line's end says beside the name; "" has no label
	Read   float64 // the value that Latest writes: the label stands at its height
}

// Column is a stretch of the x axis with a value, and one stacked on top of it.
type Column struct{ From, To, Value, Stacked float64 }

// Mark is something that happened at a time.
type Mark struct {
	X    float64
	Sign rune // on the x axis; 0: none
	Line rune // through the graph where it is empty; 0: none
	Role term.Role
}

// Aside is a stretch of the x axis that is in no figure.
type Aside struct{ From, To float64 }

// Plot is what a chart shows.
type Plot struct {
	X, Y        Axis
	HideX       bool // leaves the x axis to the chart below
	Series      []Series
	Columns     []Column
	Value, Over term.Role // of the columns: the value and what is stacked on it
	Mixed       term.Role // of a cell that both share; RoleText: none, they join at whole cells
	Marks       []Mark
	Asides      []Aside                                // hatched
	Labels      int                                    // columns at the right for the labels of lines; 0: none
	Cursor      *float64                               // where values are read; nil: nowhere
	Fill        func(s *term.Surface, graph term.Rect) // draws what is no line and no column; nil: nothing
}

// Chart draws plots with the chart library on a canvas that it keeps. Rendering
// that canvas by the library costs ten times the drawing (a style per cell), so
// its cells are read and put on the surface as roles.
type Chart struct {
	lines  linechart.Model
	w, h   int
	styles [term.RoleCount]lipgloss.Style
}

// NewChart makes an empty one.
func NewChart() *Chart {
	c := &Chart{}
	for role := range c.styles {
		// The colour carries the role through the library's canvas.
		c.styles[role] = lipgloss.NewStyle().Foreground(lipgloss.Color(string(rune(role))))
	}
	return c
}

// GraphSize is how many columns and rows a plot's graph has in a rectangle.
func (p *Plot) GraphSize(in term.Rect) (columns, rows int) {
	rows = in.H
	if !p.HideX {
		rows -= 2
	}
	return in.W - LabelWidth - 1 - p.Labels, rows
}

// Draw draws the plot; where it cannot be drawn, nothing is.
func (c *Chart) Draw(s *term.Surface, in term.Rect, plot *Plot) {
	columns, rows := plot.GraphSize(in)
	if columns < MinGraphColumns || rows < MinGraphRows {
		return
	}
	c.prepare(in.W-plot.Labels, in.H, columns, rows, plot)
	c.lines.DrawXYAxisAndLabel()
	c.drawColumns(columns, rows, plot)
	for i := range plot.Series {
		c.drawLine(columns, rows, plot, &plot.Series[i], s.ASCII())
	}
	c.drawMarks(columns, rows, plot)
	c.copyTo(s, in)
	graph := term.Rect{X: in.X + LabelWidth + 1, Y: in.Y, W: columns, H: rows}
	if plot.Fill != nil {
		plot.Fill(s, graph)
	}
	if plot.Labels > 0 {
		drawLabels(s, term.Rect{X: in.X + in.W - plot.Labels, Y: in.Y, W: plot.Labels, H: rows}, plot)
	}
	drawAsides(s, graph, plot)
	drawCursor(s, graph, plot)
}

// prepare gives the canvas its size and the axes their labels.
func (c *Chart) prepare(w, h, columns, rows int, plot *Plot) {
	xStep := 1
	if plot.HideX {
		xStep = 0
	}
	if c.w != w || c.h != h || c.lines.XStep() != xStep {
		c.lines = linechart.New(w, h, 0, 1, 0, 1,
			linechart.WithXYSteps(xStep, 1),
			linechart.WithStyles(c.styles[term.RoleAxis], c.styles[term.RoleAxis], c.styles[term.RoleText]))
		c.w, c.h = w, h
	} else {
		c.lines.Canvas.Fill(canvas.Cell{})
	}
	yLabels := make([]string, rows+1)
	for _, tick := range plot.Y.Ticks {
		// Row 0 is the x axis where there is one, else the graph's lowest row.
		row := int(math.Round(plot.Y.Place(tick.Value) * float64(plot.Steps(rows))))
		if yLabels[row] == "" {
			yLabels[row] = tick.Label
		}
	}
	xLabels := make([]string, columns+1)
	for _, tick := range plot.X.Ticks {
		column := Pixel(plot.X.Place(tick.Value), columns*2)/2 + 1
		column = max(0, column-(len(tick.Label)-1)/2)
		xLabels[column] = tick.Label
	}
	c.lines.YLabelFormatter = func(row int, _ float64) string {
		label := ""
		if row < len(yLabels) {
			label = yLabels[row]
		}
		return strings.Repeat(" ", max(0, LabelWidth-len(label))) + label
	}
	c.lines.XLabelFormatter = func(column int, _ float64) string {
		if column < len(xLabels) {
			return xLabels[column]
		}
		return ""
	}
	c.lines.UpdateGraphSizes()
}

// Pixel is where a place of 0 to 1 falls among so many pixels, from the low end.
func Pixel(place float64, pixels int) int {
	return int(math.Round(place * float64(pixels-1)))
}

// drawLine draws a series as braille dots; on a surface of ASCII as its stroke's
// glyph, by which lines can be told apart there.
func (c *Chart) drawLine(columns, rows int, plot *Plot, series *Series, ascii bool) {
	grid := graph.NewBrailleGrid(columns, rows, 0, 1, 0, 1)
	var before canvas.Point
	joined := false
	for _, point := range series.Points {
		if math.IsNaN(point.Y) || point.X < plot.X.Min || point.X > plot.X.Max {
			joined = false
			continue
		}
		here := canvas.Point{
			X: Pixel(plot.X.Place(point.X), columns*2),
			Y: rows*4 - 1 - Pixel(plot.Y.Place(point.Y), rows*4),
		}
		if !joined {
			grid.Set(here)
		} else if here != before {
			for _, p := range graph.GetLinePoints(before, here) {
				series.Stroke.set(grid, p)
			}
		}
		before, joined = here, true
	}
	if ascii {
		glyph, _ := utf8.DecodeRuneInString(series.Stroke.Glyph())
		for y, row := range grid.BraillePatterns() {
			for x, pattern := range row {
				if pattern != runes.BrailleBlockOffset {
					c.lines.Canvas.SetCell(canvas.Point{X: LabelWidth + 1 + x, Y: y}, canvas.NewCellWithStyle(glyph, c.styles[series.Role]))
				}
			}
		}
		return
	}
	graph.DrawBraillePatterns(&c.lines.Canvas, canvas.Point{X: LabelWidth + 1}, grid.BraillePatterns(), c.styles[series.Role])
}

func (s Stroke) set(grid *graph.BrailleGrid, p canvas.Point) {
	switch s {
	case Thick:
		grid.Set(p)
		grid.Set(canvas.Point{X: p.X, Y: max(0, p.Y-1)})
	case Dashed:
		if (p.X+p.Y)%6 < 4 {
			grid.Set(p)
		}
	case Dotted:
		if (p.X+p.Y)%3 == 0 {
			grid.Set(p)
		}
	default:
		grid.Set(p)
	}
}

// drawColumns draws a column of blocks per cell of the x axis: the mean of what
// falls into it, weighted by time, and what is stacked on it in another texture.
func (c *Chart) drawColumns(columns, rows int, plot *Plot) {
	if len(plot.Columns) == 0 {
		return
	}
	cellTime := (plot.X.Max - plot.X.Min) / float64(columns)
	next := 0
	for column := range columns {
		from := plot.X.Min + float64(column)*cellTime
		to := from + cellTime
		for next < len(plot.Columns) && plot.Columns[next].To <= from {
			next++
		}
		var value, stacked, time float64
		for _, part := range plot.Columns[next:] {
			overlap := min(to, part.To) - max(from, part.From)
			if overlap <= 0 {
				break
			}
			value += part.Value * overlap
			stacked += part.Stacked * overlap
			time += overlap
		}
		if time <= 0 {
			continue
		}
		at := canvas.Point{X: LabelWidth + 1 + column, Y: rows - 1}
		total := plot.Y.Place((value+stacked)/time) * float64(rows)
		solid := plot.Y.Place(value/time) * float64(rows)
		if stacked > 0 {
			solid = c.drawStacked(at, solid, total, plot)
		}
		if solid > 0 {
			graph.DrawColumnBottomToTop(&c.lines.Canvas, at, solid, c.styles[plot.Value])
		}
	}
}

// drawStacked draws what is stacked on a column from where that ends, in rows, and
// returns where it begins. Textures only join at whole cells, except where there are
// colours to fill one with both; what is there is never rounded away.
func (c *Chart) drawStacked(at canvas.Point, solid, total float64, plot *Plot) (from float64) {
	set := func(row int, r rune, role term.Role) {
		c.lines.Canvas.SetCell(canvas.Point{X: at.X, Y: at.Y - row}, canvas.NewCellWithStyle(r, c.styles[role]))
	}
	top := max(1, int(math.Round(total)))
	whole := min(int(math.Round(solid)), top-1)
	if eighths := int(math.Round(solid * 8)); plot.Mixed != term.RoleText && eighths%8 != 0 && eighths/8 < top {
		whole = eighths / 8
		set(whole, []rune(" ▁▂▃▄▅▆▇")[eighths%8], plot.Mixed)
		from = float64(whole)
		whole++
	} else {
		from = float64(whole)
	}
	for row := whole; row < top; row++ {
		set(row, '▒', plot.Over)
	}
	return from
}

// drawMarks puts the marks on the x axis and through the graph where it is empty.
func (c *Chart) drawMarks(columns, rows int, plot *Plot) {
	for _, mark := range plot.Marks {
		if mark.X < plot.X.Min || mark.X > plot.X.Max {
			continue
		}
		x := LabelWidth + 1 + Pixel(plot.X.Place(mark.X), columns*2)/2
		style := c.styles[mark.Role]
		if mark.Line != 0 {
			for y := range rows {
				if p := (canvas.Point{X: x, Y: y}); c.lines.Canvas.Cell(p).Rune == runes.Null {
					c.lines.Canvas.SetCell(p, canvas.NewCellWithStyle(mark.Line, style))
				}
			}
		}
		if mark.Sign != 0 && !plot.HideX {
			c.lines.Canvas.SetCell(canvas.Point{X: x, Y: rows}, canvas.NewCellWithStyle(mark.Sign, style))
		}
	}
}

// copyTo puts the canvas's cells on the surface.
func (c *Chart) copyTo(s *term.Surface, in term.Rect) {
	for y := range c.h {
		for x := range c.w {
			cell := c.lines.Canvas.Cell(canvas.Point{X: x, Y: y})
			if cell.Rune == runes.Null || cell.Rune == ' ' {
				continue
			}
			role := term.RoleAxis
			if colour, ok := cell.Style.GetForeground().(lipgloss.Color); ok && len(colour) == 1 {
				role = term.Role(colour[0])
			}
			s.Set(in.X+x, in.Y+y, cell.Rune, role)
		}
	}
}

// drawLabels writes name and latest value at the height of each line's end;
// labels that would fall on each other move apart, and keep the lines' order.
func drawLabels(s *term.Surface, in term.Rect, plot *Plot) {
	type label struct {
		row    int
		value  float64
		series *Series
	}
	var labels []label
	for i := range plot.Series {
		series := &plot.Series[i]
		if series.Latest == "" || len(labels) == in.H {
			continue
		}
		row := in.H - 1 - Pixel(plot.Y.Place(series.Read), in.H*4)/4
		labels = append(labels, label{row, series.Read, series})
	}
	slices.SortStableFunc(labels, func(a, b label) int { return cmp.Compare(b.value, a.value) })
	for i := range labels {
		if i > 0 {
			labels[i].row = max(labels[i].row, labels[i-1].row+1)
		}
	}
	bottom := in.H - 1
	for i := len(labels) - 1; i >= 0; i-- {
		labels[i].row = min(labels[i].row, bottom)
		bottom = labels[i].row - 1
	}
	for _, label := range labels {
		row := in.Row(label.row)
		taken := s.Spans(row, term.Say(" "+label.series.Stroke.Glyph()+label.series.Name+" ", label.series.Role))
		s.TextRight(term.Rect{X: row.X + taken, Y: row.Y, W: row.W - taken, H: 1}, label.series.Latest, term.RoleText)
	}
}

// Hatch is the texture of what is left out of the figures; nothing else has it.
const Hatch = '╱'

// drawAsides hatches stretches that are in no figure, where the graph is empty and along
// the axis, sets back what columns there are, and says so where there is room.
func drawAsides(s *term.Surface, graph term.Rect, plot *Plot) {
	for _, aside := range plot.Asides {
		if aside.To <= plot.X.Min || aside.From >= plot.X.Max {
			continue
		}
		column := func(x float64) int {
			place := min(1, max(0, plot.X.Place(min(plot.X.Max, max(plot.X.Min, x)))))
			return Pixel(place, graph.W*2) / 2
		}
		from, to := column(aside.From), column(aside.To)
		for x := graph.X + from; x <= graph.X+to; x++ {
			for y := graph.Y; y < graph.Y+graph.H; y++ {
				switch r := s.At(x, y); {
				case r == ' ':
					s.Set(x, y, Hatch, term.RoleTrough)
				case plot.Fill == nil && r >= '▁' && r <= '█':
					s.Recolour(term.Rect{X: x, Y: y, W: 1, H: 1}, term.RoleDim)
				}
			}
			if at := graph.Y + graph.H; !plot.HideX && s.At(x, at) == '─' {
				s.Set(x, at, Hatch, term.RoleAxis)
			}
		}
		const told = " not in the figures "
		if row := (term.Rect{X: graph.X + from, Y: graph.Y, W: to - from + 1, H: 1}); row.W >= len(told) {
			s.TextCentre(row, told, term.RoleDim)
		}
	}
}

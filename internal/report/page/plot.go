package page

import (
	"math"
	"slices"

	"github.com/benchtui/benchtui/internal/scale"
)

// The size of a chart in its own units, which are pixels where there is room.
const (
	plotWidth, plotHeight  = 560.0, 220.0
	plotLeft, plotRight    = 58.0, 12.0
	plotTop, plotBottom    = 18.0, 24.0
	plotLabelGap, tickSize = 6.0, 4.0
)

// plot is a chart with its axes.
type plot struct {
	drawing
	x, y          axis
	width, height float64
	right         float64 // px kept free beside the graph
}

// point is a value on a line; a y that is NaN parts the line.
type point struct{ x, y float64 }

// beginPlot draws the frame: grid, axes and their names. about says in a sentence
// what there is to see, for those who can't.
func beginPlot(about string, width, height, right float64, x, y scale.Scale) *plot {
	p := &plot{width: width, height: height, right: right}
	p.x = axis{x, plotLeft, width - right}
	p.y = axis{y, height - plotBottom, plotTop}
	p.open("svg", "viewBox", "0 0 "+pixels(width)+" "+pixels(height), "role", "img", "aria-label", about, "class", "plot")
	p.open("g", "class", "axis")
	for _, tick := range p.y.Ticks {
		at := p.y.at(tick.Value)
		p.element("line", "class", "grid", "x1", plotLeft, "x2", width-right, "y1", at, "y2", at)
		p.text("text", tick.Label, "x", plotLeft-plotLabelGap, "y", at+3.5, "text-anchor", "end")
	}
	bottom := height - plotBottom
	for i, tick := range p.x.Ticks {
		at := p.x.at(tick.Value)
		p.element("line", "x1", at, "x2", at, "y1", bottom, "y2", bottom+tickSize)
		anchor := "middle"
		if i == len(p.x.Ticks)-1 && at > width-right-20 && right < 30 {
			anchor = "end"
			at = width - right + 4
		}
		p.text("text", tick.Label, "x", at, "y", bottom+16, "text-anchor", anchor)
	}
	p.element("line", "class", "base", "x1", plotLeft, "x2", width-right, "y1", bottom, "y2", bottom)
	p.close("g")
	return p
}

// end closes the chart and returns it.
func (p *plot) end() string {
	p.close("svg")
	return p.String()
}

// line draws points in a class of its own.
func (p *plot) line(class string, points []point) {
	var d path
	pen := false
	for i, at := range points {
		if math.IsNaN(at.y) {
			pen = false
			continue
		}
		letter := "L"
		if !pen {
			letter = "M"
			if i+1 == len(points) || math.IsNaN(points[i+1].y) { // one alone would not show
				d.command(letter, p.x.at(at.x)-1, p.y.at(at.y))
				letter = "L"
			}
		}
		d.command(letter, p.x.at(at.x), p.y.at(at.y))
		pen = true
	}
	if d.String() != "" {
		p.element("path", "class", "line "+class, "d", d.String())
	}
}

// dots draws a mark at each point.
func (p *plot) dots(class string, points []point) {
	var d path
	for _, at := range points {
		if !math.IsNaN(at.y) {
			d.command("M", p.x.at(at.x), p.y.at(at.y))
			d.command("h", 0.1)
		}
	}
	if d.String() != "" {
		p.element("path", "class", "dots "+class, "d", d.String())
	}
}

// step is a value that holds from one moment to another, above a base.
type step struct{ from, to, base, value float64 }

// steps fills columns.
func (p *plot) steps(class string, steps []step) {
	var d path
	for _, s := range steps {
		if s.value <= s.base {
			continue
		}
		x, y := p.x.at(s.from), p.y.at(s.value)
		d.command("M", x, y)
		d.command("H", p.x.at(s.to))
		d.command("V", p.y.at(s.base))
		d.command("H", x)
		d.command("z")
	}
	if d.String() != "" {
		p.element("path", "class", "fill "+class, "d", d.String())
	}
}

// area fills what is below a line.
func (p *plot) area(class string, points []point) {
	points = slices.DeleteFunc(slices.Clone(points), func(at point) bool { return math.IsNaN(at.y) })
	if len(points) < 2 {
		return
	}
	var d path
	d.command("M", p.x.at(points[0].x), p.y.from)
	for _, at := range points {
		d.command("L", p.x.at(at.x), p.y.at(at.y))
	}
	d.command("V", p.y.from)
	d.command("z")
	p.element("path", "class", "area "+class, "d", d.String())
}

// before shades what came before the load.
func (p *plot) before(seconds float64, words string) {
	if p.x.Min >= seconds {
		return
	}
	to := p.x.at(seconds)
	p.element("rect", "class", "before", "x", plotLeft, "y", plotTop, "width", to-plotLeft, "height", p.height-plotTop-plotBottom)
	if to-plotLeft > 50 {
		p.text("text", words, "class", "note", "x", plotLeft+4, "y", plotTop+11)
	}
}

// flag marks the moment at which a finding began, with its number in the list.
func (p *plot) flag(seconds float64, number string) {
	x := p.x.at(seconds)
	p.open("g", "class", "flag")
	p.element("line", "x1", x, "x2", x, "y1", plotTop-4, "y2", p.height-plotBottom)
	p.text("text", "⚑"+number, "x", min(x+1, p.width-p.right-8), "y", plotTop-6)
	p.close("g")
}

// level is a line across the graph with a word on it.
func (p *plot) level(class string, value float64, words string) {
	y := p.y.at(value)
	p.element("line", "class", "level "+class, "x1", plotLeft, "x2", p.width-p.right, "y1", y, "y2", y)
	p.text("text", words, "class", "note", "x", p.width-p.right-3, "y", y-3, "text-anchor", "end")
}

// hover shows values when the mouse rests on a stretch of time.
func (p *plot) hover(from, to float64, words string) {
	x := p.x.at(from)
	p.open("rect", "class", "hover", "x", x, "y", plotTop, "width", max(1, p.x.at(to)-x), "height", p.height-plotTop-plotBottom)
	p.text("title", words)
	p.close("rect")
}

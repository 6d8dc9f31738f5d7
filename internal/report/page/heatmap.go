package page

import (
	"html/template"
	"math"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/scale"
)

// heatSteps is how many shades a heatmap has.
const heatSteps = 12

// heatRows is into how many bands of latency it is parted.
const heatRows = 44

// heatmap draws the share of replies by time and response time.
func (c *loadCharts) heatmap() (chart, bool) {
	bins := coarse(c.bins, 110)
	low, high := math.Inf(1), 0.0
	scaling := c.scaling()
	for _, bin := range bins {
		if !scaling(bin) {
			continue
		}
		for _, h := range []measure.Histogram{bin.OK, bin.KO} {
			if h.Count() > 0 {
				low, high = min(low, measure.MS(h.Min())), max(high, measure.MS(h.Max()))
			}
		}
	}
	if high == 0 {
		return chart{}, false
	}
	p := c.overTime("Share of replies by response time over the load, the darker the more. "+c.words(), logMS(low, high, plotHeight))
	rowHeight := (p.y.from - p.y.to) / heatRows
	shares := make([][heatRows]float64, len(bins))
	largest := 0.0
	for i, bin := range bins {
		total := float64(bin.OK.Count() + bin.KO.Count())
		for _, h := range []measure.Histogram{bin.OK, bin.KO} {
			for j, value := range h.Values {
				row := int((p.y.from - p.y.at(measure.MS(value))) / rowHeight)
				row = min(max(row, 0), heatRows-1)
				shares[i][row] += float64(h.Counts[j]) / total
			}
		}
		for _, share := range shares[i] {
			largest = max(largest, share)
		}
	}
	p.open("g", "class", "heat")
	var paths [heatSteps + 1]path
	for i, bin := range bins {
		x, width := p.x.at(bin.From), p.x.at(bin.To)-p.x.at(bin.From)
		for row := 0; row < heatRows; row++ {
			shade := scale.Shade(shares[i][row], largest, heatSteps)
			to := row + 1
			for to < heatRows && scale.Shade(shares[i][to], largest, heatSteps) == shade {
				to++
			}
			if shade > 0 {
				d := &paths[shade]
				d.command("M", x, p.y.from-float64(to)*rowHeight)
				d.command("h", width+0.2)
				d.command("v", float64(to-row)*rowHeight)
				d.command("h", -width-0.2)
				d.command("z")
			}
			row = to - 1
		}
	}
	for shade, d := range paths {
		if d.String() != "" {
			p.element("path", "class", fillClass(shade), "d", d.String())
		}
	}
	p.close("g")
	drawn := chart{Title: "Latency heatmap: where replies lie", Legend: []legend{
		{"heat-key", "up to", figure.Percent(largest) + " of a moment's replies"},
	}}
	drawn.SVG = template.HTML(c.flags(p))
	return drawn, true
}

package page

import (
	"fmt"
	"html/template"
	"math"
	"slices"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/internal/stream"
)

// percentileCurve is a distribution as HdrHistogram plots it: by how rare a time is.
func percentileCurve(h measure.Histogram) []point {
	const steps = 140
	return scale.Curve(h.Count(), steps, func(rarity, q float64) point { return point{rarity, quantileOf(h, q)} })
}

// curveOf is the curve through the percentiles of a result, where there is no
// histogram.
func curveOf(d *stream.Distribution, count uint64) []point {
	if d == nil || count == 0 {
		return nil
	}
	rarest := scale.Rarest(count)
	var points []point
	for q, ms := range d.Quantiles() {
		if x := scale.Rarity(q); x < rarest {
			points = append(points, point{x, ms})
		}
	}
	return append(points, point{rarest, d.Max})
}

// reach is the stretch of values and rarities that curves take.
func reach(curves ...[]point) (low, high, rarest float64) {
	low = math.Inf(1)
	for _, curve := range curves {
		for _, at := range curve {
			if at.y > 0 {
				low = min(low, at.y)
			}
			high, rarest = max(high, at.y), max(rarest, at.x)
		}
	}
	return low, high, rarest
}

// percentiles draws the distribution of response times, and beside it that of
// service times and that to the reading of replies, as other tools have it.
func (c *loadCharts) percentiles() (chart, bool) {
	latency := c.one.LatencyMS
	response, service := percentileCurve(c.timeline.Response), percentileCurve(c.timeline.Service)
	reading := percentileCurve(c.timeline.ToReading)
	if response == nil || c.one.Capacity != nil { // of a search the figures are those of one of its steps
		response, service = curveOf(latency.OK, c.one.Requests.OK), curveOf(latency.Service, c.one.Requests.Total)
		reading = curveOf(latency.OKToReading, c.one.Requests.OK)
	}
	if response == nil {
		return chart{}, false
	}
	low, high, rarest := reach(response, service, reading)
	p := beginPlot("Percentiles of the response time. "+c.words(), plotWidth, plotHeight, plotRight, percentilesTo(rarest, plotWidth, plotRight), logMS(low, high, plotHeight))
	drawn := chart{Title: "Percentiles", Legend: []legend{{"p99", "response time of OK replies", ""}}}
	if service != nil {
		p.line("service", service)
		drawn.Legend = append(drawn.Legend, legend{"service", "service time of all replies", ""})
	}
	if reading != nil {
		p.line("reading", reading)
		drawn.Legend = append(drawn.Legend, legend{"reading", "response time as other tools measure it, to the reading", ""})
	}
	p.line("p99", response)
	drawn.SVG = template.HTML(p.end())
	return drawn, true
}

// lanes is how many contenders have a colour of their own.
const lanes = 8

// allPercentiles draws the response times of all contenders that have some.
func allPercentiles(document report.Document) (chart, bool) {
	type lane struct {
		name, class string
		curve       []point
		label       float64
	}
	var all []lane
	var curves [][]point
	for _, one := range document.Result.Contenders {
		var merged measure.Histogram
		for _, timeline := range document.Timelines {
			if timeline.ID == one.ID {
				merged = merged.Merge(timeline.Response)
			}
		}
		curve := percentileCurve(merged)
		if curve == nil || one.Capacity != nil {
			curve = curveOf(one.LatencyMS.OK, one.Requests.OK)
		}
		if curve == nil {
			continue
		}
		class := "rest"
		if len(all) < lanes {
			class = fmt.Sprintf("lane%d", len(all)+1)
		}
		all = append(all, lane{name: foreign.Text(one.Name), class: class, curve: curve})
		curves = append(curves, curve)
	}
	if len(all) < 2 {
		return chart{}, false
	}
	low, high, rarest := reach(curves...)
	const width, right, line = 1160.0, 150.0, 14.0
	height := max(300, float64(len(all))*line+plotTop+plotBottom+20)
	p := beginPlot("Percentiles of the response time of all contenders", width, height, right, percentilesTo(rarest, width, right), logMS(low, high, height))
	for i := len(all) - 1; i >= 0; i-- {
		p.line(all[i].class, all[i].curve)
	}
	// The names stand at the ends of their lines, pushed apart where they would touch.
	for i := range all {
		all[i].label = p.y.at(all[i].curve[len(all[i].curve)-1].y)
	}
	slices.SortStableFunc(all, func(a, b lane) int {
		switch {
		case a.label < b.label:
			return -1
		case a.label > b.label:
			return 1
		}
		return 0
	})
	for i := 1; i < len(all); i++ {
		all[i].label = max(all[i].label, all[i-1].label+line)
	}
	if over := all[len(all)-1].label - (height - plotBottom); over > 0 {
		all[len(all)-1].label -= over
		for i := len(all) - 2; i >= 0; i-- {
			all[i].label = min(all[i].label, all[i+1].label-line)
		}
	}
	for _, lane := range all {
		end := lane.curve[len(lane.curve)-1]
		x := p.x.at(end.x)
		p.element("path", "class", "leader", "d", fmt.Sprintf("M%s %sL%s %s", pixels(x), pixels(p.y.at(end.y)), pixels(width-right+8), pixels(lane.label)))
		p.element("circle", "class", "dot "+lane.class, "cx", width-right+12, "cy", lane.label, "r", 3.5)
		p.text("text", wording.Cut(lane.name, 22), "class", "name", "x", width-right+20, "y", lane.label+4)
	}
	return chart{Title: "Response time of OK replies, by percentile", SVG: template.HTML(p.end())}, true
}

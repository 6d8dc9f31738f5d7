package page

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/internal/stream"
)

// chart is one as the page shows it.
type chart struct {
	Title  string
	Legend []legend
	SVG    template.HTML // escaped by the drawing
}

// legend names a line: the class says how it looks.
type legend struct{ Class, Name, Value string }

// loadCharts draws one load of a contender.
type loadCharts struct {
	timeline *report.Timeline
	one      stream.ContenderResult
	workload stream.WorkloadFacts
	from, to float64 // s
	bins     []report.Bin
}

// mostColumns is how many stretches of time a chart shows at most: more than that
// can't be told apart.
const mostColumns = 280

func newLoadCharts(timeline *report.Timeline, one stream.ContenderResult, result stream.Result) *loadCharts {
	c := &loadCharts{timeline: timeline, one: one, workload: result.Workload, to: 1}
	c.bins = coarse(withoutStub(timeline.Bins), mostColumns)
	if len(c.bins) > 0 {
		c.from, c.to = min(0, c.bins[0].From), c.bins[len(c.bins)-1].To
	}
	return c
}

// withoutStub merges what is left over at the end of a load into the bin before: a few
// milliseconds make any rate.
func withoutStub(bins []report.Bin) []report.Bin {
	n := len(bins)
	if n < 2 {
		return bins
	}
	last, before := bins[n-1], bins[n-2]
	if last.Warmup != before.Warmup || last.To-last.From > (before.To-before.From)/2 {
		return bins
	}
	return append(slices.Clone(bins[:n-2]), before.Merge(last))
}

// coarse merges bins until there are at most so many.
func coarse(bins []report.Bin, most int) []report.Bin {
	each := (len(bins) + most - 1) / most
	if each <= 1 {
		return bins
	}
	var merged []report.Bin
	in := 0
	for _, bin := range bins {
		if n := len(merged); n > 0 && in < each && merged[n-1].Warmup == bin.Warmup {
			merged[n-1] = merged[n-1].Merge(bin)
			in++
			continue
		}
		merged, in = append(merged, bin), 1
	}
	return merged
}

// all are the charts that there is something to show for.
func (c *loadCharts) all() []chart {
	var charts []chart
	if len(c.bins) > 0 {
		charts = append(charts, c.latency(), c.throughput())
		if heat, ok := c.heatmap(); ok {
			charts = append(charts, heat)
		}
	}
	for _, draw := range []func() (chart, bool){c.cpu, c.percentiles, c.memory, c.eventLoop, c.acceptQueue} {
		if drawn, ok := draw(); ok {
			charts = append(charts, drawn)
		}
	}
	return charts
}

// overTime begins a chart over the time of the load.
func (c *loadCharts) overTime(about string, y scale.Scale) *plot {
	p := beginPlot(about, plotWidth, plotHeight, plotRight, moments(c.from, c.to), y)
	p.before(0, "warm-up")
	return p
}

// scaling says which bins an axis has to hold: those of the load, if it had a reply,
// for its warm-up may have been quite another. What does not fit lies at the edge.
func (c *loadCharts) scaling() func(report.Bin) bool {
	loaded := slices.ContainsFunc(c.bins, func(bin report.Bin) bool { return !bin.Warmup && bin.Replies > 0 })
	return func(bin report.Bin) bool { return !loaded || !bin.Warmup }
}

// flags marks the findings and ends the chart.
func (c *loadCharts) flags(p *plot) template.HTML {
	type mark struct {
		at     float64
		number string
	}
	var marks []mark
	for i, finding := range c.one.Findings {
		number := strconv.Itoa(i + 1)
		if finding.AtS > c.to {
			continue
		}
		const near = 22 // px, that a number takes
		if n := len(marks); n > 0 && math.Abs(p.x.at(finding.AtS)-p.x.at(marks[n-1].at)) < near {
			marks[n-1].number += " " + number
			continue
		}
		marks = append(marks, mark{finding.AtS, number})
	}
	for _, mark := range marks {
		p.flag(mark.at, mark.number)
	}
	return template.HTML(p.end())
}

func quantileOf(h measure.Histogram, q float64) float64 {
	if h.Count() == 0 {
		return math.NaN()
	}
	return measure.MS(h.Quantile(q))
}

func (c *loadCharts) latency() chart {
	var p50, p90, p99, most, failed []point
	low, high := math.Inf(1), 0.0
	scaling := c.scaling()
	for _, bin := range c.bins {
		at := (bin.From + bin.To) / 2
		add := func(to *[]point, y float64) {
			*to = append(*to, point{at, y})
			if !math.IsNaN(y) && scaling(bin) {
				low, high = min(low, y), max(high, y)
			}
		}
		add(&p50, quantileOf(bin.OK, 0.5))
		add(&p90, quantileOf(bin.OK, 0.9))
		add(&p99, quantileOf(bin.OK, 0.99))
		add(&most, quantileOf(bin.OK, 1))
		add(&failed, quantileOf(bin.KO, 0.5))
	}
	drawn := chart{Title: "Response time of OK replies", Legend: []legend{
		{"p50", "p50", c.overall("p50")}, {"p90", "p90", c.overall("p90")}, {"p99", "p99", c.overall("p99")}, {"max", "max", c.overall("max")},
	}}
	p := c.overTime("Percentiles of the response time over the load. "+c.words(), logMS(low, high, plotHeight))
	p.dots("max", most)
	p.line("p90", p90)
	p.line("p50", p50)
	p.line("p99", p99)
	if c.one.Requests.KO > 0 {
		p.line("ko", failed)
		drawn.Legend = append(drawn.Legend, legend{"ko", "p50 of KO", figure.Known(c.one.LatencyMS.KO.Figure("p50"), figure.MS)})
	}
	for _, bin := range coarse(c.bins, 60) {
		p.hover(bin.From, bin.To, c.binWords(bin))
	}
	drawn.SVG = c.flags(p)
	return drawn
}

// overall is a figure of the whole load.
func (c *loadCharts) overall(name string) string {
	return figure.Known(c.one.LatencyMS.OK.Figure(name), figure.MS)
}

func (c *loadCharts) words() string {
	words := wording.Requests(c.one)
	for _, finding := range c.one.Findings {
		words += fmt.Sprintf(". From %s: %s", figure.At(finding.AtS), foreign.Text(finding.Title))
	}
	return words + "."
}

// binWords are the values of a stretch of time.
func (c *loadCharts) binWords(bin report.Bin) string {
	over := bin.To - bin.From
	words := fmt.Sprintf("%s to %s", figure.At(bin.From), figure.At(bin.To))
	if bin.OK.Count() > 0 {
		words += fmt.Sprintf("\np50 %s\np90 %s\np99 %s\nmax %s", figure.MS(quantileOf(bin.OK, 0.5)), figure.MS(quantileOf(bin.OK, 0.9)), figure.MS(quantileOf(bin.OK, 0.99)), figure.MS(quantileOf(bin.OK, 1)))
	}
	if over > 0 {
		words += fmt.Sprintf("\n%s OK/s", figure.PerSecond(float64(bin.Replies-bin.Failed)/over))
		if bin.Failed > 0 {
			words += fmt.Sprintf("\n%s KO/s", figure.PerSecond(float64(bin.Failed)/over))
		}
	}
	return words
}

func (c *loadCharts) throughput() chart {
	var good, bad []step
	high := 0.0
	scaling := c.scaling()
	for _, bin := range c.bins {
		over := bin.To - bin.From
		if over <= 0 {
			continue
		}
		ok, all := float64(bin.Replies-bin.Failed)/over, float64(bin.Replies)/over
		good = append(good, step{bin.From, bin.To, 0, ok})
		bad = append(bad, step{bin.From, bin.To, ok, all})
		if scaling(bin) {
			high = max(high, all)
		}
	}
	asked := c.asked()
	for _, at := range asked {
		if !math.IsNaN(at.y) {
			high = max(high, at.y)
		}
	}
	drawn := chart{Title: "Replies per second", Legend: []legend{
		{"box ok", "OK", figure.PerSecond(c.one.RPS.OK)}, {"box ko", "KO", figure.PerSecond(c.one.RPS.Total - c.one.RPS.OK)},
	}}
	p := c.overTime("Replies per second over the load, OK and KO. "+c.words(), linear(high, figure.InRequests))
	p.steps("ok", good)
	p.steps("ko", bad)
	if len(asked) > 0 {
		p.line("asked", asked)
		drawn.Legend = append(drawn.Legend, legend{"asked", "asked for", ""})
	}
	for _, bin := range coarse(c.bins, 60) {
		p.hover(bin.From, bin.To, c.binWords(bin))
	}
	drawn.SVG = c.flags(p)
	return drawn
}

// asked is the rate that the workload asked for, over time.
func (c *loadCharts) asked() (rates []point) {
	w := c.workload
	switch {
	case c.one.Capacity != nil:
		for _, step := range c.one.Capacity.Steps {
			rates = append(rates, point{step.FromS, step.Rate}, point{step.ToS, step.Rate}, point{step.ToS, math.NaN()})
		}
	case w.Rate > 0 && w.RateTo > 0:
		rates = []point{{0, w.Rate}, {min(w.DurationS, c.to), w.RateTo}}
	case w.Rate > 0:
		rates = []point{{0, w.Rate}, {min(max(w.DurationS, 0.001), c.to), w.Rate}}
	}
	return rates
}

// readings are a figure of the server over time.
func (c *loadCharts) readings(of func(report.ProcessPoint) figure.Value) (points []point, high float64, known bool) {
	for _, reading := range c.timeline.Process {
		if reading.At < c.from || reading.At > c.to { // one that ends later tells of the stopping too
			continue
		}
		y := math.NaN()
		if fig := of(reading); fig.Known {
			y, known = fig.Value, true
			high = max(high, y)
		}
		points = append(points, point{reading.At, y})
	}
	return points, high, known
}

func (c *loadCharts) cpu() (chart, bool) {
	cpu, high, known := c.readings(func(p report.ProcessPoint) figure.Value { return p.CPU })
	hottest, hot, hotKnown := c.readings(func(p report.ProcessPoint) figure.Value { return p.Hottest })
	if !known {
		return chart{}, false
	}
	drawn := chart{Title: "CPU, % of a core", Legend: []legend{{"cpu", "server", c.process(func(p *stream.ProcessResult) *float64 { return p.CPUPercentMean }, figure.OfCore, "mean ")}}}
	var generator []point
	for _, bin := range coarse(c.bins, 60) {
		if over := bin.To - bin.From; over > 0 {
			share := 100 * bin.Generator / over
			generator = append(generator, point{(bin.From + bin.To) / 2, share})
			high = max(high, share)
		}
	}
	p := c.overTime("CPU of the server and its hottest thread over the load, in percent of a core. "+c.words(), linear(max(high, hot, 105), figure.InPercentOfCore))
	p.level("core", 100, "one core")
	p.line("generator", generator)
	p.line("cpu", cpu)
	if hotKnown {
		p.line("hottest", hottest)
		drawn.Legend = append(drawn.Legend, legend{"hottest", "its hottest thread", c.process(func(p *stream.ProcessResult) *float64 { return p.HottestThreadPercentMax }, figure.OfCore, "max ")})
	}
	drawn.Legend = append(drawn.Legend, legend{"generator", "load generator", ""})
	for _, reading := range thinned(c.timeline.Process, 60) {
		if reading.At >= c.from && reading.At <= c.to && reading.CPU.Known {
			p.hover(max(c.from, reading.At-reading.Over), reading.At, fmt.Sprintf("%s\nserver %s\nhottest thread %s\n%s", figure.At(reading.At),
				reading.CPU.Write(figure.OfCore), reading.Hottest.Write(figure.OfCore), memoryWords(reading)))
		}
	}
	drawn.SVG = c.flags(p)
	return drawn, true
}

// memoryWords is a reading's memory: PSS where it is known.
func memoryWords(p report.ProcessPoint) string {
	rss := "RSS " + p.RSS.Write(figure.MB)
	if p.PSS.Known {
		return "PSS " + p.PSS.Write(figure.MB) + ", " + rss
	}
	return rss
}

// thinned merges readings until there are at most so many.
func thinned(readings []report.ProcessPoint, most int) []report.ProcessPoint {
	for len(readings) > most {
		readings = report.EverySecond(readings, report.ProcessPoint.Merge)
	}
	return readings
}

// process writes a figure of the server; "" if it is missing.
func (c *loadCharts) process(of func(*stream.ProcessResult) *float64, write func(float64) string, prefix string) string {
	if c.one.Process == nil || of(c.one.Process) == nil {
		return ""
	}
	return prefix + write(*of(c.one.Process))
}

func (c *loadCharts) memory() (chart, bool) {
	rss, high, known := c.readings(func(p report.ProcessPoint) figure.Value { return p.RSS })
	pss, most, shared := c.readings(func(p report.ProcessPoint) figure.Value { return p.PSS })
	if !known && !shared {
		return chart{}, false
	}
	p := c.overTime("Resident memory of the server over the load, in MB. "+c.words(), linear(max(high, most), figure.InMB))
	maxRSS := c.process(func(p *stream.ProcessResult) *float64 { return p.RSSMBMax }, figure.MB, "max ")
	if !shared {
		p.area("rss", rss)
		p.line("rss", rss)
		return chart{Title: "Server memory (RSS)", Legend: []legend{{"rss", "whole process tree", maxRSS}}, SVG: c.flags(p)}, true
	}
	p.area("rss", pss)
	p.line("summed", rss)
	p.line("rss", pss)
	return chart{Title: "Server memory", Legend: []legend{
		{"rss", "PSS of the process tree", c.process(func(p *stream.ProcessResult) *float64 { return p.PSSMBMax }, figure.MB, "max ")},
		{"summed", "RSS, what is shared counted in each", maxRSS},
	}, SVG: c.flags(p)}, true
}

func (c *loadCharts) acceptQueue() (chart, bool) {
	points, high, known := c.readings(func(p report.ProcessPoint) figure.Value { return p.Queue })
	const worthShowing = 4
	if !known || high < worthShowing {
		return chart{}, false
	}
	drawn := chart{Title: "Accept queue", Legend: []legend{{"queue", "connections that wait", "max " + figure.Whole(high)}}}
	limit, limited := 0.0, false
	if c.one.Process != nil && c.one.Process.AcceptQueueLimit != nil {
		limit = *c.one.Process.AcceptQueueLimit
		limited = limit <= 20*high
		drawn.Legend[0].Value += wording.OfLimit(c.one.Process.AcceptQueueLimit)
	}
	top := high
	if limited {
		top = max(high, limit*1.05)
	}
	p := c.overTime("Connections in the server's accept queue over the load. "+c.words(), linear(top, figure.Things))
	if limited {
		p.level("limit", limit, "limit "+figure.Whole(limit))
	}
	p.area("queue", points)
	p.line("queue", points)
	drawn.SVG = c.flags(p)
	return drawn, true
}

func (c *loadCharts) eventLoop() (chart, bool) {
	var points []point
	low, high := math.Inf(1), 0.0
	for _, told := range c.timeline.Loop {
		if told.At < c.from || told.At > c.to {
			continue
		}
		points = append(points, point{told.At, told.DelayP99})
		if told.DelayP99 > 0 {
			low, high = min(low, told.DelayP99), max(high, told.DelayP99)
		}
	}
	if high == 0 {
		return chart{}, false
	}
	drawn := chart{Title: "Event loop: how late it turns, p99", Legend: []legend{{"loop", "delay", "max " + figure.LongMS(high)}}}
	if c.one.Process != nil && c.one.Process.EventLoop != nil {
		drawn.Legend = append(drawn.Legend, legend{"", "used", "max " + figure.Utilization(c.one.Process.EventLoop.UtilizationMax)})
	}
	p := c.overTime("Delay of the server's event loop over the load. "+c.words(), logMS(low, high, plotHeight))
	p.line("loop", points)
	for _, told := range c.timeline.Loop {
		if told.At >= c.from && told.At <= c.to && len(c.timeline.Loop) <= 120 {
			words := fmt.Sprintf("%s\nlate by %s at p99\n%s used", figure.At(told.At), figure.LongMS(told.DelayP99), figure.Utilization(told.Utilization))
			if told.Silent {
				words = fmt.Sprintf("%s\nsilent for %s", figure.At(told.At), figure.LongMS(told.DelayP99))
			}
			p.hover(max(c.from, told.At-0.25), told.At, words)
		}
	}
	drawn.SVG = c.flags(p)
	return drawn, true
}

// fillClass is the class of a step of the heatmap.
func fillClass(step int) string { return "h" + strconv.Itoa(step) }

package page

import (
	"math"
	"strconv"

	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
)

// bars are the lengths that a leaderboard's figures are drawn in.
type bars struct {
	metric   leaderboard.Metric
	title    string // of the metric
	from, to float64
	log      bool
}

// newBars chooses the scale: a linear one from 0 where all figures can be seen on
// it, else a logarithmic one.
func newBars(result stream.Result, metric leaderboard.Metric) bars {
	b := bars{metric: metric, title: result.RankTitle()}
	least := math.Inf(1)
	for _, one := range result.Contenders {
		if interval, ok := one.Intervals[string(metric)]; ok && interval.High != nil {
			b.to = max(b.to, *interval.High)
		}
		if value := one.Figure(string(metric)); value != nil && *value > 0 {
			least, b.to = min(least, *value), max(b.to, *value)
		}
	}
	const seen = 25
	if b.to > seen*least {
		b.log = true
		b.from = math.Pow(10, math.Floor(math.Log10(least)-0.1))
	}
	return b
}

// share is the length of a figure's bar, 0 to 1.
func (b bars) share(value float64) float64 {
	switch {
	case b.to <= b.from || value <= 0:
		return 0
	case b.log:
		return max(0, math.Log(value/b.from)/math.Log(b.to/b.from))
	}
	return value / b.to
}

// length is the same in percent; "" for a contender that has no figure.
func (b bars) length(one stream.ContenderResult) string {
	value := one.Figure(string(b.metric))
	if value == nil {
		return ""
	}
	return strconv.FormatFloat(math.Round(1000*b.share(*value))/10, 'f', -1, 64)
}

// interval is where a figure's interval over several rounds begins and how long it
// is, both in percent of the bars' room.
func (b bars) interval(one stream.ContenderResult) (placed [2]string, ok bool) {
	interval, known := one.Intervals[string(b.metric)]
	if !known || interval.Low == nil || interval.High == nil {
		return placed, false
	}
	from, to := min(b.share(*interval.Low), 1), min(b.share(*interval.High), 1)
	placed[0] = strconv.FormatFloat(math.Round(1000*from)/10, 'f', -1, 64)
	placed[1] = strconv.FormatFloat(math.Round(1000*max(to-from, 0.004))/10, 'f', -1, 64)
	return placed, true
}

// words say how to read the bars.
func (b bars) words() string {
	words := b.title + ", shorter is better"
	if b.metric.HigherIsBetter() {
		words = b.title + ", longer is better"
	}
	if b.log {
		words += ", logarithmic scale"
	}
	return words
}

// written is a figure of the metric with its unit.
func (b bars) written(value float64) string { return b.metric.Figure().Unit.Write(value) }

// tick is a round figure beside the bars.
func (b bars) tick(value float64) string { return b.metric.Figure().Unit.Tick(value) }

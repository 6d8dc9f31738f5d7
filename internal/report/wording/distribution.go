package wording

import "github.com/benchtui/benchtui/internal/stream"

// figureOfDistribution is one of a distribution's figures.
type figureOfDistribution struct {
	Name string
	of   func(*stream.Distribution) float64
}

// Shown is a figure of the OK replies as tables show it: of several rounds the
// median where there is one.
func Shown(one stream.ContenderResult, name string) *float64 {
	if fig := one.Figure(name); fig != nil {
		return fig
	}
	return FigureOf(one.LatencyMS.OK, DistributionNamed(name))
}

func distributionMean(d *stream.Distribution) float64 { return d.Mean }

func DistributionP50(d *stream.Distribution) float64 { return d.P50 }

func DistributionP99(d *stream.Distribution) float64 { return d.P99 }

// DistributionFigures are all of them.
var DistributionFigures = []figureOfDistribution{
	{"mean", distributionMean},
	{"stddev", func(d *stream.Distribution) float64 { return d.StdDev }},
	{"min", func(d *stream.Distribution) float64 { return d.Min }},
	{"p50", DistributionP50},
	{"p75", func(d *stream.Distribution) float64 { return d.P75 }},
	{"p90", func(d *stream.Distribution) float64 { return d.P90 }},
	{"p95", func(d *stream.Distribution) float64 { return d.P95 }},
	{"p99", DistributionP99},
	{"p999", func(d *stream.Distribution) float64 { return d.P999 }},
	{"max", func(d *stream.Distribution) float64 { return d.Max }},
}

func FigureOf(d *stream.Distribution, of func(*stream.Distribution) float64) *float64 {
	if d == nil {
		return nil
	}
	value := of(d)
	return &value
}

func DistributionNamed(name string) func(*stream.Distribution) float64 {
	for _, fig := range DistributionFigures {
		if fig.Name == name {
			return fig.of
		}
	}
	return nil
}

package wording

import "github.com/benchtui/benchtui/internal/session"

// figureOfDistribution is one of a distribution's figures.
type figureOfDistribution struct {
	Name string
	of   func(*session.Distribution) float64
}

// Shown is a figure of the OK replies as tables show it: of several rounds the
// median where there is one.
func Shown(one session.ContenderResult, name string) *float64 {
	if figure := one.Figure(name); figure != nil {
		return figure
	}
	return FigureOf(one.LatencyMS.OK, DistributionNamed(name))
}

func distributionMean(d *session.Distribution) float64 { return d.Mean }

func DistributionP50(d *session.Distribution) float64 { return d.P50 }

func DistributionP99(d *session.Distribution) float64 { return d.P99 }

// DistributionFigures are all of them.
var DistributionFigures = []figureOfDistribution{
	{"mean", distributionMean},
	{"stddev", func(d *session.Distribution) float64 { return d.StdDev }},
	{"min", func(d *session.Distribution) float64 { return d.Min }},
	{"p50", DistributionP50},
	{"p75", func(d *session.Distribution) float64 { return d.P75 }},
	{"p90", func(d *session.Distribution) float64 { return d.P90 }},
	{"p95", func(d *session.Distribution) float64 { return d.P95 }},
	{"p99", DistributionP99},
	{"p999", func(d *session.Distribution) float64 { return d.P999 }},
	{"max", func(d *session.Distribution) float64 { return d.Max }},
}

func FigureOf(d *session.Distribution, of func(*session.Distribution) float64) *float64 {
	if d == nil {
		return nil
	}
	value := of(d)
	return &value
}

func DistributionNamed(name string) func(*session.Distribution) float64 {
	for _, figure := range DistributionFigures {
		if figure.Name == name {
			return figure.of
		}
	}
	return nil
}

package stream

import "iter"

// distributionFigures are those of a distribution by their names in the catalogue, all in
// ms, in the order in which tables have them.
var distributionFigures = []struct {
	name string
	of   func(*Distribution) *float64
}{
	{"mean", func(d *Distribution) *float64 { return &d.Mean }},
	{"stddev", func(d *Distribution) *float64 { return &d.StdDev }},
	{"min", func(d *Distribution) *float64 { return &d.Min }},
	{"p50", func(d *Distribution) *float64 { return &d.P50 }},
	{"p75", func(d *Distribution) *float64 { return &d.P75 }},
	{"p90", func(d *Distribution) *float64 { return &d.P90 }},
	{"p95", func(d *Distribution) *float64 { return &d.P95 }},
	{"p99", func(d *Distribution) *float64 { return &d.P99 }},
	{"p999", func(d *Distribution) *float64 { return &d.P999 }},
	{"max", func(d *Distribution) *float64 { return &d.Max }},
}

// DistributionFigures are the names of a distribution's figures.
func DistributionFigures() (names []string) {
	for _, one := range distributionFigures {
		names = append(names, one.name)
	}
	return names
}

// Figure is one of the distribution's figures by its name, in ms; nil where nothing was
// measured, and for names that it has none of.
func (d *Distribution) Figure(name string) *float64 {
	for _, one := range distributionFigures {
		if one.name == name && d != nil {
			return one.of(d)
		}
	}
	return nil
}

// Quantiles yields what the distribution tells of its curve: the least as quantile 0, and
// its percentiles with their times in ms; nothing where nothing was measured.
func (d *Distribution) Quantiles() iter.Seq2[float64, float64] {
	return func(yield func(q, ms float64) bool) {
		if d == nil {
			return
		}
		for _, at := range [...]struct{ q, ms float64 }{
			{0, d.Min}, {0.5, d.P50}, {0.75, d.P75}, {0.9, d.P90}, {0.95, d.P95}, {0.99, d.P99}, {0.999, d.P999},
		} {
			if !yield(at.q, at.ms) {
				return
			}
		}
	}
}

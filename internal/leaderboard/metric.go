package leaderboard

import (
	"strings"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/nearest"
)

// Metric is a figure that contenders can be ranked by (--rank-by).
type Metric string

const (
	Mean          Metric = "mean"            // mean response time of OK replies, ms; the default
	MeanAll       Metric = "mean-all"        // of all replies, OK and KO, as the article ranked; ms
	P50           Metric = "p50"             // of the response time of OK replies, ms
	P99           Metric = "p99"             // of the response time of OK replies, ms
	RPS           Metric = "rps"             // OK replies per second
	CPUPerRequest Metric = "cpu-per-request" // the server's, µs
	RPSPerCore    Metric = "rps-per-core"    // requests per second that a core of CPU time serves
	RPSPerMB      Metric = "rps-per-mb"      // OK replies per second for each MB of peak memory
	RSS           Metric = "rss"             // the server's highest, MB
	Startup       Metric = "startup"         // from spawn to first good reply, ms
)

// Metrics returns every metric, the default first.
func Metrics() []Metric {
	return []Metric{Mean, MeanAll, P50, P99, RPS, CPUPerRequest, RPSPerCore, RPSPerMB, RSS, Startup}
}

// ParseMetric reads a metric's name; an unknown one's error suggests the nearest.
// The empty name is the default.
func ParseMetric(name string) (Metric, error) {
	if name == "" {
		return Mean, nil
	}
	var names []string
	for _, metric := range Metrics() {
		if name == string(metric) {
			return metric, nil
		}
		names = append(names, string(metric))
	}
	if near, ok := nearest.Name(name, names); ok {
		return "", field.Errorf("rank-by", ": there is no metric %q; did you mean %s?", name, near)
	}
	return "", field.Errorf("rank-by", ": there is no metric %q; there are: %s", name, strings.Join(names, ", "))
}

// Figure is the metric as the catalogue has it.
func (m Metric) Figure() figure.Figure {
	of, _ := figure.Named(string(m))
	return of
}

// Title is the metric in words: "mean response time".
func (m Metric) Title() string { return m.Figure().Title }

// Unit is what its values are in: "ms", "µs", "req/s", "MB".
func (m Metric) Unit() string { return m.Figure().Unit.Name() }

// HigherIsBetter says which way it is ranked.
func (m Metric) HigherIsBetter() bool { return m.Figure().HigherIsBetter }

// TakesArticleTiers says whether the article's limits, which are in ms, fit it.
func (m Metric) TakesArticleTiers() bool { return m.Unit() == "ms" }

// Step is what a figure of so much moves in, in its unit. Times of requests come from
// histograms of 1 µs and three significant digits, memory from pages.
func (m Metric) Step(value float64) float64 {
	const us, digits, page = 0.001, 1024, 0.004096
	switch m {
	case Mean, MeanAll, P50, P99:
		return max(us, value/digits)
	case RSS:
		return page
	}
	return 0
}

// TellsEfficiency says whether it sets what is served against what that takes.
func (m Metric) TellsEfficiency() bool {
	return m == CPUPerRequest || m == RPSPerCore || m == RPSPerMB || m == RSS
}

// better says whether a is a better value than b.
func (m Metric) better(a, b float64) bool { return m.Figure().Better(a, b) }

package leaderboard

import (
	"fmt"
	"strings"

	"github.com/agext/levenshtein"
)

// Metric is a figure that contenders can be ranked by (--rank-by).
type Metric string

const (
	Mean          Metric = "mean"            // mean response time of OK replies, ms; the default
	MeanAll       Metric = "mean-all"        // of all replies, OK and KO, as the article ranked; ms
	P50           Metric = "p50"             // of the response time of OK replies, ms
	P99           Metric = "p99"             // of the response time of OK replies, ms
	RPS           Metric = "rps"             // OK replies per second; higher is better
	CPUPerRequest Metric = "cpu-per-request" // the server's, µs
	RPSPerCore    Metric = "rps-per-core"    // requests per second that a core of CPU time serves; higher is better
	RPSPerMB      Metric = "rps-per-mb"      // OK replies per second for each MB of peak memory; higher is better
	RSS           Metric = "rss"             // the server's highest, MB
	Startup       Metric = "startup"         // from spawn to first good reply, ms
)

// metricFacts is what is known of a metric besides its name.
type metricFacts struct {
	metric         Metric
	title          string
	unit           string
	higherIsBetter bool
}

func metrics() []metricFacts {
	return []metricFacts{
		{Mean, "mean response time", "ms", false},
		{MeanAll, "mean response time of all replies, failed ones included", "ms", false},
		{P50, "median response time", "ms", false},
		{P99, "p99 response time", "ms", false},
		{RPS, "OK replies per second", "req/s", true},
		{CPUPerRequest, "server CPU per request", "µs", false},
		{RPSPerCore, "requests per second per core", "req/s", true},
		{RPSPerMB, "OK replies per second per MB", "req/s", true},
		{RSS, "peak memory", "MB", false},
		{Startup, "startup time", "ms", false},
	}
}

// Metrics returns every metric, the default first.
func Metrics() []Metric {
	var all []Metric
	for _, facts := range metrics() {
		all = append(all, facts.metric)
	}
	return all
}

// ParseMetric reads a metric's name; an unknown one's error suggests the nearest.
// The empty name is the default.
func ParseMetric(name string) (Metric, error) {
	if name == "" {
		return Mean, nil
	}
	const near = 3
	var names []string
	nearest, distance := "", near
	for _, facts := range metrics() {
		if name == string(facts.metric) {
			return facts.metric, nil
		}
		names = append(names, string(facts.metric))
		if d := levenshtein.Distance(strings.ToLower(name), string(facts.metric), nil); d < distance {
			nearest, distance = string(facts.metric), d
		}
	}
	if nearest != "" {
		return "", fmt.Errorf("--rank-by: there is no metric %q; did you mean %s?", name, nearest)
	}
	return "", fmt.Errorf("--rank-by: there is no metric %q; there are: %s", name, strings.Join(names, ", "))
}

// Title is the metric in words: "mean response time".
func (m Metric) Title() string { return m.facts().title }

// Unit is what its values are in: "ms", "µs", "req/s", "MB".
func (m Metric) Unit() string { return m.facts().unit }

// HigherIsBetter says which way it is ranked.
func (m Metric) HigherIsBetter() bool { return m.facts().higherIsBetter }

// TakesArticleTiers says whether the article's limits, which are in ms, fit it.
func (m Metric) TakesArticleTiers() bool { return m.facts().unit == "ms" }

func (m Metric) facts() metricFacts {
	for _, facts := range metrics() {
		if facts.metric == m {
			return facts
		}
	}
	return metricFacts{metric: m, title: string(m)}
}

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
func (m Metric) better(a, b float64) bool {
	if m.HigherIsBetter() {
		return a > b
	}
	return a < b
}

package leaderboard

import (
	"fmt"
	"math"
	"strings"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// tiers is what a rule makes of ranked values.
type tiers struct {
	of     []int // the tier of each value, from 1
	limits []float64
	words  string
}

// standings is what a rule groups.
type standings struct {
	values   []float64 // best first
	ranks    []int     // where each rank begins: no tier's limit may part those that share one
	measured bool      // by how much figures vary from round to round
	noise    float64   // the standard deviation of the values' logarithms; 0: not measured
}

// standingsOf are the standings of ranked rows; starts is where each rank begins.
func standingsOf(rows []Row, starts []int, metric Metric) standings {
	s := standings{ranks: starts}
	var sum, of float64
	for _, row := range rows {
		value, _ := row.Entry.value(metric)
		s.values = append(s.values, value)
		if rounds := logs(row.Entry.Rounds[metric]); len(rounds) >= LeastRounds {
			_, variance := meanVariance(rounds)
			sum, of = sum+variance/float64(len(rounds)), of+1
		}
	}
	if of > 0 {
		s.measured, s.noise = true, math.Sqrt(sum/of)
	}
	return s
}

// tierRule groups values that are sorted, best first.
type tierRule func(standings) tiers

// articleLimits are the article's, in ms.
var articleLimits = [3]float64{250, 500, 1200}

// parseTiers reads --tiers for a metric.
func parseTiers(text string, metric Metric) (tierRule, error) {
	switch strings.TrimSpace(text) {
	case "", "auto":
		return func(s standings) tiers { return autoTiers(s, metric) }, nil
	case "article":
		if !metric.TakesArticleTiers() {
			return nil, field.Errorf("tiers", "article: its limits (250, 500 and 1,200 ms) are times, and %s is in %s; use "+flagname.Tiers+" auto, or limits of your own", metric, metric.Unit())
		}
		return func(s standings) tiers {
			return limitTiers(s.values, articleLimits[:], metric, "as the article has them")
		}, nil
	}
	limits, err := parseLimits(text, metric)
	if err != nil {
		return nil, err
	}
	return func(s standings) tiers { return limitTiers(s.values, limits, metric, "") }, nil
}

// parseLimits reads up to three limits, from the best tier to the worst.
func parseLimits(text string, metric Metric) ([]float64, error) {
	parts := strings.Split(text, ",")
	if len(parts) >= mostClusters {
		return nil, field.Errorf("tiers", "%q: %d limits make %d tiers; there are four at most, so give one to three limits", text, len(parts), len(parts)+1)
	}
	var limits []float64
	for _, part := range parts {
		limit, err := parseLimit(strings.TrimSpace(part), metric)
		if err != nil {
			return nil, field.Errorf("tiers", "%q: %w", text, err)
		}
		if len(limits) > 0 && !metric.better(limits[len(limits)-1], limit) {
			way := "rise"
			if metric.HigherIsBetter() {
				way = "fall"
			}
			return nil, field.Errorf("tiers", "%q: the limits must %s, from the best tier to the worst", text, way)
		}
		limits = append(limits, limit)
	}
	return limits, nil
}

func parseLimit(text string, metric Metric) (float64, error) {
	limit, err := metric.Figure().Unit.Parse(text)
	if err != nil {
		return 0, fmt.Errorf("%w; tiers are auto, article, or limits like %s", err, example(metric))
	}
	if limit <= 0 {
		return 0, fmt.Errorf("%q: a limit must be above 0", text)
	}
	return limit, nil
}

// example are limits of a metric, as they are written.
func example(metric Metric) string {
	switch unit := metric.Figure().Unit; {
	case unit == figure.InMS, unit == figure.InLongMS:
		return "5ms,20ms,100ms"
	case unit == figure.InMicroseconds:
		return "50us,100us,200us"
	case metric.HigherIsBetter():
		return "10000,5000,1000"
	}
	return "50,100,200"
}

// limitTiers puts a value that stands on a limit into the worse tier where lower
// is better ("below 250 ms") and into the better one where higher is ("10,000 and more").
func limitTiers(values, limits []float64, metric Metric, whose string) tiers {
	result := tiers{limits: limits, words: limitWords(limits, metric, whose)}
	for _, value := range values {
		tier := 1
		for _, limit := range limits {
			if metric.better(value, limit) || metric.HigherIsBetter() && value == limit {
				break
			}
			tier++
		}
		result.of = append(result.of, tier)
	}
	return result
}

// inUnit puts the metric's unit, if it has one, behind a number.
func inUnit(number string, metric Metric) string {
	return strings.TrimSuffix(number+" "+metric.Unit(), " ")
}

func limitWords(limits []float64, metric Metric, whose string) string {
	last := len(limits) - 1
	first, end := "below %s", "%s and above"
	if metric.HigherIsBetter() {
		first, end = end, first
	}
	words := []string{fmt.Sprintf(first, inUnit(figure.Exact(limits[0]), metric))}
	for i := 1; i <= last; i++ {
		words = append(words, inUnit(figure.Exact(limits[i-1])+"–"+figure.Exact(limits[i]), metric))
	}
	words = append(words, fmt.Sprintf(end, inUnit(figure.Exact(limits[last]), metric)))
	if whose != "" {
		whose = " " + whose
	}
	return fmt.Sprintf("tiers%s: %s %s", whose, metric.Title(), strings.Join(words, ", "))
}

// autoTiers groups values that are alike.
func autoTiers(s standings, metric Metric) tiers {
	values := s.values
	starts := clusterStarts(logarithms(values, metric), s.ranks, s.noise)
	result := tiers{of: make([]int, len(values))}
	var ranges []string
	cell := metric.Figure().Unit.Cell
	for group, from := range starts {
		to := len(values)
		if group+1 < len(starts) {
			to = starts[group+1]
			result.limits = append(result.limits, between(values[to-1], values[to]))
		}
		for i := from; i < to; i++ {
			result.of[i] = group + 1
		}
		span := cell(values[from])
		if last := cell(values[to-1]); last != span {
			span += "–" + last
		}
		ranges = append(ranges, inUnit(span, metric))
	}
	switch {
	case len(values) == 0:
		result.words = "tiers: none, for nobody is ranked"
	case len(values) == 1:
		result.words = "tiers: one, for one contender is ranked"
	case len(s.ranks) == 1 && s.measured:
		result.words = fmt.Sprintf("tiers: one, for the differences in %s (%s) are no more than chance", metric.Title(), ranges[0])
	case len(starts) == 1 && s.measured:
		result.words = fmt.Sprintf("tiers: one group of like %s: %s", metric.Title(), ranges[0])
	case len(starts) == 1:
		result.words = fmt.Sprintf("tiers: one, for the differences in %s (%s) are no larger than noise may be", metric.Title(), ranges[0])
	default:
		result.words = fmt.Sprintf("tiers: %d groups of like %s: %s", len(starts), metric.Title(), strings.Join(ranges, ", "))
	}
	return result
}

// logarithms returns them rising. A 0, which has none, stands for something below
// what can be told from 0, or below the smallest other value.
func logarithms(values []float64, metric Metric) []float64 {
	least := 0.001
	for _, value := range values {
		if value > 0 {
			least = min(least, value)
		}
	}
	xs := make([]float64, len(values))
	for i, value := range values {
		xs[i] = math.Log(max(value, least))
		if metric.HigherIsBetter() {
			xs[i] = -xs[i]
		}
	}
	return xs
}

// between is the geometric mean: the middle on the scale that groups are made on.
func between(a, b float64) float64 {
	if a == 0 || b == 0 {
		return (a + b) / 2
	}
	return math.Sqrt(a) * math.Sqrt(b)
}

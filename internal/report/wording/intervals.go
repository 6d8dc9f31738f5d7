package wording

import (
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
)

// Medians say what the figures of a table are, if there were several rounds.
func Medians(result stream.Result) string {
	if result.Workload.Rounds < 2 {
		return ""
	}
	return fmt.Sprintf(", medians of %d rounds", result.Workload.Rounds)
}

// IntervalColumn is the interval of a figure over the rounds, as a column.
func IntervalColumn(name string, result stream.Result) LeaderboardColumn {
	of, _ := figure.Named(name)
	return LeaderboardColumn{leaderboard.IntervalTitle(result.Workload.Rounds), func(one stream.ContenderResult) string {
		interval, ok := one.Intervals[name]
		if !ok {
			return figure.Missing
		}
		words := intervalWords(interval, of.InCell)
		if interval.Rounds < result.Workload.Rounds {
			words += fmt.Sprintf(" of %d", interval.Rounds)
		}
		return words
	}}
}

// intervalWords writes "0.78–0.82 ms": the confidence interval, or what the rounds
// lie between where there are too few for one.
func intervalWords(interval stream.Interval, write func(float64) string) string {
	low, high := interval.Min, interval.Max
	if interval.Low != nil && interval.High != nil {
		low, high = *interval.Low, *interval.High
	}
	from, to := write(low), write(high)
	if from == to {
		return to
	}
	number, unit, _ := strings.Cut(from, " ")
	if strings.HasSuffix(to, " "+unit) {
		from = number
	}
	return from + "–" + to
}

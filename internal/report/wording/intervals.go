package wording

import (
	"fmt"

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
	words := func(one stream.ContenderResult) string {
		interval, ok := one.Intervals[name]
		if !ok {
			return figure.Missing
		}
		return interval.WordsOf(result.Workload.Rounds, of.InCell)
	}
	title := leaderboard.IntervalTitle(result.Workload.Rounds)
	// Its cells tell their unit under both heads.
	return LeaderboardColumn{title, title + " of " + of.OfMemory(stream.MemoryWord(result.Contenders)).Head, words, words}
}

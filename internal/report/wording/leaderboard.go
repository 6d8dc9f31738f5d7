package wording

import (
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
)

// LeaderboardColumn is a column of figures of the leaderboard.
type LeaderboardColumn struct {
	Title string
	Words func(stream.ContenderResult) string
}

// LeaderboardColumns are the leaderboard's columns: what the ranks go by first among its
// like, and of several rounds its interval beside it.
func LeaderboardColumns(result stream.Result) []LeaderboardColumn {
	metric := result.RankedBy()
	latencies := []string{"mean", "p50", "p99", "max"}
	served := []string{"rps", "failures"}
	if slices.ContainsFunc(result.Contenders, func(r stream.ContenderResult) bool { return r.Requests.Retried > 0 }) {
		served = append(served, retried)
	}
	costs := []string{"cpu-per-request", "rss"}
	switch {
	case metric == leaderboard.MeanAll:
		return slices.Concat(columnsOf(result, "mean-all"), latenciesOfAll(), columnsOf(result, slices.Concat(served, costs)...))
	case metric.TellsEfficiency():
		return columnsOf(result, slices.Concat([]string{"cpu-per-request", "rps-per-core", "rps-per-mb", "rss-idle", "rss", "mean", "p99"}, served)...)
	case metric == leaderboard.Startup:
		return columnsOf(result, slices.Concat(latencies, served, costs, []string{"startup"})...)
	}
	return columnsOf(result, slices.Concat(latencies, served, costs)...)
}

// retried stands in a list of figures for the requests that were sent again, which are
// shown if any were.
const retried = "retried"

// ColumnOf is the column of a figure; memory says which kind the memory is.
func ColumnOf(name, memory string) LeaderboardColumn {
	if name == retried {
		return LeaderboardColumn{retried, func(one stream.ContenderResult) string {
			if one.Requests.Total == 0 {
				return figure.Missing
			}
			return figure.Count(one.Requests.Retried)
		}}
	}
	of, _ := figure.Named(name)
	return LeaderboardColumn{of.OfMemory(memory).Head, func(one stream.ContenderResult) string { return of.Cell(one.Figure(name)) }}
}

// columnsOf are those of figures, with the interval of what ranks go by.
func columnsOf(result stream.Result, names ...string) (columns []LeaderboardColumn) {
	for _, name := range names {
		columns = append(columns, ColumnOf(name, stream.MemoryWord(result.Contenders)))
		if name == string(result.RankedBy()) && result.Workload.Rounds > 1 {
			columns = append(columns, IntervalColumn(name, result))
		}
	}
	return columns
}

// latenciesOfAll are those of all replies, OK and KO, as the article ranked.
func latenciesOfAll() (columns []LeaderboardColumn) {
	for _, name := range []string{"p50", "p99", "max"} {
		of, _ := figure.Named(name)
		columns = append(columns, LeaderboardColumn{of.Head, func(one stream.ContenderResult) string {
			return of.Cell(one.LatencyMS.Total.Figure(name))
		}})
	}
	return columns
}

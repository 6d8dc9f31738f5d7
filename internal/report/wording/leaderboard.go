package wording

import (
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
)

// LeaderboardColumn is a column of figures of the leaderboard, whose cells tell their
// unit, or have it told by the head alone.
type LeaderboardColumn struct {
	Title     string // over cells with their unit: "mean"
	InUnit    string // over cells without: "mean [ms]"
	Words     func(stream.ContenderResult) string
	BareWords func(stream.ContenderResult) string
}

// ofFigure is the column of a figure as a contender's result has it.
func ofFigure(of figure.Figure, value func(stream.ContenderResult) *float64) LeaderboardColumn {
	inUnit := of.Head
	if of.Unit != figure.InShare && of.Unit != figure.InRequests { // cells tell the first, and the head the other
		inUnit += " [" + of.Unit.Name() + "]"
	}
	return LeaderboardColumn{of.Head, inUnit,
		func(one stream.ContenderResult) string { return of.Cell(value(one)) },
		func(one stream.ContenderResult) string { return of.Bare(value(one)) }}
}

// WideColumns are the leaderboard's columns where there is room for the start time, too,
// whatever the ranks go by.
func WideColumns(result stream.Result) []LeaderboardColumn {
	columns := LeaderboardColumns(result)
	if result.RankedBy() != leaderboard.Startup {
		columns = append(columns, ColumnOf("startup", ""))
	}
	return columns
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
		words := func(one stream.ContenderResult) string {
			if one.Requests.Total == 0 {
				return figure.Missing
			}
			return figure.Count(one.Requests.Retried)
		}
		return LeaderboardColumn{retried, retried, words, words}
	}
	of, _ := figure.Named(name)
	return ofFigure(of.OfMemory(memory), func(one stream.ContenderResult) *float64 { return one.Figure(name) })
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
		columns = append(columns, ofFigure(of, func(one stream.ContenderResult) *float64 { return one.LatencyMS.Total.Figure(name) }))
	}
	return columns
}

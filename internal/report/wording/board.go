package wording

import (
	"slices"

	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
)

// BoardColumn is a column of figures of the leaderboard.
type BoardColumn struct {
	Title string
	Words func(stream.ContenderResult) string
}

// BoardColumns are the leaderboard's columns: what the ranks go by first among its
// like, and of several rounds its interval beside it.
func BoardColumns(result stream.Result) []BoardColumn {
	metric := RankedBy(result)
	named := func(title, name string, write func(float64) string) NamedFigure {
		return NamedFigure{title, name, write}
	}
	latencies := []NamedFigure{
		named("mean", "mean", MS), named("p50", "p50", MS), named("p99", "p99", MS), named("max", "max", MS),
	}
	served := []NamedFigure{named("req/s OK", "rps", PerSecond), named("KO", "failures", Percent)}
	cpu, rss := named("CPU/req", "cpu-per-request", Microseconds), named(stream.MemoryWord(result.Contenders)+" max", "rss", MB)
	perCore, perMB := named("req/s/core", "rps-per-core", PerSecond), named("req/s/MB", "rps-per-mb", PerSecond)
	startup := named("startup", "startup", LongMS)
	var columns []NamedFigure
	if slices.ContainsFunc(result.Contenders, func(r stream.ContenderResult) bool { return r.Requests.Retried > 0 }) {
		served = append(served, named(retriedTitle, "", nil))
	}
	switch {
	case metric == leaderboard.MeanAll:
		return slices.Concat(allLatencies(metric, result), withInterval(slices.Concat(served, []NamedFigure{cpu, rss}), metric, result))
	case metric.TellsEfficiency():
		columns = slices.Concat([]NamedFigure{cpu, perCore, perMB, named(stream.MemoryWord(result.Contenders)+" idle", "rss-idle", MB), rss}, latencies[:1], latencies[2:3], served)
	case metric == leaderboard.Startup:
		columns = slices.Concat(latencies, served, []NamedFigure{cpu, rss, startup})
	default:
		columns = slices.Concat(latencies, served, []NamedFigure{cpu, rss})
	}
	return withInterval(columns, metric, result)
}

// StartupColumn is that of the times from spawn to the first good reply.
func StartupColumn() BoardColumn {
	return BoardColumn{"startup", NamedFigure{"startup", "startup", LongMS}.Words}
}

// NamedFigure is a figure by its name for --rank-by and --fail-if.
type NamedFigure struct {
	title, name string
	write       func(float64) string
}

// RankFigure is what a metric is written like.
func RankFigure(metric leaderboard.Metric) NamedFigure {
	write := PerSecond
	switch {
	case metric == leaderboard.Startup:
		write = LongMS
	case metric.Unit() == "ms":
		write = MS
	case metric.Unit() == "µs":
		write = Microseconds
	case metric.Unit() == "MB":
		write = MB
	}
	return NamedFigure{string(metric), string(metric), write}
}

// retriedTitle is the column of requests that were sent again, which is there if any were.
const retriedTitle = "retried"

func (f NamedFigure) Words(one stream.ContenderResult) string {
	if f.title == retriedTitle && one.Requests.Total > 0 {
		return Count(one.Requests.Retried)
	} else if f.title == retriedTitle {
		return Missing
	}
	return Known(one.Figure(f.name), f.write)
}

func withInterval(named []NamedFigure, metric leaderboard.Metric, result stream.Result) []BoardColumn {
	var columns []BoardColumn
	for _, figure := range named {
		columns = append(columns, BoardColumn{figure.title, figure.Words})
		if figure.name == string(metric) && result.Workload.Rounds > 1 {
			columns = append(columns, IntervalColumn(figure, result))
		}
	}
	return columns
}

// allLatencies are those of all replies, OK and KO, as the article ranked.
func allLatencies(metric leaderboard.Metric, result stream.Result) []BoardColumn {
	all := func(pick func(*stream.Distribution) float64) func(stream.ContenderResult) string {
		return func(one stream.ContenderResult) string {
			if one.LatencyMS.Total == nil {
				return Missing
			}
			return MS(pick(one.LatencyMS.Total))
		}
	}
	mean := withInterval([]NamedFigure{{"mean, all", string(metric), MS}}, metric, result)
	return append(mean,
		BoardColumn{"p50", all(func(d *stream.Distribution) float64 { return d.P50 })},
		BoardColumn{"p99", all(func(d *stream.Distribution) float64 { return d.P99 })},
		BoardColumn{"max", all(func(d *stream.Distribution) float64 { return d.Max })},
	)
}

package report

import (
	"slices"

	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/session"
)

// boardFigure is a column of figures of the leaderboard.
type boardFigure struct {
	title string
	words func(session.ContenderResult) string
}

// boardFigures are the leaderboard's columns: what the ranks go by first among its
// like, and of several rounds its interval beside it.
func boardFigures(result session.Result) []boardFigure {
	metric := rankedBy(result)
	named := func(title, name string, write func(float64) string) namedFigure {
		return namedFigure{title, name, write}
	}
	latencies := []namedFigure{
		named("mean", "mean", ms), named("p50", "p50", ms), named("p99", "p99", ms), named("max", "max", ms),
	}
	served := []namedFigure{named("req/s OK", "rps", perSecond), named("KO", "failures", percent)}
	cpu, rss := named("CPU/req", "cpu-per-request", microseconds), named("RSS max", "rss", mb)
	perCore, perMB := named("req/s/core", "rps-per-core", perSecond), named("req/s/MB", "rps-per-mb", perSecond)
	startup := named("startup", "startup", longMS)
	var columns []namedFigure
	if slices.ContainsFunc(result.Contenders, func(r session.ContenderResult) bool { return r.Requests.Retried > 0 }) {
		served = append(served, named(retriedTitle, "", nil))
	}
	switch {
	case metric == leaderboard.MeanAll:
		return slices.Concat(allLatencies(metric, result), withInterval(slices.Concat(served, []namedFigure{cpu, rss}), metric, result))
	case metric.TellsEfficiency():
		columns = slices.Concat([]namedFigure{cpu, perCore, perMB, named("RSS idle", "rss-idle", mb), rss}, latencies[:1], latencies[2:3], served)
	case metric == leaderboard.Startup:
		columns = slices.Concat(latencies, served, []namedFigure{cpu, rss, startup})
	default:
		columns = slices.Concat(latencies, served, []namedFigure{cpu, rss})
	}
	return withInterval(columns, metric, result)
}

// namedFigure is a figure by its name for --rank-by and --fail-if.
type namedFigure struct {
	title, name string
	write       func(float64) string
}

// retriedTitle is the column of requests that were sent again, which is there if any were.
const retriedTitle = "retried"

func (f namedFigure) words(one session.ContenderResult) string {
	if f.title == retriedTitle && one.Requests.Total > 0 {
		return count(one.Requests.Retried)
	} else if f.title == retriedTitle {
		return missing
	}
	return known(one.Figure(f.name), f.write)
}

func withInterval(named []namedFigure, metric leaderboard.Metric, result session.Result) []boardFigure {
	var columns []boardFigure
	for _, figure := range named {
		columns = append(columns, boardFigure{figure.title, figure.words})
		if figure.name == string(metric) && result.Workload.Rounds > 1 {
			columns = append(columns, intervalFigure(figure, result))
		}
	}
	return columns
}

// allLatencies are those of all replies, OK and KO, as the article ranked.
func allLatencies(metric leaderboard.Metric, result session.Result) []boardFigure {
	all := func(pick func(*session.Distribution) float64) func(session.ContenderResult) string {
		return func(one session.ContenderResult) string {
			if one.LatencyMS.Total == nil {
				return missing
			}
			return ms(pick(one.LatencyMS.Total))
		}
	}
	mean := withInterval([]namedFigure{{"mean, all", string(metric), ms}}, metric, result)
	return append(mean,
		boardFigure{"p50", all(func(d *session.Distribution) float64 { return d.P50 })},
		boardFigure{"p99", all(func(d *session.Distribution) float64 { return d.P99 })},
		boardFigure{"max", all(func(d *session.Distribution) float64 { return d.Max })},
	)
}

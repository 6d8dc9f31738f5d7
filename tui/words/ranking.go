package words

import (
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
)

// RankedBy is the figure that the ranks of a result go by.
func RankedBy(result stream.Result) string {
	for _, row := range result.Contenders {
		if row.RankedBy != "" {
			return row.RankedBy
		}
	}
	return "mean"
}

// RankWords says what the ranks go by.
func RankWords(result stream.Result) string {
	by := RankedBy(result)
	switch by {
	case "mean":
		return "mean response time of OK replies, lower is better"
	case "mean-all":
		return "mean response time of all replies (OK and KO), lower is better"
	case "p50", "p99":
		return by + " of the response time of OK replies, lower is better"
	case "rps":
		return "OK replies per second, higher is better"
	case "cpu-per-request":
		return "server CPU per request, lower is better"
	case "rps-per-core":
		return "requests per second for each core of server CPU, higher is better"
	case "rps-per-mb":
		return "OK replies per second for each MB of server memory, higher is better"
	case "rss":
		return "most memory (" + stream.MemoryWord(result.Contenders) + "), lower is better"
	case "startup":
		return "time from start to first reply, lower is better"
	}
	return by
}

// Doubt says why the figures of the run are in doubt; "" if they are not.
func Doubt(result stream.Result) string {
	limited := 0
	for _, row := range result.Contenders {
		if row.Verdict == VerdictGenerator {
			limited++
		}
	}
	g := result.Generator
	switch {
	case limited > 0 && limited == len(result.Contenders), g.Saturated && limited == 0:
		return "the generator was the limit: these figures are not the servers'"
	case limited > 0:
		return "the generator was the limit of " + figure.Plural(limited, "contender", "contenders")
	case g.LatenessMS.P99 > float64(LatenessTolerated.Milliseconds()):
		return "lateness is in the latencies"
	}
	return ""
}

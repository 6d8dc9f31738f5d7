package recorded

import (
	"time"

	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

// Scaled is a document of one contender under a closed load whose rounds have the
// figures of the article's golang times factors, one a round.
func Scaled(id string, factors ...float64) report.Document {
	one := ArticleResult().Contenders[0]
	one.ID, one.Name = id, id
	result := stream.Result{
		Schema: stream.ResultSchema, Started: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), Host: host(),
		Workload: stream.WorkloadFacts{Name: "steady", Model: "closed", Connections: 64, DurationS: 10, Rounds: len(factors), Words: "64 connections for 10 s"},
	}
	for i, factor := range factors {
		cpu, startup := 143.75*factor, 9*factor
		process := *one.Process
		process.CPUUSPerRequest = &cpu
		one.Rounds = append(one.Rounds, stream.RoundResult{
			Round:   i + 1,
			Outcome: stream.Outcome{Status: stream.StatusOK},
			Measured: stream.Measured{
				StartupMS: &startup,
				Requests:  one.Requests,
				RPS:       stream.RPS{Total: 6400 / factor, OK: 6400 / factor},
				LatencyMS: stream.Latencies{Total: distributionOf(factor), OK: distributionOf(factor), Service: distributionOf(factor)},
				Process:   &process,
			},
		})
	}
	middle := one.Rounds[len(factors)/2]
	rounds, n := one.Rounds, len(factors)
	one = wording.OfRound(one, middle)
	one.Rounds = rounds
	if n > 1 {
		one.Intervals = map[string]stream.Interval{}
	}
	result.Contenders = []stream.ContenderResult{one}
	return report.Document{Result: result}
}

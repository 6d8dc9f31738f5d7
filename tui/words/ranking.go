package words

import (
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
)

// RankWords says what the ranks go by.
func RankWords(result stream.Result) string {
	by, known := figure.Named(string(result.RankedBy()))
	if !known { // of a later version's recording
		return by.Name
	}
	return by.OfMemory(stream.MemoryWord(result.Contenders)).Ranking()
}

// Doubt says why the figures of the run are in doubt; "" if they are not.
func Doubt(result stream.Result) string {
	limited := 0
	for _, row := range result.Contenders {
		if row.Verdict == diagnosis.VerdictGenerator {
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

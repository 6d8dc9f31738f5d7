package words

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
)

// ReasonsOf are why a cause came about, with how often where there are several.
func ReasonsOf(failure stream.FailureResult) (reasons []string) {
	if failure.Reason == "" {
		return nil
	}
	if len(failure.Reasons) < 2 {
		return []string{failure.Reason}
	}
	for _, reason := range failure.Reasons {
		reasons = append(reasons, reason.Reason+" ×"+figure.Whole(float64(reason.Count)))
	}
	return reasons
}

// Place writes the rank: "1", "=2" where it is tied, "3*" in spite of failures.
func Place(result stream.ContenderResult) string {
	if result.Rank == 0 {
		return "–"
	}
	place := fmt.Sprint(result.Rank)
	if len(result.TiedWith) > 0 {
		place = "=" + place
	}
	if result.Starred {
		place += "*"
	}
	return place
}

// StartersMark stands behind the name of a contender whose CPU and memory are not the
// server's, but those of what started it.
func StartersMark(one stream.ContenderResult) string {
	if one.Process == nil || !one.Process.StarterOnly {
		return ""
	}
	return " °"
}

// VerdictGenerator is the verdict on a load that the generator limited.
const VerdictGenerator = "generator"

// VerdictMachine is the one on a load that server and generator had too few cores for.
// It is no reason for a mark: on such a machine all contenders share that lot.
const VerdictMachine = "machine"

// Cause says why a contender stands below the line.
func Cause(result stream.ContenderResult) string {
	switch {
	case result.RankNote != "":
		return result.RankNote
	case result.StatusDetail != "":
		return result.StatusDetail
	}
	return result.Status.Words()
}

// Ends are those of an interval: of the confidence interval, or the lowest and
// highest round where there are too few for one.
func Ends(i stream.Interval) (low, high float64) {
	if i.Low != nil && i.High != nil {
		return *i.Low, *i.High
	}
	return i.Min, i.Max
}

// IntervalWords writes "0.78–0.82".
func IntervalWords(i stream.Interval, write func(float64) string) string {
	low, high := Ends(i)
	from, to := write(low), write(high)
	if from == to {
		return to
	}
	return from + "–" + to
}

// InRounds says in which of several rounds a finding fired.
func InRounds(rounds []int) string {
	if len(rounds) == 0 {
		return ""
	}
	words := "  round"
	if len(rounds) > 1 {
		words += "s"
	}
	for i, round := range rounds {
		if i > 0 {
			words += ","
		}
		words += fmt.Sprintf(" %d", round)
	}
	return words
}

// LatenessTolerated is how late requests may be sent, at the 99th percentile,
// before the screen says that it counts in the latencies: those below about ten
// times as much are in doubt. From when on nothing can be trusted, the verdict says.
const LatenessTolerated = time.Millisecond

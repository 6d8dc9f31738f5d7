package wording

import (
	"strconv"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
)

// RankedBy is the metric of the result's leaderboard.
func RankedBy(result stream.Result) leaderboard.Metric {
	for _, one := range result.Contenders {
		if one.RankedBy != "" {
			return leaderboard.Metric(one.RankedBy)
		}
	}
	return leaderboard.Mean
}

// StartersFigures says whether a contender's CPU and memory are not the server's, but
// those of what started it.
func StartersFigures(one stream.ContenderResult) bool {
	return one.Process != nil && one.Process.StarterOnly
}

// Marks stand behind a contender's name, each after a space: a star if it is ranked in
// spite of its failures, "!" if the generator limited it, "°" for the starter's figures.
func Marks(one stream.ContenderResult) (marks string) {
	if one.Starred {
		marks += " *"
	}
	if one.Verdict == diagnosis.VerdictGenerator {
		marks += " !"
	}
	if StartersFigures(one) {
		marks += " °"
	}
	return marks
}

// Rank is a contender's place: "1", "=2", "–".
func Rank(one stream.ContenderResult) string {
	switch {
	case one.Rank == 0:
		return figure.Missing
	case len(one.TiedWith) > 0:
		return "=" + strconv.Itoa(one.Rank)
	}
	return strconv.Itoa(one.Rank)
}

// Letters are those of a contender that is tied with somebody.
func Letters(one stream.ContenderResult) string {
	if len(one.TiedWith) == 0 {
		return ""
	}
	return foreign.Text(one.Letters)
}

// About say how a contender was built.
func About(one stream.ContenderResult) string {
	words := foreign.Text(one.Version)
	for _, word := range []string{foreign.Text(one.Language), foreign.Text(one.Variant)} {
		switch {
		case word == "":
		case words == "":
			words = word
		default:
			words += " · " + word
		}
	}
	return words
}

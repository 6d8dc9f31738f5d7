package wording

import (
	"strconv"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
)

// medals by tier.
var medals = [...]string{"", "🥇", "🥈", "🥉", "🏅"}

func Medal(tier int) string {
	if tier < 0 || tier >= len(medals) {
		return ""
	}
	return medals[tier]
}

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

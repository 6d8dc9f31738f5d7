package wording

import (
	"fmt"
	"slices"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
)

// Rules say what stands behind the table.
func Rules(result stream.Result) []string {
	var lines []string
	if result.TierRule != "" {
		lines = append(lines, result.TierRule)
	}
	var starred, limited, failing bool
	tied := ""
	for _, one := range result.Contenders {
		starred = starred || one.Starred
		if len(one.TiedWith) > 0 {
			tied = "= shares its rank"
		}
		limited = limited || one.Verdict == diagnosis.VerdictGenerator
		failing = failing || one.Rank == 0 && one.Requests.FailureRate > leaderboard.MostFailures
	}
	if slices.ContainsFunc(result.Contenders, stream.ContenderResult.StartersFigures) {
		lines = append(lines, stream.StartersRule)
	}
	if starred {
		lines = append(lines, "* ranked in spite of its failures")
	}
	if result.TieRule != "" {
		tied = result.TieRule
	}
	if tied != "" {
		lines = append(lines, tied)
	}
	lines = append(lines, intervalRule(result)...)
	if limited {
		lines = append(lines, "! the generator was the limit: the server could do more than these figures say")
	}
	if failing {
		lines = append(lines, fmt.Sprintf("who fails more than %s of its requests stands below the line", figure.Percent(leaderboard.MostFailures)))
	}
	return append(lines, generatorLine(result.Generator))
}

func generatorLine(generator stream.GeneratorResult) string {
	if generator.CPUUSPerRequest == 0 {
		return "generator: nothing was sent"
	}
	late := generator.LatenessMS
	line := fmt.Sprintf("generator: %s of CPU per request, at most %s of a core; sends late by %s at p50, %s at p99, %s at worst",
		figure.Microseconds(generator.CPUUSPerRequest), figure.OfCore(generator.CPUPercentMax), figure.MS(late.P50), figure.MS(late.P99), figure.MS(late.Max))
	if late := generator.ReadLatenessMS; late != nil {
		line += fmt.Sprintf("; reads replies late by %s, %s, %s, which is in no latency here", figure.MS(late.P50), figure.MS(late.P99), figure.MS(late.Max))
	}
	return line
}

// intervalRule says what the column of intervals is.
func intervalRule(result stream.Result) []string {
	switch {
	case result.Workload.Rounds < 2:
		return nil
	case result.Workload.Rounds < leaderboard.LeastRounds:
		return []string{"range: the lowest and the highest round; max and KO are those of all rounds"}
	}
	return []string{fmt.Sprintf("%.0f %%: confidence interval of the median, by bootstrap over the rounds; max and KO are those of all rounds", 100*leaderboard.Confidence)}
}

// LeaderboardRules are the rules behind the table; the generator has a place of its own.
func LeaderboardRules(result stream.Result) []string {
	rules := Rules(result)
	for i := range rules {
		rules[i] = foreign.Text(rules[i])
	}
	return rules[:len(rules)-1]
}

package report

import (
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/session"
)

// medianWords say what the figures of a table are, if there were several rounds.
func medianWords(result session.Result) string {
	if result.Workload.Rounds < 2 {
		return ""
	}
	return fmt.Sprintf(", medians of %d rounds", result.Workload.Rounds)
}

// intervalFigure is the interval of a figure over the rounds, as a column.
func intervalFigure(figure namedFigure, result session.Result) boardFigure {
	title := fmt.Sprintf("%.0f %%", 100*leaderboard.Confidence)
	if result.Workload.Rounds < leaderboard.LeastRounds {
		title = "range"
	}
	return boardFigure{title, func(one session.ContenderResult) string {
		interval, ok := one.Intervals[figure.name]
		if !ok {
			return missing
		}
		words := intervalWords(interval, figure.write)
		if interval.Rounds < result.Workload.Rounds {
			words += fmt.Sprintf(" of %d", interval.Rounds)
		}
		return words
	}}
}

// intervalWords writes "0.78–0.82 ms": the confidence interval, or what the rounds
// lie between where there are too few for one.
func intervalWords(interval session.Interval, write func(float64) string) string {
	low, high := interval.Min, interval.Max
	if interval.Low != nil && interval.High != nil {
		low, high = *interval.Low, *interval.High
	}
	from, to := write(low), write(high)
	if from == to {
		return to
	}
	number, unit, _ := strings.Cut(from, " ")
	if strings.HasSuffix(to, " "+unit) {
		from = number
	}
	return from + "–" + to
}

// intervalRule says what the column of intervals is.
func intervalRule(result session.Result) []string {
	switch {
	case result.Workload.Rounds < 2:
		return nil
	case result.Workload.Rounds < leaderboard.LeastRounds:
		return []string{"range: the lowest and the highest round; max and KO are those of all rounds"}
	}
	return []string{fmt.Sprintf("%.0f %%: confidence interval of the median, by bootstrap over the rounds; max and KO are those of all rounds", 100*leaderboard.Confidence)}
}

// shownRounds is how many rounds are written one by one.
const shownRounds = 12

// roundLines are a contender's figures by round, and what they come to.
func roundLines(one session.ContenderResult) []string {
	if len(one.Intervals) == 0 {
		return nil
	}
	rounds := roundTable(one)
	return rounds.lines()
}

// roundTable are the same as a table, the rounds' numbers and words in its first column.
func roundTable(one session.ContenderResult) table {
	columns := []namedFigure{
		{"mean", "mean", ms}, {"p50", "p50", ms}, {"p99", "p99", ms}, {"req/s OK", "rps", perSecond}, {"KO", "failures", percent},
		{"CPU/req", "cpu-per-request", microseconds}, {"RSS max", "rss", mb}, {"startup", "startup", longMS},
	}
	rounds := table{columns: []column{{"  by round", true}}}
	for _, column_ := range columns {
		rounds.columns = append(rounds.columns, column{column_.title, false})
	}
	rounds.columns = append(rounds.columns, column{"", true})
	if len(one.Rounds) <= shownRounds {
		for _, round := range one.Rounds {
			row := []string{fmt.Sprintf("    %d", round.Round)}
			for _, figure := range columns {
				row = append(row, known(round.Figure(figure.name), figure.write))
			}
			if round.Status != session.StatusOK {
				row = append(row, statusWords(round.Status)+", not counted")
			}
			rounds.add(row...)
		}
	}
	summed := func(title string, write func(session.Interval, func(float64) string) string) {
		row := []string{title}
		for _, figure := range columns {
			interval, ok := one.Intervals[figure.name]
			if !ok {
				row = append(row, missing)
				continue
			}
			row = append(row, write(interval, figure.write))
		}
		rounds.add(row...)
	}
	summed("    median", func(i session.Interval, write func(float64) string) string { return write(i.Median) })
	confident := false
	for _, interval := range one.Intervals {
		confident = confident || interval.Low != nil
	}
	if confident {
		summed(fmt.Sprintf("    %.0f %%", 100*leaderboard.Confidence), intervalWords)
	}
	summed("    spread", func(i session.Interval, _ func(float64) string) string { return percent(i.Spread) })
	return rounds
}

// inRounds says in which of several rounds a finding fired.
func inRounds(rounds []int) string {
	switch len(rounds) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(" in round %d", rounds[0])
	}
	words := make([]string, len(rounds))
	for i, round := range rounds {
		words[i] = fmt.Sprint(round)
	}
	return " in rounds " + strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func (p *Plain) roundStarted(body session.RoundStarted) {
	p.line("")
	p.line(fmt.Sprintf("─── round %d of %d: %s", body.Round, body.Of, foreign.Text(strings.Join(body.Order, ", "))))
}

// roundDone sums up a contender's round; how it ended is told at the end too.
func (p *Plain) roundDone(id string, body session.RoundDone) {
	p.flush()
	p.second = second{}
	of := fmt.Sprintf("round %d of %d", body.Result.Round, body.Of)
	alone := session.ContenderResult{
		Status: body.Result.Status, StatusDetail: body.Result.StatusDetail, Requests: body.Result.Requests,
		Failures: body.Result.Failures, LatencyMS: body.Result.LatencyMS, RPS: body.Result.RPS,
	}
	if body.Result.Status != session.StatusOK {
		p.say(id, indentRest(of+": "+endWords(alone), "  "+strings.Repeat(" ", p.width)))
	}
	if body.Result.Capacity != nil {
		p.say(id, of+": "+foreign.Text(body.Result.Capacity.Words()))
	}
	if body.Result.Requests.Total > 0 {
		p.say(id, of+": "+requestWords(alone))
	}
}

// roundsWords say what goes on between the contenders of several rounds.
func roundsWords(workload session.WorkloadFacts) string {
	if workload.Rounds < 2 {
		return ""
	}
	words := fmt.Sprintf("%d, each contender once in each", workload.Rounds)
	if workload.Seed != nil {
		words += fmt.Sprintf(", in an order drawn by --seed %d", *workload.Seed)
	}
	if workload.CooldownS > 0 {
		words += ", " + length(secondsLong(workload.CooldownS)) + " of rest between two"
	}
	return words
}

// rateFixed tells the rate that all contenders get, and from what it comes.
func (p *Plain) rateFixed(body session.RateFixed) {
	var words []string
	for _, probe := range body.Probes {
		if probe.RPS == 0 {
			words = append(words, foreign.Text(probe.ID)+" none: "+firstLine(probe.Why))
			continue
		}
		words = append(words, foreign.Text(probe.ID)+" "+perSecond(probe.RPS)+" req/s")
	}
	p.line("")
	p.line(fmt.Sprintf("rate      %s req/s for all, half of what %s, the slowest, can do (%s)",
		perSecond(body.Workload.Rate), foreign.Text(body.Slowest), strings.Join(words, ", ")))
}

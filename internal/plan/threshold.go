package plan

import (
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
)

// Threshold is a condition on a contender's figures, such as "p99>50ms",
// "failures>0.1%" or "rps<1000".
type Threshold struct {
	text   string
	metric figure.Figure
	op     string
	limit  float64 // in the metric's unit
}

// ParseThreshold reads METRIC OP LIMIT, with OP one of < <= > >=.
func ParseThreshold(text string) (Threshold, error) {
	at := strings.IndexAny(text, "<>")
	if at < 0 {
		return Threshold{}, fmt.Errorf("%q is no condition; write it like 'p99>50ms' or 'failures>0.1%%'", text)
	}
	threshold := Threshold{text: text, op: text[at : at+1]}
	rest := text[at+1:]
	if strings.HasPrefix(rest, "=") {
		threshold.op, rest = threshold.op+"=", rest[1:]
	}
	name := strings.TrimSpace(text[:at])
	var names []string
	for _, metric := range stream.Figures() {
		names = append(names, metric.Name)
		if metric.Name == name {
			threshold.metric = metric
		}
	}
	if threshold.metric.Name == "" {
		return Threshold{}, fmt.Errorf("%q: there is no metric %q; there are: %s", text, name, strings.Join(names, ", "))
	}
	var err error
	threshold.limit, err = threshold.metric.Unit.Parse(rest)
	if err != nil {
		return Threshold{}, fmt.Errorf("%q: %w", text, err)
	}
	if threshold.limit < 0 { // what never holds, or always, is taken for a check
		return Threshold{}, fmt.Errorf("%q: a limit is a number, 0 or above", text)
	}
	return threshold, nil
}

// Fires says whether a check by the condition fails, and in what words: it holds for
// the contender, or nothing can be said of it since the figure was not measured, also
// in one round of several. A server that answers nothing must pass no check.
func (t Threshold) Fires(result stream.ContenderResult) (fires bool, told string) {
	if result.Figure(t.metric.Name) == nil {
		return true, fmt.Sprintf("%s: %s %s not measured: %s", t.text, t.metric.Name, verb(t.metric, "was", "were"), result.LackOf(t.metric.Name))
	}
	if fires, told = t.Holds(result); fires {
		return fires, told
	}
	// Whom nobody answered has no time: the others' is no bound of what was asked.
	if unanswered := result.Unanswered(); t.metric.OfOKReplies() && t.op[0] == '>' && 2*unanswered > result.Requests.Total {
		return true, fmt.Sprintf("%s, but of the others alone: %s of %s had no whole reply", told,
			figure.Count(unanswered), figure.Plural(result.Requests.Total, "request", "requests"))
	}
	if len(result.Intervals) == 0 {
		return false, told
	}
	for _, round := range result.Counted() {
		if round.Figure(t.metric.Name) == nil {
			return true, fmt.Sprintf("%s: %s %s not measured in round %d of %d: %s", t.text, t.metric.Name, verb(t.metric, "was", "were"),
				round.Round, len(result.Rounds), round.AsContender().LackOf(t.metric.Name))
		}
	}
	return false, told
}

// Holds says whether the condition holds for the contender, and with what figure.
// A figure that was not measured holds no condition.
func (t Threshold) Holds(result stream.ContenderResult) (holds bool, told string) {
	value := result.Figure(t.metric.Name)
	if value == nil {
		return false, ""
	}
	switch t.op {
	case "<":
		holds = *value < t.limit
	case "<=":
		holds = *value <= t.limit
	case ">":
		holds = *value > t.limit
	default:
		holds = *value >= t.limit
	}
	switch t.metric.Unit { // as its limit is written
	case figure.InMS, figure.InLongMS:
		told = t.metric.Write(value)
	case figure.InShare: // a digit more than elsewhere, to be told from its limit
		told = fmt.Sprintf("%.3g %%", *value*100)
	default:
		told = t.metric.Bare(value)
	}
	return holds, fmt.Sprintf("%s: %s %s %s", t.text, t.metric.Name, verb(t.metric, "is", "are"), told)
}

// verb is the one that goes with the figure's name.
func verb(of figure.Figure, one, several string) string {
	if of.Name == "failures" {
		return several
	}
	return one
}

package stream

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
)

// RankedBy is the metric that the ranks of the result go by.
func (r Result) RankedBy() leaderboard.Metric {
	for _, one := range r.Contenders {
		if one.RankedBy != "" {
			return leaderboard.Metric(one.RankedBy)
		}
	}
	return leaderboard.Mean
}

// RankTitle is what that is called, with the kind of memory: "mean response time", "peak
// memory (PSS)".
func (r Result) RankTitle() string {
	of := r.RankedBy().Figure().OfMemory(MemoryWord(r.Contenders))
	if of.Unit == figure.InMB && of.Full != "" {
		return of.Full
	}
	return of.Title
}

// Place writes the contender's rank: "1", "=2" where it is tied, "–" below the line.
func (r ContenderResult) Place() string {
	switch {
	case r.Rank == 0:
		return figure.Missing
	case len(r.TiedWith) > 0:
		return "=" + strconv.Itoa(r.Rank)
	}
	return strconv.Itoa(r.Rank)
}

// Ends are those of the interval: of the confidence interval, or the lowest and the
// highest round where there are too few for one.
func (i Interval) Ends() (low, high float64) {
	if i.Low != nil && i.High != nil {
		return *i.Low, *i.High
	}
	return i.Min, i.Max
}

// Words writes the ends, whose unit stands once: "0.78–0.82 ms".
func (i Interval) Words(write func(float64) string) string {
	low, high := i.Ends()
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

// WordsOf writes them, and on how many of the run's rounds they rest, if not on all:
// "0.78–0.82 ms of 4".
func (i Interval) WordsOf(rounds int, write func(float64) string) string {
	words := i.Words(write)
	if i.Rounds < rounds {
		words += fmt.Sprintf(" of %d", i.Rounds)
	}
	return words
}

// Placed are the results, by id, in the order and with the places of a board.
func Placed(board leaderboard.Board, results map[string]ContenderResult) (contenders []ContenderResult) {
	for _, row := range board.Rows {
		one := results[row.Entry.ID]
		one.Rank, one.Tier, one.Letters, one.Starred, one.RankNote = row.Rank, row.Tier, row.Letters, row.Starred, row.Note
		one.RankedBy = string(board.RankBy)
		if row.TiedWith != nil {
			one.TiedWith = row.TiedWith
		}
		contenders = append(contenders, one)
	}
	return contenders
}

// EntryOf is the contender as the leaderboard takes it.
func EntryOf(result ContenderResult) leaderboard.Entry {
	e := leaderboard.Entry{
		ID:          result.ID,
		Values:      map[leaderboard.Metric]float64{},
		Rounds:      map[leaderboard.Metric][]float64{},
		Steps:       map[leaderboard.Metric]float64{},
		Errors:      map[leaderboard.Metric]float64{},
		FailureRate: result.Requests.FailureRate,
	}
	if result.Requests.Total == 0 {
		e.Unmeasured = string(result.Status)
		if result.StatusDetail != "" {
			e.Unmeasured = result.StatusDetail
		}
		return e
	}
	if result.Status == StatusCrashed {
		e.Broken = result.StatusDetail
	}
	if len(result.Failures) > 0 {
		e.MainCause = result.Failures[0].Cause
	}
	for _, metric := range leaderboard.Metrics() {
		if value := result.Figure(string(metric)); value != nil {
			e.Values[metric] = *value
		}
		if len(result.Intervals) == 0 {
			continue
		}
		e.Steps[metric], e.Errors[metric] = result.Step(string(metric)), result.countingError(string(metric))
		for _, round := range result.Counted() {
			if value := round.Figure(string(metric)); value != nil {
				e.Rounds[metric] = append(e.Rounds[metric], *value)
			}
		}
	}
	return e
}

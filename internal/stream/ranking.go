package stream

import "github.com/benchtui/benchtui/internal/leaderboard"

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
		ID: result.ID, Name: result.Name,
		Values:      map[leaderboard.Metric]float64{},
		Rounds:      map[leaderboard.Metric][]float64{},
		Steps:       map[leaderboard.Metric]float64{},
		Errors:      map[leaderboard.Metric]float64{},
		Requests:    result.Requests.Total,
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

package wording

import "github.com/benchtui/benchtui/internal/stream"

// OfRound is a contender as one of its rounds alone tells of it.
func OfRound(one stream.ContenderResult, round stream.RoundResult) stream.ContenderResult {
	one.Outcome, one.Measured = round.Outcome, round.Measured
	one.Intervals, one.Rounds = nil, nil
	return one
}

package wording

import "github.com/benchtui/benchtui/internal/stream"

// OfRound is a contender as one of its rounds alone tells of it.
func OfRound(one stream.ContenderResult, round stream.RoundResult) stream.ContenderResult {
	one.Status, one.StatusDetail = round.Status, round.StatusDetail
	one.StartupMS, one.Requests, one.Verdict, one.RPS = round.StartupMS, round.Requests, round.Verdict, round.RPS
	one.VerdictWhy = round.VerdictWhy
	one.LatencyEnds, one.LatencyMS, one.Failures, one.Process = round.LatencyEnds, round.LatencyMS, round.Failures, round.Process
	one.Capacity, one.Findings = round.Capacity, round.Findings
	one.Intervals, one.Rounds = nil, nil
	return one
}

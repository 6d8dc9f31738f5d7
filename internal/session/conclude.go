package session

import (
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
)

// conclude ranks what was measured and adds up the generator's own figures.
func (r *Run) conclude(host HostFacts, facts PlanFacts, entrants []*entrant) Result {
	result := Result{
		Schema:    ResultSchema,
		Started:   r.stream.began,
		Host:      host,
		Workload:  facts.Workload,
		Generator: generatorResult(entrants),
	}
	results := map[string]ContenderResult{}
	var entries []leaderboard.Entry
	each := make([]ContenderResult, len(entrants))
	for i, e := range entrants {
		each[i] = e.result()
	}
	for _, one := range alikeInMemory(each) {
		results[one.ID] = one
		entries = append(entries, entry(one))
		if one.Verdict == diagnosis.VerdictGenerator {
			result.Generator.Saturated = true
		}
	}
	board, err := leaderboard.Rank(entries, r.plan.ranking())
	if err != nil { // Plan.Check has refused what Rank refuses; the figures must not be lost
		r.stream.emit("", Notice{Text: "not ranked: " + err.Error()})
		for _, e := range entrants {
			result.Contenders = append(result.Contenders, results[e.facts.ID])
		}
		return result
	}
	result.TierRule, result.TieRule = board.TierRule, board.TieRule
	result.Contenders = placed(board, results)
	return result
}

// placed are the results, by id, in the order and with the places of a board.
func placed(board leaderboard.Board, results map[string]ContenderResult) (contenders []ContenderResult) {
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

func generatorResult(entrants []*entrant) GeneratorResult {
	var result GeneratorResult
	var cpu float64
	var sent uint64
	var lateness, readLateness measure.Histogram
	for _, e := range entrants {
		for _, t := range e.tallies {
			cpu += float64(t.total.GeneratorCPU.Microseconds())
			sent += t.total.Sent
			lateness = lateness.Merge(t.total.Lateness)
			readLateness = readLateness.Merge(t.total.ReadLateness)
			result.CPUPercentMax = max(result.CPUPercentMax, t.cpuMax)
		}
	}
	if sent > 0 {
		result.CPUUSPerRequest = cpu / float64(sent)
	}
	if late := distribution(lateness); late != nil {
		result.LatenessMS = Lateness{P50: late.P50, P99: late.P99, Max: late.Max}
	}
	if late := distribution(readLateness); late != nil {
		result.ReadLatenessMS = &Lateness{P50: late.P50, P99: late.P99, Max: late.Max}
	}
	return result
}

package run

import (
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// conclude ranks what was measured and adds up the generator's own figures.
func (r *Run) conclude(host stream.HostFacts, facts stream.PlanFacts, participants []*participant) stream.Result {
	result := stream.Result{
		Schema:    stream.ResultSchema,
		Started:   r.stream.began,
		Host:      host,
		Workload:  facts.Workload,
		Generator: generatorResult(participants),
	}
	results := map[string]stream.ContenderResult{}
	var entries []leaderboard.Entry
	each := make([]stream.ContenderResult, len(participants))
	for i, e := range participants {
		each[i] = e.result()
	}
	for _, one := range stream.AlikeInMemory(each) {
		results[one.ID] = one
		entries = append(entries, stream.EntryOf(one))
		if one.Verdict == diagnosis.VerdictGenerator {
			result.Generator.Saturated = true
		}
	}
	board, err := leaderboard.Rank(entries, r.plan.ranking())
	if err != nil { // Plan.Check has refused what Rank refuses; the figures must not be lost
		r.stream.emit("", stream.Notice{Text: "not ranked: " + err.Error()})
		for _, e := range participants {
			result.Contenders = append(result.Contenders, results[e.facts.ID])
		}
		return result
	}
	result.TierRule, result.TieRule = board.TierRule, board.TieRule
	result.Contenders = stream.Placed(board, results)
	return result
}

func generatorResult(participants []*participant) stream.GeneratorResult {
	var result stream.GeneratorResult
	var cpu float64
	var sent uint64
	var lateness, readLateness measure.Histogram
	for _, e := range participants {
		for _, t := range e.tallies {
			total := t.total.Measures()
			cpu += float64(total.GeneratorCPU.Microseconds())
			sent += total.Sent
			lateness = lateness.Merge(total.Lateness)
			readLateness = readLateness.Merge(total.ReadLateness)
			result.CPUPercentMax = max(result.CPUPercentMax, t.cpuMax)
		}
	}
	if sent > 0 {
		result.CPUUSPerRequest = cpu / float64(sent)
	}
	if late := stream.DistributionOf(lateness); late != nil {
		result.LatenessMS = stream.Lateness{P50: late.P50, P99: late.P99, Max: late.Max}
	}
	if late := stream.DistributionOf(readLateness); late != nil {
		result.ReadLatenessMS = &stream.Lateness{P50: late.P50, P99: late.P99, Max: late.Max}
	}
	return result
}

package run

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// participant is a contender in a run: its build, and a tally for each round.
type participant struct {
	contender frameworks.Contender
	facts     stream.ContenderFacts
	rounds    int          // planned
	built     *build.Built // nil: there is nothing to measure
	tallies   []*tally     // of the rounds so far, in order
	left      bool         // it takes part in no more rounds
	done      bool         // ContenderDone was told

	// How it ended for another reason than those of its rounds.
	status stream.Status
	detail string
}

// fail sets how the contender ended; the first word stands.
func (e *participant) fail(status stream.Status, detail string) {
	if e.status == "" {
		e.status, e.detail = status, detail
	}
}

func (e *participant) takesPart() bool { return e.built != nil && !e.left }

// begin makes the tally of the next round.
func (e *participant) begin(plan Plan, cores, round, position int) *tally {
	t := newTally(e.contender, plan, cores)
	t.round, t.position = round, position
	t.profiled = slices.ContainsFunc(e.tallies, func(t *tally) bool { return t.profiled }) // once is enough
	e.tallies = append(e.tallies, t)
	return t
}

// roundOver decides after a round whether the contender goes on: not if the person
// skipped it, nor if it has never started so far, for waiting for it takes as long
// each time.
func (e *participant) roundOver() (why string) {
	t := e.tallies[len(e.tallies)-1]
	ran := slices.ContainsFunc(e.tallies, func(t *tally) bool { return t.status == stream.StatusOK })
	switch {
	case t.round >= e.rounds:
		e.left = true
	case t.status == stream.StatusAborted:
		e.left = true
		if !t.idle() {
			return "it was skipped"
		}
		return "nothing was sent"
	case t.status == stream.StatusStartFailed && !ran:
		e.left = true
		return "it did not start"
	}
	return ""
}

// result is the contender with all its rounds so far; ranks and tiers come with the
// conclusion.
func (e *participant) result() stream.ContenderResult {
	var rounds []stream.RoundResult
	for _, t := range e.tallies {
		rounds = append(rounds, t.result())
	}
	count := stream.CountedOf(e.tallies, func(t *tally) (stream.Status, uint64) { return t.status, t.replies() })
	measures := make([]measure.Measures, len(count))
	for i, t := range count {
		measures[i] = t.measures()
	}
	result := stream.ContenderResult{TiedWith: []string{}, Measured: stream.MeasuredOf(mergeRounds(measures))}
	if slices.ContainsFunc(count, func(t *tally) bool { return t.capacity != nil }) {
		result.RPS = meanRPS(count)
	}
	result.ID, result.Name, result.Language = e.facts.ID, e.facts.Name, e.facts.Language
	if e.built != nil {
		result.Version, result.Variant = e.built.Version, e.built.Variant
	}
	result.Status, result.StatusDetail = e.ended()
	result.Rounds = rounds
	result.Findings = e.findings(rounds)
	result.Verdict = verdictOf(result.Counted())
	result.VerdictWhy = verdictWhy(result.Verdict, result.Counted())
	if e.rounds > 1 && len(count) > 0 {
		result.Intervals = stream.IntervalsOf(result)
	}
	if process := processOf(count); process != nil {
		process.SetPerMB(result.RPS.OK)
		result.Process = process
	}
	result.StartupMS = medianOf(rounds, func(r stream.RoundResult) *float64 { return r.StartupMS })
	result.Capacity = capacityOf(count)
	if result.Process != nil && result.Process.MemoryIs != stream.MemoryIsPSS {
		result = result.RoundsByRSS()
	}
	for _, t := range e.tallies {
		if t.profile != nil {
			result.Profile = t.profile
		}
		if result.LogTail == nil || t.status != stream.StatusOK {
			result.LogTail = t.logTail
		}
		if t.given != nil {
			result.Given = t.given
		}
	}
	return result
}

// meanRPS is the mean throughput of the rounds of a search, each as long as another.
func meanRPS(tallies []*tally) (mean stream.RPS) {
	for _, t := range tallies {
		rps := t.rps()
		mean.OK += rps.OK / float64(len(tallies))
		mean.Total += rps.Total / float64(len(tallies))
	}
	return mean
}

// ended is how measuring the contender ended: as the first round that did not run to
// its end.
func (e *participant) ended() (stream.Status, string) {
	for _, t := range e.tallies {
		switch {
		case t.status == stream.StatusOK:
		case e.rounds > 1:
			return t.status, fmt.Sprintf("in round %d of %d: %s", t.round, e.rounds, t.detail)
		default:
			return t.status, t.detail
		}
	}
	if e.status != "" {
		return e.status, e.detail
	}
	return stream.StatusOK, ""
}

// findings of all rounds, each once.
func (e *participant) findings(rounds []stream.RoundResult) []stream.FindingResult {
	all := []stream.FindingResult{}
	for _, round := range rounds {
		for _, finding := range round.Findings {
			at := slices.IndexFunc(all, func(f stream.FindingResult) bool { return f.ID == finding.ID })
			if at < 0 {
				at = len(all)
				all = append(all, finding)
			}
			if e.rounds > 1 {
				all[at].Rounds = append(slices.Clone(all[at].Rounds), round.Round)
			}
		}
	}
	return all
}

// mergeRounds adds up what was measured in several rounds. Their lengths add up too,
// so that rates are those over all of the time; a failure's first time stays that
// since the load of its own round began.
func mergeRounds(rounds []measure.Measures) measure.Measures {
	var merged measure.Measures
	for _, m := range rounds {
		length := merged.To + m.To - m.From
		merged = merged.Merge(m)
		merged.From, merged.To = 0, length
	}
	return merged
}

// verdictOf is the verdict on rounds together: what limited half of them, where the
// generator is concerned, for then no figure can be trusted; else most of them.
func verdictOf(rounds []stream.RoundResult) string {
	count := map[string]int{}
	for _, round := range rounds {
		count[round.Verdict]++
	}
	switch {
	case len(rounds) > 0 && 2*count[diagnosis.VerdictGenerator] >= len(rounds):
		return diagnosis.VerdictGenerator
	case 2*count[diagnosis.VerdictServer] > len(rounds):
		return diagnosis.VerdictServer
	case 2*count[diagnosis.VerdictMachine] > len(rounds):
		return diagnosis.VerdictMachine
	}
	return diagnosis.VerdictInconclusive
}

// verdictWhy is what the verdict on rounds together rests on: the first of those that
// came to it, and how many they are.
func verdictWhy(verdict string, rounds []stream.RoundResult) string {
	first, agree := "", 0
	for _, round := range rounds {
		if round.Verdict != verdict {
			continue
		}
		if agree++; agree == 1 {
			first = round.VerdictWhy
		}
	}
	switch {
	case len(rounds) < 2:
		return first
	case agree == 0:
		return "the rounds disagree"
	}
	return fmt.Sprintf("so it was in %d of %d rounds; at first, %s", agree, len(rounds), first)
}

// processOf is what the server cost over rounds: the most of what is a maximum, and
// the rest over all of the time and all requests that reached it. nil if nothing could be read.
func processOf(tallies []*tally) *stream.ProcessResult {
	var all processTally
	var reached uint64
	var idle, idlePSS []float64
	pss := true // of every round whose memory is known
	cpu := figure.Value{Known: true}
	for _, t := range tallies {
		p := t.processT
		reached += t.reached()
		all.cpu.Add(p.cpu)
		all.cpuMax.Raise(p.cpuMax)
		all.rssMax.Raise(p.rssMax)
		all.pssMax.Raise(p.pssMax)
		pss = pss && (p.pssMax.Known || !p.rssMax.Known) && (p.idlePSS.Known || !p.idleRSS.Known)
		all.threadsMax.Raise(p.threadsMax)
		all.hottestMax.Raise(p.hottestMax)
		fuller(&all.queueMax, &all.queueLimit, p.queueMax, p.queueLimit)
		all.cpuLimit.Lower(p.cpuLimit)
		all.throttled.Add(p.throttled)
		all.whose, all.starter = cmp.Or(all.whose, p.whose), all.starter || p.starter
		all.tree.merge(p.tree)
		all.runtimes.merge(p.runtimes)
		if p.idleRSS.Known {
			idle = append(idle, p.idleRSS.Value)
		}
		if p.idlePSS.Known {
			idlePSS = append(idlePSS, p.idlePSS.Value)
		}
		took := p.cpuTime()
		cpu.Value, cpu.Known = cpu.Value+took.Value, cpu.Known && took.Known
		if p.loopReported {
			all.loopReported = true
			all.loop.UtilizationMax = max(all.loop.UtilizationMax, p.loop.UtilizationMax)
			all.loop.DelayMSP99Max = max(all.loop.DelayMSP99Max, p.loop.DelayMSP99Max)
			all.loop.SilentSMax = max(all.loop.SilentSMax, p.loop.SilentSMax)
		}
		all.loopNote = cmp.Or(all.loopNote, p.loopNote)
	}
	if len(idle) > 0 {
		all.idleRSS = figure.Of(measure.Median(slices.Sorted(slices.Values(idle))))
	}
	if len(idlePSS) > 0 {
		all.idlePSS = figure.Of(measure.Median(slices.Sorted(slices.Values(idlePSS))))
	}
	if !pss { // part of the rounds is none of the whole
		all.idlePSS, all.pssMax = figure.Value{}, figure.Value{}
	}
	all.cpuBefore, all.cpuAfter = figure.Value{Known: cpu.Known}, cpu
	return all.result(reached)
}

// medianOf is the median of a figure over rounds; nil if none has it.
func medianOf(rounds []stream.RoundResult, pick func(stream.RoundResult) *float64) *float64 {
	var values []float64
	for _, round := range rounds {
		if value := pick(round); value != nil {
			values = append(values, *value)
		}
	}
	if len(values) == 0 {
		return nil
	}
	median := measure.Median(slices.Sorted(slices.Values(values)))
	return &median
}

// capacityOf is the search whose rate is the median of all.
func capacityOf(tallies []*tally) *stream.CapacityResult {
	var found []*stream.CapacityResult
	for _, t := range tallies {
		if t.capacity != nil {
			found = append(found, t.capacity)
		}
	}
	if len(found) == 0 {
		return nil
	}
	slices.SortStableFunc(found, func(a, b *stream.CapacityResult) int { return cmp.Compare(a.Rate, b.Rate) })
	return found[(len(found)-1)/2]
}

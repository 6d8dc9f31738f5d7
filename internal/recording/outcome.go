package recording

import (
	"errors"
	"fmt"
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// ErrNoRun tells that events do not even hold a run's beginning.
var ErrNoRun = errors.New("no run in it: its first event is missing")

// ResultOf is the result that a run's events end with. Of a recording that was cut
// off it is what the events tell until then, marked as interrupted.
func ResultOf(events []stream.Event) (stream.Result, error) {
	if len(events) == 0 {
		return stream.Result{}, ErrNoRun
	}
	if done, ok := events[len(events)-1].Body.(stream.RunDone); ok {
		done.Result.Interrupted = done.Result.Interrupted || done.Interrupted
		addWithin(&done.Result, events)
		return done.Result, nil
	}
	started, ok := events[0].Body.(stream.RunStarted)
	if !ok {
		return stream.Result{}, ErrNoRun
	}
	result := stream.Result{
		Schema: stream.ResultSchema, Started: started.Started, Host: started.Host,
		Workload: started.Plan.Workload, Interrupted: true,
	}
	unfinished := map[string]*partialResult{}
	for _, event := range events {
		switch body := event.Body.(type) {
		case stream.ContenderStarted:
			next := &partialResult{started: body}
			if before := unfinished[event.Contender]; before != nil {
				next.rounds = before.rounds
			}
			unfinished[event.Contender] = next
		case stream.RoundDone:
			if s := unfinished[event.Contender]; s != nil {
				s.rounds = s.with(body)
			}
		case stream.Ready:
			if s := unfinished[event.Contender]; s != nil {
				startup := figure.Milliseconds(body.After)
				s.startup = &startup
			}
		case stream.LoadSample:
			if s := unfinished[event.Contender]; s != nil && body.Counts() {
				s.total = s.total.Merge(body.Measures)
			}
		case stream.FindingChanged:
			if s := unfinished[event.Contender]; s != nil {
				s.finding(body)
			}
		case stream.ContenderDone:
			delete(unfinished, event.Contender)
			result.Contenders = append(result.Contenders, body.Result)
		}
	}
	for _, facts := range started.Plan.Contenders {
		if slices.ContainsFunc(result.Contenders, func(one stream.ContenderResult) bool { return one.ID == facts.ID }) {
			continue
		}
		if s := unfinished[facts.ID]; s != nil {
			result.Contenders = append(result.Contenders, s.result())
			continue
		}
		one := stream.ContenderResult{TiedWith: []string{}, Measured: stream.MeasuredOf(measure.Measures{})}
		one.ID, one.Name, one.Language = facts.ID, facts.Name, facts.Language
		one.Status, one.StatusDetail = stream.StatusAborted, "the recording ends before it was measured"
		result.Contenders = append(result.Contenders, one)
	}
	return rankAgain(result, started.Plan)
}

// partialResult is what is known of a contender in whose midst a recording ends.
type partialResult struct {
	started  stream.ContenderStarted
	startup  *float64
	total    measure.Measures
	findings []stream.FindingResult
	rounds   *stream.ContenderResult // that were over before
}

// with is the contender after a round. What was told of the rounds before is taken from
// where it stands: in this event, in older recordings, else in those before.
func (s *partialResult) with(done stream.RoundDone) *stream.ContenderResult {
	soFar := done.SoFar
	if len(soFar.Rounds) == 0 {
		if s.rounds != nil {
			soFar.Rounds = slices.Clip(s.rounds.Rounds)
		}
		soFar.Rounds = append(soFar.Rounds, done.Result)
	}
	return &soFar
}

func (s *partialResult) finding(changed stream.FindingChanged) {
	f := changed.Finding
	found := stream.FindingResult{
		ID: f.ID, AtS: f.BeganAt.Seconds(), EndedAtS: f.EndedAt.Seconds(),
		Title: f.Title, Evidence: f.Evidence, Advice: f.Advice,
	}
	if at := slices.IndexFunc(s.findings, func(one stream.FindingResult) bool { return one.ID == f.ID }); at >= 0 {
		s.findings[at] = found
		return
	}
	s.findings = append(s.findings, found)
}

func (s *partialResult) result() stream.ContenderResult {
	if s.rounds != nil { // a round that has no end counts for nothing beside whole ones
		one := *s.rounds
		one.Status, one.StatusDetail = stream.StatusAborted, fmt.Sprintf("the recording ends after %d of its rounds", len(one.Rounds))
		return one
	}
	one := stream.ContenderResult{TiedWith: []string{}, Measured: stream.MeasuredOf(s.total)}
	facts := s.started.Facts
	one.ID, one.Name, one.Language = facts.ID, facts.Name, facts.Language
	one.Version, one.Variant = s.started.Version, s.started.Variant
	one.Status, one.StatusDetail = stream.StatusAborted, "the recording ends in the midst of its load"
	one.StartupMS = s.startup
	one.Findings = append(one.Findings, s.findings...)
	return one
}

// rankAgain ranks a result whose run never came to it.
func rankAgain(result stream.Result, plan stream.PlanFacts) (stream.Result, error) {
	results := map[string]stream.ContenderResult{}
	var entries []leaderboard.Entry
	for _, one := range stream.AlikeInMemory(result.Contenders) {
		results[one.ID] = one
		entries = append(entries, stream.EntryOf(one))
	}
	board, err := leaderboard.Rank(entries, leaderboard.Options{RankBy: leaderboard.Metric(plan.RankBy), Tiers: plan.Tiers})
	if err != nil {
		return result, fmt.Errorf("rank what was measured: %w", err)
	}
	result.TierRule, result.TieRule = board.TierRule, board.TieRule
	result.Contenders = stream.Placed(board, results)
	return result, nil
}

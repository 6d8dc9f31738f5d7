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

// Outcome folds a run's events into the result that they end with. Of a recording that
// was cut off it is what the events tell until then, marked as interrupted.
type Outcome struct {
	whole      bool
	begun      bool // the first event was seen
	started    *stream.RunStarted
	done       *stream.RunDone // if it is the last event so far
	courses    courses
	unfinished map[string]*partialResult
	contenders []stream.ContenderResult // that were done
}

// NewOutcome begins with no event. That the last one will be RunDone, whole says: then
// nothing needs to be gathered in its place.
func NewOutcome(whole bool) *Outcome {
	return &Outcome{whole: whole, unfinished: map[string]*partialResult{}}
}

// Fold takes the next event.
func (o *Outcome) Fold(event stream.Event) {
	o.done = nil
	switch body := event.Body.(type) {
	case stream.RunStarted:
		if !o.begun {
			o.started = &body
		}
	case stream.RunDone:
		o.done = &body
	}
	o.begun = true
	o.courses.fold(event)
	if !o.whole {
		o.gather(event)
	}
}

// gather takes what a result is made of where there is none.
func (o *Outcome) gather(event stream.Event) {
	s := o.unfinished[event.Contender]
	switch body := event.Body.(type) {
	case stream.ContenderStarted:
		next := &partialResult{started: body}
		if s != nil {
			next.rounds = s.rounds
		}
		o.unfinished[event.Contender] = next
	case stream.ContenderDone:
		delete(o.unfinished, event.Contender)
		o.contenders = append(o.contenders, body.Result)
	}
	if s == nil {
		return
	}
	switch body := event.Body.(type) {
	case stream.RoundDone:
		s.rounds = s.with(body)
	case stream.Ready:
		startup := figure.Milliseconds(body.After)
		s.startup = &startup
	case stream.LoadSample:
		if body.Counts() {
			s.total = s.total.Merge(body.Measures)
		}
	case stream.FindingChanged:
		s.finding(body)
	}
}

// Result is what the events came to.
func (o *Outcome) Result() (stream.Result, error) {
	if o.done != nil {
		result := o.done.Result
		result.Interrupted = result.Interrupted || o.done.Interrupted
		o.courses.addTo(&result)
		return result, nil
	}
	if o.started == nil {
		return stream.Result{}, ErrNoRun
	}
	result := stream.Result{
		Schema: stream.ResultSchema, Started: o.started.Started, Host: o.started.Host,
		Workload: o.started.Plan.Workload, Contenders: o.contenders, Interrupted: true,
	}
	for _, facts := range o.started.Plan.Contenders {
		if slices.ContainsFunc(result.Contenders, func(one stream.ContenderResult) bool { return one.ID == facts.ID }) {
			continue
		}
		if s := o.unfinished[facts.ID]; s != nil {
			result.Contenders = append(result.Contenders, s.result())
			continue
		}
		one := stream.ContenderResult{TiedWith: []string{}, Measured: stream.MeasuredOf(measure.Measures{})}
		one.ID, one.Name, one.Language = facts.ID, facts.Name, facts.Language
		one.Status, one.StatusDetail = stream.StatusAborted, "the recording ends before it was measured"
		result.Contenders = append(result.Contenders, one)
	}
	return rankAgain(result, o.started.Plan)
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
	if len(s.findings) == stream.MostFindings {
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

package session

import (
	"errors"
	"fmt"
	"slices"

	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
)

// ErrNoRun tells that events do not even hold a run's beginning.
var ErrNoRun = errors.New("no run in it: its first event is missing")

// ResultOf is the result that a run's events end with. Of a recording that was cut
// off it is what the events tell until then, marked as interrupted.
func ResultOf(events []Event) (Result, error) {
	if len(events) == 0 {
		return Result{}, ErrNoRun
	}
	if done, ok := events[len(events)-1].Body.(RunDone); ok {
		done.Result.Interrupted = done.Result.Interrupted || done.Interrupted
		addWithin(&done.Result, events)
		return done.Result, nil
	}
	started, ok := events[0].Body.(RunStarted)
	if !ok {
		return Result{}, ErrNoRun
	}
	result := Result{
		Schema: ResultSchema, Started: started.Started, Host: started.Host,
		Workload: started.Plan.Workload, Interrupted: true,
	}
	unfinished := map[string]*salvage{}
	for _, event := range events {
		switch body := event.Body.(type) {
		case ContenderStarted:
			next := &salvage{started: body}
			if before := unfinished[event.Contender]; before != nil {
				next.rounds = before.rounds
			}
			unfinished[event.Contender] = next
		case RoundDone:
			if s := unfinished[event.Contender]; s != nil {
				s.rounds = s.with(body)
			}
		case Ready:
			if s := unfinished[event.Contender]; s != nil {
				startup := milliseconds(body.After)
				s.startup = &startup
			}
		case LoadSample:
			if s := unfinished[event.Contender]; s != nil && !body.Warmup {
				s.load(body.Measures)
			}
		case FindingChanged:
			if s := unfinished[event.Contender]; s != nil {
				s.finding(body)
			}
		case ContenderDone:
			delete(unfinished, event.Contender)
			result.Contenders = append(result.Contenders, body.Result)
		}
	}
	for _, facts := range started.Plan.Contenders {
		if slices.ContainsFunc(result.Contenders, func(one ContenderResult) bool { return one.ID == facts.ID }) {
			continue
		}
		if s := unfinished[facts.ID]; s != nil {
			result.Contenders = append(result.Contenders, s.result())
			continue
		}
		one := loadFigures(measure.Measures{})
		one.ID, one.Name, one.Language = facts.ID, facts.Name, facts.Language
		one.Status, one.StatusDetail = StatusAborted, "the recording ends before it was measured"
		result.Contenders = append(result.Contenders, one)
	}
	return rankAgain(result, started.Plan)
}

// salvage is what is known of a contender in whose midst a recording ends.
type salvage struct {
	started  ContenderStarted
	startup  *float64
	total    measure.Measures
	findings []FindingResult
	rounds   *ContenderResult // that were over before
}

// with is the contender after a round. What was told of the rounds before is taken from
// where it stands: in this event, in older recordings, else in those before.
func (s *salvage) with(done RoundDone) *ContenderResult {
	soFar := done.SoFar
	if len(soFar.Rounds) == 0 {
		if s.rounds != nil {
			soFar.Rounds = slices.Clip(s.rounds.Rounds)
		}
		soFar.Rounds = append(soFar.Rounds, done.Result)
	}
	return &soFar
}

func (s *salvage) load(m measure.Measures) {
	if s.total.To == 0 {
		s.total = m
		return
	}
	s.total = s.total.Merge(m)
}

func (s *salvage) finding(changed FindingChanged) {
	f := changed.Finding
	found := FindingResult{
		ID: f.ID, AtS: f.BeganAt.Seconds(), EndedAtS: f.EndedAt.Seconds(),
		Title: f.Title, Evidence: f.Evidence, Advice: f.Advice,
	}
	if at := slices.IndexFunc(s.findings, func(one FindingResult) bool { return one.ID == f.ID }); at >= 0 {
		s.findings[at] = found
		return
	}
	s.findings = append(s.findings, found)
}

func (s *salvage) result() ContenderResult {
	if s.rounds != nil { // a round that has no end counts for nothing beside whole ones
		one := *s.rounds
		one.Status, one.StatusDetail = StatusAborted, fmt.Sprintf("the recording ends after %d of its rounds", len(one.Rounds))
		return one
	}
	one := loadFigures(s.total)
	facts := s.started.Facts
	one.ID, one.Name, one.Language = facts.ID, facts.Name, facts.Language
	one.Version, one.Variant = s.started.Version, s.started.Variant
	one.Status, one.StatusDetail = StatusAborted, "the recording ends in the midst of its load"
	one.StartupMS = s.startup
	one.Findings = append(one.Findings, s.findings...)
	return one
}

// rankAgain ranks a result whose run never came to it.
func rankAgain(result Result, plan PlanFacts) (Result, error) {
	results := map[string]ContenderResult{}
	var entries []leaderboard.Entry
	for _, one := range alikeInMemory(result.Contenders) {
		results[one.ID] = one
		entries = append(entries, entry(one))
	}
	board, err := leaderboard.Rank(entries, leaderboard.Options{RankBy: leaderboard.Metric(plan.RankBy), Tiers: plan.Tiers})
	if err != nil {
		return result, fmt.Errorf("rank what was measured: %w", err)
	}
	result.TierRule, result.TieRule = board.TierRule, board.TieRule
	result.Contenders = placed(board, results)
	return result, nil
}

package diagnosis

import (
	"slices"
	"time"
)

// endsAfter is how long a rule must have nothing to tell before its finding
// ends, so that one good moment does not end it.
const endsAfter = 2 * time.Second

// Change is a finding that began, was sharpened or ended.
type Change struct {
	Finding Finding
	Ended   bool
}

// Watch folds windows into findings.
type Watch struct {
	rules    []*ruleState
	findings []*Finding // in the order they began
	facts    Facts
}

// ruleState is a rule at work on one load.
type ruleState struct {
	id      ID
	rule    ruleFunc
	finding *Finding // nil until it fires
	held    time.Duration
	ended   bool
}

// New watches one load.
func New(facts Facts) *Watch {
	watch := &Watch{facts: facts}
	for _, rule := range rules() {
		if begun := rule.start(facts); begun != nil {
			watch.rules = append(watch.rules, &ruleState{id: rule.id, rule: begun})
		}
	}
	return watch
}

// Observe takes the next window and returns what changed: findings that began,
// whose words changed with new figures, or that ended.
func (w *Watch) Observe(window Window) []Change {
	var changes []Change
	for _, state := range w.rules {
		told := state.rule(window)
		switch {
		case told == nil && (state.finding == nil || state.ended):
		case told == nil:
			if window.To-state.held < endsAfter || w.facts.waitsAtEnd(window) {
				continue
			}
			state.ended = true
			state.finding.EndedAt = state.held
			changes = append(changes, Change{Finding: copyOf(state.finding), Ended: true})
		default:
			if state.finding == nil {
				state.finding = &Finding{ID: state.id, BeganAt: told.since}
				w.findings = append(w.findings, state.finding)
			}
			state.held = window.To
			if state.tell(told) {
				changes = append(changes, Change{Finding: copyOf(state.finding)})
			}
		}
	}
	return changes
}

// tell puts the evidence's words in the finding and says whether anything is new.
func (s *ruleState) tell(told *evidence) bool {
	f := s.finding
	same := !s.ended && f.Title == told.title && f.Advice == told.advice && slices.Equal(f.Evidence, told.figures)
	s.ended, f.EndedAt = false, 0
	f.Title, f.Evidence, f.Advice = told.title, told.figures, told.advice
	return !same
}

// Findings returns all that began so far, in the order they began.
func (w *Watch) Findings() []Finding {
	var all []Finding
	for _, finding := range w.findings {
		all = append(all, copyOf(finding))
	}
	return all
}

func copyOf(f *Finding) Finding {
	one := *f
	one.Evidence = slices.Clone(f.Evidence)
	return one
}

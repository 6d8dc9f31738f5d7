package diagnosis

import (
	"slices"
	"time"
)

// endsAfter is how long a judge must have nothing to tell before its finding
// ends, so that one good moment does not end it.
const endsAfter = 2 * time.Second

// Change is a finding that began, was sharpened or ended.
type Change struct {
	Finding Finding
	Ended   bool
}

// Watch folds windows into findings.
type Watch struct {
	eyes     []*eye
	findings []*Finding // in the order they began
}

// eye is a rule at work on one load.
type eye struct {
	id      ID
	judge   judge
	finding *Finding // nil until it fires
	held    time.Duration
	ended   bool
}

// New watches one load.
func New(facts Facts) *Watch {
	watch := &Watch{}
	for _, rule := range rules() {
		if judge := rule.judge(facts); judge != nil {
			watch.eyes = append(watch.eyes, &eye{id: rule.id, judge: judge})
		}
	}
	return watch
}

// Observe takes the next window and returns what changed: findings that began,
// whose words changed with new figures, or that ended.
func (w *Watch) Observe(window Window) []Change {
	var changes []Change
	for _, eye := range w.eyes {
		claim := eye.judge(window)
		switch {
		case claim == nil && (eye.finding == nil || eye.ended):
		case claim == nil:
			if window.To-eye.held < endsAfter {
				continue
			}
			eye.ended = true
			eye.finding.EndedAt = eye.held
			changes = append(changes, Change{Finding: copyOf(eye.finding), Ended: true})
		default:
			if eye.finding == nil {
				eye.finding = &Finding{ID: eye.id, BeganAt: claim.since}
				w.findings = append(w.findings, eye.finding)
			}
			eye.held = window.To
			if eye.tell(claim) {
				changes = append(changes, Change{Finding: copyOf(eye.finding)})
			}
		}
	}
	return changes
}

// tell puts the claim's words in the finding and says whether anything is new.
func (e *eye) tell(claim *claim) bool {
	f := e.finding
	same := !e.ended && f.Title == claim.title && f.Advice == claim.advice && slices.Equal(f.Evidence, claim.evidence)
	e.ended, f.EndedAt = false, 0
	f.Title, f.Evidence, f.Advice = claim.title, claim.evidence, claim.advice
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

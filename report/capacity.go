package report

import (
	"fmt"

	"github.com/benchtui/benchtui/diagnosis"
	"github.com/benchtui/benchtui/session"
)

// searchStep heads the seconds of a rate that is tried, and says how it ended.
func (p *Plain) searchStep(id string, body session.SearchStep) {
	p.flush()
	p.second, p.titled = second{}, false
	step := body.Step
	if !body.Judged {
		p.say(id, fmt.Sprintf("step %d of at most %d: %s req/s", step.Number, body.Of, perSecond(step.Rate)))
		return
	}
	p.say(id, fmt.Sprintf("step %d: %s", step.Number, StepWords(step)))
}

// StepWords says how a step of a search for the capacity ended.
func StepWords(step session.CapacityStep) string {
	if !step.Kept {
		text := "✗ " + perSecond(step.Rate) + " req/s: " + clean(step.Why)
		if step.Verdict == diagnosis.VerdictGenerator {
			text += " (the generator was the limit)"
		}
		return text
	}
	text := "✓ " + perSecond(step.Rate) + " req/s"
	if step.P99MS != nil {
		text += " · p99 " + ms(*step.P99MS)
	}
	return text
}

// CapacityWords says what a search for the capacity found.
func CapacityWords(capacity session.CapacityResult) string {
	objective := clean(capacity.Objective)
	switch {
	case capacity.Rate == 0:
		return "capacity: no rate that was tried kept " + objective
	case capacity.Ceiling == 0:
		return fmt.Sprintf("capacity: at least %s req/s with %s; no step broke it", perSecond(capacity.Rate), objective)
	}
	return fmt.Sprintf("capacity: %s req/s with %s; %s were too many", perSecond(capacity.Rate), objective, perSecond(capacity.Ceiling))
}

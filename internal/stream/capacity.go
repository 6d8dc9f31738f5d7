package stream

import (
	"fmt"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
)

// CapacityResult is the highest rate that keeps an objective.
type CapacityResult struct {
	Objective string `json:"objective"`
	// Rate is in requests per second; 0: none that was tried kept the objective.
	Rate float64 `json:"rate"`
	// Ceiling is the lowest rate that broke the objective; 0: none did. The capacity
	// lies between the two.
	Ceiling float64 `json:"ceiling"`
	// Uncertainty is by what share of Rate it may be more: 0.03 is 3 %. nil: not known.
	Uncertainty *float64       `json:"uncertainty,omitempty"`
	AtRate      *Tries         `json:"at_rate,omitempty"` // nil: none, or of an old recording
	AtCeiling   *Tries         `json:"at_ceiling,omitempty"`
	Steps       []CapacityStep `json:"steps"`
}

// Tries are the steps of a search at one rate that said something of the server.
type Tries struct {
	Of   int `json:"of"`
	Kept int `json:"kept"` // the objective
}

func (t Tries) String() string {
	return fmt.Sprintf("%d of %s", t.Kept, figure.Plural(t.Of, "try", "tries"))
}

// CapacityStep is one rate that was tried.
type CapacityStep struct {
	Number      int      `json:"number"` // from 1
	Rate        float64  `json:"rate"`   // requests per second
	FromS       float64  `json:"from_s"` // since the load began
	ToS         float64  `json:"to_s"`
	Kept        bool     `json:"kept"` // the objective
	Why         string   `json:"why"`  // not
	RPS         float64  `json:"rps"`  // OK replies per second
	FailureRate float64  `json:"failure_rate"`
	P50MS       *float64 `json:"p50_ms"`
	P99MS       *float64 `json:"p99_ms"`
	// Verdict is what limited the step: "server", "generator", "machine" or "inconclusive".
	Verdict    string `json:"verdict"`
	VerdictWhy string `json:"verdict_why,omitempty"` // the figures that it rests on
}

// Words say in a line what was found.
func (c *CapacityResult) Words() string {
	switch {
	case c.Rate == 0:
		return "capacity: no rate that was tried kept " + c.Objective
	case c.Ceiling == 0:
		return fmt.Sprintf("capacity: at least %s req/s with %s; no step broke it", figure.PerSecond(c.Rate), c.Objective)
	}
	words := fmt.Sprintf("capacity: %s req/s with %s; %s were too many", figure.PerSecond(c.Rate), c.Objective, figure.PerSecond(c.Ceiling))
	if c.Uncertainty == nil || c.AtRate == nil || c.AtCeiling == nil {
		return words
	}
	return fmt.Sprintf("%s (%.2g %% more); the first kept it in %s, the second in %s", words, 100**c.Uncertainty, c.AtRate, c.AtCeiling)
}

// at is what the steps at a rate said of the server; nil: nothing.
func (c *CapacityResult) at(rate float64) *Tries {
	var tries Tries
	for _, step := range c.Steps {
		if step.Rate != rate || !step.Kept && step.Verdict == diagnosis.VerdictGenerator {
			continue
		}
		tries.Of++
		if step.Kept {
			tries.Kept++
		}
	}
	if tries.Of == 0 {
		return nil
	}
	return &tries
}

// Weigh tells how sure the answer is, from its steps.
func (c *CapacityResult) Weigh() {
	c.AtRate, c.AtCeiling, c.Uncertainty = c.at(c.Rate), c.at(c.Ceiling), nil
	if c.Rate > 0 && c.Ceiling > c.Rate {
		more := c.Ceiling/c.Rate - 1
		c.Uncertainty = &more
	}
}

// Words say in a line how a step ended.
func (s CapacityStep) Words() string {
	if s.Kept {
		text := "✓ " + figure.PerSecond(s.Rate) + " req/s"
		if s.P99MS != nil {
			text += " · p99 " + figure.MS(*s.P99MS)
		}
		return text
	}
	text := "✗ " + figure.PerSecond(s.Rate) + " req/s: " + s.Why
	if s.Verdict == diagnosis.VerdictGenerator {
		text += " (the generator was the limit)"
	}
	return text
}

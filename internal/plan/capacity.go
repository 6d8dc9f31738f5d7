package plan

import (
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// likelySteps is how many it takes as a rule: for the time that a run will take.
const likelySteps = 8

// BetweenSteps lets a server end what a step left behind.
func (w Workload) BetweenSteps() time.Duration { return min(time.Second, w.Load.Duration/4) }

// FirstRate is what a search begins with: half of what the warm-up reached, or
// what the person said.
func (w Workload) FirstRate(warmup measure.Measures) float64 {
	if w.Load.Rate > 0 {
		return w.Load.Rate
	}
	if seconds := (warmup.To - warmup.From).Seconds(); seconds > 0 && warmup.OK > 0 {
		return float64(warmup.OK) / seconds / 2
	}
	const unknown = 100
	return unknown
}

package diagnosis

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// Under a search for the capacity the rate rises, falls and rests: what changes with it
// is no finding. The same windows of a load that stays the same are.
func TestSearchIsNoSteadyLoad(t *testing.T) {
	for _, c := range []struct {
		id     string
		change func(i int, w *Window)
	}{
		{LatencyDrift, func(i int, w *Window) { w.LatencyP50MS = figure.Of(2 + 0.4*float64(i)) }},
		{MemoryGrowth, func(i int, w *Window) { w.RSSBytes = figure.Of(40e6 + 12e6*float64(i)) }},
		{SlowStart, func(i int, w *Window) {
			if i < 3 {
				w.LatencyP50MS = figure.Of(7)
			}
		}},
	} {
		facts := rateFacts(0)
		facts.Duration = 0
		fires := func() bool {
			for _, finding := range see(facts, 20, c.change) {
				if finding.ID == ID(c.id) {
					return true
				}
			}
			return false
		}
		if !fires() {
			t.Errorf("%s: not told of a load that stays the same", c.id)
		}
		if facts.Searches = true; fires() {
			t.Errorf("%s: told of a search", c.id)
		}
	}
	if !(Facts{Model: "rate", Duration: time.Second}).steady() || (Facts{Model: "users"}).steady() {
		t.Error("a rate is no steady load, or users are")
	}
}

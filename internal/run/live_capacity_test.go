//go:build unix

package run

import (
	"math"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure/measuretest"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
)

// What a bucket of 400 tokens a second carries of a step of 2 s follows from the
// objective, and so does what the search has to find: that within 5 %.
func TestCapacityOfATokenBucketIsFoundWithinFivePercent(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	const perSecond, step = 400.0, 2.0
	for _, c := range []struct {
		name      string
		server    servertest.Options
		objective string
		carries   float64
	}{
		// At a rate r the wait grows to (r/400 - 1) × t, and 90 % of the requests come before 1.8 s.
		{"that queues", servertest.Options{PerSecond: perSecond, Store: 1, Queues: true}, "p90<40ms", perSecond * (1 + 0.040/(0.9*step))},
		// 400 a second and the 40 in store are answered, 1 % of all may be refused.
		{"that refuses", servertest.Options{PerSecond: perSecond, Store: 40}, "failures<1%", (perSecond + 40/step) / 0.99},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			workload, err := plan.WorkloadNamed("capacity")
			if err != nil {
				t.Fatal(err)
			}
			workload.Load.Duration, workload.Load.Connections = time.Duration(step*float64(time.Second)), 64
			workload.Warmup = 500 * time.Millisecond
			if workload.Objective, err = plan.ParseObjective(c.objective); err != nil {
				t.Fatal(err)
			}
			search := func() (r told, disturbed bool) {
				stops := measuretest.WatchStops(t)
				r = measured(t, serverOf(t, servertest.HasCapacity, c.server), workload.Load, "", func(plan *Plan) { plan.Workload = workload })
				if r.result.Capacity == nil {
					t.Fatalf("no capacity: %+v", r.result)
				}
				return r, r.otherCPU() > 15 || stops.Longest() > mostStop
			}
			r, disturbed := search()
			// Other programs make replies late, and so the capacity less, never more, and so does
			// a machine that stands still: beside them it is looked for again.
			for tries := 1; tries < 3 && r.result.Capacity.Rate < 0.95*c.carries && disturbed; tries++ {
				t.Logf("found %.0f of %.0f req/s beside others, which use %.0f %% of a core", r.result.Capacity.Rate, c.carries, r.otherCPU())
				r, disturbed = search()
			}
			found := r.result.Capacity
			for _, step := range found.Steps {
				t.Logf("step %d: %s, from %.1f to %.1f s", step.Number, step.Words(), step.FromS, step.ToS)
			}
			if n := len(found.Steps); n > 12 {
				t.Errorf("%d steps", n)
			}
			told, judged := r.searchSteps()
			if n := len(found.Steps); told != n || judged != n {
				t.Errorf("%d steps were told as they began and %d as they ended, of %d: the staircase lacks some", told, judged, n)
			}
			if found.Ceiling <= found.Rate || r.result.RankedBy != "rps" {
				t.Errorf("ceiling %.0f, ranked by %s; latencies at different rates can't be compared", found.Ceiling, r.result.RankedBy)
			}
			if off := found.Rate/c.carries - 1; math.Abs(off) > 0.05 {
				if disturbed && off < 0 {
					t.Skipf("NOT CHECKED: how exactly; this machine stands still or has others, which use %.0f %% of a core, and %.0f of %.0f req/s were found", r.otherCPU(), found.Rate, c.carries)
				}
				t.Errorf("found %.0f req/s, %.1f %% off; the server carries %.0f", found.Rate, 100*off, c.carries)
			}
			// The figures are those of the capacity, not of what was tried beyond it.
			if rps := r.result.RPS.OK; rps < 0.85*found.Rate || rps > 1.01*found.Rate {
				t.Errorf("its figures are of %.0f req/s, the capacity is %.0f", rps, found.Rate)
			}
		})
	}
}

// searchSteps counts the steps of a search as they were told.
func (r told) searchSteps() (begun, judged int) {
	for _, event := range r.events {
		if step, ok := event.Body.(stream.SearchStep); ok {
			if step.Judged {
				judged++
			} else {
				begun++
			}
		}
	}
	return begun, judged
}

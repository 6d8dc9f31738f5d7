//go:build unix

package run

import (
	"math"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// What a load waits for after its time must not make what was before it slower.
func TestWaitAtTheEndDoesNotDiluteThroughput(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		for _, load := range []traffic.Load{
			{Model: traffic.Closed, Connections: 8, Duration: time.Second, Timeout: 2 * time.Second},
			{Model: traffic.Closed, Connections: 8, Requests: 500, Timeout: 2 * time.Second},
			{Model: traffic.Rate, Rate: 200, Connections: 8, Duration: time.Second, Timeout: 2 * time.Second},
		} {
			one := measured(t, serverOf(t, servertest.ServesAtATime, servertest.Options{Connections: 2}), load, "").result
			over := one.RPS.OverS
			if over <= 0 || over > 1.5 {
				t.Errorf("%+v: the load ran %g s; want no more than it began requests", load, over)
			}
			later := one.Requests.Later
			if want := float64(one.Requests.OK-later.OK) / over; math.Abs(one.RPS.OK-want) > 1e-6 {
				t.Errorf("%+v: %g OK/s; want %d replies in %g s", load, one.RPS.OK, one.Requests.OK-later.OK, over)
			}
			if later.KO == 0 || later.WaitedS < 1 {
				t.Errorf("%+v: later %+v; want the connections that never got an answer", load, later)
			}
		}
	})
}

func TestLowRatesAreMeasuredAsAsked(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		one := measured(t, serverOf(t, servertest.Serves), traffic.Load{Model: traffic.Rate, Rate: 2.5, Connections: 64, Duration: 2 * time.Second}, "").result
		if one.Requests.OK != 5 || one.RPS.OK != 2.5 {
			t.Errorf("%d replies, %g/s; want 5 and 2.5", one.Requests.OK, one.RPS.OK)
		}
	})
}

func TestRateIsWrittenAsAsked(t *testing.T) {
	for rate, want := range map[float64]string{0.5: "0.5", 2: "2", 1000: "1,000", 1234.5: "1,234.5", 0.001: "0.001", 33.3: "33.3"} {
		w := plan.Workload{Load: traffic.Load{Model: traffic.Rate, Rate: rate, Duration: time.Second, Connections: 1}}
		if got := w.Words(); got != want+" req/s for 1 s over 1 connection" {
			t.Errorf("%g: %q; want %s", rate, got, want)
		}
	}
}

// A warm-up at full power would show a load that the person never asked for.
func TestWarmUpHasTheShapeOfTheLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	run := measured(t, serverOf(t, servertest.Serves), traffic.Load{Model: traffic.Rate, Rate: 100, Connections: 16, Duration: 500 * time.Millisecond}, "",
		func(plan *Plan) { plan.Workload.Warmup = time.Second })
	var sent uint64
	for _, event := range run.events {
		if body, ok := event.Body.(stream.LoadSample); ok && body.Warmup {
			sent += body.Measures.Sent
		}
	}
	if sent == 0 || sent > 100 {
		t.Errorf("%d requests in a warm-up of a second; want at most 100", sent)
	}
	for name, c := range map[string]struct {
		w    plan.Workload
		want traffic.Load
	}{
		"users": {plan.Workload{Warmup: 3 * time.Second, Load: traffic.Load{Model: traffic.Users, Users: 8000, RampOver: 5 * time.Second, Repeat: 4}},
			traffic.Load{Model: traffic.Rate, Rate: 6400, Connections: 64, Duration: 3 * time.Second}},
		"all users at once": {plan.Workload{Warmup: 3 * time.Second, Load: traffic.Load{Model: traffic.Users, Users: 80, Repeat: 4}},
			traffic.Load{Model: traffic.Closed, Connections: 64, Duration: 3 * time.Second}},
		"ramp": {plan.Workload{Warmup: 3 * time.Second, Load: traffic.Load{Model: traffic.Ramp, Rate: 10, RateTo: 90, Duration: 9 * time.Second, Connections: 8}},
			traffic.Load{Model: traffic.Ramp, Rate: 10, RateTo: 90, Connections: 8, Duration: 3 * time.Second}},
		"closed": {plan.Workload{Warmup: 3 * time.Second, Load: traffic.Load{Model: traffic.Closed, Connections: 8, Duration: 9 * time.Second}},
			traffic.Load{Model: traffic.Closed, Connections: 8, Duration: 3 * time.Second}},
	} {
		if got := c.w.WarmupLoad(); got != c.want {
			t.Errorf("%s: %+v; want %+v", name, got, c.want)
		}
	}
}

// A slower server than the warm-up's rate must not begin the load with a backlog, nor
// be told of failures.
func TestWarmUpOfASlowServerLeavesNothingBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		run := measured(t, serverOf(t, servertest.Waits, servertest.Options{For: 50 * time.Millisecond}), traffic.Load{Model: traffic.Rate, Rate: 20, Connections: 1, Duration: time.Second}, "",
			func(plan *Plan) {
				plan.Workload.Warmup = time.Second
				plan.Workload.Load.Rate = 200
				plan.Workload.Load.Duration = 200 * time.Millisecond
			})
		var ko uint64
		var last time.Duration
		for _, event := range run.events {
			if body, ok := event.Body.(stream.LoadSample); ok && body.Warmup {
				ko, last = ko+body.Measures.KO, body.Measures.To
			}
		}
		if ko > 0 || last > 3*time.Second {
			t.Errorf("the warm-up had %d KO and took %s; want none, and a second", ko, last)
		}
	})
}

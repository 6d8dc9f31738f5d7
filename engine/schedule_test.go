package engine

import (
	"math"
	"net"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/traffic"
)

func TestUsersArriveEvenly(t *testing.T) {
	const n, ramp = 8000, 5 * time.Second
	for i, want := range map[int]time.Duration{0: 0, 1: 625 * time.Microsecond, 4000: 2500 * time.Millisecond, 7999: 5*time.Second - 625*time.Microsecond} {
		if got := dueUser(i, n, ramp); got != want {
			t.Errorf("user %d is due at %s; want %s", i, got, want)
		}
	}
	if dueUser(7999, n, 0) != 0 {
		t.Error("without a ramp all come at once")
	}
}

func TestConstantRateIsDueEvenly(t *testing.T) {
	s := newSchedule(traffic.Load{Model: traffic.Rate, Rate: 10_000, Duration: 5 * time.Second})
	if s.count != 50_000 {
		t.Errorf("%d requests; want 50000", s.count)
	}
	for k, want := range map[uint64]time.Duration{0: 0, 1: 100 * time.Microsecond, 49_999: 5*time.Second - 100*time.Microsecond} {
		if got := s.due(k); (got - want).Abs() > time.Nanosecond {
			t.Errorf("request %d is due at %s; want %s", k, got, want)
		}
	}
	if s := newSchedule(traffic.Load{Model: traffic.Rate, Rate: 1000, Duration: time.Second, Requests: 7}); s.count != 7 {
		t.Errorf("%d requests; 7 were asked for", s.count)
	}
	if s := newSchedule(traffic.Load{Model: traffic.Rate, Rate: 1000, Requests: 7000}); s.count != 7000 || s.due(6999) != 6999*time.Millisecond {
		t.Errorf("%d requests, the last at %s", s.count, s.due(6999))
	}
	// 0.1 × 10 is not quite 1 in binary, and must not lose a request.
	if s := newSchedule(traffic.Load{Model: traffic.Rate, Rate: 0.1, Duration: 10 * time.Second}); s.count != 1 {
		t.Errorf("%d requests; want 1", s.count)
	}
}

// The request k of a ramp is due when the area under the rate is k.
func TestRampIsDueByTheAreaUnderIt(t *testing.T) {
	for _, w := range []traffic.Load{
		{Model: traffic.Ramp, Rate: 100, RateTo: 10_000, Duration: 20 * time.Second},
		{Model: traffic.Ramp, Rate: 10_000, RateTo: 1, Duration: 2 * time.Second},
		{Model: traffic.Ramp, Rate: 500, RateTo: 500.0001, Duration: 3 * time.Second},
		{Model: traffic.Ramp, Rate: 500, RateTo: 500, Duration: 3 * time.Second},
	} {
		s := newSchedule(w)
		over := w.Duration.Seconds()
		if want := (w.Rate + w.RateTo) / 2 * over; math.Abs(float64(s.count)-want) > 1 {
			t.Errorf("%g to %g: %d requests; want %g", w.Rate, w.RateTo, s.count, want)
		}
		last := time.Duration(-1)
		for k := uint64(0); k < s.count; k += 1 + s.count/1000 {
			due := s.due(k)
			at := due.Seconds()
			area := w.Rate*at + (w.RateTo-w.Rate)/over*at*at/2
			if due <= last || due > w.Duration || math.Abs(area-float64(k)) > 0.001 {
				t.Fatalf("%g to %g: request %d is due at %s, by when %g have come", w.Rate, w.RateTo, k, due, area)
			}
			last = due
		}
	}
}

func TestDueByCountsWhatIsDue(t *testing.T) {
	s := newSchedule(traffic.Load{Model: traffic.Ramp, Rate: 10, RateTo: 1000, Duration: time.Second})
	for k := uint64(0); k < s.count; k++ {
		due := s.due(k)
		if before, after := s.dueBy(due-time.Microsecond), s.dueBy(due+time.Microsecond); before > k && k > 0 || after < k+1 {
			t.Fatalf("request %d is due at %s; a µs before %d are, a µs after %d", k, due, before, after)
		}
	}
	if s.dueBy(-1) != 0 || s.dueBy(time.Hour) != s.count {
		t.Error("before the start nothing is due, after the end all is")
	}
}

// A rate is exact however low it is, and however few requests that makes.
func TestLowRatesAreExact(t *testing.T) {
	for _, c := range []struct {
		w     traffic.Load
		count uint64
		over  time.Duration
	}{
		{traffic.Load{Rate: 2, Duration: 3 * time.Second}, 6, 3 * time.Second},
		{traffic.Load{Rate: 0.5, Duration: 4 * time.Second}, 2, 4 * time.Second},
		{traffic.Load{Rate: 0.5, Duration: 10 * time.Second}, 5, 10 * time.Second},
		{traffic.Load{Rate: 1.5, Duration: 2 * time.Second}, 3, 2 * time.Second},
		{traffic.Load{Rate: 0.1, Duration: 30 * time.Second}, 3, 30 * time.Second},
		{traffic.Load{Rate: 33.3, Duration: 10 * time.Second}, 333, 10 * time.Second},
		{traffic.Load{Rate: 0.001, Duration: 2 * time.Second}, 0, 2 * time.Second},
		{traffic.Load{Rate: 2, Duration: 3 * time.Second, Requests: 4}, 4, 2 * time.Second},
		{traffic.Load{Rate: 2, Requests: 4}, 4, 2 * time.Second},
		{traffic.Load{Rate: 2, Duration: 3 * time.Second, Requests: 40}, 6, 3 * time.Second},
	} {
		c.w.Model = traffic.Rate
		if s := newSchedule(c.w); s.count != c.count || s.over != c.over {
			t.Errorf("%+v: %d requests in %s; want %d in %s", c.w, s.count, s.over, c.count, c.over)
		}
	}
}

func TestLowRateTakesItsWholeTime(t *testing.T) {
	eachClient(t, func(t *testing.T, client Client) {
		t.Parallel()
		server, _ := hello(t, false)
		m := put(t, client, server.URL, traffic.Load{Model: traffic.Rate, Rate: 5, Duration: time.Second, Connections: 64})
		if m.OK != 5 || m.Ran != time.Second || m.To < time.Second {
			t.Errorf("%d replies in %s of %s; want 5 in 1 s", m.OK, m.Ran, m.To)
		}
	})
}

// A load that skips what is late leaves nothing behind, and is never above its rate.
func TestLateRequestsAreSkippedOnDemand(t *testing.T) {
	eachUndisturbed(t, func(t testing.TB, client Client) {
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			time.Sleep(20 * time.Millisecond)
			return says(helloReply)(c, nth)
		})
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, SkipLate: true,
			Workload: traffic.Load{Model: traffic.Rate, Rate: 1000, Duration: 500 * time.Millisecond, Connections: 2}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if m.OK == 0 || m.OK > 52 || m.KO != 0 || m.To > 2*time.Second || m.Backlog != 0 {
			t.Errorf("OK %d KO %d in %s; want what two connections carry, and no backlog", m.OK, m.KO, m.To)
		}
	})
}

// A ramp ends where it ends, also one that falls: going on it would stand still some
// time, and then turn back.
func TestNothingComesDueAfterARamp(t *testing.T) {
	for _, w := range []traffic.Load{
		{Model: traffic.Ramp, Rate: 1000, RateTo: 10, Duration: time.Second},
		{Model: traffic.Ramp, Rate: 10, RateTo: 1000, Duration: time.Second},
		{Model: traffic.Ramp, Rate: 500, RateTo: 500, Duration: time.Second},
	} {
		s := newSchedule(w)
		for _, at := range []time.Duration{time.Second, 1100 * time.Millisecond, 2 * time.Second, 3 * time.Second, time.Hour} {
			if due := s.dueBy(at); due < s.count-1 || due > s.count {
				t.Errorf("from %g to %g: %d requests are due after %s; it has %d", w.Rate, w.RateTo, due, at, s.count)
			}
		}
		if last := s.due(s.count - 1); last > w.Duration {
			t.Errorf("from %g to %g: the last is due at %s", w.Rate, w.RateTo, last)
		}
	}
}

package engine

import (
	"math"
	"testing"
	"time"
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
	s := newSchedule(Workload{Model: Rate, Rate: 10_000, Duration: 5 * time.Second})
	if s.count != 50_000 {
		t.Errorf("%d requests; want 50000", s.count)
	}
	for k, want := range map[uint64]time.Duration{0: 0, 1: 100 * time.Microsecond, 49_999: 5*time.Second - 100*time.Microsecond} {
		if got := s.due(k); (got - want).Abs() > time.Nanosecond {
			t.Errorf("request %d is due at %s; want %s", k, got, want)
		}
	}
	if s := newSchedule(Workload{Model: Rate, Rate: 1000, Duration: time.Second, Requests: 7}); s.count != 7 {
		t.Errorf("%d requests; 7 were asked for", s.count)
	}
	if s := newSchedule(Workload{Model: Rate, Rate: 1000, Requests: 7000}); s.count != 7000 || s.due(6999) != 6999*time.Millisecond {
		t.Errorf("%d requests, the last at %s", s.count, s.due(6999))
	}
	// 0.1 × 10 is not quite 1 in binary, and must not lose a request.
	if s := newSchedule(Workload{Model: Rate, Rate: 0.1, Duration: 10 * time.Second}); s.count != 1 {
		t.Errorf("%d requests; want 1", s.count)
	}
}

// The request k of a ramp is due when the area under the rate is k.
func TestRampIsDueByTheAreaUnderIt(t *testing.T) {
	for _, w := range []Workload{
		{Model: Ramp, Rate: 100, RateTo: 10_000, Duration: 20 * time.Second},
		{Model: Ramp, Rate: 10_000, RateTo: 1, Duration: 2 * time.Second},
		{Model: Ramp, Rate: 500, RateTo: 500.0001, Duration: 3 * time.Second},
		{Model: Ramp, Rate: 500, RateTo: 500, Duration: 3 * time.Second},
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
	s := newSchedule(Workload{Model: Ramp, Rate: 10, RateTo: 1000, Duration: time.Second})
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

package engine

import (
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/traffic"
)

// dueUser is when user i of n arrives: evenly over the ramp, the first at once.
func dueUser(i, n int, ramp time.Duration) time.Duration {
	return time.Duration(float64(ramp) * float64(i) / float64(n))
}

// schedule is the intended starts of an open load, by number.
type schedule struct {
	count uint64        // how many requests there are
	over  time.Duration // how long it takes: until the request after the last would be due
	from  float64
	slope float64 // change of the rate per second; 0: constant
}

func newSchedule(w traffic.Load) schedule {
	s := schedule{from: w.Rate}
	if w.Model == traffic.Ramp {
		s.slope = (w.RateTo - w.Rate) / w.Duration.Seconds()
	}
	s.count = math.MaxUint64
	if w.Duration > 0 {
		s.count, s.over = uint64(math.Round(s.arrivals(w.Duration.Seconds()))), w.Duration
	}
	if w.Requests > 0 && w.Requests <= s.count {
		s.count = w.Requests
		if due := s.due(s.count); s.over == 0 || due < s.over {
			s.over = due
		}
	}
	return s
}

// arrivals is the integral of the rate over the first t seconds.
func (s schedule) arrivals(t float64) float64 { return s.from*t + s.slope*t*t/2 }

// due is the intended start of request k, from 0: the moment at which k arrivals
// have come.
func (s schedule) due(k uint64) time.Duration {
	n := float64(k)
	if s.slope == 0 {
		return time.Duration(n / s.from * float64(time.Second))
	}
	// from·t + slope·t²/2 = n, in the form that does not cancel for small slopes
	root := math.Sqrt(max(0, s.from*s.from+2*s.slope*n))
	return time.Duration(2 * n / (s.from + root) * float64(time.Second))
}

// dueBy is how many requests are due at a moment.
func (s schedule) dueBy(t time.Duration) uint64 {
	if t < 0 {
		return 0
	}
	if s.slope != 0 {
		t = min(t, s.over) // beyond its end a falling ramp would turn back
	}
	n := uint64(max(0, s.arrivals(t.Seconds()))) + 1
	return min(n, s.count)
}

package diagnosis

import (
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// streak tells how long something has held without a break. Once it has lasted, it
// outlives breaks shorter than endsAfter, so that what comes back need not prove
// itself anew.
type streak struct {
	since   time.Duration
	held    time.Duration
	windows int
	holds   bool // in the last window
	proven  bool
	pause   time.Duration
}

// take adds a window.
func (s *streak) take(holds bool, w Window) {
	s.holds = holds
	if !holds {
		s.pause += w.length()
		if !s.proven || s.pause >= endsAfter {
			*s = streak{}
		}
		return
	}
	if s.windows == 0 {
		s.since = w.From
	}
	s.windows++
	s.held += w.length()
	s.pause = 0
}

// lasted says that it holds, and has for so long and in no fewer than two windows.
func (s *streak) lasted(long time.Duration) bool {
	if s.windows >= 2 && s.held >= long {
		s.proven = true
	}
	return s.proven && s.holds
}

// point is a figure at a moment.
type point struct {
	at    time.Duration
	value float64
}

// mostPoints bounds what a series keeps of a long load.
const mostPoints = 1024

// series is a figure over a whole load. When it is full, every second point goes,
// and from then on every second one is taken: it stays even, and small.
type series struct {
	points []point
	every  int
	passed int
}

func (s *series) add(at time.Duration, value float64) {
	s.every = max(1, s.every)
	s.passed++
	if s.passed%s.every != 0 {
		return
	}
	s.points = append(s.points, point{at, value})
	if len(s.points) == mostPoints {
		kept := s.points[:0]
		for i := 1; i < mostPoints; i += 2 {
			kept = append(kept, s.points[i])
		}
		s.points = kept
		s.every *= 2
	}
}

// between returns the points with from <= at < to.
func (s *series) between(from, to time.Duration) []point {
	var some []point
	for _, p := range s.points {
		if p.at >= from && p.at < to {
			some = append(some, p)
		}
	}
	return some
}

// parts cuts the series into n stretches of equal time.
func (s *series) parts(n int) [][]point {
	if len(s.points) == 0 {
		return make([][]point, n)
	}
	first, last := s.points[0].at, s.points[len(s.points)-1].at
	parts := make([][]point, n)
	for _, p := range s.points {
		i := 0
		if last > first {
			i = min(n-1, int(float64(n)*float64(p.at-first)/float64(last-first)))
		}
		parts[i] = append(parts[i], p)
	}
	return parts
}

func median(points []point) float64 {
	if len(points) == 0 {
		return 0
	}
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = p.value
	}
	slices.Sort(values)
	return measure.Median(values)
}

func least(points []point) float64 {
	value := points[0].value
	for _, p := range points {
		value = min(value, p.value)
	}
	return value
}

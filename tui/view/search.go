package view

import (
	"fmt"
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
)

// Search is how far the search for a server's capacity is.
type Search struct {
	Steps  []stream.CapacityStep // the last of them is under way unless Judged
	Judged bool
	Of     int // steps at most
}

func (s *Search) fold(told stream.SearchStep) {
	s.Of, s.Judged = told.Of, told.Judged
	if told.Judged && len(s.Steps) > 0 {
		s.Steps = s.Steps[:len(s.Steps)-1]
	}
	s.Steps = append(s.Steps, told.Step)
}

// best is the highest rate that held so far, requests per second; 0: none.
func (s *Search) best() float64 {
	var best float64
	for i, step := range s.Steps {
		if step.Kept && (s.Judged || i < len(s.Steps)-1) {
			best = max(best, step.Rate)
		}
	}
	return best
}

// words say what is tried and what has held: "step 4 of at most 12: 3,200 req/s · 1,600 held".
func (s *Search) words() string {
	if len(s.Steps) == 0 {
		return ""
	}
	step := s.Steps[len(s.Steps)-1]
	told := fmt.Sprintf("step %d of at most %d: %s req/s", step.Number, s.Of, figure.Whole(step.Rate))
	if s.Judged {
		told += map[bool]string{true: " ✓", false: " ✗"}[step.Kept]
	}
	if best := s.best(); best > 0 && !(s.Judged && step.Rate == best) {
		told += " · " + figure.Whole(best) + " held"
	}
	return told
}

func (s Search) clone() Search {
	s.Steps = slices.Clone(s.Steps)
	return s
}

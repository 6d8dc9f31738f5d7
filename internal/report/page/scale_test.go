package page

import (
	"math"
	"testing"
)

func TestScalesCoverWhatTheyShow(t *testing.T) {
	for _, of := range [][2]float64{{0.05, 0.05}, {0.012, 2.7}, {0.1, 60_000}, {3, 4}, {0, 10}, {99.9, 100.1}} {
		s := logScale(of[0], of[1], msLabel).placed(0, 100)
		if s.min > of[0] && of[0] > 0 || s.max < of[1] || len(s.ticks) < 2 || len(s.ticks) > 9 {
			t.Errorf("%v: %v to %v with %d ticks", of, s.min, s.max, len(s.ticks))
		}
		for _, value := range of {
			if at := s.at(value); math.IsNaN(at) || at < 0 || at > 100 {
				t.Errorf("%v: %v is at %v", of, value, at)
			}
		}
	}
	for _, high := range []float64{0, 0.3, 1, 99, 105, 6400, 1e6} {
		if s := linearScale(high, shortLabel); s.max < high || len(s.ticks) < 3 || len(s.ticks) > 7 {
			t.Errorf("%v: to %v with %d ticks", high, s.max, len(s.ticks))
		}
	}
	for _, of := range [][2]float64{{0, 5}, {-3, 5}, {0, 0.2}, {0, 3600}, {-3, 61}} {
		s := timeScale(of[0], of[1])
		if len(s.ticks) < 3 || len(s.ticks) > 10 {
			t.Errorf("%v: %d ticks", of, len(s.ticks))
		}
		for _, tick := range s.ticks {
			if tick.label == "-0 s" {
				t.Errorf("%v: a label %q", of, tick.label)
			}
		}
	}
}

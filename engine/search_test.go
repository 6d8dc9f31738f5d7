package engine

import (
	"math/rand/v2"
	"testing"
)

// search runs one on a server of the capacity given.
func search(first float64, holds func(rate float64) bool) (found float64, ok bool, steps int) {
	s := NewSearch(first, 12)
	for {
		rate, more := s.Next()
		if !more {
			found, ok = s.Found()
			return found, ok, steps
		}
		steps++
		s.Tell(holds(rate))
	}
}

func TestSearchFindsTheCapacityInTwelveSteps(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		capacity := 20 + 200_000*random.Float64()*random.Float64()
		first := capacity * (0.1 + 3*random.Float64()) // what a warm-up's throughput guesses
		found, ok, steps := search(first, func(rate float64) bool { return rate <= capacity })
		if !ok || found > capacity || found < capacity/1.06 || steps > 12 {
			t.Fatalf("capacity %.0f from %.0f: found %.0f, %v, in %d steps", capacity, first, found, ok, steps)
		}
	}
}

func TestSearchFromNoGuess(t *testing.T) {
	for _, capacity := range []float64{30, 100, 250, 3_000, 45_000, 120_000} {
		found, ok, steps := search(100, func(rate float64) bool { return rate <= capacity })
		if !ok || found > capacity || found < capacity/1.06 || steps > 12 {
			t.Errorf("capacity %.0f: found %.0f, %v, in %d steps", capacity, found, ok, steps)
		}
	}
}

func TestSearchForgivesOneBadStep(t *testing.T) {
	const capacity = 1000
	for bad := range 8 {
		step := -1
		found, ok, steps := search(600, func(rate float64) bool { step++; return rate <= capacity && step != bad })
		if !ok || found > capacity || found < capacity/1.12 || steps > 12 {
			t.Errorf("step %d is bad: found %.0f, %v, in %d steps", bad, found, ok, steps)
		}
	}
}

// A rate above the capacity that holds once, by luck, is not what is found.
func TestSearchDoesNotTrustOneGoodStep(t *testing.T) {
	const capacity = 1000
	for good := range 8 {
		step := -1
		found, ok, steps := search(600, func(rate float64) bool { step++; return rate <= capacity || step == good })
		if !ok || found > capacity || found < capacity/1.3 || steps > 12 {
			t.Errorf("step %d is good: found %.0f, %v, in %d steps", good, found, ok, steps)
		}
	}
}

// What is found held twice, and what was too much failed twice.
func TestSearchTriesBothEndsAgain(t *testing.T) {
	for _, capacity := range []float64{330, 700, 1_010, 1_900} {
		held, failed := map[float64]int{}, map[float64]int{}
		s := NewSearch(500, 12)
		for {
			rate, more := s.Next()
			if !more {
				break
			}
			holds := rate <= capacity
			if holds {
				held[rate]++
			} else {
				failed[rate]++
			}
			s.Tell(holds)
		}
		found, _ := s.Found()
		if held[found] != 2 || failed[s.Ceiling()] != 2 {
			t.Errorf("capacity %.0f: %.0f held %d times and %.0f failed %d times", capacity, found, held[found], s.Ceiling(), failed[s.Ceiling()])
		}
	}
}

func TestSearchGivesUpOnAServerThatCarriesNothing(t *testing.T) {
	found, ok, steps := search(500, func(float64) bool { return false })
	if ok || steps > 12 {
		t.Errorf("found %v, %v, in %d steps", found, ok, steps)
	}
}

func TestSearchRatesCanBeSaid(t *testing.T) {
	s := NewSearch(1234.56, 12)
	if rate, _ := s.Next(); rate != 1230 {
		t.Errorf("%v; want three digits", rate)
	}
}

package engine

import (
	"math"
	"slices"

	"github.com/benchtui/benchtui/internal/traffic"
)

// Search finds the highest arrival rate that a server carries, in few steps: it
// raises the rate until a step fails, then halves the ratio between the highest rate
// that held and the lowest that failed, and tries both of these once more: one good or
// bad moment of the machine must not decide. The caller puts each rate on the server and
// says whether it held. It is the search of the capacity model, without any I/O.
type Search struct {
	left   int     // steps
	first  float64 // requests per second
	growth float64
	held   []float64 // rates that held, rising
	failed []float64 // rates that failed above them
	// The highest that held, and the lowest that failed, did so twice.
	heldTwice, failedTwice bool
	misses                 int     // rates that failed, one after the other, since one held
	rate                   float64 // of the step under way
}

const (
	// searchExactness is the ratio between failed and held at which the search ends.
	searchExactness = 1.05
	// searchGrowth is the ratio of the first two rates; it grows with each that holds.
	searchGrowth    = 1.6
	searchGrowthMax = 4
	// searchGrowthNear goes on from a rate that failed once and holds after all: that
	// it failed says that the capacity is not far.
	searchGrowthNear = 1.15
	// searchMisses is how many rates in a row must fail for the one that held to be
	// tried again before going on, where there are steps for it.
	searchMisses = 3
	// lowestRate is below what is worth looking for, requests per second.
	lowestRate = 1
)

// NewSearch begins at a rate (requests per second) and takes at most so many steps.
func NewSearch(first float64, steps int) *Search {
	return &Search{left: steps, first: max(lowestRate, first), growth: searchGrowth}
}

// Next is the rate to try next; ok is false when the search is over.
func (s *Search) Next() (rate float64, ok bool) {
	if s.left == 0 {
		return 0, false
	}
	switch held, lowest := s.highestHeld(), s.lowestFailed(); {
	case held == 0 && lowest == 0:
		s.rate = s.first
	case lowest == 0:
		s.rate = held * s.growth
	case held == 0:
		if lowest <= lowestRate {
			return 0, false
		}
		s.rate = max(lowestRate, lowest/searchGrowthMax)
	case s.misses >= searchMisses && !s.heldTwice && s.left >= halvings(held, lowest)+3: // does what held do so still?
		s.rate = held
		return s.rate, true // as it was tried before
	case lowest/held > searchExactness:
		s.rate = math.Sqrt(held * lowest)
	case !s.failedTwice:
		s.rate = lowest
	case !s.heldTwice:
		s.rate = held
		return s.rate, true // as it was tried before
	default:
		return 0, false
	}
	s.rate = rounded(min(s.rate, traffic.MaxRate))
	return s.rate, true
}

// Tell says whether the rate of the last Next held.
func (s *Search) Tell(held bool) {
	s.left--
	highest, lowest := s.highestHeld(), s.lowestFailed()
	switch {
	case !held && s.rate == lowest:
		s.failedTwice = true
		return
	case !held:
		if s.rate == highest { // once it held, and once not: go on below it
			s.held, s.heldTwice = s.held[:len(s.held)-1], false
		}
		s.failed, s.failedTwice = append(s.failed, s.rate), false
		s.misses++
		return
	case s.rate == highest:
		s.heldTwice = true
		return
	}
	s.misses = 0
	if highest > 0 {
		s.growth = min(s.growth*s.growth, searchGrowthMax)
	}
	s.held, s.heldTwice = append(s.held, s.rate), false
	if lowest > 0 && s.rate >= lowest {
		s.growth = searchGrowthNear
	}
	s.failed = slices.DeleteFunc(s.failed, func(rate float64) bool { return rate <= s.rate })
	s.failedTwice = false
	if s.rate == traffic.MaxRate {
		s.left = 0
	}
}

// Skip takes a step that said nothing of the server: Next gives its rate again.
func (s *Search) Skip() { s.left-- }

// Found is the highest rate that held, requests per second; ok is false if none did.
func (s *Search) Found() (rate float64, ok bool) { return s.highestHeld(), len(s.held) > 0 }

// Ceiling is the lowest rate that failed; 0 if none did, so that the capacity may
// lie anywhere above what was found.
func (s *Search) Ceiling() float64 { return s.lowestFailed() }

// halvings is how many steps it takes to come near enough from both ends.
func halvings(held, lowest float64) int {
	return max(0, int(math.Ceil(math.Log2(math.Log(lowest/held)/math.Log(searchExactness)))))
}

func (s *Search) highestHeld() float64 {
	if len(s.held) == 0 {
		return 0
	}
	return s.held[len(s.held)-1]
}

func (s *Search) lowestFailed() float64 {
	if len(s.failed) == 0 {
		return 0
	}
	return slices.Min(s.failed)
}

// rounded to three digits, so that the rate can be said and asked for again.
func rounded(rate float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(rate))-2)
	return math.Round(rate/unit) * unit
}

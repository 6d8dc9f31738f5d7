package leaderboard

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// ShareInterval is the exact confidence interval of a share of which so many of so
// many were seen (Clopper and Pearson 1934): none of a thousand may still be 0.37 %.
func ShareInterval(count, of uint64, confidence float64) (low, high float64) {
	if of == 0 {
		return 0, 1
	}
	tail, k, n := (1-confidence)/2, float64(count), float64(of)
	low, high = 0, 1
	if count > 0 {
		low = distuv.Beta{Alpha: k, Beta: n - k + 1}.Quantile(tail)
	}
	if count < of {
		high = distuv.Beta{Alpha: k + 1, Beta: n - k}.Quantile(1 - tail)
	}
	return low, high
}

// Newcombe is the confidence interval of the difference of two shares, second less
// first, that takes what was counted for independent (Newcombe 1998, "Interval
// estimation for the difference between independent proportions", method 10): made of
// Wilson's intervals of either, it has a width where a share is 0.
func Newcombe(countA, ofA, countB, ofB uint64, confidence float64) (low, high float64) {
	z := zOf(confidence)
	a, lowA, highA := wilson(countA, ofA, z)
	b, lowB, highB := wilson(countB, ofB, z)
	return b - a - math.Hypot(b-lowB, highA-a), b - a + math.Hypot(highB-b, a-lowA)
}

// wilson is the share and its score interval (Wilson 1927).
func wilson(count, of uint64, z float64) (share, low, high float64) {
	if of == 0 {
		return 0, 0, 1
	}
	n := float64(of)
	share = float64(count) / n
	middle := (share + z*z/(2*n)) / (1 + z*z/n)
	reach := z / (1 + z*z/n) * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return share, max(0, middle-reach), min(1, middle+reach)
}

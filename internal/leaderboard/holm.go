package leaderboard

import (
	"cmp"
	"slices"
)

// Holm adjusts the p-values of a family of tests, so that to call those differences
// that are below a limit tells one falsely, in the whole family, no more often than
// the limit says (Holm 1979, "A simple sequentially rejective multiple test
// procedure"). The smallest is multiplied by how many there are, the next by one less,
// and so on; none is below the one before.
func Holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	adjusted := make([]float64, len(ps))
	least := 0.0
	for i, at := range order {
		least = max(least, min(1, float64(len(ps)-i)*ps[at]))
		adjusted[at] = least
	}
	return adjusted
}

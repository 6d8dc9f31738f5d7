package leaderboard

import (
	"math"
	"slices"
)

// Clusters are found on the logarithm of a metric, where a distance is a ratio:
// 1 ms to 2 ms is as far as 100 ms to 200 ms.
const (
	// mostClusters is how many medals there are.
	mostClusters = 4
	// leastNoise is the standard deviation that one contender's figure is assumed to
	// have from run to run: 10 %. Groups are not made tighter than it, nor than what
	// rounds have shown.
	leastNoise = 0.10
	// nearRatio is the ratio of two neighbours below which no limit may part them.
	nearRatio = 1.10
)

// clusterStarts parts rising xs (logarithms) into at most mostClusters groups and
// returns where each begins. A group may begin only where a rank does; noise is the
// standard deviation of an x, as far as it is known.
//
// For every number of groups the best partition (the least sum of squared
// distances to the group means) is found by dynamic programming, as Ckmeans.1d.dp
// does; a limit may only stand where neighbours differ by nearRatio or more and do
// not share a rank. Among
// them the Bayesian information criterion chooses: n·ln(variance within groups) +
// 2k·ln(n), for k means, k−1 limits and one variance, with the variance never
// below noise². Two contenders part from a ratio of 1.33 on.
func clusterStarts(xs []float64, ranks []int, noise float64) []int {
	if len(xs) == 0 {
		return nil
	}
	noise = max(noise, leastNoise)
	mayBegin := func(at int) bool { return slices.Contains(ranks, at) && mayPart(xs[at-1], xs[at]) }
	partitions, sums := bestPartitions(xs, min(mostClusters, len(xs)), mayBegin)
	n := float64(len(xs))
	best, least := partitions[0], math.Inf(1)
	for i, partition := range partitions {
		variance := max(sums[i]/n, noise*noise)
		k := float64(i + 1)
		if criterion := n*math.Log(variance) + 2*k*math.Log(n); criterion < least {
			best, least = partition, criterion
		}
	}
	return best
}

// bestPartitions returns for k = 1, 2, … up to most the best partition of rising
// xs into k groups and its sum of squares; it ends early where no more limits
// may be set. A group may begin only where mayBegin says so.
func bestPartitions(xs []float64, most int, mayBegin func(at int) bool) (starts [][]int, sums []float64) {
	n := len(xs)
	squares := newSquares(xs)
	// cost[k][i] is the least sum of squares of the first i values in k+1 groups;
	// start[k][i] is where the last of those groups begins.
	cost := make([][]float64, most)
	start := make([][]int, most)
	for k := range most {
		cost[k] = make([]float64, n+1)
		start[k] = make([]int, n+1)
		for i := 1; i <= n; i++ {
			if k == 0 {
				cost[k][i] = squares.of(0, i)
				continue
			}
			cost[k][i] = math.Inf(1)
			for from := k; from < i; from++ {
				if !mayBegin(from) {
					continue
				}
				if total := cost[k-1][from] + squares.of(from, i); total < cost[k][i] {
					cost[k][i], start[k][i] = total, from
				}
			}
		}
		if math.IsInf(cost[k][n], 1) {
			break
		}
		partition := make([]int, k+1)
		for group, end := k, n; group > 0; group-- {
			partition[group] = start[group][end]
			end = partition[group]
		}
		starts, sums = append(starts, partition), append(sums, cost[k][n])
	}
	return starts, sums
}

func mayPart(a, b float64) bool { return b-a >= math.Log(nearRatio) }

// squares answers the sum of squared distances to the mean of any stretch.
type squares struct{ sum, sumOfSquares []float64 }

func newSquares(xs []float64) squares {
	s := squares{make([]float64, len(xs)+1), make([]float64, len(xs)+1)}
	middle := xs[len(xs)/2] // taken off, so that the difference of sums keeps its digits
	for i, x := range xs {
		s.sum[i+1] = s.sum[i] + (x - middle)
		s.sumOfSquares[i+1] = s.sumOfSquares[i] + (x-middle)*(x-middle)
	}
	return s
}

// of is the sum for xs[from:to].
func (s squares) of(from, to int) float64 {
	sum := s.sum[to] - s.sum[from]
	return max(0, s.sumOfSquares[to]-s.sumOfSquares[from]-sum*sum/float64(to-from))
}

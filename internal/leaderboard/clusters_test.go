package leaderboard

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// bruteForce tries every way to part rising xs into k groups, and returns the
// least sum of squares; +Inf if there is none.
func bruteForce(xs []float64, k int) float64 {
	if k == 1 {
		var mean, sum float64
		for _, x := range xs {
			mean += x / float64(len(xs))
		}
		for _, x := range xs {
			sum += (x - mean) * (x - mean)
		}
		return sum
	}
	best := math.Inf(1)
	for last := k - 1; last < len(xs); last++ {
		if xs[last]-xs[last-1] >= math.Log(nearRatio) {
			best = min(best, bruteForce(xs[:last], k-1)+bruteForce(xs[last:], 1))
		}
	}
	return best
}

// everyPlace are the ranks of values that are all told apart.
func everyPlace(n int) (starts []int) {
	for i := range n {
		starts = append(starts, i)
	}
	return starts
}

func checkClusters(t *testing.T, xs []float64) {
	t.Helper()
	starts, sums := bestPartitions(xs, min(mostClusters, len(xs)), func(at int) bool { return mayPart(xs[at-1], xs[at]) })
	for i := range mostClusters {
		k := i + 1
		if k > len(xs) {
			break
		}
		want := bruteForce(xs, k)
		if i >= len(sums) {
			if !math.IsInf(want, 1) {
				t.Fatalf("%v: no partition in %d groups, brute force finds one of %g", xs, k, want)
			}
			continue
		}
		if math.Abs(sums[i]-want) > 1e-9*(1+want) {
			t.Fatalf("%v in %d groups: %g, brute force %g", xs, k, sums[i], want)
		}
		// The partition itself, not only its sum, must be the best.
		var sum float64
		for group, from := range starts[i] {
			to := len(xs)
			if group+1 < len(starts[i]) {
				to = starts[i][group+1]
			}
			sum += bruteForce(xs[from:to], 1)
		}
		if math.Abs(sum-want) > 1e-9*(1+want) {
			t.Fatalf("%v in %d groups: %v has %g, brute force %g", xs, k, starts[i], sum, want)
		}
	}
	chosen := clusterStarts(xs, everyPlace(len(xs)), 0)
	if chosen[0] != 0 || !slices.IsSorted(chosen) || len(chosen) > mostClusters {
		t.Fatalf("%v: groups begin at %v", xs, chosen)
	}
	for _, start := range chosen[1:] {
		if !mayPart(xs[start-1], xs[start]) {
			t.Fatalf("%v: %g and %g are near and stand apart", xs, xs[start-1], xs[start])
		}
	}
}

func TestClustersAreTheBestOfAll(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		xs := make([]float64, 1+random.IntN(10))
		for i := range xs {
			xs[i] = random.Float64() * 8
			if random.IntN(3) == 0 && i > 0 {
				xs[i] = xs[i-1] // equal ones
			}
		}
		slices.Sort(xs)
		checkClusters(t, xs)
	}
}

func FuzzClusters(f *testing.F) {
	f.Add([]byte{1, 1, 2, 200, 201, 255})
	f.Add([]byte{0})
	f.Add([]byte{10, 10, 10, 10})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		var xs []float64
		for _, b := range data[:min(9, len(data))] {
			xs = append(xs, float64(b)/16)
		}
		slices.Sort(xs)
		checkClusters(t, xs)
	})
}

// A far offset must not cost the digits that tell near values apart.
func TestClustersFarFromZero(t *testing.T) {
	if got := clusterStarts([]float64{1e6, 1e6 + 0.01, 1e6 + 2, 1e6 + 2.01}, everyPlace(4), 0); !slices.Equal(got, []int{0, 2}) {
		t.Errorf("groups begin at %v, want 0 and 2", got)
	}
}

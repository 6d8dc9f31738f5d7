package leaderboard

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// LeastBatches is into how many batches a run must be parted for them to tell something.
const LeastBatches = 5

// Batches is what the course of one run says of a figure: batch means. The run is cut
// into batches of equal length, and the figure of each is one observation of it.
type Batches struct {
	Error     float64 `json:"error"`     // the standard error of the figure's logarithm, within this run
	Batches   int     `json:"batches"`   // how many
	Effective float64 `json:"effective"` // how many independent ones they are worth
}

// Known says that it tells something.
func (b Batches) Known() bool { return b.Batches >= LeastBatches }

func (b Batches) freedom() float64 { return max(1, b.Effective-1) }

// Together is what several runs say of how sure each is; the zero if one does not know.
func Together(runs []Batches) (all Batches) {
	for _, run := range runs {
		if !run.Known() {
			return Batches{}
		}
		all.Error += run.Error * run.Error / float64(len(runs))
		all.Batches, all.Effective = all.Batches+run.Batches, all.Effective+run.Effective
	}
	all.Error = math.Sqrt(all.Error)
	return all
}

// BatchMeans is the standard error of the mean of batches that follow each other, such
// as the logarithms of a figure second by second: by batch means (Law and Kelton,
// Simulation Modeling and Analysis; Alexopoulos and Seila 1996). What the batches have
// in common with those before them makes them worth fewer than they are: n of them
// with the autocorrelations r are worth n / (1 + 2 Σ r), the effective sample size,
// summed over Geyer's initial positive sequence (Practical Markov Chain Monte Carlo,
// 1992), each r with the 1/n added that it is short of in a sample of n. Batches that
// alternate are not taken for more than they are.
//
// It tells nothing of what is the same for the whole run and another in the next: the
// layout of memory, what the machine's neighbours do, the compiler's guesses.
func BatchMeans(values []float64) Batches {
	n := len(values)
	if n < LeastBatches {
		return Batches{}
	}
	mean, variance := stat.MeanVariance(values, nil)
	if variance == 0 || math.IsNaN(variance) || math.IsInf(variance, 0) {
		return Batches{Batches: n, Effective: float64(n)}
	}
	correlation := func(lag int) float64 {
		sum := 0.0
		for i := range n - lag {
			sum += (values[i] - mean) * (values[i+lag] - mean)
		}
		return sum/(float64(n-1)*variance) + 1/float64(n)
	}
	inflation := 1.0
	for lag := 1; lag < n/2; lag += 2 {
		pair := correlation(lag)
		if lag+1 < n/2 {
			pair += correlation(lag + 1)
		}
		if pair <= 0 {
			break
		}
		inflation += 2 * pair
	}
	const least = 2 // a course that only rises is still more than one observation
	effective := max(least, float64(n)/inflation)
	return Batches{Error: math.Sqrt(variance / effective), Batches: n, Effective: effective}
}

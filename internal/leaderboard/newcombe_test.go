package leaderboard

import (
	"math"
	"testing"
)

// As scipy's binomtest(count, of).proportion_ci(confidence, "exact") has them (1.17).
func TestShareIntervalAgreesWithScipy(t *testing.T) {
	for _, c := range []struct {
		count, of  uint64
		confidence float64
		low, high  float64
	}{
		{0, 1000, 0.95, 0, 0.003682083896639526},
		{1, 1000, 0.95, 2.5317487491674634e-05, 0.0055589242798499},
		{0, 3000, 0.99, 0, 0.0017645471420405343},
		{3, 3000, 0.99, 0.00011265234169879719, 0.0036542972180113433},
		{5, 10, 0.95, 0.1870860284474045, 0.8129139715525955},
		{10, 10, 0.95, 0.6915028921812371, 1},
		{0, 0, 0.95, 0, 1},
	} {
		low, high := ShareInterval(c.count, c.of, c.confidence)
		if math.Abs(low-c.low) > 1e-9 || math.Abs(high-c.high) > 1e-9 {
			t.Errorf("%d of %d: %v to %v, want %v to %v", c.count, c.of, low, high, c.low, c.high)
		}
	}
}

// The first is the example (a) of Newcombe's paper, 0.0524 to 0.3339, the others with
// it as statsmodels' confint_proportions_2indep(…, method="newcomb") has them (0.14).
func TestNewcombeAgreesWithHisPaperAndStatsmodels(t *testing.T) {
	for _, c := range []struct {
		countB, ofB, countA, ofA uint64
		confidence, low, high    float64
	}{
		{56, 70, 48, 80, 0.95, 0.05243147240236498, 0.33387265403690614},
		{9, 10, 3, 10, 0.95, 0.1705227239345029, 0.809017973535488},
		{0, 10, 0, 20, 0.95, -0.1611251580528194, 0.27753279986288926},
		{10, 10, 0, 10, 0.95, 0.6075093504305241, 1},
		{0, 3000, 3, 3000, 0.99, -0.003949713996792237, 0.0013298763026742123},
		{0, 1000, 1, 1000, 0.95, -0.005642558597957937, 0.0029143526139704433},
	} {
		low, high := Newcombe(c.countA, c.ofA, c.countB, c.ofB, c.confidence)
		if math.Abs(low-c.low) > 1e-9 || math.Abs(high-c.high) > 1e-9 {
			t.Errorf("%d of %d less %d of %d: %v to %v, want %v to %v", c.countB, c.ofB, c.countA, c.ofA, low, high, c.low, c.high)
		}
	}
}

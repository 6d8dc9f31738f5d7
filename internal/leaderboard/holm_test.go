package leaderboard

import (
	"math"
	"testing"
)

// As statsmodels' multipletests(…, method="holm") has them (0.14).
func TestHolmAgreesWithStatsmodels(t *testing.T) {
	for _, c := range []struct{ ps, want []float64 }{
		{[]float64{0.01, 0.04, 0.03, 0.005}, []float64{0.03, 0.06, 0.06, 0.02}},
		{[]float64{0.021, 0.0001, 0.7, 0.021, 0.012, 0.4}, []float64{0.084, 0.0006, 0.8, 0.084, 0.06, 0.8}},
		{[]float64{0.9, 0.8}, []float64{1, 1}},
		{[]float64{0.03}, []float64{0.03}},
		{nil, nil},
	} {
		for i, got := range Holm(c.ps) {
			if math.Abs(got-c.want[i]) > 1e-12 {
				t.Errorf("%v: %v of the %d. is not %v", c.ps, got, i+1, c.want[i])
			}
		}
	}
}

package leaderboard

import "testing"

// Whatever limits are written, they are refused or make a rule that puts every
// value into one of four tiers, the better never below the worse.
func FuzzParseTiers(f *testing.F) {
	for _, text := range []string{"auto", "article", "5ms,20ms,100ms", "1000,500", "1h", "", ",", "5ms,5ms", "NaN", "Inf", "-5ms", "1e400", "5 µs"} {
		f.Add(text, false)
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, higher bool) {
		metric, values := Mean, []float64{0.5, 5, 5, 80, 1e6}
		if higher {
			metric, values = RPS, []float64{1e6, 80, 5, 5, 0.5}
		}
		rule, err := parseTiers(text, metric)
		if err != nil {
			return
		}
		tiers := rule(standings{values: values, ranks: []int{0, 1, 3, 4}})
		if len(tiers.of) != len(values) {
			t.Fatalf("%q: %d tiers for %d values", text, len(tiers.of), len(values))
		}
		for i, tier := range tiers.of {
			if tier < 1 || tier > mostClusters || i > 0 && tier < tiers.of[i-1] {
				t.Errorf("%q: tiers %v", text, tiers.of)
			}
		}
	})
}

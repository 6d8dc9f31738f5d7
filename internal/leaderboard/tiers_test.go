package leaderboard

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func tiersOf(t *testing.T, metric Metric, text string, values ...float64) tiers {
	t.Helper()
	rule, err := parseTiers(text, metric)
	if err != nil {
		t.Fatal(err)
	}
	return rule(standings{values: values, ranks: everyPlace(len(values))})
}

func TestLimitsArePartOfTheWorseTier(t *testing.T) {
	got := tiersOf(t, Mean, "article", 249.99, 250, 499, 500, 1199, 1200, 9999)
	if want := []int{1, 2, 2, 3, 3, 4, 4}; !slices.Equal(got.of, want) {
		t.Errorf("%v, want %v", got.of, want)
	}
}

func TestOwnLimits(t *testing.T) {
	cases := []struct {
		metric Metric
		text   string
		limits []float64
		rule   string
	}{
		{P99, "5ms,20ms,100ms", []float64{5, 20, 100}, "tiers: p99 response time below 5 ms, 5–20 ms, 20–100 ms, 100 ms and above"},
		{Mean, " 500us , 1.2s ", []float64{0.5, 1200}, "tiers: mean response time below 0.5 ms, 0.5–1,200 ms, 1,200 ms and above"},
		{CPUPerRequest, "20us,1ms", []float64{20, 1000}, "tiers: server CPU per request below 20 µs, 20–1,000 µs, 1,000 µs and above"},
		{RSS, "50,100 MB", []float64{50, 100}, "tiers: peak memory below 50 MB, 50–100 MB, 100 MB and above"},
		{RPS, "20000,5000", []float64{20000, 5000}, "tiers: OK replies per second 20,000 req/s and above, 20,000–5,000 req/s, below 5,000 req/s"},
	}
	for _, c := range cases {
		got := tiersOf(t, c.metric, c.text, 1)
		if !slices.Equal(got.limits, c.limits) || got.words != c.rule {
			t.Errorf("%s %q: limits %v, rule %q\nwant %v, %q", c.metric, c.text, got.limits, got.words, c.limits, c.rule)
		}
	}
}

// A recording of a later version may rank by what this one has no unit for.
func TestNoSpaceStandsForAUnit(t *testing.T) {
	for text, want := range map[string]string{
		"auto": "tiers: one, for the differences in throughput (5) are no larger than noise may be",
		"5,7":  "tiers: throughput below 5, 5–7, 7 and above",
	} {
		if got := tiersOf(t, "throughput", text, 5, 5).words; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestBadTiersSayWhatToWrite(t *testing.T) {
	cases := []struct {
		metric Metric
		text   string
		says   string
	}{
		{Mean, "5", `"5" is no time; write it like 50ms; tiers are auto, article, or limits like 5ms,20ms,100ms`},
		{Mean, "gold", `"gold" is no time`},
		{Mean, "5ms,,20ms", `"" is no time`},
		{Mean, "20ms,5ms", "the limits must rise"},
		{Mean, "5ms,5ms", "the limits must rise"},
		{Mean, "0ms", "above 0"},
		{Mean, "-5ms", "above 0"},
		{Mean, "1ms,2ms,3ms,4ms", "4 limits make 5 tiers"},
		{RPS, "5ms", `"5ms" is no number; tiers are auto, article, or limits like 10000,5000,1000`},
		{RPS, "100,200", "the limits must fall"},
		{RPS, "NaN", "is no number"},
		{RPS, "Inf", "is no number"},
		{RSS, "many", "limits like 50,100,200"},
		{RPS, "article", "are times, and rps is in req/s"},
		{CPUPerRequest, "article", "cpu-per-request is in µs"},
	}
	for _, c := range cases {
		_, err := Rank(nil, Options{RankBy: c.metric, Tiers: c.text})
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), "tiers") {
			t.Errorf("%s %q: %v; want --tiers and %q", c.metric, c.text, err, c.says)
		}
	}
}

func TestAutoTiers(t *testing.T) {
	cases := []struct {
		name   string
		metric Metric
		values []float64
		want   []int
		rule   string
	}{
		{"nobody", Mean, nil, nil, "tiers: none, for nobody is ranked"},
		{"one", Mean, []float64{5}, []int{1}, "tiers: one, for one contender is ranked"},
		{"two alike", Mean, []float64{1, 1.2}, []int{1, 1}, "tiers: one, for the differences in mean response time (1.00–1.20 ms) are no larger than noise may be"},
		{"two equal", Mean, []float64{7, 7}, []int{1, 1}, "tiers: one, for the differences in mean response time (7.00 ms) are no larger than noise may be"},
		{"two apart", Mean, []float64{1, 3}, []int{1, 2}, "tiers: 2 groups of like mean response time: 1.00 ms, 3.00 ms"},
		{"three groups", Mean, []float64{1, 1.05, 1.1, 10, 10.4, 95, 100}, []int{1, 1, 1, 2, 2, 3, 3},
			"tiers: 3 groups of like mean response time: 1.00–1.10 ms, 10.0–10.4 ms, 95.0–100 ms"},
		{"six magnitudes in four", Mean, []float64{1, 10, 100, 1e3, 1e4, 1e5}, nil, ""},
		{"an even slope of 5 %", Mean, slope(20, 1.05), ones(20), ""},
		{"eighteen of the same", Mean, slices.Repeat([]float64{212}, 18), ones(18), ""},
		{"higher is better", RPS, []float64{60_000, 58_000, 9_000, 8_800}, []int{1, 1, 2, 2},
			"tiers: 2 groups of like OK replies per second: 60,000–58,000 req/s, 9,000–8,800 req/s"},
		{"a zero", Mean, []float64{0, 0, 5, 5.1}, []int{1, 1, 2, 2}, ""},
		{"zeros alone", Mean, []float64{0, 0}, []int{1, 1}, ""},
		{"no throughput", RPS, []float64{5000, 0}, []int{1, 2}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := tiersOf(t, c.metric, "auto", c.values...)
			if c.want != nil && !slices.Equal(got.of, c.want) {
				t.Errorf("tiers %v, want %v", got.of, c.want)
			}
			if c.rule != "" && got.words != c.rule {
				t.Errorf("rule %q\nwant %q", got.words, c.rule)
			}
			checkLimits(t, c.metric, c.values, got)
		})
	}
}

// checkLimits holds that the limits part the values as the tiers say.
func checkLimits(t *testing.T, metric Metric, values []float64, got tiers) {
	t.Helper()
	if len(values) > 0 && len(got.limits)+1 != slices.Max(got.of) {
		t.Fatalf("%d limits between %d tiers", len(got.limits), slices.Max(got.of))
	}
	for i, value := range values {
		tier := 1
		for _, limit := range got.limits {
			if metric.better(limit, value) {
				tier++
			}
		}
		if tier != got.of[i] {
			t.Errorf("%v is in tier %d by the limits %v, and in %d by the groups", value, tier, got.limits, got.of[i])
		}
	}
}

func slope(n int, ratio float64) (values []float64) {
	for i := range n {
		values = append(values, math.Pow(ratio, float64(i)))
	}
	return values
}

func ones(n int) []int { return slices.Repeat([]int{1}, n) }

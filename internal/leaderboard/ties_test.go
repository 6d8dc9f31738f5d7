package leaderboard

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// differ says whether two contenders' figures, a value per round each, are told apart if
// these two are all that are compared.
func differ(a, b []float64) bool {
	p, _ := welchP(Sample{Rounds: a}, Sample{Rounds: b})
	return p < significance
}

// The p of these samples are those that Rosetta Code's "Welch's t-test" agrees on
// over its languages, some of which integrate less finely in the eighth digit.
func TestWelchsTestAgreesWithOthers(t *testing.T) {
	for _, c := range []struct {
		xs, ys []float64
		p      float64
	}{
		{[]float64{3.0, 4.0, 1.0, 2.1}, []float64{490.2, 340.0, 433.9}, 0.0107515340333929},
		{[]float64{30.02, 29.99, 30.11, 29.97, 30.01, 29.99}, []float64{29.89, 29.93, 29.72, 29.98, 30.02, 29.98}, 0.0907733242856673},
		{
			[]float64{17.2, 20.9, 22.6, 18.1, 21.7, 21.4, 23.5, 24.2, 14.7, 21.8},
			[]float64{21.5, 22.8, 21.0, 23.0, 21.6, 23.6, 22.5, 20.7, 23.4, 21.8, 20.7, 21.7, 21.5, 22.5, 23.6, 21.5, 22.5, 23.5, 21.5, 21.8},
			0.148841696605328,
		},
		{
			[]float64{19.8, 20.4, 19.6, 17.8, 18.5, 18.9, 18.3, 18.9, 19.5, 22.0},
			[]float64{28.2, 26.6, 20.1, 23.3, 25.2, 22.1, 17.7, 27.6, 20.6, 13.7, 23.2, 17.5, 20.6, 18.0, 23.9, 21.6, 24.3, 20.4, 24.0, 13.2},
			0.0359722710297969,
		},
	} {
		for _, p := range []float64{differenceOf(c.xs, c.ys).p(), differenceOf(c.ys, c.xs).p()} {
			if math.Abs(p-c.p) > 1e-7 {
				t.Errorf("%v and %v: p %.9f, want %.9f", c.xs, c.ys, p, c.p)
			}
		}
	}
}

// roundsOf are n rounds of a contender whose figure is around a value, with so large
// a standard deviation of its logarithm.
func roundsOf(random *rand.Rand, n int, around, deviation float64) (values []float64) {
	for range n {
		values = append(values, around*math.Exp(deviation*random.NormFloat64()))
	}
	return values
}

// Two that are alike are told apart no more often than is said, and two that are not
// almost always, from three rounds.
func TestChanceSeldomTellsApartWhatIsAlike(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	const runs = 4000
	share := func(rounds int, ratio, deviation float64) float64 {
		apart := 0
		for range runs {
			if differ(roundsOf(random, rounds, 1, deviation), roundsOf(random, rounds, ratio, deviation)) {
				apart++
			}
		}
		return float64(apart) / runs
	}
	within := 4 * math.Sqrt(significance*(1-significance)/runs)
	for _, rounds := range []int{3, 5, 10} {
		if alike := share(rounds, 1, 0.05); alike > significance+within {
			t.Errorf("%d rounds: %.3f of those that are alike are told apart, at most %.3f may be", rounds, alike, significance)
		}
		if apart := share(rounds, 1.5, 0.05); apart < 0.98 {
			t.Errorf("%d rounds: of those that differ by 50 %%, with 5 %% of noise, %.3f are told apart", rounds, apart)
		}
	}
}

func TestWhatIsToldApart(t *testing.T) {
	for name, c := range map[string]struct {
		a, b []float64
		want bool
	}{
		"equal":                              {[]float64{2, 2, 2}, []float64{2, 2, 2}, false},
		"without noise":                      {[]float64{2, 2, 2}, []float64{3, 3, 3}, true},
		"less than a hundredth":              {[]float64{100, 100, 100}, []float64{100.9, 100.9, 100.9}, false},
		"far apart":                          {[]float64{1, 1.1, 0.9}, []float64{5, 5.2, 4.9}, true},
		"noise as large as the difference":   {[]float64{1, 2, 1.5}, []float64{1.2, 2.4, 1.9}, false},
		"one round against three, far":       {[]float64{1}, []float64{5, 5.2, 4.9}, true},
		"one round against three, near":      {[]float64{5.3}, []float64{5, 5.2, 4.9}, false},
		"one round each":                     {[]float64{1}, []float64{100}, false},
		"none":                               {nil, []float64{1, 1, 1}, false},
		"zeros":                              {[]float64{0, 0, 0}, []float64{1, 1.1, 0.9}, true},
		"the noise of one hides the other's": {[]float64{1, 1, 1}, []float64{1, 9, 2}, false},
	} {
		if got := differ(c.a, c.b); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if got := differ(c.b, c.a); got != c.want {
			t.Errorf("%s, the other way: %v", name, got)
		}
	}
}

func roundsEntry(id string, rounds ...float64) Entry {
	entry := entryOf(id, IntervalOf(rounds).Median)
	entry.Rounds = map[Metric][]float64{Mean: rounds}
	return entry
}

func TestWhoMayBeAlikeSharesARank(t *testing.T) {
	board := rank(t, []Entry{
		roundsEntry("a", 1.00, 1.04, 0.97), roundsEntry("b", 1.02, 0.99, 1.05), // alike
		roundsEntry("c", 2.00, 2.06, 1.95), // apart from both
		roundsEntry("d", 2.04, 2.01, 2.09), roundsEntry("e", 9, 9.1, 9.2),
	}, Options{})
	expectPlaces(t, board, []placed{
		{"a", 1, "a", []string{"b"}}, {"b", 1, "a", []string{"a"}}, {"c", 3, "b", []string{"d"}}, {"d", 3, "b", []string{"c"}}, {"e", 5, "c", nil},
	})
	if !strings.Contains(board.TieRule, "3 rounds") || !strings.Contains(board.TieRule, "chance") || !strings.Contains(board.TieRule, "Holm for 10 pairs") {
		t.Errorf("the rule is %q", board.TieRule)
	}
}

// placed is where a row should stand.
type placed struct {
	id      string
	rank    int
	letters string
	tied    []string
}

func expectPlaces(t *testing.T, board Board, want []placed) {
	t.Helper()
	for i, row := range board.Rows {
		if row.Entry.ID != want[i].id || row.Rank != want[i].rank || row.Letters != want[i].letters || !slices.Equal(row.TiedWith, want[i].tied) {
			t.Errorf("%s: rank %d, letters %q, tied with %v; want %+v", row.Entry.ID, row.Rank, row.Letters, row.TiedWith, want[i])
		}
	}
}

// One that varies much can't be told apart from any; that ties nobody else.
func TestANoisyBestTiesNobodyButItself(t *testing.T) {
	entries := []Entry{
		roundsEntry("noisy", 0.5, 1, 4), roundsEntry("b", 1.09, 1.1, 1.11),
		roundsEntry("c", 2.19, 2.2, 2.21), roundsEntry("d", 2.99, 3.0, 3.01),
	}
	expectPlaces(t, rank(t, entries, Options{}), []placed{
		{"noisy", 1, "abc", []string{"b", "c", "d"}}, {"b", 1, "a", []string{"noisy"}}, {"c", 2, "b", []string{"noisy"}}, {"d", 3, "c", []string{"noisy"}},
	})
	// The same in the middle and at the end of the table: ranks don't fall.
	for _, at := range []struct {
		rounds []float64
		want   []placed
	}{
		{[]float64{0.6, 2.5, 9}, []placed{{"b", 1, "a", []string{"x"}}, {"c", 2, "b", []string{"x"}}, {"x", 2, "abc", []string{"b", "c", "d"}}, {"d", 3, "c", []string{"x"}}}},
		{[]float64{0.8, 3.5, 12}, []placed{{"b", 1, "a", []string{"x"}}, {"c", 2, "b", []string{"x"}}, {"d", 3, "c", []string{"x"}}, {"x", 3, "abc", []string{"b", "c", "d"}}}},
	} {
		expectPlaces(t, rank(t, append([]Entry{roundsEntry("x", at.rounds...)}, entries[1:]...), Options{}), at.want)
	}
}

// The first and the last of a chain of small steps differ, whoever stands between.
func TestTiesDoNotChain(t *testing.T) {
	chain := []Entry{
		roundsEntry("a", 1.00, 1.02, 0.98), roundsEntry("b", 1.04, 1.02, 1.06),
		roundsEntry("c", 1.08, 1.06, 1.10), roundsEntry("d", 1.12, 1.10, 1.14),
	}
	for i := range chain[:3] {
		if differ(chain[i].Rounds[Mean], chain[i+1].Rounds[Mean]) {
			t.Fatal("the chain is none: neighbours differ")
		}
	}
	board := rank(t, chain, Options{})
	if board.Rows[0].Rank == board.Rows[3].Rank || slices.Contains(board.Rows[0].TiedWith, "d") {
		t.Errorf("a and d, 12 %% apart, share rank %d", board.Rows[3].Rank)
	}
	if !slices.Contains(board.Rows[0].TiedWith, "b") || !slices.Contains(board.Rows[3].TiedWith, "c") {
		t.Errorf("%+v", board.Rows)
	}
}

// Whatever the field: ties are mutual, a letter says the same as they do, who shares a
// rank is tied, who is better for sure has a better rank, and the rank is at least one
// more than those.
func TestRanksTiesAndLettersSayTheSame(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(13, 14))
	for range 100 {
		var entries []Entry
		for i := range 2 + random.IntN(12) {
			around := math.Exp(random.Float64())
			entries = append(entries, roundsEntry(string(rune('a'+i)), roundsOf(random, 3+random.IntN(3), around, 0.3*random.Float64()*random.Float64())...))
		}
		rows := rank(t, entries, Options{}).Rows
		for i, row := range rows {
			better := 0
			for j, other := range rows {
				if i == j {
					continue
				}
				tied := slices.Contains(row.TiedWith, other.Entry.ID)
				if tied != slices.Contains(other.TiedWith, row.Entry.ID) || tied != strings.ContainsAny(row.Letters, other.Letters) {
					t.Fatalf("%+v and %+v", row, other)
				}
				if row.Rank == other.Rank && !tied {
					t.Fatalf("%s and %s share rank %d and are told apart", row.Entry.ID, other.Entry.ID, row.Rank)
				}
				if j < i && !tied {
					better++
				}
			}
			if row.Rank < better+1 || i > 0 && row.Rank < rows[i-1].Rank {
				t.Fatalf("%s has rank %d, and %d are better", row.Entry.ID, row.Rank, better)
			}
		}
	}
}

// 50 µs in every round and 51 µs in every round are a step of the histogram apart: one
// server may give both. So it is with every figure that moves in steps.
func TestNoVarianceIsNoCertainty(t *testing.T) {
	three := func(value float64) []float64 { return []float64{value, value, value} }
	for _, c := range []struct {
		name   string
		metric Metric
		a, b   float64
		step   float64 // beyond the metric's own
		err    float64
		apart  bool
	}{
		{"50 and 51 µs", P50, 0.050, 0.051, 0, 0, false},
		{"a mean of 50 and 51 µs", Mean, 0.050, 0.051, 0, 0, false},
		{"of all", MeanAll, 0.050, 0.051, 0, 0, false},
		{"50 and 55 µs", P99, 0.050, 0.055, 0, 0, true},
		{"none and 1 µs", P50, 0, 0.001, 0, 0, false},
		{"none and 20 µs", P50, 0, 0.020, 0, 0, true},
		{"2 and 3 ms", Mean, 2, 3, 0, 0, true},
		{"a tick of CPU", CPUPerRequest, 100, 110, 10, 0, false},
		{"ticks of CPU", CPUPerRequest, 100, 200, 10, 0, true},
		{"one reply of thirty", RPS, 3.1, 3, 0.1, 0, false},
		{"a page", RSS, 0.040960, 0.045056, 0, 0, false},
		{"many pages", RSS, 40, 60, 0, 0, true},
		{"the pause of polling", Startup, 8, 9.5, 2, 0, false},
		{"few requests that happen to agree", Mean, 10, 12, 0, 3, false},
		{"many requests", Mean, 10, 12, 0, 0.1, true},
	} {
		entry := func(id string, value float64) Entry {
			return Entry{ID: id, Values: map[Metric]float64{c.metric: value}, Rounds: map[Metric][]float64{c.metric: three(value)},
				Steps: map[Metric]float64{c.metric: c.step}, Errors: map[Metric]float64{c.metric: c.err}}
		}
		board := rank(t, []Entry{entry("a", c.a), entry("b", c.b)}, Options{RankBy: c.metric})
		if apart := board.Rows[1].Rank == 2; apart != c.apart {
			t.Errorf("%s: told apart: %v", c.name, apart)
		}
		if apart := len(board.Rows[0].TiedWith) == 0; apart != c.apart {
			t.Errorf("%s: tied with %v", c.name, board.Rows[0].TiedWith)
		}
	}
}

func TestTwoRoundsTieNobody(t *testing.T) {
	board := rank(t, []Entry{roundsEntry("a", 1, 3), roundsEntry("b", 1.1, 3.1)}, Options{})
	if board.Rows[1].Rank != 2 || board.Rows[1].TiedWith != nil || !strings.Contains(board.TieRule, "takes 3") {
		t.Errorf("%+v, %q", board.Rows[1], board.TieRule)
	}
	if rule := rank(t, []Entry{entryOf("a", 1), entryOf("b", 2)}, Options{}).TieRule; rule != "" {
		t.Errorf("one round has the rule %q", rule)
	}
}

// 1 and 1.6 are two tiers as single figures; where rounds say that the difference may
// be chance, they are one. No limit parts those that share a rank.
func TestNoTierPartsThoseThatShareARank(t *testing.T) {
	if board := rank(t, []Entry{entryOf("a", 1), entryOf("b", 1.6)}, Options{}); board.Rows[1].Tier != 2 {
		t.Fatalf("as single figures: tier %d", board.Rows[1].Tier)
	}
	noisy := rank(t, []Entry{roundsEntry("a", 0.6, 1, 2.4), roundsEntry("b", 0.9, 1.6, 2.6)}, Options{})
	if noisy.Rows[1].Rank != 1 || noisy.Rows[1].Tier != 1 || !strings.Contains(noisy.TierRule, "no more than chance") {
		t.Errorf("%+v, %q", noisy.Rows[1], noisy.TierRule)
	}
	clear := rank(t, []Entry{roundsEntry("a", 1, 1.02, 0.98), roundsEntry("b", 1.6, 1.62, 1.58)}, Options{})
	if clear.Rows[1].Rank != 2 || clear.Rows[1].Tier != 2 {
		t.Errorf("%+v, %q", clear.Rows[1], clear.TierRule)
	}
	// Apart, but like each other: two ranks, one tier.
	near := rank(t, []Entry{roundsEntry("a", 1, 1.01, 0.99), roundsEntry("b", 1.1, 1.11, 1.09)}, Options{})
	if near.Rows[1].Rank != 2 || near.Rows[1].Tier != 1 || !strings.Contains(near.TierRule, "one group") {
		t.Errorf("%+v, %q", near.Rows[1], near.TierRule)
	}
}

func TestTiersNeverPartARankInAnyField(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 10))
	for range 150 {
		var entries []Entry
		for i := range 2 + random.IntN(8) {
			around := math.Exp(3 * random.Float64())
			entries = append(entries, roundsEntry(string(rune('a'+i)), roundsOf(random, 3, around, 0.3*random.Float64())...))
		}
		board := rank(t, entries, Options{})
		for i := 1; i < len(board.Rows); i++ {
			before, row := board.Rows[i-1], board.Rows[i]
			if row.Rank == before.Rank && row.Tier != before.Tier {
				t.Fatalf("%s and %s share rank %d and stand in tiers %d and %d", before.Entry.ID, row.Entry.ID, row.Rank, before.Tier, row.Tier)
			}
			if row.Tier < before.Tier || row.Rank < before.Rank {
				t.Fatalf("rank %d, tier %d after rank %d, tier %d", row.Rank, row.Tier, before.Rank, before.Tier)
			}
		}
	}
}

func TestWhoCrashedStandsBelowTheLine(t *testing.T) {
	crashed := entryOf("crashed", 1)
	crashed.Broken = "in round 2 of 3: the server ended during the load: exit code 3"
	board := rank(t, []Entry{crashed, entryOf("slow", 100)}, Options{})
	if last := board.Rows[1]; last.Entry.ID != "crashed" || last.Rank != 0 || last.Tier != 0 || last.Note != crashed.Broken {
		t.Errorf("%+v", last)
	}
}

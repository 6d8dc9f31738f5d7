package leaderboard

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func entryOf(id string, mean float64) Entry {
	return Entry{ID: id, Values: map[Metric]float64{Mean: mean, MeanAll: mean, RPS: 10_000 / mean}}
}

func rank(t *testing.T, entries []Entry, options Options) Board {
	t.Helper()
	board, err := Rank(entries, options)
	if err != nil {
		t.Fatal(err)
	}
	return board
}

func order(board Board) (all []string) {
	for _, row := range board.Rows {
		all = append(all, row.Entry.ID)
	}
	return all
}

func TestEqualValuesShareARankAndTheNextIsLeftOut(t *testing.T) {
	board := rank(t, []Entry{entryOf("d", 3), entryOf("c", 2), entryOf("b", 1), entryOf("a", 1), entryOf("e", 3), entryOf("f", 3)}, Options{})
	wantRank := []int{1, 1, 3, 4, 4, 4}
	wantTied := [][]string{{"b"}, {"a"}, nil, {"e", "f"}, {"d", "f"}, {"d", "e"}}
	for i, row := range board.Rows {
		if row.Rank != wantRank[i] || !slices.Equal(row.TiedWith, wantTied[i]) {
			t.Errorf("%s: rank %d tied with %v; want %d, %v", row.Entry.ID, row.Rank, row.TiedWith, wantRank[i], wantTied[i])
		}
	}
}

func TestOrderDoesNotDependOnTheOrderOfMeasuring(t *testing.T) {
	failing, worse, same := entryOf("failing", 1), entryOf("worse", 1), entryOf("same", 1)
	failing.FailureRate, worse.FailureRate, same.FailureRate = 0.02, 0.5, 0.02
	unbuilt := Entry{ID: "unbuilt", Unmeasured: "build failed: no compiler"}
	missing := Entry{ID: "missing", Unmeasured: "missing: needs .NET SDK 8"}
	entries := []Entry{entryOf("b", 5), entryOf("a", 5), entryOf("c", 9), failing, worse, same, unbuilt, missing}
	want := []string{"a", "b", "c", "failing", "same", "worse", "missing", "unbuilt"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		random.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		if got := order(rank(t, entries, Options{})); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

func TestWhoFailsIsNotPraised(t *testing.T) {
	cases := []struct {
		name    string
		rate    float64
		rankBy  Metric
		rank    int
		starred bool
		note    string
	}{
		{"none", 0, Mean, 1, false, ""},
		{"just 1 %", 0.01, Mean, 1, false, ""},
		{"above 1 %", 0.0101, Mean, 0, false, "1.01 % failed, mostly timeout"},
		{"by p50", 0.75, P50, 0, false, "75 % failed, mostly timeout"},
		{"as the article", 0.75, MeanAll, 1, true, "75 % failed, mostly timeout"},
		{"almost all", 0.9999, Mean, 0, false, "99.99 % failed, mostly timeout"},
		{"all", 1, Mean, 0, false, "100 % failed, mostly timeout"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			entry := entryOf("x", 1)
			entry.Values[P50] = 1
			entry.FailureRate = c.rate
			if c.rate > 0 {
				entry.MainCause = "timeout"
			}
			slower := entryOf("slower", 100)
			slower.Values[P50] = 100
			board := rank(t, []Entry{entry, slower}, Options{RankBy: c.rankBy})
			at := slices.IndexFunc(board.Rows, func(row Row) bool { return row.Entry.ID == "x" })
			row := board.Rows[at]
			if row.Rank != c.rank || row.Starred != c.starred || row.Note != c.note {
				t.Errorf("rank %d starred %v note %q; want %d %v %q", row.Rank, row.Starred, row.Note, c.rank, c.starred, c.note)
			}
			if (row.Tier == 0) != (c.rank == 0) {
				t.Errorf("tier %d beside rank %d", row.Tier, row.Rank)
			}
			if c.rank == 0 && board.Rows[0].Rank != 1 {
				t.Errorf("the slower one has rank %d, want 1", board.Rows[0].Rank)
			}
		})
	}
}

func TestWhatWasNotMeasuredComesLastWithItsReason(t *testing.T) {
	for name, c := range map[string]struct {
		entry Entry
		note  string
	}{
		"reason":     {Entry{ID: "x", Unmeasured: "missing: needs Node 20"}, "missing: needs Node 20"},
		"no figure":  {Entry{ID: "x"}, "mean response time was not measured"},
		"not a one":  {Entry{ID: "x", Values: map[Metric]float64{Mean: math.NaN()}}, "mean response time was not measured"},
		"endless":    {Entry{ID: "x", Values: map[Metric]float64{Mean: math.Inf(1)}}, "mean response time was not measured"},
		"below zero": {Entry{ID: "x", Values: map[Metric]float64{Mean: -1}}, "mean response time was not measured"},
	} {
		t.Run(name, func(t *testing.T) {
			board := rank(t, []Entry{c.entry, entryOf("slow", 1e6)}, Options{})
			last := board.Rows[1]
			if last.Entry.ID != "x" || last.Rank != 0 || last.Tier != 0 || last.Note != c.note {
				t.Errorf("%+v, want x last, with %q", last, c.note)
			}
		})
	}
}

func TestAllFailedWithoutAnOKReply(t *testing.T) {
	dead := Entry{ID: "dead", FailureRate: 1, MainCause: "connect refused", Values: map[Metric]float64{RPS: 0}}
	for _, metric := range []Metric{Mean, MeanAll, RPS} {
		if note := rank(t, []Entry{dead}, Options{RankBy: metric}).Rows[0].Note; note != "100 % failed, mostly connect refused" {
			t.Errorf("%s: note %q", metric, note)
		}
	}
}

func TestHigherIsBetterForThroughput(t *testing.T) {
	board := rank(t, []Entry{entryOf("slow", 100), entryOf("fast", 1), entryOf("none", math.Inf(1))}, Options{RankBy: RPS, Tiers: "10000,100"})
	if got := order(board); !slices.Equal(got, []string{"fast", "slow", "none"}) {
		t.Fatalf("order %v", got)
	}
	for i, want := range []int{1, 2, 3} { // 10,000 and 100 stand on their limits
		if board.Rows[i].Tier != want {
			t.Errorf("%s: tier %d, want %d", board.Rows[i].Entry.ID, board.Rows[i].Tier, want)
		}
	}
	if want := "tiers: OK replies per second 10,000 req/s and above, 10,000–100 req/s, below 100 req/s"; board.TierRule != want {
		t.Errorf("rule %q, want %q", board.TierRule, want)
	}
}

func TestEmptyBoard(t *testing.T) {
	for _, tiers := range []string{"", "auto", "article", "5ms"} {
		if board := rank(t, nil, Options{Tiers: tiers}); len(board.Rows) != 0 || board.TierRule == "" || board.RankBy != Mean {
			t.Errorf("--tiers %q: %+v", tiers, board)
		}
	}
}

func TestMetricsByName(t *testing.T) {
	for _, metric := range Metrics() {
		parsed, err := ParseMetric(string(metric))
		if err != nil || parsed != metric || metric.Title() == "" || metric.Unit() == "" {
			t.Errorf("%s: parsed %s, %v; title %q, unit %q", metric, parsed, err, metric.Title(), metric.Unit())
		}
	}
	for name, says := range map[string]string{
		"p98": "did you mean p99?", "P99": "did you mean p99?", "statrup": "did you mean startup?", "meanall": "did you mean mean-all?",
		"beauty": "there are: mean, mean-all, p50, p99, rps, cpu-per-request, rps-per-core, rps-per-mb, rss, startup",
	} {
		_, err := ParseMetric(name)
		if err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "rank-by") {
			t.Errorf("%s: %v, want --rank-by and %q", name, err, says)
		}
	}
	if _, err := Rank(nil, Options{RankBy: "beauty"}); err == nil {
		t.Error("ranked by an unknown metric")
	}
}

package leaderboard

import (
	"encoding/json"
	"os"
	"testing"
)

// articleResult is one contender of the article's published result page.
type articleResult struct {
	ID, Name string
	Total    articleFigures
	OK       articleFigures
	KO       articleFigures
	Rank     int `json:"article_rank"`
	Tier     int `json:"article_tier"`
}

type articleFigures struct {
	Count  uint64
	MeanMS float64 `json:"mean_ms"`
	P50MS  float64 `json:"p50_ms"`
	P99MS  float64 `json:"p99_ms"`
	RPS    float64 `json:"mean_rps"`
}

func articleResults(t *testing.T) (results []articleResult, entries []Entry) {
	t.Helper()
	data, err := os.ReadFile("testdata/results-2025-12-03.json")
	if err != nil {
		t.Fatal(err)
	}
	var page struct{ Results []articleResult }
	if err := json.Unmarshal(data, &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Results) != 18 {
		t.Fatalf("the article has 18 contenders, read %d", len(page.Results))
	}
	for _, r := range page.Results {
		entry := Entry{
			ID:          r.ID,
			FailureRate: float64(r.KO.Count) / float64(r.Total.Count),
			Values: map[Metric]float64{
				Mean: r.OK.MeanMS, MeanAll: r.Total.MeanMS, P50: r.OK.P50MS, P99: r.OK.P99MS, RPS: r.OK.RPS,
			},
		}
		if r.KO.Count > 0 {
			entry.MainCause = "status 304"
		}
		entries = append(entries, entry)
	}
	return page.Results, entries
}

func TestArticleRanksAndTiersAreReproduced(t *testing.T) {
	results, entries := articleResults(t)
	board, err := Rank(entries, Options{RankBy: MeanAll, Tiers: "article"})
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]Row{}
	for _, row := range board.Rows {
		rows[row.Entry.ID] = row
	}
	for _, want := range results {
		row := rows[want.ID]
		if row.Rank != want.Rank || row.Tier != want.Tier {
			t.Errorf("%s: rank %d tier %d, the article has rank %d tier %d", want.ID, row.Rank, row.Tier, want.Rank, want.Tier)
		}
		if starred := want.ID == "expressjs"; row.Starred != starred {
			t.Errorf("%s: starred %v, want %v: the article stars Express alone", want.ID, row.Starred, starred)
		}
	}
	for i, row := range board.Rows {
		if row.Entry.ID != results[i].ID {
			t.Errorf("place %d is %s, the article has %s", i+1, row.Entry.ID, results[i].ID)
		}
	}
	if want := "tiers as the article has them: mean response time of all replies, failed ones included below 250 ms, 250–500 ms, 500–1,200 ms, 1,200 ms and above"; board.TierRule != want {
		t.Errorf("rule %q\nwant %q", board.TierRule, want)
	}
}

func TestExpressOfTheArticleStandsBelowTheLine(t *testing.T) {
	_, entries := articleResults(t)
	for _, tiers := range []string{"article", "auto", "5ms,20ms,100ms"} {
		board, err := Rank(entries, Options{Tiers: tiers})
		if err != nil {
			t.Fatal(err)
		}
		last := board.Rows[len(board.Rows)-1]
		if last.Entry.ID != "expressjs" || last.Rank != 0 || last.Tier != 0 || last.Starred {
			t.Errorf("--tiers %s: last is %s with rank %d tier %d; want expressjs below the line", tiers, last.Entry.ID, last.Rank, last.Tier)
		}
		if last.Note != "75 % failed, mostly status 304" {
			t.Errorf("note %q", last.Note)
		}
		if ranked := board.Rows[16]; ranked.Rank != 17 || ranked.Entry.ID != "kumuluz" {
			t.Errorf("the seventeenth is %s with rank %d, want kumuluz", ranked.Entry.ID, ranked.Rank)
		}
	}
}

func TestArticleInAutoTiers(t *testing.T) {
	_, entries := articleResults(t)
	board, err := Rank(entries, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Found by trying all partitions in another language.
	want := "tiers: 4 groups of like mean response time: 135–212 ms, 261–474 ms, 823–1,019 ms, 1,133–1,384 ms"
	if board.TierRule != want {
		t.Errorf("rule %q\nwant %q", board.TierRule, want)
	}
}

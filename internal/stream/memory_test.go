package stream

import "testing"

// Contenders are compared by the same kind of memory: where one has no PSS, by RSS.
func TestMemoryIsToldAlike(t *testing.T) {
	number := func(v float64) *float64 { return &v }
	of := func(id string, pss, rss *float64) ContenderResult {
		p := &ProcessResult{PSSMBIdle: pss, PSSMBMax: pss, RSSMBIdle: rss, RSSMBMax: rss}
		p.SetMemory()
		p.SetPerMB(1000)
		return ContenderResult{ID: id, Outcome: Outcome{Status: StatusOK}, Measured: Measured{Requests: RequestCounts{Total: 10, OK: 10}, RPS: RPS{OK: 1000}, Process: p}}
	}
	both := AlikeInMemory([]ContenderResult{of("one", number(10), number(50)), of("other", number(20), number(25))})
	if MemoryIs(both) != MemoryIsPSS || *both[0].Figure("rss") != 10 || *both[0].Figure("rss-idle") != 10 || *both[0].Figure("rps-per-mb") != 100 {
		t.Errorf("by %s: %g MB", MemoryIs(both), *both[0].Figure("rss"))
	}
	given := of("one", number(10), number(50))
	mixed := AlikeInMemory([]ContenderResult{given, of("other", nil, number(25)), {ID: "missing"}})
	if MemoryIs(mixed) != MemoryIsRSS || *mixed[0].Figure("rss") != 50 || *mixed[0].Figure("rps-per-mb") != 20 {
		t.Errorf("by %s: %g MB, %g/s per MB", MemoryIs(mixed), *mixed[0].Figure("rss"), *mixed[0].Figure("rps-per-mb"))
	}
	if *given.Figure("rss") != 10 {
		t.Error("what was given was changed")
	}
	if MemoryIs(nil) != "" {
		t.Errorf("of none: %q", MemoryIs(nil))
	}
}

// An old result tells of no kind: it has RSS.
func TestMemoryOfOldResultsIsRSS(t *testing.T) {
	value := 7.0
	old := []ContenderResult{{ID: "old", Measured: Measured{Process: &ProcessResult{RSSMBMax: &value, RSSMBIdle: &value}}}}
	if MemoryIs(old) != MemoryIsRSS || *old[0].Process.MemoryMBMax() != 7 {
		t.Errorf("%q, %v", MemoryIs(old), old[0].Process.MemoryMBMax())
	}
}

// A name that says PSS is not repeated behind the figure.
func TestRSSStandsBesidePSSOnce(t *testing.T) {
	rss := 122.0
	told := &ProcessResult{MemoryIs: MemoryIsPSS, RSSMBMax: &rss}
	if got := told.BesideRSS(); got != " (PSS; RSS 122 MB)" {
		t.Errorf("where nothing says which it is: %q", got)
	}
	if got := told.BesidePSS(); got != " (RSS 122 MB)" {
		t.Errorf("behind the word PSS: %q", got)
	}
	alone := &ProcessResult{MemoryIs: MemoryIsRSS, RSSMBMax: &rss}
	if got := alone.BesideRSS() + alone.BesidePSS(); got != "" {
		t.Errorf("of RSS alone: %q", got)
	}
}

package page

import (
	"testing"

	"github.com/benchtui/benchtui/internal/report"
)

func TestTheEndOfALoadMakesNoSpike(t *testing.T) {
	bins := []report.Bin{{From: 0, To: 1, Replies: 100, Generator: 0.1}, {From: 1, To: 2, Replies: 100, Generator: 0.1}, {From: 2, To: 2.001, Replies: 5, Generator: 0.01}}
	merged := withoutStub(bins)
	if len(merged) != 2 || merged[1].To != 2.001 || merged[1].Replies != 105 {
		t.Errorf("%+v", merged)
	}
	bins[1].Warmup = true
	if len(withoutStub(bins)) != 3 || len(withoutStub(bins[:1])) != 1 {
		t.Error("a load's first bin went into the warm-up")
	}
}

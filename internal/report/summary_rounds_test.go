package report_test

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

func TestFewRoundsHaveARangeAndNoInterval(t *testing.T) {
	result := recorded.RoundsResult()
	result.Workload.Rounds, result.TieRule = 2, ""
	for i, one := range result.Contenders {
		result.Contenders[i] = recorded.OverRounds(one.ID, one.Rounds[0], recorded.RoundOf(2, 9, stream.StatusOK))
		result.Contenders[i].Rank = i + 1
	}
	var text strings.Builder
	if err := report.WriteSummary(&text, result); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "range: the lowest and the highest round") || strings.Contains(text.String(), "95 %") {
		t.Errorf("%s", text.String())
	}
}

// Ranked by what serving costs, the table has the costs and their interval.
func TestTableOfCosts(t *testing.T) {
	result := recorded.RoundsResult()
	for i := range result.Contenders {
		result.Contenders[i].RankedBy = "cpu-per-request"
	}
	lines := strings.Split(summary(t, result), "\n")
	head := strings.Fields(lines[1])
	for _, want := range []string{"CPU/req", "req/s/core", "req/s/MB", "idle"} {
		if !strings.Contains(lines[1], want) {
			t.Errorf("no %s in %q", want, lines[1])
		}
	}
	if head[4] != "CPU/req" || head[5] != "95" || !strings.Contains(lines[2], "60–72 µs") {
		t.Errorf("%q\n%q", lines[1], lines[2])
	}
}

package wording

import (
	"slices"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
)

// What was sent again is told by round, beside what failed, and only where there is any.
func TestRetriesAreToldByRound(t *testing.T) {
	rounds := func(retried ...uint64) stream.ContenderResult {
		one := stream.ContenderResult{Intervals: map[string]stream.Interval{"mean": {Median: 1}}}
		for i, n := range retried {
			one.Rounds = append(one.Rounds, stream.RoundResult{Round: i + 1, Outcome: stream.Outcome{Status: stream.StatusOK}, Measured: stream.Measured{Requests: stream.RequestCounts{Total: 100, OK: 100, Retried: n}}})
		}
		return one
	}
	table := RoundTable(rounds(0, 1408))
	at := slices.IndexFunc(table.Columns, func(c Column) bool { return c.Title == "retried" })
	if at < 1 || table.Columns[at-1].Title != "KO" {
		t.Fatalf("the columns are %+v; want retried behind KO", table.Columns)
	}
	if table.Rows[0][at] != "0" || table.Rows[1][at] != "1,408" || len(table.Rows[2]) != len(table.Rows[1]) {
		t.Errorf("the rows are %q", table.Rows)
	}
	if text := strings.Join(RoundLines(rounds(0, 0)), "\n"); strings.Contains(text, "retried") {
		t.Errorf("nothing was sent again, and it says\n%s", text)
	}
}

package report_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/page"
	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

// noisyResult has a best that varies so much that it is tied with all, who are told
// apart from each other.
func noisyResult() stream.Result {
	ok := stream.StatusOK
	noisy := recorded.OverRounds("noisy", recorded.RoundOf(1, 0.5, ok), recorded.RoundOf(2, 1, ok), recorded.RoundOf(3, 4, ok))
	b := recorded.OverRounds("b", recorded.RoundOf(1, 1.1, ok), recorded.RoundOf(2, 1.11, ok), recorded.RoundOf(3, 1.09, ok))
	c := recorded.OverRounds("c", recorded.RoundOf(1, 2.2, ok), recorded.RoundOf(2, 2.21, ok), recorded.RoundOf(3, 2.19, ok))
	noisy.Rank, noisy.Tier, noisy.TiedWith, noisy.Letters = 1, 1, []string{"b", "c"}, "ab"
	b.Rank, b.Tier, b.TiedWith, b.Letters = 1, 1, []string{"noisy"}, "a"
	c.Rank, c.Tier, c.TiedWith, c.Letters = 2, 1, []string{"noisy"}, "b"
	result := recorded.RoundsResult()
	result.Contenders = []stream.ContenderResult{noisy, b, c}
	return result
}

func TestTiesAreToldByPairsInEveryReport(t *testing.T) {
	result := noisyResult()
	written := func(write func(*bytes.Buffer) error) string {
		t.Helper()
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	plain := written(func(w *bytes.Buffer) error { return report.WriteSummary(w, result) })
	for _, want := range [][]string{{"#", "ties", "contender"}, {"🥇", "=1", "ab", "noisy"}, {"🥇", "=1", "a", "b"}, {"🥇", "=2", "b", "c"}} {
		if !slices.ContainsFunc(strings.Split(plain, "\n"), func(line string) bool {
			words := strings.Fields(line)
			return len(words) >= len(want) && slices.Equal(words[:len(want)], want)
		}) {
			t.Errorf("no %q in\n%s", want, plain)
		}
	}
	for _, c := range []struct {
		name  string
		write func(*bytes.Buffer) error
		want  []string
	}{
		{"Markdown", func(w *bytes.Buffer) error { return report.WriteMarkdown(w, result) }, []string{"| # | ties | contender |", "| =1 | ab | noisy", "| =2 | b | c", "| 0.42 | 0.21–1.68 ms |", "| 0.46 | 0.46–0.47 ms |", "| 10.0 | 1.00 |", "| 11.0 | 1.10 |"}},
		{"HTML", func(w *bytes.Buffer) error { return page.WriteHTML(w, report.Document{Result: result}) }, []string{`=1<small class="ties" title="tied with b, c">ab</small>`, "rank 2, tied with noisy"}},
		{"SVG", func(w *bytes.Buffer) error { return page.WriteSVG(w, result) }, []string{">ties ab · 1.0<", ">ties a · 1.0<", ">ties b · 1.0<"}},
		{"JSON", func(w *bytes.Buffer) error { return report.WriteJSON(w, result) }, []string{`"letters": "ab"`, `"letters": "b"`}},
		{"CSV", func(w *bytes.Buffer) error { return report.WriteCSV(w, result) }, []string{",rank,tied_with,letters,tier,", ",1,b c,ab,1,", ",2,noisy,b,1,"}},
	} {
		out := written(c.write)
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, out[:min(len(out), 6000)])
			}
		}
	}
	// Who is tied with nobody needs no letters.
	for i := range result.Contenders {
		result.Contenders[i].TiedWith = nil
	}
	if alone := written(func(w *bytes.Buffer) error { return report.WriteSummary(w, result) }); strings.Contains(alone, " ties ") {
		t.Errorf("letters without ties in\n%s", alone)
	}
}

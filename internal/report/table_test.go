package report

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/session"
)

func TestColumnsAlignBesideWideCharacters(t *testing.T) {
	board := table{columns: []column{{"", true}, {"name", true}, {"figure", false}}}
	board.add("🥇", "東京", "1")
	board.add("", "plain", "22")
	board.add("–", "µs · é", "333")
	for _, line := range board.lines() {
		if width := cells.StringWidth(line); width != 2+2+6+2+6 {
			t.Errorf("%q is %d cells wide, want 18", line, width)
		}
	}
	if width := cells.StringWidth(medals[1]); width != 2 {
		t.Errorf("a medal is %d cells wide, want 2", width)
	}
}

func TestFiguresInWords(t *testing.T) {
	for got, want := range map[string]string{
		ms(0.417): "0.42 ms", ms(0.004): "0.00 ms", ms(9.5): "9.50 ms", ms(12.34): "12.3 ms", ms(3137): "3,137 ms", ms(99.96): "100.0 ms",
		µs(417): "0.42 ms", count(0): "0", count(999): "999", count(1000): "1,000", count(24_000_000): "24,000,000",
		perSecond(0): "0", perSecond(0.5): "0.5", perSecond(6400.4): "6,400",
		percent(0): "0 %", percent(0.75): "75 %", percent(0.0004): "0.04 %", percent(0.99996): "99.99 %", percent(1): "100 %",
		length(182 * time.Millisecond): "182 ms", length(5 * time.Second): "5 s", length(12300 * time.Millisecond): "12.3 s", length(125 * time.Second): "2 min 5 s",
		known(nil, ms): missing, mb(7.4): "7.4 MB", mb(61.2): "61 MB", microseconds(4.63): "4.6 µs", microseconds(143.75): "144 µs",
		foreign.Text("a\tb\x1b[31m\r\x00c\nd"): "a bc\nd",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func summary(t *testing.T, result session.Result) string {
	t.Helper()
	var text strings.Builder
	if err := WriteSummary(&text, result); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestSummaryMarksWhatNeedsAWord(t *testing.T) {
	result := articleResult()
	text := summary(t, result)
	for _, unwanted := range []string{"limited by the load generator", "in spite of", "shares its rank", "interrupted"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("%q without a reason:\n%s", unwanted, text)
		}
	}
	result.Interrupted = true
	result.Contenders[0].Verdict = "generator"
	result.Contenders[0].TiedWith = []string{"other"}
	result.Contenders[1].Rank, result.Contenders[1].Tier, result.Contenders[1].Starred = 2, 3, true
	text = summary(t, result)
	for _, wanted := range []string{"Go net/http !", "! limited by the load generator", "=1", "= shares its rank", "Express *", "* ranked in spite", "interrupted: "} {
		if !strings.Contains(text, wanted) {
			t.Errorf("no %q in\n%s", wanted, text)
		}
	}
}

func TestSummaryShowsWhatItRanksBy(t *testing.T) {
	result := articleResult()
	for metric, want := range map[string][]string{
		"mean":     {"leaderboard, by mean response time\n", "3,137 ms"},
		"mean-all": {"leaderboard, by mean response time of all replies", "mean, all", "789 ms"},
		"startup":  {"leaderboard, by startup time", "startup", "182 ms"},
	} {
		for i := range result.Contenders {
			result.Contenders[i].RankedBy = metric
		}
		text := summary(t, result)
		for _, want := range want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", metric, want, text)
			}
		}
	}
}

func TestSummaryOfNothing(t *testing.T) {
	text := summary(t, session.Result{})
	if !strings.Contains(text, "leaderboard") || !strings.Contains(text, "nothing was sent") {
		t.Errorf("%q", text)
	}
}

// Where the server's processes were not found, every table marks the figures.
func TestFiguresOfAStarterAreMarked(t *testing.T) {
	figure := 12.0
	one := session.ContenderResult{ID: "boxed", Name: "Boxed", Status: session.StatusOK, Rank: 1, Process: &session.ProcessResult{
		CPUPercentMax: &figure, RSSMBMax: &figure, StarterOnly: true, FiguresOf: "CPU and memory are those of docker (pid 7), which started it",
	}}
	result := session.Result{Schema: session.ResultSchema, Contenders: []session.ContenderResult{one}}
	var text, page, marked strings.Builder
	if err := errors.Join(WriteSummary(&text, result), WriteMarkdown(&marked, result), WriteHTML(&page, Document{Result: result})); err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []string{"Boxed °", "° CPU and memory are those of what started the server", "those of docker (pid 7)"} {
		if !strings.Contains(text.String(), wanted) {
			t.Errorf("no %q in:\n%s", wanted, text.String())
		}
	}
	if !strings.Contains(marked.String(), "Boxed °") || !strings.Contains(page.String(), "Boxed</a> °") {
		t.Errorf("no mark in:\n%s\n%s", marked.String(), page.String())
	}
}

package report_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/page"
	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

func summary(t *testing.T, result stream.Result) string {
	t.Helper()
	var text strings.Builder
	if err := report.WriteSummary(&text, result); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestSummaryMarksWhatNeedsAWord(t *testing.T) {
	result := recorded.ArticleResult()
	text := summary(t, result)
	for _, unwanted := range []string{"the generator was the limit", "in spite of", "shares its rank", "interrupted"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("%q without a reason:\n%s", unwanted, text)
		}
	}
	result.Interrupted = true
	result.Contenders[0].Verdict = "generator"
	result.Contenders[0].TiedWith = []string{"other"}
	result.Contenders[1].Rank, result.Contenders[1].Tier, result.Contenders[1].Starred = 2, 3, true
	text = summary(t, result)
	for _, wanted := range []string{"Go net/http !", "! the generator was the limit: the server could do more", "=1", "= shares its rank", "Express *", "* ranked in spite", "interrupted: "} {
		if !strings.Contains(text, wanted) {
			t.Errorf("no %q in\n%s", wanted, text)
		}
	}
}

func TestSummaryShowsWhatItRanksBy(t *testing.T) {
	result := recorded.ArticleResult()
	for metric, want := range map[string][]string{
		"mean":     {"leaderboard, by mean response time\n", "3,137 ms"},
		"mean-all": {"leaderboard, by mean response time of all replies", "mean, all", "789 ms"},
		"startup":  {"leaderboard, by start time", "start", "182 ms"},
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
	text := summary(t, stream.Result{})
	if !strings.Contains(text, "leaderboard") || !strings.Contains(text, "nothing was sent") {
		t.Errorf("%q", text)
	}
}

// Where the server's processes were not found, every table marks the figures.
func TestFiguresOfAStarterAreMarked(t *testing.T) {
	fig := 12.0
	one := stream.ContenderResult{ID: "boxed", Name: "Boxed", Outcome: stream.Outcome{Status: stream.StatusOK}, Rank: 1, Measured: stream.Measured{Process: &stream.ProcessResult{
		CPUPercentMax: &fig, RSSMBMax: &fig, StarterOnly: true, FiguresOf: "CPU and memory are those of docker (pid 7), which started it",
	}}}
	result := stream.Result{Schema: stream.ResultSchema, Contenders: []stream.ContenderResult{one}}
	var text, html, marked strings.Builder
	if err := errors.Join(report.WriteSummary(&text, result), report.WriteMarkdown(&marked, result), page.WriteHTML(&html, report.Document{Result: result})); err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []string{"Boxed °", "° CPU and memory are those of what started the server", "those of docker (pid 7)"} {
		if !strings.Contains(text.String(), wanted) {
			t.Errorf("no %q in:\n%s", wanted, text.String())
		}
	}
	if !strings.Contains(marked.String(), "Boxed °") || !strings.Contains(html.String(), "Boxed</a> °") {
		t.Errorf("no mark in:\n%s\n%s", marked.String(), html.String())
	}
}

//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/report/compare"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
)

// TestCompareJudgesRuns measures golang in rounds, and makes of its result one that
// is slower and one that it was missing from.
func TestCompareJudgesRuns(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	run := newBench(t, "run", "golang", "-w", "rate", "-q", "200", "-z", "600ms", "--warmup", "0s", "--rounds", "3", "--cooldown", "0s",
		"--plain", "--quiet", "--json", path("old.json"), "--record", path("old.btr"))
	if code := run.run(t); code != cli.ExitDone {
		t.Fatalf("exit %d\n%s%s", code, run.stdout.String(), run.stderr.String())
	}
	change := func(name string, by func(*stream.Result)) {
		t.Helper()
		text, err := os.ReadFile(path("old.json"))
		if err != nil {
			t.Fatal(err)
		}
		var result stream.Result
		if err := json.Unmarshal(text, &result); err != nil {
			t.Fatal(err)
		}
		by(&result)
		changed, err := json.Marshal(result)
		if err == nil {
			err = os.WriteFile(path(name), changed, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// What a busy machine makes of 120 requests is anything; the p99 are set.
	p99 := func(middle float64) func(r *stream.Result) {
		return func(r *stream.Result) {
			one := &r.Contenders[0]
			for i := range one.Rounds {
				one.Rounds[i].LatencyMS.OK.P99 = middle * (1 + 0.01*float64(i-1))
			}
			interval := one.Intervals["p99"]
			interval.Median = middle
			one.Intervals["p99"] = interval
		}
	}
	change("fast.json", p99(1))
	change("slow.json", p99(2))
	change("gone.json", func(r *stream.Result) { r.Contenders[0].ID = "renamed" })
	change("crashed.json", func(r *stream.Result) { r.Contenders[0].Status = stream.StatusCrashed })

	for name, c := range map[string]struct {
		args []string
		code int
		want string // of both outputs
	}{
		"with itself":       {[]string{"old.json", "old.btr", "--fail-if", "p99>+0%", "--fail-if", "rps<-0%"}, cli.ExitDone, "golang"},
		"slower":            {[]string{"fast.json", "slow.json"}, cli.ExitDone, "✗ slower"},
		"slower, with care": {[]string{"fast.json", "slow.json", "--fail-if", "p99>+50%"}, cli.ExitFailIf, "--fail-if p99>+50% (golang)"},
		"faster":            {[]string{"slow.json", "fast.json", "--fail-if", "p99>+50%"}, cli.ExitDone, "✓ faster"},
		"crashed":           {[]string{"old.json", "crashed.json", "--fail-if", "p99>+50%"}, cli.ExitNotMeasured, "did not measure golang"},
		"no common one":     {[]string{"old.json", "gone.json"}, cli.ExitUsage, "no contender is in both"},
		"one only":          {[]string{"old.json"}, cli.ExitUsage, "two recordings or results"},
		"a limit unsigned":  {[]string{"old.json", "old.json", "--fail-if", "p99>50ms"}, cli.ExitUsage, "a change has a sign"},
	} {
		b := newBench(t, "compare")
		for _, arg := range c.args {
			if strings.HasSuffix(arg, ".json") || strings.HasSuffix(arg, ".btr") {
				arg = path(arg)
			}
			b.Args = append(b.Args, arg)
		}
		if code := b.run(t); code != c.code || !strings.Contains(b.stdout.String()+b.stderr.String(), c.want) {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", name, code, c.code, c.want, b.stdout.String(), b.stderr.String())
		}
	}

	unread := newBench(t, "compare", path("fast.json"), path("slow.json"), "--fail-if", "p99>+50%")
	unread.Stdout = unreadPipe(t)
	if code := unread.run(t); code != cli.ExitFailIf {
		t.Errorf("its reader has left: exit %d\n%s", code, unread.stderr.String())
	}

	b := newBench(t, "compare", path("fast.json"), path("slow.json"), "--json", "-", "--md", path("c.md"), "--fail-if", "p99>+50%")
	code := b.run(t)
	var comparison compare.Comparison
	if err := json.Unmarshal(b.stdout.Bytes(), &comparison); err != nil || code != cli.ExitFailIf {
		t.Fatalf("exit %d, %v\n%s", code, err, b.stdout.String())
	}
	if comparison.Schema != compare.ComparisonSchema || len(comparison.Fired) != 1 {
		t.Errorf("%+v", comparison)
	}
	if table, err := os.ReadFile(path("c.md")); err != nil || !strings.Contains(string(table), "**✗ slower**") {
		t.Errorf("%v\n%s", err, table)
	}
}

// TestCompareTellsATunedServerFromSingleRuns runs a real server before and after it was
// tuned, once each, and one that answers nothing any more.
func TestCompareTellsATunedServerFromSingleRuns(t *testing.T) {
	dir := t.TempDir()
	measure := func(name string, role servertest.Role, options servertest.Options, more ...string) {
		t.Helper()
		run := newBench(t, append([]string{"run", "--cmd", servertest.Command("mine", role, options), "-w", "steady", "-c", "4", "-z", "2s", "--warmup", "0s",
			"--plain", "--quiet", "--json", filepath.Join(dir, name+".json"), "--record", filepath.Join(dir, name+".btr")}, more...)...)
		if code := run.run(t); code != cli.ExitDone {
			t.Fatalf("exit %d\n%s", code, run.stderr.String())
		}
	}
	measure("dead", servertest.AnswersFirst, servertest.Options{Requests: 1}, "--timeout", "200ms", "-z", "500ms")
	compared := func(old, new string, code int, more ...string) compare.Comparison {
		t.Helper()
		b := newBench(t, append([]string{"compare", filepath.Join(dir, old), filepath.Join(dir, new), "--json", "-"}, more...)...)
		if got := b.run(t); got != code {
			t.Errorf("%s and %s %q: exit %d, want %d\n%s", old, new, more, got, code, b.stderr.String())
		}
		var comparison compare.Comparison
		if err := json.Unmarshal(b.stdout.Bytes(), &comparison); err != nil {
			t.Fatal(err)
		}
		return comparison
	}
	// notFaster are the figures of which it is not told.
	notFaster := func(format string) (figures []string) {
		told := map[string]compare.FigureChange{}
		for _, change := range compared("old"+format, "new"+format, cli.ExitDone).Contenders[0].Changes {
			told[change.Figure] = change
		}
		for _, figure := range []string{"mean", "p50", "rps"} {
			if change := told[figure]; change.Word != compare.Faster || change.RestsOn != leaderboard.BasisTime || change.Sure < 0.99 {
				figures = append(figures, fmt.Sprintf("%s: %s is %+v", format, figure, change))
			}
		}
		return figures
	}
	for range 3 { // on a machine that stands still it is not to be told
		measure("old", servertest.Waits, servertest.Options{For: 40 * time.Millisecond})
		measure("new", servertest.Waits, servertest.Options{For: 4 * time.Millisecond})
		if len(notFaster(".json")) == 0 {
			break
		}
	}
	for _, format := range []string{".json", ".btr"} {
		for _, figure := range notFaster(format) {
			t.Error(figure)
		}
		compared("old"+format, "new"+format, cli.ExitFailIf, "--fail-if", "p50<-10%")
		compared("old"+format, "dead"+format, cli.ExitNotMeasured)
		if fired := compared("old"+format, "dead"+format, cli.ExitFailIf, "--fail-if", "rps<-99.9%", "--fail-if", "p99>+900%").Fired; len(fired) != 2 {
			t.Errorf("%s: fired %q", format, fired)
		}
		compared("dead"+format, "new"+format, cli.ExitDone, "--fail-if", "rps<-1%", "--fail-if", "p99>+1%", "--fail-if", "mean>+1us")
	}
}

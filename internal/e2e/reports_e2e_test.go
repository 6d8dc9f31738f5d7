//go:build unix

package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
)

func TestReportsOfARunAreThoseOfItsRecordingAndResult(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	content := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(path(name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	run := newBench(t, "run", "golang", "-w", "rate", "-q", "200", "-z", "1s", "--warmup", "200ms", "--plain", "--quiet",
		"--record", path("run.btr"), "--json", path("run.json"), "--csv", path("run.csv"), "--md", path("run.md"), "--html", path("run.html"), "--svg", path("run.svg"))
	if code := run.run(t); code != cli.ExitDone {
		t.Fatalf("exit %d\n%s%s", code, run.stdout.String(), run.stderr.String())
	}
	again := newBench(t, "report", path("run.btr"),
		"--json", path("again.json"), "--csv", path("again.csv"), "--md", path("again.md"), "--html", path("again.html"), "--svg", path("again.svg"))
	if code := again.run(t); code != cli.ExitDone || again.stdout.Len() > 0 {
		t.Fatalf("exit %d\n%s%s", code, again.stdout.String(), again.stderr.String())
	}
	for _, format := range []string{"json", "csv", "md", "html", "svg"} {
		if first := content("run." + format); first == "" || first != content("again."+format) {
			t.Errorf("%s: the recording gives another report than the run", format)
		}
	}
	if page := content("run.html"); !strings.Contains(page, `class="heat"`) || !strings.Contains(page, "warm-up") {
		t.Error("the page has no charts over time")
	}

	fromResult := newBench(t, "report", path("run.json"), "--html", "-")
	if code := fromResult.run(t); code != cli.ExitDone || !strings.Contains(fromResult.stdout.String(), "charts over time need a recording") {
		t.Errorf("from the result: exit %d\n%s", code, fromResult.stderr.String())
	}
	summary := newBench(t, "report", path("run.btr"))
	if code := summary.run(t); code != cli.ExitDone || !strings.HasPrefix(summary.stdout.String(), "leaderboard, by ") {
		t.Errorf("the summary: exit %d\n%s", code, summary.stdout.String())
	}

	recording := content("run.btr")
	if err := os.WriteFile(path("cut.btr"), []byte(recording[:len(recording)*2/3]), 0o644); err != nil {
		t.Fatal(err)
	}
	cut := newBench(t, "report", path("cut.btr"), "--md", "-")
	if code := cut.run(t); code != cli.ExitNotMeasured || !strings.Contains(cut.stdout.String(), "| Golang") || !strings.Contains(cut.stderr.String(), "cut off") {
		t.Errorf("cut off: exit %d\n%s%s", code, cut.stdout.String(), cut.stderr.String())
	}
}

func TestReportRefusesWhatItCannotDo(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"two files":        {[]string{"report", text, text}, "takes one recording or result"},
		"no such file":     {[]string{"report", filepath.Join(dir, "none")}, "no such file"},
		"neither":          {[]string{"report", text}, "neither a recording nor a result"},
		"a folder":         {[]string{"report", dir}, "directory"},
		"no such profile":  {[]string{"report", text, "--profile", filepath.Join(dir, "cpu.svg")}, "a profile's format is told by its suffix: .pb.gz"},
		"two to stdout":    {[]string{"run", "golang", "--md", "-", "--csv", "-"}, "--csv and --md both go to stdout"},
		"stdout, by name":  {[]string{"run", "golang", "--json", "/dev/stdout"}, "--json /dev/stdout is where stdout goes"},
		"two to one file":  {[]string{"run", "golang", "--md", text + "2", "--html", text + "2"}, "--md and --html both go to"},
		"no such folder":   {[]string{"run", "golang", "--html", filepath.Join(dir, "none", "a.html")}, "--html: open"},
		"onto a directory": {[]string{"run", "golang", "--svg", dir}, "--svg: open"},
	} {
		b := newBench(t, c.args...)
		code := b.run(t)
		if code != cli.ExitUsage || !strings.Contains(b.stderr.String(), c.want) || strings.Count(b.stderr.String(), "\n") != 1 || bytes.Contains(b.stderr.Bytes(), []byte("goroutine")) {
			t.Errorf("%s: exit %d\n%s", name, code, b.stderr.String())
		}
	}
}

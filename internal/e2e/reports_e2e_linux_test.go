package e2e

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
)

// A report that was cut short by a full disk must not pass for one.
func TestReportThatCannotBeWrittenIsAnError(t *testing.T) {
	const full = "/dev/full"
	b := newBench(t, "report", demoFile, "--csv", full)
	if code := b.run(t); code != cli.ExitNotMeasured || !strings.Contains(b.stderr.String(), "--csv: write "+full) {
		t.Errorf("exit %d\n%s", code, b.stderr.String())
	}
}

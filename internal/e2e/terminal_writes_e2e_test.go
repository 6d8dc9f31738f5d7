//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/servertest"
)

func TestNoLibraryWritesToTheTerminal(t *testing.T) {
	debug := filepath.Join(t.TempDir(), "debug.log")
	b := newBench(t, "run", "--cmd", serverOf(servertest.SendsUnasked), "--http2", "-w", "steady", "-c", "1", "-n", "20", "--warmup", "0s",
		"--timeout", "1s", "--no-record", "--debug-log", debug)
	b.run(t)
	said := b.stdout.String() + b.stderr.String()
	if strings.Contains(said, "http2:") || strings.Contains(said, "Transport received") {
		t.Errorf("the library wrote:\n%s", said)
	}
	log, err := os.ReadFile(debug)
	if err != nil || len(log) == 0 {
		t.Errorf("the debug log holds %q, %v: this shows nothing", log, err)
	}
}

func TestServerThatWaitsForAPasswordIsToldFromWhatItPrints(t *testing.T) {
	for _, command := range []string{serverOf(servertest.AsksForPassword), "reads=sh -c 'read key </dev/tty'"} {
		for _, patience := range []string{"1s", "15s"} { // a busy machine may take a second to begin the program
			b := newBench(t, "run", "--cmd", command, "--start-timeout", patience, "--no-record")
			code := b.run(t)
			if code == cli.ExitNotMeasured && strings.Contains(b.stderr.String(), "asks for something on a terminal") {
				break
			}
			if patience == "15s" || code != cli.ExitNotMeasured {
				t.Errorf("%s: exit code %d\n%s", command, code, b.stderr.String())
			}
		}
	}
}

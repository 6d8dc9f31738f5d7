//go:build unix

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/servertest"
)

// A server that answers nothing must pass no check, whatever it is on.
func TestAFigureThatWasNotMeasuredFailsItsCheck(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dead.json")
	args := []string{"run", "--cmd", serverOf(servertest.AnswersFirst, servertest.Options{Requests: 1}), "-w", "rate", "-q", "20", "-c", "4", "-z", "500ms",
		"--timeout", "200ms", "--warmup", "0s", "--plain", "--quiet", "--no-record", "--json", file}
	conditions := map[string]string{ // and what stands behind it
		"p50>1h": "p50 was not measured: no reply was OK", "p99>1h": "p99 was not measured: no reply was OK",
		"p999>1h": "p999 was not measured: no reply was OK", "max>1h": "max was not measured: no reply was OK",
		"mean>1h": "mean was not measured: no reply was OK", "mean<1ms": "mean was not measured: no reply was OK",
		"rps<1": "rps is 0", "failures>99%": "failures are 100 %",
		"cpu-per-request>1e9": "cpu-per-request was not measured: no reply was OK",
		"rps-per-core<1":      "rps-per-core was not measured: no reply was OK",
		"capacity>1e9":        "capacity was not measured: only the workload capacity looks for it",
	}
	for condition := range conditions {
		args = append(args, "--fail-if", condition)
	}
	b := newBench(t, append(args, "--fail-if", "mean-all>1h", "--fail-if", "rps>1")...)
	code, said := b.run(t), b.stderr.String()
	if code != cli.ExitFailIf {
		t.Errorf("exit code %d, want %d", code, cli.ExitFailIf)
	}
	for condition, want := range conditions {
		if line := "--fail-if " + condition + ": " + want + " (answers-first)"; !strings.Contains(said, line) {
			t.Errorf("no %q", line)
		}
	}
	if strings.Count(said, "--fail-if") != len(conditions) || t.Failed() {
		t.Errorf("said\n%s", said)
	}

	unseen := newBench(t, "run", "golang", "-w", "steady", "-c", "1", "-n", "5", "--warmup", "0s", "--plain", "--quiet", "--no-record",
		"--fail-if", "p99>1h", "--fail-if", "cpu-per-request>1e9", "--fail-if", "rss>1e9", "--fail-if", "startup>1h")
	if code := unseen.run(t); code != cli.ExitDone {
		t.Errorf("a server that was measured: exit code %d\n%s", code, unseen.stderr.String())
	}
}

// TestExitCodes holds which of several troubles the exit code tells, and that none
// hides another.
func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	short := []string{"run", "--cmd", serverOf(servertest.Serves), "-w", "rate", "-q", "100", "-z", "300ms", "--warmup", "0s", "--plain"}
	blocked := filepath.Join(dir, "blocked") // becomes a directory while the run goes on
	for name, c := range map[string]struct {
		args   []string
		limit  bool // of the size of files, as a disk that fills up
		during func()
		code   int
		says   []string
	}{
		"nothing wrong": {args: []string{"--no-record", "--fail-if", "p99>1h"}},
		"no request came due": {args: []string{"--no-record", "-q", "0.001", "-z", "200ms"}, code: cli.ExitNotMeasured,
			says: []string{"serves: nothing was sent", "--duration"}},
		"no time for a request": {args: []string{"--no-record", "-w", "steady", "-q", "1", "-z", "1ns"}, code: cli.ExitUsage},
		"none due, with a check": {args: []string{"--no-record", "-q", "0.001", "-z", "200ms", "--fail-if", "p99>1h", "--fail-if", "rps<1", "--fail-if", "failures>0.1%"}, code: cli.ExitFailIf,
			says: []string{"p99 was not measured: nothing was sent", "rps was not measured: nothing", "failures were not measured: nothing", "benchtui: serves: nothing was sent"}},
		"the recording fails": {args: []string{"--record", filepath.Join(dir, "cut.btr")}, limit: true, code: cli.ExitNotMeasured,
			says: []string{"ended early"}},
		"the recording fails, and a check": {args: []string{"--record", filepath.Join(dir, "cut2.btr"), "--fail-if", "p50>1ns"}, limit: true, code: cli.ExitFailIf,
			says: []string{"--fail-if p50>1ns: p50 is", "ended early"}},
		"a report fails, and a check": {args: []string{"--no-record", "-z", "3s", "--fail-if", "p50>1ns", "--json", blocked}, code: cli.ExitFailIf,
			during: func() { _ = os.Mkdir(blocked, 0o755) }, says: []string{"--fail-if p50>1ns", "--json: ", "is a directory"}},
		"it does not start": {args: []string{"--no-record", "--cmd", "mine=sh -c 'exit 3' {port}"}, code: cli.ExitNotMeasured,
			says: []string{"mine: the server ended"}},
		"it does not start, with a check": {args: []string{"--no-record", "--cmd", "mine=sh -c 'exit 3' {port}", "--fail-if", "p99>1h"}, code: cli.ExitFailIf,
			says: []string{"p99 was not measured: the server ended before it answered", "benchtui: mine: the server ended"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, append(append([]string{}, short...), c.args...)...)
			if c.limit { // 4 blocks of 512 bytes
				b.Path, b.Args = "/bin/sh", append([]string{"sh", "-c", `ulimit -f 4; exec "$0" "$@"`, program}, b.Args[1:]...)
			}
			lines := &syncBuffer{}
			b.Stdout = lines
			if err := b.Start(); err != nil {
				t.Fatal(err)
			}
			if c.during != nil {
				await(t, "the load", func() bool { return strings.Contains(lines.String(), "load 3 s") })
				c.during()
			}
			if code := b.exitCode(t); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			for _, want := range c.says {
				if !strings.Contains(b.stderr.String(), want) {
					t.Errorf("no %q in\n%s", want, b.stderr.String())
				}
			}
		})
	}

	interrupted := newBench(t, "run", "golang", "-w", "rate", "-q", "200", "-z", "60s", "--warmup", "0s", "--plain", "--no-record", "--fail-if", "p50>1ns")
	var lines syncBuffer
	interrupted.Stdout = &lines
	if err := interrupted.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, "the load", func() bool { return intervalLine.MatchString(lines.String()) })
	interrupted.Process.Signal(syscall.SIGINT)
	if code := interrupted.exitCode(t); code != cli.ExitInterrupted || !strings.Contains(interrupted.stderr.String(), "--fail-if p50>1ns") {
		t.Errorf("interrupted: exit code %d\n%s", code, interrupted.stderr.String())
	}
}

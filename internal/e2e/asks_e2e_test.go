//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
)

// Who draws nothing asks the terminal nothing: the answer would be taken from what
// the person types, and a terminal that gives none would be waited for.
func TestCommandsThatDrawNothingAskTheTerminalNothing(t *testing.T) {
	for name, args := range map[string][]string{
		"--version":   {"--version"},
		"list":        {"list", "golang"},
		"completion":  {"completion", "bash"},
		"help":        {"run", "--help"},
		"run --plain": {"run", "--cmd", "mine=" + program + " serve-golang --port {port}", "--plain", "-w", "steady", "-c", "2", "-n", "10", "--warmup", "0s"},
		"bad usage":   {"run", "--no-such-flag"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreenRun(t, args...)
			s.exitCode(t)
			for what, asked := range map[string]string{"its colours": "\x1b]1", "what it is": "\x1b[c", "where the cursor is": "\x1b[6n"} {
				if strings.Contains(s.shown.String(), asked) {
					t.Errorf("the terminal is asked for %s: %q", what, s.shown.String())
				}
			}
		})
	}
}

// The first frame does not wait for what contenders need: a tool that takes for ever
// to say its version is looked for while the screen stands.
func TestFirstFrameDoesNotWaitForToolchains(t *testing.T) {
	dir := t.TempDir()
	gate := filepath.Join(dir, "gate")
	if err := syscall.Mkfifo(gate, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"go", "node", "cargo", "java", "dotnet"} {
		script := "#!/bin/sh\nread line < " + gate + "\nexit 1\n"
		if err := os.WriteFile(filepath.Join(dir, tool), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("JAVA_HOME", "")
	s := newScreenRun(t)
	s.shows(t, "choose what to measure")
	s.shows(t, "looking for the tools of")
	s.press(t, "q")
	// The tools that are being asked are ended with us.
	if code := s.exitCode(t); code != cli.ExitDone {
		t.Errorf("exit code %d", code)
	}
	s.isWhole(t)
}

//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tmuxSession is the program in a terminal that people have.
type tmuxSession struct{ socket string }

func (s tmuxSession) do(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("tmux %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (s tmuxSession) shows(t *testing.T, text string) {
	t.Helper()
	var screen string
	defer func() {
		if t.Failed() {
			t.Logf("the screen:\n%s", screen)
		}
	}()
	await(t, "tmux to show "+text, func() bool {
		screen = s.do(t, "capture-pane", "-p")
		return strings.Contains(screen, text)
	})
}

// TestSessionInTmux goes from choosing to detail and back, is resized on the way,
// and leaves the terminal whole.
func TestSessionInTmux(t *testing.T) {
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("NOT CHECKED: tmux is not here")
	}
	dir, err := os.MkdirTemp("", "tmux") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := tmuxSession{filepath.Join(dir, "s")}
	// A cache of its own, so that there is something to build; Go's own stays warm.
	goCache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatalf("go env GOCACHE: %v", err)
	}
	command := fmt.Sprintf("XDG_CACHE_HOME=%s GOCACHE=%s LC_ALL=C.UTF-8 %s --users 60 --ramp 5s --repeat 2 --warmup 1s; echo the code is $?; exec cat", dir, strings.TrimSpace(string(goCache)), program)
	s.do(t, "-f", "/dev/null", "-u", "new-session", "-d", "-x", "120", "-y", "36", command)
	t.Cleanup(func() { exec.Command("tmux", "-S", s.socket, "kill-server").Run() })
	press := func(keys ...string) { s.do(t, append([]string{"send-keys"}, keys...)...) }

	s.shows(t, "choose what to measure")
	press("/", "g", "o", "l", "a", "n", "g", "Enter")
	s.shows(t, "/golang")
	press("Escape") // clears the filter: all are there again
	s.shows(t, "warp")
	press("a") // all that can be measured were selected: now none is
	await(t, "nothing to be selected", func() bool { return !strings.Contains(s.do(t, "capture-pane", "-p"), "[x]") })
	press("/", "g", "o", "l", "a", "n", "g", "Enter", "Space", "Enter")
	s.shows(t, "● BUILD")
	s.shows(t, "LOAD")
	press("r")
	s.shows(t, "so far, ms")
	s.do(t, "resize-window", "-x", "90", "-y", "28")
	press("r")
	s.shows(t, "latency")
	s.shows(t, "leaderboard")
	press("Enter")
	s.shows(t, "percentiles, ms")
	press("Escape")
	s.shows(t, "ranked by")
	press("p")
	s.shows(t, "1/2")
	press("Escape")
	s.shows(t, "ranked by")
	press("Escape")
	s.shows(t, "choose what to measure")
	press("q")
	s.shows(t, "the code is 0")
	press("t", "y", "p", "e", "d", "Enter")
	s.shows(t, "typed") // the terminal echoes again
	if flags := strings.TrimSpace(s.do(t, "display-message", "-p", "#{alternate_on}#{cursor_flag}#{mouse_any_flag}")); flags != "010" {
		t.Errorf("alternate screen, cursor, mouse are %s, want 010", flags)
	}
}

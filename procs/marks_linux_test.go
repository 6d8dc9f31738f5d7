package procs

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

const (
	marksAreSeen      = true
	tellsEndedWorkers = true
)

// guarded waits until the process has a guard that waits.
func guarded(t *testing.T, pid int) {
	t.Helper()
	until(t, "a guard", func() bool {
		for other, stat := range processesSince(0) {
			words, err := os.ReadFile(procPath(other, "cmdline"))
			if err == nil && stat.parent == pid && strings.Contains(string(words), "benchtui-guard") {
				return true
			}
		}
		return false
	})
}

func TestDaemonThatWipedItsEnvironmentIsFound(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("no setsid(1)")
	}
	child := startWith(t, Command{Path: "/bin/sh", Args: []string{"-c",
		"setsid env -i sh -c 'trap \"\" TERM; echo pid $$; echo ready; exec sleep 300' </dev/null & wait $!& sleep 0.2; exit 0"}})
	child.await(t, "ready")
	child.awaitEnd(t)
	daemon := child.pids()[1]
	if !running(daemon) {
		t.Fatal("there is no daemon: this test shows nothing")
	}
	if err := child.Stop(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if running(daemon) {
		t.Error("the daemon outlived Stop")
	}
}

func TestMarkOfAnOuterBenchtuiIsKept(t *testing.T) {
	t.Setenv(markPrefix+"outer", "1")
	child := start(t, "quiet")
	child.await(t, "ready")
	for _, mark := range []string{markPrefix + "outer", child.mark} {
		if this, _ := markOf(child.PID(), mark); !this {
			t.Errorf("the child does not carry %s", mark)
		}
	}
	if this, _ := markOf(child.PID(), child.mark[:len(child.mark)-1]); this {
		t.Error("the beginning of a mark is taken for the mark")
	}
}

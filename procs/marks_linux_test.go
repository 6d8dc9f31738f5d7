package procs_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
	"github.com/benchtui/benchtui/procs/system"
)

const marksAreSeen = true

// guarded waits until the process has a guard that waits.
func guarded(t *testing.T, pid int) {
	t.Helper()
	proctest.Until(t, "a guard", func() bool {
		for other, stat := range system.Processes(0) {
			words, err := os.ReadFile(system.Path(other, "cmdline"))
			if err == nil && stat.Parent == pid && strings.Contains(string(words), "benchtui-guard") {
				return true
			}
		}
		return false
	})
}

func TestDaemonThatWipedItsEnvironmentIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip("no setsid(1)")
	}
	child := proctest.StartCommand(t, procs.Command{Path: "/bin/sh", Args: []string{"-c",
		"setsid env -i sh -c 'trap \"\" TERM; echo pid $$; echo ready; exec sleep 300' </dev/null & wait $!& sleep 0.2; exit 0"}})
	child.Await(t, "ready")
	child.AwaitEnd(t)
	daemon := child.PIDs()[1]
	if !proctest.Running(daemon) {
		t.Fatal("there is no daemon: this test shows nothing")
	}
	if err := child.Stop(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if proctest.Running(daemon) {
		t.Error("the daemon outlived Stop")
	}
}

func TestMarkOfAnOuterBenchtuiIsKept(t *testing.T) {
	t.Setenv(procs.MarkPrefix+"outer", "1")
	child := proctest.Start(t, proctest.WaitsForTerm)
	child.Await(t, "ready")
	for _, mark := range []string{procs.MarkPrefix + "outer", child.Mark()} {
		if this, _ := procs.MarkOf(child.PID(), mark); !this {
			t.Errorf("the child does not carry %s", mark)
		}
	}
	if this, _ := procs.MarkOf(child.PID(), child.Mark()[:len(child.Mark())-1]); this {
		t.Error("the beginning of a mark is taken for the mark")
	}
}

//go:build unix

package procs_test

import (
	"os"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
	"github.com/benchtui/benchtui/procs/runtimes"
)

func TestGoServerTellsOfItsSchedulerBesideItsLog(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	if new(runtimes.Programs).TellsInMemory(os.Args[0]) {
		t.Skip("NOT CHECKED: traces of the scheduler; this program was built with its debug data, as go test -c does")
	}
	child := proctest.StartCommand(t, procs.Command{Path: os.Args[0], Env: []string{proctest.As(proctest.CrowdsGoroutines), "GODEBUG=http2client=0"}, GoTraces: true})
	child.Await(t, "ready")
	var told measure.Runtime
	proctest.Until(t, "a queue and a collection", func() bool {
		one := child.GoTraces(false)
		told = told.Merge(one)
		return told.RunQueue.Value > 5 && told.PauseCount.Value > 0
	})
	if !told.HeapUsedBytes.Known || !told.GCCPUShare.Known || told.HeapLimitBytes.Known {
		t.Errorf("told %+v", told)
	}
	for _, line := range child.Lines() {
		if strings.HasPrefix(line, "SCHED ") || strings.HasPrefix(line, "gc ") {
			t.Errorf("its log has %q", line)
		}
	}
}

func TestOtherProgramsAreNotAskedForGosTraces(t *testing.T) {
	child := proctest.StartCommand(t, procs.Command{Path: "/bin/sh", Args: []string{"-c", "echo debug ${GODEBUG:-none}; sleep 60"}, Env: []string{"GODEBUG="}, GoTraces: true})
	child.Await(t, "debug none")
	if told := child.GoTraces(false); told.Told() {
		t.Errorf("told %+v", told)
	}
}

//go:build unix

package procs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
)

func TestFloodOfLinesIsTakenInWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	child := proctest.StartCommand(t, procs.Command{
		Path: os.Args[0], LogFile: file,
		Env: []string{proctest.As(proctest.Floods, proctest.Options{Lines: 20000})},
	})
	child.AwaitEnd(t)
	lines := child.Lines()
	if len(lines) != 20001 || !strings.HasPrefix(lines[19999], "line 19999 ") {
		t.Fatalf("%d lines were heard", len(lines))
	}
	if last := lines[20000]; len(last) != procs.LongestRow {
		t.Errorf("the endless line was heard as %d bytes", len(last))
	}
	if kept := child.LastLines(1 << 20); len(kept) != procs.KeptLines {
		t.Errorf("%d lines are kept in memory", len(kept))
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Count(string(text), "\n") != 20000 {
		t.Errorf("the file has %d lines, %v", strings.Count(string(text), "\n"), err)
	}
}

//go:build unix

package procs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFloodOfLinesIsTakenInWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	child := startWith(t, Command{
		Path: os.Args[0], Args: []string{"20000"}, LogFile: file,
		Env: []string{roleVariable + "=floods"},
	})
	child.awaitEnd(t)
	lines := child.lines()
	if len(lines) != 20001 || !strings.HasPrefix(lines[19999], "line 19999 ") {
		t.Fatalf("%d lines were heard", len(lines))
	}
	if last := lines[20000]; len(last) != longestRow {
		t.Errorf("the endless line was heard as %d bytes", len(last))
	}
	if kept := child.LastLines(1 << 20); len(kept) != keptLines {
		t.Errorf("%d lines are kept in memory", len(kept))
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Count(string(text), "\n") != 20000 {
		t.Errorf("the file has %d lines, %v", strings.Count(string(text), "\n"), err)
	}
}

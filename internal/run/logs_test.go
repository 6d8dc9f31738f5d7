package run

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLogsFallBackWhereTheirFolderCantBeWritten(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	now := time.Now()
	file := filepath.Join(t.TempDir(), "file") // no folder, for root as for others
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	l, fallback := openLogs(filepath.Join(file, "logs"), now)
	if !strings.HasPrefix(l.file("a"), os.Getenv("TMPDIR")) || !strings.Contains(fallback, l.dir) || !strings.Contains(fallback, file) {
		t.Errorf("logs go to %q, told: %q", l.file("a"), fallback)
	}
	t.Setenv("TMPDIR", filepath.Join(file, "tmp"))
	if l, fallback = openLogs(filepath.Join(file, "logs"), now); l.file("a") != "" || !strings.Contains(fallback, "not kept") {
		t.Errorf("logs go to %q, told: %q", l.file("a"), fallback)
	}
	if l, fallback = openLogs(filepath.Join(t.TempDir(), "new", "logs"), now); l.file("a") == "" || fallback != "" {
		t.Errorf("logs go to %q, told: %q", l.file("a"), fallback)
	}
}

func TestLogsAreBoundedInAll(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	write := func(name string, age time.Duration) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, make([]byte, 100), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 10 {
		write(fmt.Sprintf("20260101-00000%d-golang.log", i), time.Duration(10-i)*time.Hour)
	}
	write("20260101-000000-lately.log", 0)
	write("somebody's own.log", 100*time.Hour)
	pruneLogs(dir, 1000, 450, now)
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range left {
		names = append(names, entry.Name())
	}
	const want = "20260101-000000-lately.log 20260101-000007-golang.log 20260101-000008-golang.log 20260101-000009-golang.log somebody's own.log"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("left: %s\nwant: %s", got, want)
	}
}

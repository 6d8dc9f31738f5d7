package procs

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestLogIsCutIntoLinesWhereverItIsSplit(t *testing.T) {
	text := "one\r\n\ntwo\n" + strings.Repeat("z", 3*longestRow) + "\nlast"
	want := []string{"one", "", "two", strings.Repeat("z", longestRow), "last"}
	for size := 1; size <= len(text); size = size*3 + 1 {
		var heard []string
		l, err := openLog("", func(line string) { heard = append(heard, line) })
		if err != nil {
			t.Fatal(err)
		}
		for piece := range slices.Chunk([]byte(text), size) {
			if n, err := l.Write(piece); n != len(piece) || err != nil {
				t.Fatalf("wrote %d, %v", n, err)
			}
		}
		l.close()
		if !slices.Equal(heard, want) || !slices.Equal(l.last(10), want) {
			t.Errorf("split into %d bytes it was heard as %q", size, heard)
		}
	}
}

func TestLastLinesAreTheLast(t *testing.T) {
	l, _ := openLog("", nil)
	for i := range keptLines + 7 {
		_, _ = l.Write(append(bytes.Repeat([]byte("x"), i), '\n'))
	}
	for _, n := range []int{0, 1, keptLines, keptLines + 7} {
		last := l.last(n)
		if len(last) != min(n, keptLines) {
			t.Fatalf("asked for %d, got %d lines", n, len(last))
		}
		for i, line := range last {
			if want := keptLines + 7 - len(last) + i; len(line) != want {
				t.Errorf("line %d of %d is %d long, want %d", i, n, len(line), want)
			}
		}
	}
}

func TestLogFileIsAppendedToUpToItsBound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte("before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	l, err := openLog(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	block := append(bytes.Repeat([]byte("x"), 1<<20-1), '\n')
	for range longestFile>>20 + 3 {
		_, _ = l.Write(block)
	}
	_, _ = l.Write([]byte("the end\n"))
	l.close()
	if last := l.last(1); !slices.Equal(last, []string{"the end"}) {
		t.Errorf("the last line is %q", last)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(text, []byte("before\nxxx")) || !bytes.HasSuffix(text, []byte("the rest is not kept\n")) {
		t.Errorf("it begins %.20q and ends %q", text, text[len(text)-60:])
	}
	if len(text) > longestFile+200 {
		t.Errorf("it is %d bytes long", len(text))
	}
}

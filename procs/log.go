package procs

import (
	"bytes"
	"fmt"
	"os"
	"sync"
)

// Bounds of what is kept of a child's log.
const (
	keptLines   = 200      // in memory
	longestRow  = 2000     // bytes of a line in memory; the rest is cut
	longestFile = 64 << 20 // bytes in its file: a server that logs every request must not fill the disk
)

// log takes a child's output: into a file, line by line to whoever listens, and
// the last lines into memory.
type log struct {
	mu     sync.Mutex
	file   *os.File
	room   int // bytes that the file may still take
	onLine func(string)
	row    []byte
	cut    bool // the rest of a line that is too long is being dropped
	lines  []string
	next   int // where in lines the oldest is, once they are full
}

func openLog(path string, onLine func(string)) (*log, error) {
	l := &log{onLine: onLine}
	if path == "" {
		return l, nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open its log: %w", err)
	}
	l.file, l.room = file, longestFile
	return l, nil
}

// Write never errs, so that a full disk does not stop the child.
func (l *log) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep(data)
	rest := data
	for len(rest) > 0 {
		end := bytes.IndexByte(rest, '\n')
		piece := rest
		if end >= 0 {
			piece = rest[:end]
		}
		if room := longestRow - len(l.row); room > 0 && !l.cut {
			l.row = append(l.row, piece[:min(room, len(piece))]...)
		}
		if len(l.row) >= longestRow {
			l.cut = true
		}
		if end < 0 {
			break
		}
		l.endRow()
		rest = rest[end+1:]
	}
	return len(data), nil
}

// keep appends to the file as long as it has room.
func (l *log) keep(data []byte) {
	if l.file == nil || l.room <= 0 {
		return
	}
	_, _ = l.file.Write(data[:min(l.room, len(data))])
	if l.room -= len(data); l.room <= 0 {
		fmt.Fprintf(l.file, "\nbenchtui: %d MB were logged, the rest is not kept\n", longestFile>>20)
	}
}

func (l *log) endRow() {
	line := string(bytes.TrimSuffix(l.row, []byte("\r")))
	l.row, l.cut = l.row[:0], false
	if len(l.lines) < keptLines {
		l.lines = append(l.lines, line)
	} else {
		l.lines[l.next] = line
		l.next = (l.next + 1) % keptLines
	}
	if l.onLine != nil {
		l.onLine(line)
	}
}

// close ends the log; a last line without an end counts as a line.
func (l *log) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.row) > 0 {
		l.endRow()
	}
	if l.file != nil {
		l.file.Close()
		l.file = nil
	}
}

func (l *log) last(n int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := append(append([]string{}, l.lines[l.next:]...), l.lines[:l.next]...)
	if len(l.row) > 0 { // a prompt has no end
		all = append(all, string(l.row))
	}
	if len(all) > n {
		all = all[len(all)-n:]
	}
	return all
}

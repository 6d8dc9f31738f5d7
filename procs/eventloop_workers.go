//go:build unix

package procs

import (
	"bufio"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/crash"
)

// workersPipe is a pipe with a name, to which the workers of a cluster report: they
// inherit nothing of ours.
type workersPipe struct {
	file  *os.File
	ended atomic.Bool
	done  chan struct{}
}

// openWorkersPipe makes the pipe in the probe's folder; nil if the file system has none:
// then workers tell nothing.
func openWorkersPipe(dir string) *workersPipe {
	path := filepath.Join(dir, "workers")
	if unix.Mkfifo(path, 0o600) != nil {
		return nil
	}
	// With a writer of our own it neither waits for the first one nor ends with the last.
	file, err := os.OpenFile(path, os.O_RDWR|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	return &workersPipe{file: file, done: make(chan struct{})}
}

// listen takes its lines until it is closed.
func (p *workersPipe) listen(take func(line string, now time.Time)) {
	if p == nil {
		return
	}
	crash.Go(func() {
		defer close(p.done)
		for !p.ended.Load() {
			lines := bufio.NewScanner(p.file)
			for lines.Scan() && !p.ended.Load() {
				take(lines.Text(), time.Now())
			}
			if lines.Err() != bufio.ErrTooLong { // whoever writes longer lines is not ours
				return
			}
		}
	})
}

// close ends the listening and waits for that; a line of our own wakes who waits for one.
func (p *workersPipe) close(listened bool) {
	if p == nil {
		return
	}
	p.ended.Store(true)
	_, _ = p.file.Write([]byte("\n"))
	_ = p.file.SetReadDeadline(time.Now())
	if listened {
		<-p.done
	}
	p.file.Close()
}

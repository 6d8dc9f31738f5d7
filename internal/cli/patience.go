package cli

import (
	"context"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
)

// patience is how long what is written may wait once a signal has asked the program to
// end: for a pipe that nobody reads, or a terminal that Ctrl-S has stopped. Before that
// it waits for as long as they like.
const patience = time.Second

// asked is closed when a signal has asked the program to end.
var asked = struct {
	once sync.Once
	done chan struct{}
}{done: make(chan struct{})}

// losePatience is for whoever takes a signal that ends the program.
func losePatience() { asked.once.Do(func() { close(asked.done) }) }

// The program's own output. Who writes to the files themselves may wait for ever.
var (
	stdoutFile = &patientWriter{to: os.Stdout, asked: asked.done}
	stderrFile = &patientWriter{to: os.Stderr, asked: asked.done}
)

// patientWriter writes to a file that may take nothing. Once that took too long, its
// reader counts as gone.
type patientWriter struct {
	to    io.Writer
	asked <-chan struct{} // closed when the program is to end
	stuck atomic.Bool     // its reader counts as gone
}

func (w *patientWriter) Write(text []byte) (int, error) {
	if w.stuck.Load() {
		return 0, syscall.EPIPE
	}
	type written struct {
		n   int
		err error
	}
	done := make(chan written, 1)
	kept := slices.Clone(text) // the caller's again when this returns
	crash.Go(func() {
		n, err := w.to.Write(kept)
		done <- written{n, err}
	})
	select {
	case all := <-done:
		return all.n, all.err
	case <-w.asked:
	}
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case all := <-done:
		return all.n, all.err
	case <-limit.C:
		w.stuck.Store(true)
		return 0, syscall.EPIPE
	}
}

// untilAsked is a context that a signal ends which asks the program to end.
func untilAsked(parent context.Context) (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, endingSignals()...)
	crash.Go(func() {
		select {
		case <-signals:
			losePatience()
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}

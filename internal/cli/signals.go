package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/benchtui/benchtui/internal/crash"
)

// endingSignals are those that end a run in order. A hang-up that is ignored, as
// nohup has it, stays so: the run is to outlive its terminal.
func endingSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// untilInterrupted is a context that the first signal ends, for waits that a person
// must be able to leave; further signals act as ever.
func untilInterrupted(parent context.Context) (ctx context.Context, release func()) {
	ctx, stop := untilAsked(parent)
	context.AfterFunc(ctx, crash.Guarded(stop))
	return ctx, stop
}

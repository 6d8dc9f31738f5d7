package engine

import (
	"context"
	"time"
)

// pacer waits for moments of a load, to within about 0.1 ms where the platform
// lets it. It is used by one goroutine at a time.
type pacer struct {
	load *load
}

func newPacer(l *load) *pacer { return &pacer{load: l} }

// coarse is how early a wait by Go's timers, which may wake 1.2 ms late, ends;
// the rest is waited for exactly.
const coarse = 2 * time.Millisecond

// until waits until the moment; it returns false if ctx ended first.
func (p *pacer) until(ctx context.Context, due time.Duration) bool {
	wait := due - p.load.since()
	if wait > coarse {
		timer := time.NewTimer(wait - coarse)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return false
		}
		wait = due - p.load.since()
	}
	if wait > 0 {
		sleepExactly(wait)
	}
	return ctx.Err() == nil
}

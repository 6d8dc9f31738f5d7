//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package engine

import (
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// published is what a loop hands to the collector.
type published struct {
	tally    *tally
	standing standing
	spent    measure.ConnectionTime
	turns    measure.LoopTime
	at       time.Duration
}

// publish hands what was measured to the collector, unless that still has the
// last: then the next interval is longer.
func (l *loop) publish() {
	next := l.free.Load()
	if next == nil || l.out.Load() != nil {
		return
	}
	l.free.Store(nil)
	empty := next.tally
	next.tally, next.standing = l.tally, l.standing
	next.at = l.now
	next.spent, next.turns = l.interval()
	l.tally = empty
	l.out.Store(next)
	select {
	case l.load.published <- struct{}{}:
	default: // the collector has more than enough to wake for
	}
}

// interval ends an interval of what the loop measures of its connections and of itself.
func (l *loop) interval() (spent measure.ConnectionTime, turns measure.LoopTime) {
	l.thread.addTo(&l.turns, l.now)
	spent, turns = l.spent.take(l.now), l.turns
	turns.Wall = l.now - l.began
	turns.Busy = min(turns.Busy, turns.Wall)
	l.turns, l.began = measure.LoopTime{}, l.now
	return spent, turns
}

// take adds what the loop published to the measures. The collector calls it.
// It returns when what it adds was measured until; 0 if there is nothing new.
func (l *loop) take(into *measure.Measures, checks traffic.Checks) (until time.Duration) {
	if p := l.out.Swap(nil); p != nil {
		p.tally.addTo(into, checks)
		p.tally.reset()
		l.shown.standing = p.standing
		into.ConnectionTime.Add(p.spent)
		into.LoopTime.Add(p.turns)
		until = p.at
		l.free.Store(p)
	}
	if l.ended.Load() { // nobody else touches the tally any more
		l.tally.addTo(into, checks)
		l.tally.reset()
		l.shown.standing = l.standing
		spent, turns := l.interval()
		into.ConnectionTime.Add(spent)
		into.LoopTime.Add(turns)
		until = l.now
	}
	l.shown.standing.addTo(into)
	return until
}

// absence is how late a loop must come back to count as absent: longer than the kernel
// and Go's runtime keep it.
const absence = 10 * time.Millisecond

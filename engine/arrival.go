package engine

import "time"

// arrivalClock lays the times at which the kernel received replies onto the clock
// of a load. The kernel tells them by the wall clock, which may be set at any time;
// the load's is monotonic. The offset of the two is taken anew at each turn.
//
// One goroutine uses it.
type arrivalClock struct {
	began  time.Time
	offset time.Duration // wall clock (ns since 1970) minus the load's, as of at
	at     time.Duration
	known  bool
	// set is when the wall clock was last found to have been set: a stamp of a
	// request that was sent before may be by the clock as it was.
	set time.Duration

	wall func(ns int64) int64 // the wall clock as a test would have it; nil: as it is
}

// A wall clock that moves against the monotonic one by more than a slewing clock
// may (500 ppm, adjtimex(2)), and by more than two readings of the clocks can be
// apart, has been set.
const (
	slewOf       = 1000 // one in so many
	readingApart = 200 * time.Microsecond
)

// turn takes the offset of the clocks and returns the time since the load began.
func (a *arrivalClock) turn() time.Duration {
	begins := !a.known // nothing was sent yet, so nothing has a stamp from before
	if begins {
		a.at, a.offset = a.read()
		a.known = true
	}
	now, offset := a.read()
	for range 2 { // who loses the CPU between the two readings finds them apart, once
		if !a.moved(now, offset) {
			break
		}
		now, offset = a.read()
	}
	if a.moved(now, offset) && !begins {
		a.set = now
	}
	a.offset, a.at = offset, now
	return now
}

// read reads the two clocks, one right after the other.
func (a *arrivalClock) read() (now, offset time.Duration) {
	both := time.Now()
	now, wall := both.Sub(a.began), both.UnixNano()
	if a.wall != nil {
		wall = a.wall(wall)
	}
	return now, time.Duration(wall) - now
}

// moved says that the clocks are further apart than they can be by themselves.
func (a *arrivalClock) moved(now, offset time.Duration) bool {
	by := offset - a.offset
	return a.known && max(by, -by) > readingApart+(now-a.at)/slewOf
}

// end is when a reply was there: as the kernel stamped its last byte or, if that
// is missing or can't be (before the request was sent, after the reply was read),
// when it was read. by says which.
func (a *arrivalClock) end(stamp int64, sent, read time.Duration) (at time.Duration, byArrival bool) {
	if stamp == 0 || sent < a.set {
		return read, false
	}
	if a.wall != nil {
		stamp = a.wall(stamp)
	}
	at = time.Duration(stamp) - a.offset
	if at < sent || at > read {
		return read, false
	}
	return at, true
}

package engine

import (
	"testing"
	"time"
)

// The clock of a load that began some time ago, with a wall clock that a test moves.
func clockAt(began time.Time, shift *time.Duration) *arrivalClock {
	return &arrivalClock{began: began, wall: func(ns int64) int64 { return ns + int64(*shift) }}
}

func TestArrivalIsLaidOntoTheLoadsClock(t *testing.T) {
	began := time.Now().Add(-time.Minute)
	for name, c := range map[string]struct {
		stamp      time.Duration // since the load began; -1: none
		sent, read time.Duration
		want       time.Duration
		byArrival  bool
	}{
		"between send and read":       {30 * time.Second, 29 * time.Second, 31 * time.Second, 30 * time.Second, true},
		"at the read":                 {30 * time.Second, 29 * time.Second, 30 * time.Second, 30 * time.Second, true},
		"none":                        {-1, 29 * time.Second, 31 * time.Second, 31 * time.Second, false},
		"before the send: of another": {28 * time.Second, 29 * time.Second, 31 * time.Second, 31 * time.Second, false},
		"after the read: can't be":    {32 * time.Second, 29 * time.Second, 31 * time.Second, 31 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			clock := arrivalClock{began: began}
			clock.turn()
			clock.offset = time.Duration(began.UnixNano()) // exactly, so that the edges are edges
			stamp := int64(0)
			if c.stamp >= 0 {
				stamp = began.UnixNano() + int64(c.stamp)
			}
			at, byArrival := clock.end(stamp, c.sent, c.read)
			if at != c.want || byArrival != c.byArrival {
				t.Errorf("ends at %v, by arrival %v; want %v, %v", at, byArrival, c.want, c.byArrival)
			}
		})
	}
}

// A wall clock that was set makes stamps of requests under way mean either; those of
// later requests are by the clock as it is now.
func TestClockThatWasSetEndsRepliesAtReading(t *testing.T) {
	for name, step := range map[string]time.Duration{"forward": time.Hour, "back": -time.Hour, "a little": 3 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			var shift time.Duration
			clock := clockAt(time.Now(), &shift)
			sent := clock.turn()
			before := time.Now().UnixNano()
			if _, byArrival := clock.end(before, sent, clock.turn()); !byArrival {
				t.Fatal("a stamp by an undisturbed clock is not taken")
			}
			shift = step
			if _, byArrival := clock.end(before-int64(step), sent, clock.turn()); byArrival {
				t.Error("a stamp of a request that was under way is taken, though it may be by either clock")
			}
			sent = clock.turn()
			stamp := time.Now().UnixNano()
			if at, byArrival := clock.end(stamp, sent, clock.turn()); !byArrival || at < sent {
				t.Errorf("ends at %v, by arrival %v: a request that was sent since has a stamp by the new clock", at, byArrival)
			}
		})
	}
}

// Slewing, as NTP does it, is no step: 500 ppm of the time that went by.
func TestSlewedClockIsFollowed(t *testing.T) {
	clock := arrivalClock{offset: time.Hour, at: 0, known: true, began: time.Now().Add(-10 * time.Second)}
	clock.wall = func(int64) int64 {
		return int64(time.Hour+time.Since(clock.began)) + int64(5*time.Millisecond)
	}
	if clock.turn(); clock.set != 0 {
		t.Errorf("5 ms in 10 s are taken for a clock that was set at %v", clock.set)
	}
}

// Frames as a server may send them: the stamp that counts is that of the frame that
// ended the stream, however reads cut them.
func TestStreamEndsWithItsFrame(t *testing.T) {
	frame := func(kind, flags byte, length int) []byte {
		return append([]byte{byte(length >> 16), byte(length >> 8), byte(length), kind, flags, 0, 0, 0, 1}, make([]byte, length)...)
	}
	join := func(frames ...[]byte) (all []byte) {
		for _, one := range frames {
			all = append(all, one...)
		}
		return all
	}
	const settings, ping = 0x4, 0x6
	for name, c := range map[string]struct {
		before, last, after []byte // last ends the stream
	}{
		"data":              {join(frame(settings, 0, 6), frame(frameHeaders, flagEndHeaders, 20)), frame(frameData, flagEndStream, 16), frame(ping, 0, 8)},
		"empty data":        {join(frame(frameHeaders, flagEndHeaders, 20), frame(frameData, 0, 16)), frame(frameData, flagEndStream, 0), frame(ping, 0, 8)},
		"headers alone":     {frame(settings, flagEndStream, 0), frame(frameHeaders, flagEndHeaders|flagEndStream, 20), frame(settings, 0, 0)},
		"trailers":          {join(frame(frameHeaders, flagEndHeaders, 20), frame(frameData, 0, 300)), frame(frameHeaders, flagEndHeaders|flagEndStream, 9), frame(ping, 0, 8)},
		"headers continued": {frame(frameHeaders, flagEndStream, 20), frame(frameContinuation, flagEndHeaders, 20), frame(ping, 0, 8)},
	} {
		t.Run(name, func(t *testing.T) {
			all := join(c.before, c.last, c.after)
			end := len(c.before) + len(c.last)
			for _, step := range []int{1, 2, 3, 7, 9, 10, 64} {
				stamps := &stampedConn{}
				ends := streamEnds{stamps: stamps}
				want := int64(0)
				for from := 0; from < len(all); from += step {
					to := min(from+step, len(all))
					setArrived(stamps, int64(to))
					if from < end && to >= end {
						want = stamps.arrived()
					}
					ends.watch(all[from:to])
				}
				if got := ends.ended.Load(); got != want {
					t.Errorf("read %d bytes at a time, the stream ended with the read that ended at %d; want %d", step, got, want)
				}
			}
		})
	}
}

// Who loses the CPU between the readings of the two clocks has not set one of them.
func TestClockThatIsReadApartOnceWasNotSet(t *testing.T) {
	for apart := 1; apart <= 4; apart++ {
		var readings int
		clock := arrivalClock{began: time.Now(), wall: func(ns int64) int64 {
			if readings++; readings == apart {
				return ns + int64(5*time.Millisecond)
			}
			return ns
		}}
		sent := clock.turn()
		clock.turn()
		if clock.set != 0 {
			t.Errorf("reading %d: the wall clock counts as set at %v", apart, clock.set)
		}
		if _, byArrival := clock.end(time.Now().UnixNano(), sent, clock.turn()); !byArrival {
			t.Errorf("reading %d: a reply that was under way has lost its time of arrival", apart)
		}
	}
}

package sample

import (
	"math"
	"testing"

	"github.com/benchtui/benchtui/procs/system"
)

func TestTimeOfTheEndedIsTakenOnce(t *testing.T) {
	of := func(parent int, own, ended float64) *member {
		return &member{began: 1, parent: parent, own: cpuTimes{user: own}, ended: cpuTimes{user: ended}}
	}
	type tree = map[int]*member
	for _, c := range []struct {
		name        string
		before, now tree
		want        float64
	}{
		{"the first reading is all of it", tree{}, tree{1: of(0, 2, 5)}, 7},
		{"those that run", tree{1: of(0, 1, 0), 2: of(1, 1, 0)}, tree{1: of(0, 1.5, 0), 2: of(1, 3, 0)}, 2.5},
		{"a new one", tree{1: of(0, 1, 0)}, tree{1: of(0, 1, 0), 2: of(1, 3, 0)}, 3},
		{"one that ended: only what it did since", tree{1: of(0, 1, 0), 2: of(1, 3, 0)}, tree{1: of(0, 1, 3.25)}, 0.25},
		{"born and ended in between", tree{1: of(0, 1, 0)}, tree{1: of(0, 1, 0.5)}, 0.5},
		{"ended, and nobody waited", tree{1: of(0, 1, 0), 2: of(1, 3, 0)}, tree{1: of(0, 1.5, 0)}, 0.5},
		{"ended with its own child", tree{1: of(0, 1, 0), 2: of(1, 3, 1), 3: of(2, 2, 0)}, tree{1: of(0, 1, 6.5)}, 0.5},
		{"an orphan ended elsewhere", tree{1: of(0, 1, 0), 9: of(77, 3, 0)}, tree{1: of(0, 1.5, 0)}, 0.5},
		{"a number used again", tree{1: of(0, 1, 0), 2: of(1, 3, 0)},
			tree{1: of(0, 1, 3), 2: {began: 2, parent: 1, own: cpuTimes{user: 0.5}}}, 0.5},
		{"a step back", tree{1: of(0, 1, 0)}, tree{1: of(0, 0.99, 0)}, 0},
	} {
		if got := spent(c.before, c.now).total(); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v s, want %v s", c.name, got, c.want)
		}
	}
}

// A child that ends while the tree is read is missing already, and its parent's
// time was read before: it tells of the child at the next reading. Of a child
// nobody waited for it never tells, and owes nothing for it after that.
func TestTimeOfOneThatEndsDuringTheReadingIsTakenOnce(t *testing.T) {
	of := func(parent int, own, ended float64) *member {
		return &member{began: 1, parent: parent, own: cpuTimes{user: own}, ended: cpuTimes{user: ended}}
	}
	for _, c := range []struct {
		name  string
		ended []float64 // of the parent, reading after reading
		want  []float64 // of time spent since the reading before
	}{
		{"told of at the next reading", []float64{0, 3.25, 3.25}, []float64{0, 0.25, 0}},
		{"never told of", []float64{0, 0, 0.5}, []float64{0, 0, 0.48}},
	} {
		before := map[int]*member{1: of(0, 1, 0), 2: of(1, 3, 0)}
		for i, ended := range c.ended {
			now := map[int]*member{1: of(0, 1, ended)}
			if got := spent(before, now).total(); math.Abs(got-c.want[i]) > 1e-9 {
				t.Errorf("%s: reading %d tells of %v s, want %v s", c.name, i, got, c.want[i])
			}
			before = now
		}
	}
}

// The kernel tells of ended children in ticks of 10 ms: over many of them the
// rounding must not add up.
func TestRoundingDoesNotAddUp(t *testing.T) {
	const each, number = 0.0137, 1000
	sum, before := 0.0, map[int]*member{1: {began: 1}}
	ended := 0.0
	read := func(now map[int]*member) {
		now[1] = &member{began: 1, ended: cpuTimes{user: math.Floor(ended*system.TicksPerSecond) / system.TicksPerSecond}}
		sum += spent(before, now).total()
		before = now
	}
	for pid := range number { // each is seen once, and has ended at the next look
		read(map[int]*member{pid + 2: {began: 1, parent: 1, own: cpuTimes{user: each}}})
		ended += each
		read(map[int]*member{})
	}
	if want := each * number; math.Abs(sum-want) > 0.03 {
		t.Errorf("%v s, want %v s", sum, want)
	}
}

func TestListenCountersAreFoundByName(t *testing.T) {
	got, ok := parseListenCounters([]byte("TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPSynRetrans\nTcpExt: 1 22 33 44\nIpExt: A\nIpExt: 5\n"))
	if want := (listenCounters{22, 33, 44}); !ok || got != want {
		t.Errorf("%+v, %v; want %+v", got, ok, want)
	}
	if _, ok := parseListenCounters([]byte("IpExt: A\nIpExt: 5\n")); ok {
		t.Error("there are counters where there are none")
	}
}

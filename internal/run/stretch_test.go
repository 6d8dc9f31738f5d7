package run

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// Where connections are short, some wait for their first reply at every moment; not
// served are those that go on waiting.
func TestUnservedConnectionsAreThoseThatGoOnWaiting(t *testing.T) {
	const interval = 100 * time.Millisecond
	for _, c := range []struct {
		name    string
		waiting func(i int) int
		firsts  uint64 // in each interval
		length  time.Duration
		want    int
	}{
		{"twelve of sixteen", func(int) int { return 12 }, 0, 2 * time.Second, 12},
		{"each connection brings one reply", func(int) int { return 16 }, 120, 2 * time.Second, 0},
		{"they are served one by one", func(i int) int { return 16 - i }, 1, 1200 * time.Millisecond, 0},
		{"too short to say", func(int) int { return 12 }, 0, 900 * time.Millisecond, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var u unserved
			for i := 0; time.Duration(i)*interval < c.length; i++ {
				u.take(measure.Measures{To: time.Duration(i+1) * interval, AwaitingFirst: c.waiting(i) - 1, Connecting: 1,
					FirstReply: measure.Histogram{Values: []int64{500}, Counts: []uint64{c.firsts}}})
			}
			if got := u.connections(); got != c.want {
				t.Errorf("%d are not served, want %d", got, c.want)
			}
			if len(u.moments) > 12 {
				t.Errorf("it remembers %d moments", len(u.moments))
			}
		})
	}
}

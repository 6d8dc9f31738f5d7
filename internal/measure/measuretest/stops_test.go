package measuretest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestOnlyWhatASchedulerDoesNotMakeIsAStop(t *testing.T) {
	began := time.Now()
	s := &Stops{asked: began.Add(asksEvery)}
	for _, ms := range []int{2, 5, 17, 48, 50, 1050} { // the turns that it had, of those each 2 ms after the one before
		s.take(began.Add(time.Duration(ms) * time.Millisecond))
	}
	if want := 29 + 998; s.sum != time.Duration(want)*time.Millisecond || s.longest != 998*time.Millisecond {
		t.Errorf("%s in all, %s at most; want %d ms and 998 ms", s.sum, s.longest, want)
	}
	if s.count(began.Add(3 * time.Second)); s.longest != 1948*time.Millisecond {
		t.Errorf("one that goes on is %s long, want 1.948 s", s.longest)
	}
	if s.count(began.Add(3 * time.Second)); s.sum != (29+998+1948)*time.Millisecond {
		t.Errorf("one that was counted is counted again: %s", s.sum)
	}
}

// One long stop disturbs, and so do many short ones that take much of the time.
func TestStopsThatDisturb(t *testing.T) {
	for _, c := range []struct {
		name  string
		stops []time.Duration // each after a turn that came in time
		took  time.Duration
		want  string
	}{
		{"none", nil, time.Second, ""},
		{"as long as it may be", []time.Duration{100 * time.Millisecond}, time.Second, ""},
		{"longer", []time.Duration{20 * time.Millisecond, 101 * time.Millisecond}, time.Minute, "101ms"},
		{"some", []time.Duration{50 * time.Millisecond, 60 * time.Millisecond, 90 * time.Millisecond}, time.Second, ""},
		{"some in little time", []time.Duration{50 * time.Millisecond, 60 * time.Millisecond, 90 * time.Millisecond}, 900 * time.Millisecond, "200ms of 900ms"},
	} {
		began := time.Now().Add(time.Minute) // not over when it is asked
		s, at := &Stops{asked: began}, began
		for _, stop := range c.stops {
			at = at.Add(stop)
			s.take(at)
			at = s.asked
		}
		if got := s.stood(100*time.Millisecond, c.took); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

// heard is a test of which is kept what it was told.
type heard struct {
	testing.TB
	said []string
}

func (h *heard) Helper()                  {}
func (h *heard) Error(args ...any)        { h.said = append(h.said, "failed "+fmt.Sprint(args...)) }
func (h *heard) Skip(args ...any)         { h.said = append(h.said, "skipped "+fmt.Sprint(args...)) }
func (h *heard) Logf(string, ...any)      { h.said = append(h.said, "again") }
func (h *heard) Skipf(f string, _ ...any) { h.said = append(h.said, f[:len("NOT CHECKED")]) }

func TestOnlyAFailureWithoutAStopIsOne(t *testing.T) {
	type try struct {
		failed, skipped, stood string
	}
	for _, c := range []struct {
		name  string
		tries []try
		want  []string
	}{
		{"well", []try{{}}, nil},
		{"well, and disturbed", []try{{stood: "1 min"}}, nil},
		{"failed", []try{{failed: "x"}}, []string{"failed x"}},
		{"failed, and disturbed", []try{{failed: "x", stood: "1 min"}, {}}, []string{"again"}},
		{"failed then, too", []try{{failed: "x", stood: "1 min"}, {failed: "y"}}, []string{"again", "failed y"}},
		{"never undisturbed", []try{{"x", "", "1 min"}, {"x", "", "1 min"}, {"x", "", "1 min"}}, []string{"again", "again", "again", "NOT CHECKED"}},
		{"has no node", []try{{skipped: "no node"}}, []string{"skipped no node"}},
	} {
		h, n := &heard{TB: t}, 0
		undisturbed(h, 3, func() (string, string, string) {
			n++
			one := c.tries[n-1]
			return one.failed, one.skipped, one.stood
		})
		if !slices.Equal(h.said, c.want) || n != len(c.tries) {
			t.Errorf("%s: after %d tries it is told %q, want %q after %d", c.name, n, h.said, c.want, len(c.tries))
		}
	}
}

// An attempt ends where it fails for good, says where, and gives back what it took.
func TestAttemptIsATest(t *testing.T) {
	one, given := &attempt{TB: t}, ""
	one.run(func(t testing.TB) {
		t.Cleanup(func() { given += "first" })
		t.Cleanup(func() { given += "last " })
		t.Errorf("%d", 1)
		if !t.Failed() {
			t.Error("nobody knows")
		}
		t.Fatal("for good")
		t.Error("it goes on")
	})
	one.end()
	if said := strings.Join(one.failures, ", "); strings.Count(said, "stops_test.go:") != 2 || !strings.HasSuffix(said, ": for good") || given != "last first" {
		t.Errorf("failed %q, gave back %q", said, given)
	}
}

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
		failed, skipped string
		longest         time.Duration
	}
	for _, c := range []struct {
		name  string
		tries []try
		want  []string
	}{
		{"well", []try{{}}, nil},
		{"well, and disturbed", []try{{longest: time.Minute}}, nil},
		{"failed", []try{{failed: "x"}}, []string{"failed x"}},
		{"failed after a moment", []try{{failed: "x", longest: time.Second}}, []string{"failed x"}},
		{"failed, and disturbed", []try{{failed: "x", longest: time.Minute}, {}}, []string{"again"}},
		{"failed then, too", []try{{failed: "x", longest: time.Minute}, {failed: "y"}}, []string{"again", "failed y"}},
		{"never undisturbed", []try{{"x", "", time.Minute}, {"x", "", time.Minute}, {"x", "", time.Minute}}, []string{"again", "again", "again", "NOT CHECKED"}},
		{"has no node", []try{{skipped: "no node"}}, []string{"skipped no node"}},
	} {
		h, n := &heard{TB: t}, 0
		undisturbed(h, 3, func() (string, string, time.Duration) {
			n++
			one := c.tries[n-1]
			return one.failed, one.skipped, one.longest
		}, time.Second)
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

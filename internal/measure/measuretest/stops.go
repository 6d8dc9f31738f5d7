package measuretest

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
)

// Stops are the moments in which this process wanted to run and did not: the machine stood
// still, or others had all of its CPUs. What a test says of times holds between them.
type Stops struct {
	mu      sync.Mutex
	asked   time.Time // for when the next turn was asked for
	longest time.Duration
	sum     time.Duration // of those longer than turn
}

const (
	asksEvery = 2 * time.Millisecond
	// turn is how long a scheduler may make a thread wait in the ordinary course of things.
	turn = 10 * time.Millisecond
)

// WatchStops watches until the test ends.
func WatchStops(t testing.TB) *Stops {
	stops := &Stops{asked: time.Now()}
	over, ended := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(over); <-ended })
	crash.Go(func() {
		defer close(ended)
		for {
			select {
			case <-over:
				return
			case <-time.After(asksEvery):
				stops.take(time.Now())
			}
		}
	})
	return stops
}

// take is told of each turn that the process had.
func (s *Stops) take(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count(now)
	s.asked = now.Add(asksEvery)
}

// count adds a stop that lasts until now; what is counted once begins anew.
func (s *Stops) count(now time.Time) {
	late := now.Sub(s.asked)
	if late <= turn {
		return
	}
	s.longest = max(s.longest, late)
	s.sum += late
	s.asked = now
}

// Sum is how long all stops were together that a scheduler does not make.
func (s *Stops) Sum() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count(time.Now())
	return s.sum
}

// Longest is the longest stop.
func (s *Stops) Longest() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count(time.Now())
	return s.longest
}

const (
	// tries is how often what was disturbed is tried.
	tries = 4
	// mostOfTime is how much of a test's time its stops may take in all: a machine that gives
	// it to others in many short pieces disturbs as one does that stands still once.
	mostOfTime = 0.2
)

// Undisturbed runs a test that is short beside what a machine may take from it: its figures
// hold where the machine goes on. Where it fails and a stop longer than most was seen
// meanwhile, or many that took as much of its time as no machine of its own would, it is
// run again, and after some such tries it counts as not checked; a failure without such
// stops is one.
func Undisturbed(t *testing.T, most time.Duration, test func(t testing.TB)) {
	t.Helper()
	undisturbed(t, tries, func() (failed, skipped, stood string) {
		one := &attempt{TB: t}
		began, stops := time.Now(), WatchStops(one)
		one.run(test)
		stood = stops.stood(most, time.Since(began))
		one.end()
		return strings.Join(one.failures, "\n"), one.skipped, stood
	})
}

// stood says how a machine stood still that disturbs what took so long; "": it went on.
func (s *Stops) stood(most, took time.Duration) string {
	longest, sum := s.Longest(), s.Sum()
	switch {
	case longest > most:
		return longest.String()
	case sum.Seconds() > mostOfTime*took.Seconds():
		return fmt.Sprintf("%s of %s", sum, took)
	}
	return ""
}

func undisturbed(t testing.TB, tries int, try func() (failed, skipped, stood string)) {
	t.Helper()
	failed, skipped, stood := "", "", ""
	for range tries {
		failed, skipped, stood = try()
		switch {
		case failed == "" && skipped != "":
			t.Skip(skipped)
			return
		case failed == "":
			return
		case stood == "":
			t.Error(failed)
			return
		}
		t.Logf("this machine stood still for %s, and it is tried again:\n%s", stood, failed)
	}
	t.Skipf("NOT CHECKED: this machine stood still for %s in the last of %d tries, and each failed:\n%s", stood, tries, failed)
}

// attempt is a test of which it is not known yet whether its failure counts.
type attempt struct {
	testing.TB
	mu       sync.Mutex
	failures []string
	skipped  string
	cleanups []func()
}

// run runs the test to its end, or until it fails for good.
func (a *attempt) run(test func(t testing.TB)) {
	ended := make(chan struct{})
	crash.Go(func() {
		defer close(ended)
		test(a)
	})
	<-ended
}

// end gives back what the attempt took, the last first.
func (a *attempt) end() {
	for {
		a.mu.Lock()
		n := len(a.cleanups)
		if n == 0 {
			a.mu.Unlock()
			return
		}
		last := a.cleanups[n-1]
		a.cleanups = a.cleanups[:n-1]
		a.mu.Unlock()
		last()
	}
}

func (a *attempt) fail(text string) {
	if _, file, line, ok := runtime.Caller(2); ok {
		text = fmt.Sprintf("%s:%d: %s", filepath.Base(file), line, text)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failures = append(a.failures, strings.TrimSuffix(text, "\n"))
}

func (a *attempt) skip(text string) {
	a.mu.Lock()
	a.skipped = text
	a.mu.Unlock()
	runtime.Goexit()
}

func (a *attempt) Error(args ...any)                 { a.fail(fmt.Sprintln(args...)) }
func (a *attempt) Errorf(format string, args ...any) { a.fail(fmt.Sprintf(format, args...)) }
func (a *attempt) Fail()                             { a.fail("it failed") }
func (a *attempt) FailNow()                          { a.fail("it failed"); runtime.Goexit() }
func (a *attempt) Fatal(args ...any)                 { a.fail(fmt.Sprintln(args...)); runtime.Goexit() }
func (a *attempt) Fatalf(format string, args ...any) {
	a.fail(fmt.Sprintf(format, args...))
	runtime.Goexit()
}
func (a *attempt) Skip(args ...any)                 { a.skip(fmt.Sprint(args...)) }
func (a *attempt) Skipf(format string, args ...any) { a.skip(fmt.Sprintf(format, args...)) }
func (a *attempt) SkipNow()                         { a.skip("it was skipped") }

func (a *attempt) Failed() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.failures) > 0
}

func (a *attempt) Skipped() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.skipped != ""
}

func (a *attempt) Cleanup(do func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cleanups = append(a.cleanups, do)
}

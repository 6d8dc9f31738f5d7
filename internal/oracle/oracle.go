// Package oracle says of what tests made of a file from outside whether it kept to its
// bounds: time, memory, and that nothing in it steers a terminal.
package oracle

import (
	"regexp"
	"runtime"
	"testing"
	"time"
)

const (
	mostTime   = 10 * time.Second
	mostMemory = 200 << 20 // bytes that are held beside what was there before
)

// Bounded does something with a file from outside and fails the test where it takes more
// than that may. Panics are the test's.
func Bounded(t *testing.T, do func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	do()
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if took > mostTime {
		t.Errorf("it took %s", took)
	}
	// What was taken from the system in the meantime never shrinks at once.
	if more := int64(after.HeapSys) - int64(before.HeapSys); more > mostMemory {
		t.Errorf("it took %d MB", more>>20)
	}
}

var steers = regexp.MustCompile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\u0080-\u009f]|[\u202a-\u202e\u2066-\u2069]")

// Harmless fails the test where a text would steer the terminal that shows it.
func Harmless(t *testing.T, what, text string) {
	t.Helper()
	if at := steers.FindStringIndex(text); at != nil {
		t.Errorf("%s: %q", what, text[max(0, at[0]-40):min(len(text), at[1]+40)])
	}
}

package system

import (
	"math"
	"os"
	"testing"
)

// The kernel's files are read as they come, half written and of kernels to come
// among them: nothing in them may panic, nor become a figure that can't be.
func FuzzKernelFiles(f *testing.F) {
	for _, path := range []string{"/proc/self/stat", "/proc/pressure/memory", "/proc/self/status"} {
		if text, err := os.ReadFile(path); err == nil {
			f.Add(text)
		}
	}
	f.Add([]byte("1 (a) b) c) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 9 0 10"))
	f.Add([]byte("some avg10=0.00 avg60=0.00 avg300=0.00 total=99999999999999999999999"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if stat, ok := parseStat(text); ok {
			for _, ticks := range []float64{stat.User, stat.System, stat.ChildUser, stat.ChildSystem} {
				if ticks < 0 || math.IsNaN(ticks) || math.IsInf(ticks, 0) {
					t.Errorf("%q: %g ticks", text, ticks)
				}
			}
		}
		if stall, ok := parseStall(text); ok && !(stall >= 0) {
			t.Errorf("%q: %g µs", text, stall)
		}
	})
}

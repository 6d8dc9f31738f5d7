package sample

import (
	"os"
	"testing"
)

// The kernel's counters are read as they come: nothing in the file may panic, nor become
// a figure that can't be.
func FuzzListenCounters(f *testing.F) {
	if text, err := os.ReadFile("/proc/self/net/netstat"); err == nil {
		f.Add(text)
	}
	f.Add([]byte("TcpExt: ListenOverflows ListenDrops\nTcpExt: 7"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if counters, ok := parseListenCounters(text); ok && (counters.overflows < 0 || counters.drops < 0 || counters.synRetries < 0) {
			t.Errorf("%q: %+v", text, counters)
		}
	})
}

// So is what a process shares.
func FuzzPSS(f *testing.F) {
	if text, err := os.ReadFile("/proc/self/smaps_rollup"); err == nil {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if pss, ok := parsePSS(text); ok && !(pss >= 0) {
			t.Errorf("%q: PSS %g", text, pss)
		}
	})
}

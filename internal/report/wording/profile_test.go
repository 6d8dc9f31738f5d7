package wording_test

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

// Five loops on two cores have work for ten seconds in two: that is no CPU time.
func TestTimeOfANodeProfileIsItsLoops(t *testing.T) {
	for source, want := range map[string]string{
		"node:inspector":                  "10.6 s of event-loop time in 2.9 s",
		"node:inspector, perf_event_open": "10.6 s of event-loop and CPU time in 2.9 s",
		"perf_event_open":                 "10.6 s of CPU time in 2.9 s",
	} {
		got := wording.Profile(stream.ProfileResult{Source: source, CPUS: 10.6, DurationS: 2.9, Samples: 3125, Processes: 5})
		if !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

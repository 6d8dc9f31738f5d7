package procs

import (
	"math"
	"testing"
	"time"
)

// A server may write anything to the number of the probe's pipe.
func FuzzEventLoopLines(f *testing.F) {
	for _, line := range []string{"hello 7 v20.1.0", "cluster 7 4", "loop 7 251.5 1.0001 1.25 2 3", "loop 7 1e300 0.5 1 2 3", "cluster 7 -1", "loop 7 1 NaN 1 2 3",
		"worker 8 7", "worker 8 0", "heap 7 1000 2000 3 7.5 4:100.00:6.000 1:20:1", "heap 7 1e15 1 1 1 1:1e15:1e15", "profiling 7 1", "refused 7 1 ERR_ACCESS_DENIED"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		probe := &eventLoopProbe{}
		now := time.Now()
		probe.take("hello 7 v20.1.0", now)
		probe.take(line, now)
		word := probe.since(now)
		if word.Workers < 0 {
			t.Errorf("%q: %d workers", line, word.Workers)
		}
		for _, figure := range []float64{word.Runtime.HeapUsedBytes.Value, word.Runtime.PauseCount.Value, word.Runtime.PauseSeconds.Value} {
			if !(figure >= 0) || math.IsInf(figure, 0) {
				t.Errorf("%q: %+v", line, word.Runtime)
			}
		}
		for _, loop := range word.Loops {
			for _, figure := range []float64{loop.Over.Seconds(), loop.Utilization, loop.DelayP50MS, loop.DelayP99MS, loop.DelayMaxMS} {
				if !(figure >= 0) || math.IsInf(figure, 0) {
					t.Errorf("%q: %+v", line, loop)
				}
			}
			if loop.Utilization > 1 {
				t.Errorf("%q: %+v", line, loop)
			}
		}
	})
}

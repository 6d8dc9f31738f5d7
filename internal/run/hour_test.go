package run

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// What is kept of a load does not grow with its intervals.
func TestAnHoursTallyStaysLevel(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes a second, for an hour's intervals")
	}
	workload := plan.Workload{Load: traffic.Load{Model: traffic.Rate, Rate: 1000, Connections: 16, Duration: 2 * time.Hour}}
	tally := newTally(frameworks.Contender{}, Plan{Workload: workload}, 2)
	random := rand.New(rand.NewPCG(1, 1))
	var some [64]measure.Histogram
	for i := range some {
		times := measure.NewRecorder()
		for range 100 { // below 2 ms, where every µs is a bucket
			times.Record(min(2000, int64(400*math.Exp(0.3*random.NormFloat64()))))
		}
		some[i] = times.Export()
	}
	held := func() int {
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		return int(memory.HeapAlloc)
	}
	const intervals = 36_000 // an hour's
	early := 0
	for i := range intervals {
		if i == intervals/4 {
			early = held()
		}
		from := time.Duration(i) * measure.DefaultInterval
		tally.load(measure.Measures{From: from, To: from + measure.DefaultInterval, Sent: 100, OK: 100, Active: from + measure.DefaultInterval, ResponseOK: some[i%len(some)]})
		if i%3 == 0 {
			tally.process(stream.PhaseLoad, measure.Sample{Over: measure.SampleInterval, CPUPercentOfCore: figure.Of(40 + random.Float64()), RSSBytes: figure.Of(5e7)})
		}
	}
	if grown := held() - early; grown > 200_000 {
		t.Errorf("it grew by %d kB in three quarters of an hour", grown/1000)
	}
	if tally.replies() != 100*intervals {
		t.Errorf("%d replies are told", tally.replies())
	}
	runtime.KeepAlive(tally)
}

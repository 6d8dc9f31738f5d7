package tui

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// heap is what is reachable, in bytes.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // what finalizers freed
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// TestMemoryIsSteadyOverAnHour gives the model an hour of one load, as a recording
// would: twice a second a sample, a reading of the server, its event loop and its
// log; and looks at the heap when the rings are full and at the end.
func TestMemoryIsSteadyOverAnHour(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	const full, hour, every, grown = 15 * time.Minute, time.Hour, 500 * time.Millisecond, 64 << 10
	b := newBench(t, nil, 160, 45)
	b.begin()
	b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 100*time.Millisecond))...)
	s := &tuitest.Writer{Random: rand.New(rand.NewPCG(3, 4))}
	var samples []stream.LoadSample
	for i := range 16 {
		samples = append(samples, s.Sample(0, tuitest.Load{Ok: 20, Ko: 2, OkMS: 5 + float64(i), KoMS: 1}))
	}
	began := b.model.state.Now.LoadAt
	before := int64(0)
	for into := time.Duration(0); into < hour; into += every {
		if into == full {
			before = heap()
		}
		fold := func(body stream.Body) {
			b.model.state.Fold(stream.Event{At: began + into, Contender: "expressjs", Body: body})
		}
		sample := samples[int(into/every)%len(samples)]
		sample.Measures.From, sample.Measures.To = into, into+every
		fold(sample)
		fold(stream.ProcessSample{Phase: stream.PhaseLoad, Into: into, Sample: measure.Sample{CPUPercentOfCore: figure.Of(50), RSSBytes: figure.Of(1e8)}})
		fold(tuitest.ExpressLoopAt(min(into, 6*time.Second)))
		fold(stream.LogLine{Line: fmt.Sprintf("GET /hello 200 after %s", into)})
		if into%time.Minute == 0 {
			fold(stream.FindingChanged{Finding: diagnosis.Finding(tuitest.CachedRefused(into))})
		}
		if into%(10*time.Second) == 0 {
			b.keys("left")
			b.model.draw()
		}
	}
	after := heap()
	t.Logf("heap after %s %d kB, after %s %d kB", full, before/1000, hour, after/1000)
	if after-before > grown {
		t.Errorf("the heap grew by %d kB from minute 15 to 60", (after-before)/1000)
	}
	runtime.KeepAlive(b)
}

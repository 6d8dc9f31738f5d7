package view

import (
	"math"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

func TestFoldPutsPausesWhereTheyBegan(t *testing.T) {
	told := measure.Runtime{
		Over: 500 * time.Millisecond, Processes: 2, PauseSeconds: figure.Of(0.1), HeapUsedBytes: figure.Of(30e6),
		Pauses: []measure.Pause{{Ago: 400 * time.Millisecond, Duration: 25 * time.Millisecond}},
	}
	m := underLoad(at(5*time.Second, stream.RuntimeSample{Phase: stream.PhaseLoad, Into: time.Second, Runtime: told})).Now
	pause, _ := m.Runtime.Pauses.Last()
	if got := m.Seconds(pause.At); math.Abs(got-0.6) > 1e-9 || pause.MS != 25 {
		t.Errorf("the pause began at %v s and took %v ms", got, pause.MS)
	}
	last, _ := m.Runtime.Points.Last()
	if share, ok := m.Runtime.PausedOver(1, last.At); !ok || math.Abs(share-0.1) > 1e-9 {
		t.Errorf("paused for %v of the time (%v), want 0.1 of each of two processes'", share, ok)
	}
	if last.Heap.Value != 30 || last.HeapLimit.Known || last.Compiling.Known {
		t.Errorf("got %+v", last)
	}
	queued := underLoad(at(5*time.Second, stream.RuntimeSample{Phase: stream.PhaseLoad, Into: time.Second, Runtime: measure.Runtime{Over: time.Second, RunQueue: figure.Of(12), Untold: []measure.Untold{{Name: "Go"}}}})).Now
	if waiting, ok := queued.Runtime.RunQueueOver(1, 5); !ok || waiting != 12 || len(queued.Runtime.Untold) != 1 {
		t.Errorf("%v wait (%v), and what is not told of pauses is %+v", waiting, ok, queued.Runtime.Untold)
	}
	if _, ok := queued.Runtime.PausedOver(1, 5); ok {
		t.Error("pauses that are not told are a share of 0")
	}
	if _, ok := m.Runtime.RunQueueOver(1, last.At); ok {
		t.Error("a run queue that is not told is one of 0")
	}
	silent := underLoad(at(5*time.Second, stream.RuntimeSample{Phase: stream.PhaseLoad, Into: time.Second, Runtime: measure.Runtime{Lacks: []string{"no"}}})).Now
	if _, ok := silent.Runtime.PausedOver(1, 5); ok || len(silent.Runtime.Lacks) != 1 {
		t.Error("what is not told is a share of 0")
	}
	untold := []measure.Untold{{Name: "Python"}}
	python := underLoad(at(5*time.Second, stream.RuntimeSample{Phase: stream.PhaseLoad, Into: time.Second, Runtime: measure.Runtime{Untold: untold}})).Now
	if _, ok := python.Runtime.PausedOver(1, 5); ok || python.Runtime.Points.Len() != 0 || len(python.Runtime.Untold) != 1 {
		t.Errorf("one that never tells is %+v", python.Runtime)
	}
}

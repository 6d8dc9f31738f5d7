package report_test

import (
	"math"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/report/recorded"
	"github.com/benchtui/benchtui/internal/stream"
)

func TestAnHourOfLoadTakesNoMoreRoomThanAMinute(t *testing.T) {
	const intervals = 36000
	var timelines report.Timelines
	at := time.Duration(0)
	emit := func(body stream.Body) {
		timelines.Fold(stream.Event{At: at, Contender: "x", Body: body})
	}
	emit(stream.ContenderStarted{})
	emit(stream.PhaseChanged{Phase: stream.PhaseLoad})
	for i := range intervals {
		from := time.Duration(i) * 100 * time.Millisecond
		at = from + 100*time.Millisecond
		emit(stream.LoadSample{Measures: measure.Measures{From: from, To: at, OK: 10, KO: 1, ResponseOK: recorded.Histogram(10, 512)}})
		if i%2 == 0 {
			emit(stream.ProcessSample{Phase: stream.PhaseLoad, Into: at, Sample: measure.Sample{Over: 200 * time.Millisecond, CPUPercentOfCore: figure.Of(50)}})
		}
	}
	const mostBins = 720
	timeline := timelines.All[0]
	if n := len(timeline.Bins); n > mostBins || n < mostBins/2 {
		t.Errorf("%d bins, want %d to %d", n, mostBins/2, mostBins)
	}
	if n := len(timeline.Process); n > 2*mostBins || n < mostBins {
		t.Errorf("%d readings", n)
	}
	var replies, failed, counted uint64
	end := 0.0
	for _, bin := range timeline.Bins {
		if math.Abs(bin.From-end) > 1e-6 {
			t.Fatalf("a bin begins at %v s, the one before ends at %v s", bin.From, end)
		}
		end = bin.To
		replies, failed, counted = replies+bin.Replies, failed+bin.Failed, counted+bin.OK.Count()
	}
	if replies != 11*intervals || failed != intervals || counted != 10*intervals || math.Abs(end-3600) > 1e-6 {
		t.Errorf("%d replies, %d failed, %d counted, to %v s", replies, failed, counted, end)
	}
	if timeline.Response.Count() != 10*intervals {
		t.Errorf("%d in all", timeline.Response.Count())
	}
	for _, reading := range timeline.Process {
		if math.Abs(reading.CPU.Value-50) > 1e-9 {
			t.Fatalf("a mean of 50 and 50 is %v", reading.CPU.Value)
		}
	}
}

func TestAWarmUpLiesBeforeTheLoad(t *testing.T) {
	var timelines report.Timelines
	emit := func(at time.Duration, body stream.Body) {
		timelines.Fold(stream.Event{At: at, Contender: "x", Body: body})
	}
	emit(time.Second, stream.ContenderStarted{})
	emit(2*time.Second, stream.PhaseChanged{Phase: stream.PhaseWarmup})
	emit(3*time.Second, stream.LoadSample{Warmup: true, Measures: measure.Measures{To: time.Second, OK: 1}})
	emit(3*time.Second, stream.ProcessSample{Phase: stream.PhaseWarmup, Into: time.Second})
	emit(5*time.Second, stream.PhaseChanged{Phase: stream.PhaseLoad})
	emit(6*time.Second, stream.LoadSample{Measures: measure.Measures{To: time.Second, OK: 2}})
	emit(6*time.Second, stream.ProcessSample{Phase: stream.PhaseLoad, Into: time.Second})
	timeline := timelines.All[0]
	if bins := timeline.Bins; len(bins) != 2 || bins[0].From != -3 || bins[0].To != -2 || !bins[0].Warmup || bins[1].From != 0 || bins[1].Replies != 2 {
		t.Errorf("bins %+v", bins)
	}
	if p := timeline.Process; p[0].At != -2 || p[1].At != 1 {
		t.Errorf("readings at %v and %v s", p[0].At, p[1].At)
	}
}

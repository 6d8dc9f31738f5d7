package report

import (
	"math"
	"testing"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/session"
	"github.com/benchtui/benchtui/procs"
)

func TestAnHourOfLoadTakesNoMoreRoomThanAMinute(t *testing.T) {
	const intervals = 36000
	var timelines Timelines
	at := time.Duration(0)
	emit := func(body session.Body) {
		timelines.Fold(session.Event{At: at, Contender: "x", Body: body})
	}
	emit(session.ContenderStarted{})
	emit(session.PhaseChanged{Phase: session.PhaseLoad})
	for i := range intervals {
		from := time.Duration(i) * 100 * time.Millisecond
		at = from + 100*time.Millisecond
		emit(session.LoadSample{Measures: engine.Measures{From: from, To: at, OK: 10, KO: 1, ResponseOK: histogram(10, 512)}})
		if i%2 == 0 {
			emit(session.ProcessSample{Phase: session.PhaseLoad, Into: at, Sample: procs.Sample{Over: 200 * time.Millisecond, CPUPercentOfCore: figure.Of(50)}})
		}
	}
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
	var timelines Timelines
	emit := func(at time.Duration, body session.Body) {
		timelines.Fold(session.Event{At: at, Contender: "x", Body: body})
	}
	emit(time.Second, session.ContenderStarted{})
	emit(2*time.Second, session.PhaseChanged{Phase: session.PhaseWarmup})
	emit(3*time.Second, session.LoadSample{Warmup: true, Measures: engine.Measures{To: time.Second, OK: 1}})
	emit(3*time.Second, session.ProcessSample{Phase: session.PhaseWarmup, Into: time.Second})
	emit(5*time.Second, session.PhaseChanged{Phase: session.PhaseLoad})
	emit(6*time.Second, session.LoadSample{Measures: engine.Measures{To: time.Second, OK: 2}})
	emit(6*time.Second, session.ProcessSample{Phase: session.PhaseLoad, Into: time.Second})
	timeline := timelines.All[0]
	if bins := timeline.Bins; len(bins) != 2 || bins[0].From != -3 || bins[0].To != -2 || !bins[0].Warmup || bins[1].From != 0 || bins[1].Replies != 2 {
		t.Errorf("bins %+v", bins)
	}
	if p := timeline.Process; p[0].At != -2 || p[1].At != 1 {
		t.Errorf("readings at %v and %v s", p[0].At, p[1].At)
	}
}

func TestScalesCoverWhatTheyShow(t *testing.T) {
	for _, of := range [][2]float64{{0.05, 0.05}, {0.012, 2.7}, {0.1, 60_000}, {3, 4}, {0, 10}, {99.9, 100.1}} {
		s := logScale(of[0], of[1], msLabel).placed(0, 100)
		if s.min > of[0] && of[0] > 0 || s.max < of[1] || len(s.ticks) < 2 || len(s.ticks) > 9 {
			t.Errorf("%v: %v to %v with %d ticks", of, s.min, s.max, len(s.ticks))
		}
		for _, value := range of {
			if at := s.at(value); math.IsNaN(at) || at < 0 || at > 100 {
				t.Errorf("%v: %v is at %v", of, value, at)
			}
		}
	}
	for _, high := range []float64{0, 0.3, 1, 99, 105, 6400, 1e6} {
		if s := linearScale(high, shortLabel); s.max < high || len(s.ticks) < 3 || len(s.ticks) > 7 {
			t.Errorf("%v: to %v with %d ticks", high, s.max, len(s.ticks))
		}
	}
	for _, of := range [][2]float64{{0, 5}, {-3, 5}, {0, 0.2}, {0, 3600}, {-3, 61}} {
		s := timeScale(of[0], of[1])
		if len(s.ticks) < 3 || len(s.ticks) > 10 {
			t.Errorf("%v: %d ticks", of, len(s.ticks))
		}
		for _, tick := range s.ticks {
			if tick.label == "-0 s" {
				t.Errorf("%v: a label %q", of, tick.label)
			}
		}
	}
}

func TestTheEndOfALoadMakesNoSpike(t *testing.T) {
	bins := []Bin{{From: 0, To: 1, Replies: 100, Generator: 0.1}, {From: 1, To: 2, Replies: 100, Generator: 0.1}, {From: 2, To: 2.001, Replies: 5, Generator: 0.01}}
	merged := withoutStub(bins)
	if len(merged) != 2 || merged[1].To != 2.001 || merged[1].Replies != 105 {
		t.Errorf("%+v", merged)
	}
	bins[1].Warmup = true
	if len(withoutStub(bins)) != 3 || len(withoutStub(bins[:1])) != 1 {
		t.Error("a load's first bin went into the warm-up")
	}
}

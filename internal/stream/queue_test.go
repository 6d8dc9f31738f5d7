package stream

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/measure"
)

func loadSample(i int, contender string) Event {
	from := time.Duration(i) * 100 * time.Millisecond
	return Event{At: from, Contender: contender, Body: LoadSample{
		GeneratorCPUPercentOfCore: float64(i % 2 * 100),
		Measures: measure.Measures{
			From: from, To: from + 100*time.Millisecond, Sent: 10, OK: 9, KO: 1,
			ResponseOK: measure.Histogram{Values: []int64{100 + int64(i%7)}, Counts: []uint64{9}},
		},
	}}
}

func TestQueueDeliversInOrderBelowItsLimit(t *testing.T) {
	q := NewQueue(10)
	for i := range 10 {
		q.Emit(Event{Seq: uint64(i + 1), Body: LogLine{Line: fmt.Sprint(i)}})
	}
	events, open := q.Take()
	if !open || len(events) != 10 || events[0].Seq != 1 || events[9].Seq != 10 {
		t.Errorf("got %v, open %v; want all ten in order", events, open)
	}
	if events, open = q.Take(); len(events) != 0 || !open {
		t.Errorf("a second Take got %v, open %v; want nothing, open", events, open)
	}
	q.Close()
	if _, open = q.Take(); open {
		t.Error("the queue is open after Close")
	}
}

func TestQueueLosesNoRequestWhenItMergesLoadSamples(t *testing.T) {
	q := NewQueue(20)
	const n = 1000
	for i := range n {
		q.Emit(loadSample(i, "golang"))
		if i%3 == 0 {
			q.Emit(Event{Contender: "golang", Body: ProcessSample{Into: time.Duration(i)}})
		}
	}
	events, _ := q.Take()
	if len(events) > 21 {
		t.Errorf("%d events wait above the limit of 20", len(events))
	}
	var sent, counted uint64
	until := time.Duration(0)
	for _, event := range events {
		sample, ok := event.Body.(LoadSample)
		if !ok {
			continue
		}
		sent += sample.Measures.Sent
		counted += sample.Measures.ResponseOK.Count()
		if sample.Measures.From != until {
			t.Errorf("a sample begins at %v where the one before ended at %v", sample.Measures.From, until)
		}
		until = sample.Measures.To
	}
	if sent != 10*n || counted != 9*n || until != n*100*time.Millisecond {
		t.Errorf("sent %d, in histograms %d, until %v; want %d, %d, %v", sent, counted, until, 10*n, 9*n, n*100*time.Millisecond)
	}
}

func TestQueueWeighsGeneratorCPUByTime(t *testing.T) {
	merged := mergeSamples(
		LoadSample{GeneratorCPUPercentOfCore: 10, Measures: measure.Measures{From: 0, To: 3 * time.Second}},
		LoadSample{GeneratorCPUPercentOfCore: 50, Measures: measure.Measures{From: 3 * time.Second, To: 4 * time.Second}},
	)
	if got := merged.GeneratorCPUPercentOfCore; got != 20 {
		t.Errorf("got %v %%, want 20", got)
	}
}

func TestQueueKeepsPhasesFindingsAndResultsInOrder(t *testing.T) {
	q := NewQueue(4)
	var kept []uint64
	for i := range 400 {
		event := loadSample(i, "golang")
		switch {
		case i%50 == 0:
			event = Event{Contender: "golang", Body: PhaseChanged{Phase: PhaseLoad}}
		case i%50 == 20:
			event = Event{Contender: "golang", Body: FindingChanged{Finding: diagnosis.Finding{ID: "x"}}}
		case i%50 == 40:
			event = Event{Contender: "golang", Body: ContenderDone{}}
		case i%3 == 0:
			event = Event{Contender: "golang", Body: LogLine{Line: "line"}}
		}
		event.Seq = uint64(i + 1)
		if !isLoose(event) {
			kept = append(kept, event.Seq)
		}
		q.Emit(event)
	}
	events, _ := q.Take()
	var got []uint64
	last := uint64(0)
	for _, event := range events {
		if event.Seq <= last {
			t.Fatalf("event %d comes after %d", event.Seq, last)
		}
		last = event.Seq
		if !isLoose(event) {
			got = append(got, event.Seq)
		}
	}
	if !slices.Equal(got, kept) {
		t.Errorf("got %v, want %v", got, kept)
	}
	// A sample that was merged across a phase would tell of two phases at once.
	from := time.Duration(-1)
	for _, event := range events {
		switch body := event.Body.(type) {
		case LoadSample:
			if body.Measures.From <= from {
				t.Errorf("a sample from %v stands behind what came at %v", body.Measures.From, from)
			}
		case PhaseChanged:
			from = time.Duration(event.Seq-1) * 100 * time.Millisecond
		}
	}
}

func TestQueueDoesNotMergeAcrossContendersOrWarmup(t *testing.T) {
	a, b := loadSample(1, "golang"), loadSample(2, "expressjs")
	if got := mergePairs([]Event{a, b}); len(got) != 2 {
		t.Errorf("samples of two contenders became %d", len(got))
	}
	warm := loadSample(1, "golang")
	sample := warm.Body.(LoadSample)
	sample.Warmup = true
	warm.Body = sample
	if got := mergePairs([]Event{warm, loadSample(2, "golang")}); len(got) != 2 {
		t.Errorf("a warm-up's and a load's sample became %d", len(got))
	}
}

func TestQueueKeepsTheNewestLines(t *testing.T) {
	q := NewQueue(10)
	for i := range 100 {
		q.Emit(Event{Seq: uint64(i + 1), Body: BuildOutput{Line: fmt.Sprint(i)}})
	}
	events, _ := q.Take()
	if len(events) < 5 || len(events) > 10 {
		t.Errorf("%d lines wait; want between half the limit and the limit", len(events))
	}
	if newest := events[len(events)-1].Seq; newest != 100 {
		t.Errorf("the newest line is %d, want 100", newest)
	}
}

func TestQueueTellsThatSomethingWaits(t *testing.T) {
	q := NewQueue(10)
	select {
	case <-q.Ready():
		t.Fatal("an empty queue is ready")
	default:
	}
	var emitters sync.WaitGroup
	for range 4 {
		emitters.Go(func() {
			for i := range 500 {
				q.Emit(loadSample(i, "golang"))
			}
		})
	}
	go func() {
		emitters.Wait()
		q.Close()
	}()
	var sent uint64
	for open := true; open; {
		<-q.Ready()
		var events []Event
		events, open = q.Take()
		for _, event := range events {
			sent += event.Body.(LoadSample).Measures.Sent
		}
	}
	if sent != 4*500*10 {
		t.Errorf("%d requests arrived, want %d", sent, 4*500*10)
	}
}

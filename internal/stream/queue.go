package stream

import (
	"slices"
	"sync"
)

// Sink consumes a run's events. It is called in order, one event at a time, and
// must not wait: what may be slow reads from a Queue.
type Sink func(Event)

// Queue is a bounded mailbox between a run and a consumer that may be slow, such
// as a screen. Emit never waits. When more than its limit of samples wait, load
// samples that follow each other are merged and older process samples, log and
// build lines are dropped; phases, findings and results always arrive, in order.
type Queue struct {
	mu     sync.Mutex
	events []Event
	limit  int
	loose  int // events that may be merged or dropped
	thinAt int // how many loose events it takes to thin them out
	ready  chan struct{}
	closed bool
	over   chan struct{} // closed with the queue
}

// NewQueue makes a queue that starts to merge above limit waiting events.
func NewQueue(limit int) *Queue {
	return &Queue{limit: limit, thinAt: limit, ready: make(chan struct{}, 1), over: make(chan struct{})}
}

// Emit puts an event in.
func (q *Queue) Emit(event Event) {
	q.mu.Lock()
	q.events = append(q.events, event)
	if isLoose(event) {
		q.loose++
		if q.loose > q.thinAt {
			q.thin()
		}
	}
	q.mu.Unlock()
	q.signal()
}

// Close says that no more events come.
func (q *Queue) Close() {
	q.mu.Lock()
	if !q.closed {
		q.closed = true
		close(q.over)
	}
	q.mu.Unlock()
	q.signal()
}

// Ready delivers a value when there is something to Take, or the queue was closed.
func (q *Queue) Ready() <-chan struct{} { return q.ready }

// Closed is closed when no more events come; some may wait to be taken.
func (q *Queue) Closed() <-chan struct{} { return q.over }

// Take returns all that waits; open is false when nothing will come any more.
func (q *Queue) Take() (events []Event, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	events, q.events = q.events, nil
	q.loose, q.thinAt = 0, q.limit
	return events, !q.closed
}

func (q *Queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// thin halves what may be lost: load samples are merged in pairs, so that no
// request is missing from the sums, and of process samples and lines the newer
// half stays.
func (q *Queue) thin() {
	kept := q.keepNewerHalf()
	q.events = mergePairs(kept)
	q.loose = 0
	for _, event := range q.events {
		if isLoose(event) {
			q.loose++
		}
	}
	// Samples with phases or findings between them do not merge. Waiting for some
	// more before the next attempt keeps such a queue from thinning at every event.
	q.thinAt = max(q.limit, q.loose+q.limit/4)
}

func (q *Queue) keepNewerHalf() []Event {
	droppable := 0
	for _, event := range q.events {
		if isDroppable(event) {
			droppable++
		}
	}
	drop := droppable / 2
	return slices.DeleteFunc(q.events, func(event Event) bool {
		if drop > 0 && isDroppable(event) {
			drop--
			return true
		}
		return false
	})
}

// mergePairs merges load samples of the same load two by two. The merged one
// stands where the later stood. What may be dropped may stand between them; phases,
// findings and results may not, for they would then tell of what came before.
func mergePairs(events []Event) []Event {
	merged := events[:0]
	pending := -1 // the index in merged of a load sample that waits for its second
	for _, event := range events {
		later, ok := event.Body.(LoadSample)
		switch {
		case !ok && !isDroppable(event):
			pending = -1
		case ok && pending >= 0:
			first := merged[pending]
			earlier := first.Body.(LoadSample)
			if first.Contender == event.Contender && earlier.Warmup == later.Warmup && earlier.Aside == later.Aside {
				event.Body = mergeSamples(earlier, later)
				merged = append(merged[:pending], merged[pending+1:]...)
				pending = -1
				break
			}
			pending = len(merged)
		case ok:
			pending = len(merged)
		}
		merged = append(merged, event)
	}
	clear(events[len(merged):]) // lets go of the histograms
	return merged
}

func mergeSamples(earlier, later LoadSample) LoadSample {
	a := (earlier.Measures.To - earlier.Measures.From).Seconds()
	b := (later.Measures.To - later.Measures.From).Seconds()
	merged := later
	merged.Measures = earlier.Measures.Merge(later.Measures)
	if a+b > 0 {
		merged.GeneratorCPUPercentOfCore = (earlier.GeneratorCPUPercentOfCore*a + later.GeneratorCPUPercentOfCore*b) / (a + b)
	}
	return merged
}

// isLoose says that an event may be merged or dropped.
func isLoose(event Event) bool {
	_, load := event.Body.(LoadSample)
	return load || isDroppable(event)
}

func isDroppable(event Event) bool {
	switch event.Body.(type) {
	case ProcessSample, EventLoopSample, RuntimeSample, LogLine, BuildOutput:
		return true
	}
	return false
}

package session

import "sync"

// Queue is a bounded mailbox between a run and a consumer that may be slow, such
// as a screen. Emit never waits. When more than its limit of samples wait, load
// samples that follow each other are merged and older process samples, log and
// build lines are dropped; phases, findings and results always arrive, in order.
type Queue struct {
	mu     sync.Mutex
	events []Event
	limit  int
	ready  chan struct{}
	closed bool
}

// NewQueue makes a queue that starts to merge above limit waiting events.
func NewQueue(limit int) *Queue {
	return &Queue{limit: limit, ready: make(chan struct{}, 1)}
}

// Emit puts an event in.
func (q *Queue) Emit(event Event) {
	q.mu.Lock()
	q.events = append(q.events, event)
	q.mu.Unlock()
	q.signal()
}

// Close says that no more events come.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.signal()
}

// Ready delivers a value when there is something to Take, or the queue was closed.
func (q *Queue) Ready() <-chan struct{} { return q.ready }

// Take returns all that waits; open is false when nothing will come any more.
func (q *Queue) Take() (events []Event, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	events, q.events = q.events, nil
	return events, !q.closed
}

func (q *Queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

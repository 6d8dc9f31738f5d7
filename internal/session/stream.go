package session

import (
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/foreign"
)

// Sink consumes a run's events. It is called in order, one event at a time, and
// must not wait: what may be slow reads from a Queue.
type Sink func(Event)

// emitter orders what the parts of a run tell at the same time.
type emitter struct {
	mu    sync.Mutex
	seq   uint64
	began time.Time
	now   func() time.Time
	sinks []Sink
	ended bool // RunDone was told, and nothing comes after it
}

func newEmitter(now func() time.Time, sinks []Sink) *emitter {
	return &emitter{began: now(), now: now, sinks: sinks}
}

// emit tells what happened. Here all that servers, tools and files say enters what is
// shown and kept, and here it is made harmless.
func (s *emitter) emit(contender string, body Body) {
	body = foreign.Value(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	_, s.ended = body.(RunDone)
	s.seq++
	event := Event{Seq: s.seq, At: s.now().Sub(s.began), Contender: contender, Body: body}
	for _, sink := range s.sinks {
		sink(event)
	}
}

package run

import (
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// emitter orders what the parts of a run tell at the same time.
type emitter struct {
	mu    sync.Mutex
	seq   uint64
	began time.Time
	now   func() time.Time
	sinks []stream.Sink
	ended bool // RunDone was told, and nothing comes after it
}

func newEmitter(now func() time.Time, sinks []stream.Sink) *emitter {
	return &emitter{began: now(), now: now, sinks: sinks}
}

// emit tells what happened. Here all that servers, tools and files say enters what is
// shown and kept, and here it is made harmless.
func (s *emitter) emit(contender string, body stream.Body) {
	body = foreign.Value(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	_, s.ended = body.(stream.RunDone)
	s.seq++
	event := stream.Event{Seq: s.seq, At: s.now().Sub(s.began), Contender: contender, Body: body}
	for _, sink := range s.sinks {
		sink(event)
	}
}

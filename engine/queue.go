package engine

import (
	"math"
	"sync/atomic"
	"time"
)

// queue is what the loops of an open load share: one order in which requests become
// due, of which whoever has a connection free takes the next, wherever it is. So
// that no request is waited for by nobody, and none by every loop, each request has
// a loop at home, which waits for it to become due while it has a connection free;
// once it has none, another that has stands in for it.
type queue struct {
	count   uint64        // requests, or users that arrive
	taken   atomic.Uint64 // of these, those that have a connection; the next is the one of this number
	watches []watch       // by loop
	slots   uint64        // request k is at home in slot k modulo slots, and that in the loop of its number modulo the loops
}

// watch is the request that a loop waits for: it wakes when that one becomes due, or
// before. A cache line each, for all loops read them.
type watch struct {
	request atomic.Uint64
	since   atomic.Int64 // when the loop last had no connection free: ns since the load began
	_       [48]byte
}

// nothing is what a loop watches that has no connection free.
const nothing = math.MaxUint64

// share makes the queue that of so many loops, with so many connections in all.
func (q *queue) share(loops, slots int) {
	q.slots = uint64(max(loops, slots))
	q.watches = make([]watch, loops)
	for i := range q.watches {
		q.watches[i].request.Store(nothing)
	}
}

// watch says which request loop i is to wait for; nothing if it has no connection
// free, or need not. wake is another loop that must be woken, to stand in; -1: none.
//
// Every loop calls it after it has taken requests and before it sleeps. It first
// says what it waits for itself, then looks whether anybody waits for the next: of
// two loops that do so at once, at least one sees the other's word.
func (q *queue) watch(i int, free bool) (request uint64, wake int) {
	if len(q.watches) == 1 {
		if !free {
			return nothing, -1
		}
		return q.taken.Load(), -1
	}
	request = nothing
	if free {
		request = q.atHome(i, q.taken.Load())
	}
	q.watches[i].set(request)
	next := q.taken.Load()
	if request <= next {
		return request, -1
	}
	other := -1
	for n, at := 0, q.home(next); n < len(q.watches); n, at = n+1, at+1 {
		if at == len(q.watches) {
			at = 0
		}
		switch watched := q.watches[at].request.Load(); {
		case watched <= next:
			return request, -1
		case watched != nothing && other < 0 && at != i:
			other = at
		}
	}
	if free {
		q.watches[i].set(next)
		return next, -1
	}
	return request, other
}

// set avoids a write that changes nothing: it would cost the other loops their copy.
func (w *watch) set(request uint64) {
	if w.request.Load() != request {
		w.request.Store(request)
	}
}

// home is the loop in which a request is at home.
func (q *queue) home(request uint64) int {
	return int(request % q.slots % uint64(len(q.watches)))
}

// atHome is the first request, from the given one on, that is at home in loop i.
func (q *queue) atHome(i int, from uint64) uint64 {
	loops := uint64(len(q.watches))
	slot := from % q.slots
	own := slot + (uint64(i)+loops-slot%loops)%loops
	if own >= q.slots {
		own = q.slots + uint64(i) // the first of the next round
	}
	return from - slot + own
}

// freeSince is since when another loop than i has had a connection free; never if none
// has.
func (q *queue) freeSince(i int) time.Duration {
	since := never
	for at := range q.watches {
		if w := &q.watches[at]; at != i && w.request.Load() != nothing {
			since = min(since, time.Duration(w.since.Load()))
		}
	}
	return since
}

package engine

import (
	"sync"
	"time"
)

// shard is where some of the connections record what they measure, so that they
// do not wait for each other. The collector swaps its contents at each interval.
type shard struct {
	mu       sync.Mutex
	now      *tally
	spare    *tally
	standing standing
	spent    activityTimes
}

// standing is what does not begin anew with each interval.
type standing struct {
	inFlight, connections, connecting, awaitingFirst int
}

// tally is what one shard measured in one interval.
type tally struct {
	sent, ok, ko, retried, reconnects, unanswered, overlong, endedAtReading uint64
	received, written                                                       uint64

	responseOK, responseKO, service, connect, firstReply, lateness *recorder
	readLateness, responseRead, serviceRead                        *recorder
	servedAtClose                                                  *recorder // requests, not µs

	failures map[causeKey]*Failure
}

func newTally() *tally {
	return &tally{
		responseOK: newRecorder(), responseKO: newRecorder(), service: newRecorder(),
		connect: newRecorder(), firstReply: newRecorder(), lateness: newRecorder(),
		readLateness: newRecorder(), responseRead: newRecorder(), serviceRead: newRecorder(),
		servedAtClose: newRecorder(),
		failures:      map[causeKey]*Failure{},
	}
}

func newShard() *shard { return &shard{now: newTally(), spare: newTally()} }

// reset empties the tally.
func (t *tally) reset() {
	for _, h := range []*recorder{t.responseOK, t.responseKO, t.service, t.connect, t.firstReply, t.lateness,
		t.readLateness, t.responseRead, t.serviceRead, t.servedAtClose} {
		h.reset()
	}
	clear(t.failures)
	*t = tally{
		responseOK: t.responseOK, responseKO: t.responseKO, service: t.service,
		connect: t.connect, firstReply: t.firstReply, lateness: t.lateness,
		readLateness: t.readLateness, responseRead: t.responseRead, serviceRead: t.serviceRead,
		servedAtClose: t.servedAtClose,
		failures:      t.failures,
	}
}

// record puts a time into a histogram, to the next µs; above 60 s it counts as 60 s.
func (t *tally) record(r *recorder, d time.Duration) {
	us := int64((d + time.Microsecond/2) / time.Microsecond)
	if us < lowestUS {
		us = lowestUS
	}
	if us > highestUS {
		us = highestUS
		t.overlong++
	}
	r.record(us)
}

// replyEnd is when a whole reply ended, and when it was read.
type replyEnd struct {
	at, read  time.Duration // since the load began; at: its arrival, or its reading
	byArrival bool
}

// ended records how far the reading of a whole reply was behind its arrival, in a
// load whose replies end at that; ok says whether the reply counts as OK.
func (t *tally) ended(end replyEnd, intended, sent time.Duration, ok bool) {
	if !end.byArrival {
		t.endedAtReading++
	} else {
		t.readLateness.recordTime(end.read - end.at)
	}
	if ok {
		t.responseRead.recordTime(end.read - intended)
	}
	t.serviceRead.recordTime(end.read - sent)
}

// servedUntilClose records how many replies a connection brought until the server
// closed it.
func (t *tally) servedUntilClose(served int64) {
	t.servedAtClose.record(min(max(served, lowestUS), highestUS))
}

// The methods below are the hot path: they neither allocate nor wait, but for a
// lock that only the collector contends, ten times a second.

func (s *shard) dialing(doing *activity, at time.Duration) {
	s.mu.Lock()
	s.spent.turn(doing, connecting, at)
	s.standing.connecting++
	s.mu.Unlock()
}

func (s *shard) dialled(doing *activity, at, took time.Duration, ok bool) {
	s.mu.Lock()
	s.spent.turn(doing, held, at)
	s.standing.connecting--
	if ok {
		s.standing.connections++
		s.now.record(s.now.connect, took)
	}
	s.mu.Unlock()
}

// closed tells of the end of a connection; answered says whether it ever got a reply.
func (s *shard) closed(answered bool) {
	s.mu.Lock()
	s.standing.connections--
	if !answered {
		s.now.unanswered++
	}
	s.mu.Unlock()
}

// sending tells that a request goes out; late is the generator's own lateness,
// below 0 if it is not to be recorded.
func (s *shard) sending(doing *activity, at time.Duration, again, first bool, late time.Duration) {
	s.mu.Lock()
	s.spent.turn(doing, waiting, at)
	if again {
		s.now.retried++
	} else {
		s.now.sent++
	}
	if late >= 0 {
		s.now.record(s.now.lateness, late)
	}
	s.standing.awaiting(1, first)
	s.mu.Unlock()
}

// unsent tells that a request that went out has neither failed nor got a reply.
func (s *shard) unsent(doing *activity, at time.Duration, first bool) {
	s.mu.Lock()
	s.spent.turn(doing, held, at)
	s.standing.awaiting(-1, first)
	s.mu.Unlock()
}

// awaiting moves the gauges of requests in flight; first is a connection's first request.
func (s *standing) awaiting(by int, first bool) {
	s.inFlight += by
	if first {
		s.awaitingFirst += by
	}
}

// turn tells that a connection does something else since a moment.
func (s *shard) turn(doing *activity, to activity, at time.Duration) {
	s.mu.Lock()
	s.spent.turn(doing, to, at)
	s.mu.Unlock()
}

// since tells the same of a moment that was found out only now.
func (s *shard) since(doing *activity, to activity, at time.Duration) {
	s.mu.Lock()
	s.spent.since(doing, to, at)
	s.mu.Unlock()
}

func (s *shard) late(by time.Duration) {
	s.mu.Lock()
	s.now.record(s.now.lateness, max(by, 0))
	s.mu.Unlock()
}

// reconnect tells that the server closed a connection between replies, after it had
// served so many.
func (s *shard) reconnect(served int64) {
	s.mu.Lock()
	s.now.reconnects++
	s.now.servedUntilClose(served)
	s.mu.Unlock()
}

// resending tells the same, where the close met the next request.
func (s *shard) resending(served int64) {
	s.mu.Lock()
	s.now.servedUntilClose(served)
	s.mu.Unlock()
}

// heard is a whole reply as it is recorded.
type heard struct {
	response, service time.Duration
	firstReply        time.Duration // 0: not the connection's first
	first             bool          // the request was its connection's first
	received          int64         // bytes
	written           int
	cause             causeKey // kindNone: OK
	at                time.Duration
	sample            []byte

	// Of a load whose replies end at their arrival:
	arrives        bool
	end            replyEnd
	intended, sent time.Duration
}

func (s *shard) replied(doing *activity, r heard) {
	s.mu.Lock()
	s.spent.since(doing, held, r.end.at)
	s.standing.awaiting(-1, r.first)
	t := s.now
	t.received += uint64(r.received)
	t.written += uint64(r.written)
	t.record(t.service, r.service)
	if r.arrives {
		t.ended(r.end, r.intended, r.sent, r.cause.kind == kindNone)
	}
	if r.firstReply > 0 {
		t.record(t.firstReply, r.firstReply)
	}
	if r.cause.kind == kindNone {
		t.ok++
		t.record(t.responseOK, r.response)
	} else {
		t.ko++
		t.record(t.responseKO, r.response)
		t.fail(r.cause, r.at, r.sample, nil)
	}
	s.mu.Unlock()
}

// unheard is a request that got no whole reply.
type unheard struct {
	cause    Cause
	err      error
	response time.Duration
	at       time.Duration
	sample   []byte // what came of a reply
	sent     bool   // it went out
	first    bool   // as its connection's first
}

func (s *shard) failed(doing *activity, u unheard) {
	s.turn(doing, held, u.at)
	s.lost(u)
}

// lost counts a failure of a request, which may have had no connection at all.
func (s *shard) lost(u unheard) {
	s.mu.Lock()
	if u.sent {
		s.standing.awaiting(-1, u.first)
	}
	t := s.now
	t.received += uint64(len(u.sample))
	t.ko++
	t.record(t.responseKO, u.response)
	t.fail(fixed(u.cause), u.at, u.sample, u.err)
	s.mu.Unlock()
}

// fail counts a failure. The first of its cause is shown by what came of the
// reply, or if nothing did by the error.
func (t *tally) fail(cause causeKey, at time.Duration, sample []byte, err error) {
	failure := t.failures[cause]
	if failure == nil {
		failure = &Failure{FirstAt: at, Sample: printable(sample)}
		if failure.Sample == "" && err != nil {
			failure.Sample = err.Error()
		}
		t.failures[cause] = failure
	}
	failure.Count++
}

// printable is the first bytes of a reply as text that harms no terminal.
func printable(sample []byte) string {
	out := make([]byte, 0, min(len(sample), sampleBytes))
	for _, c := range sample[:min(len(sample), sampleBytes)] {
		switch {
		case c == '\n':
			out = append(out, '\\', 'n')
		case c == '\r':
		case c < ' ' || c > '~':
			out = append(out, '.')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// take swaps the shard's tally for an empty one and adds it to the measures.
func (s *shard) take(into *Measures, at time.Duration, checks Checks) {
	s.mu.Lock()
	spent := s.spent.take(at)
	t := s.now
	s.now, s.spare = s.spare, t
	standing := s.standing
	s.mu.Unlock()

	t.addTo(into, checks)
	into.ConnectionTime.add(spent)
	t.reset()
	standing.addTo(into)
}

// addTo adds what was measured to the measures.
func (t *tally) addTo(into *Measures, checks Checks) {
	part := Measures{
		Sent: t.sent, OK: t.ok, KO: t.ko, Retried: t.retried, Reconnects: t.reconnects,
		Unanswered: t.unanswered, Overlong: t.overlong,
		ResponseOK: t.responseOK.export(), ResponseKO: t.responseKO.export(), Service: t.service.export(),
		Connect: t.connect.export(), FirstReply: t.firstReply.export(), Lateness: t.lateness.export(),
		ReadLateness: t.readLateness.export(), ResponseRead: t.responseRead.export(), ServiceRead: t.serviceRead.export(),
		EndedAtReading: t.endedAtReading,
		ServedAtClose:  t.servedAtClose.export(),
		BytesReceived:  t.received, BytesSent: t.written,
	}
	for key, failure := range t.failures {
		one := *failure
		one.Cause = key.cause(checks)
		part.Failures = append(part.Failures, one)
	}
	into.add(part)
}

// addTo adds one part of the load's connections to all of them.
func (s standing) addTo(into *Measures) {
	into.InFlight += s.inFlight
	into.Connections += s.connections
	into.Connecting += s.connecting
	into.AwaitingFirst += s.awaitingFirst
}

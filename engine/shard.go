package engine

import (
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// shard is where some of the connections record what they measure, so that they
// do not wait for each other. The collector swaps its contents at each interval.
type shard struct {
	mu       sync.Mutex
	now      *tally
	spare    *tally
	standing standing
}

// standing is what does not begin anew with each interval.
type standing struct {
	inFlight, connections, connecting, awaitingFirst int
}

// tally is what one shard measured in one interval.
type tally struct {
	sent, ok, ko, retried, reconnects, unanswered, overlong uint64
	received, written                                       uint64

	responseOK, responseKO, service, connect, firstReply, lateness *hdrhistogram.Histogram

	failures map[causeKey]*Failure
}

func newTally() *tally {
	return &tally{
		responseOK: newHDR(), responseKO: newHDR(), service: newHDR(),
		connect: newHDR(), firstReply: newHDR(), lateness: newHDR(),
		failures: map[causeKey]*Failure{},
	}
}

func newShard() *shard { return &shard{now: newTally(), spare: newTally()} }

// reset empties the tally; histograms that are empty already are left alone.
func (t *tally) reset() {
	for _, h := range []*hdrhistogram.Histogram{t.responseOK, t.responseKO, t.service, t.connect, t.firstReply, t.lateness} {
		if h.TotalCount() > 0 {
			h.Reset()
		}
	}
	clear(t.failures)
	*t = tally{
		responseOK: t.responseOK, responseKO: t.responseKO, service: t.service,
		connect: t.connect, firstReply: t.firstReply, lateness: t.lateness,
		failures: t.failures,
	}
}

// record puts a time into a histogram, to the next µs; above 60 s it counts as 60 s.
func (t *tally) record(h *hdrhistogram.Histogram, d time.Duration) {
	us := int64((d + time.Microsecond/2) / time.Microsecond)
	if us < lowestUS {
		us = lowestUS
	}
	if us > highestUS {
		us = highestUS
		t.overlong++
	}
	_ = h.RecordValue(us) // within the range, it can't err
}

// The methods below are the hot path: they neither allocate nor wait, but for a
// lock that only the collector contends, ten times a second.

func (s *shard) dialing() {
	s.mu.Lock()
	s.standing.connecting++
	s.mu.Unlock()
}

func (s *shard) dialled(took time.Duration, ok bool) {
	s.mu.Lock()
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

// sending tells that a request goes out.
func (s *shard) sending(bytes int, again bool) {
	s.mu.Lock()
	s.now.written += uint64(bytes)
	if again {
		s.now.retried++
	} else {
		s.now.sent++
	}
	s.mu.Unlock()
}

// awaiting moves the gauges of requests in flight; first is a connection's first request.
func (s *shard) awaiting(by int, first bool) {
	s.mu.Lock()
	s.standing.inFlight += by
	if first {
		s.standing.awaitingFirst += by
	}
	s.mu.Unlock()
}

func (s *shard) late(by time.Duration) {
	s.mu.Lock()
	s.now.record(s.now.lateness, max(by, 0))
	s.mu.Unlock()
}

func (s *shard) reconnect() {
	s.mu.Lock()
	s.now.reconnects++
	s.mu.Unlock()
}

// replied is a whole reply as it is recorded.
type replied struct {
	response, service time.Duration
	firstReply        time.Duration // 0: not the connection's first
	bytes             int64
	cause             causeKey // kindNone: OK
	at                time.Duration
	sample            []byte
}

func (s *shard) replied(r replied) {
	s.mu.Lock()
	t := s.now
	t.received += uint64(r.bytes)
	t.record(t.service, r.service)
	if r.firstReply > 0 {
		t.record(t.firstReply, r.firstReply)
	}
	if r.cause.kind == kindNone {
		t.ok++
		t.record(t.responseOK, r.response)
	} else {
		t.ko++
		t.record(t.responseKO, r.response)
		t.fail(r.cause, r.at, r.sample, "")
	}
	s.mu.Unlock()
}

// failed is a request that got no whole reply.
func (s *shard) failed(response time.Duration, cause causeKey, at time.Duration, sample []byte, err string) {
	s.mu.Lock()
	s.now.ko++
	s.now.record(s.now.responseKO, response)
	s.now.fail(cause, at, sample, err)
	s.mu.Unlock()
}

func (t *tally) fail(cause causeKey, at time.Duration, sample []byte, err string) {
	failure := t.failures[cause]
	if failure == nil {
		failure = &Failure{FirstAt: at, Sample: printable(sample)}
		if failure.Sample == "" {
			failure.Sample = err
		}
		t.failures[cause] = failure
	}
	failure.Count++
}

// printable is the first bytes of a reply as text that harms no terminal.
func printable(sample []byte) string {
	const most = 200
	out := make([]byte, 0, min(len(sample), most))
	for _, c := range sample[:min(len(sample), most)] {
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
func (s *shard) take(into *Measures, checks Checks) {
	s.mu.Lock()
	t := s.now
	s.now, s.spare = s.spare, t
	standing := s.standing
	s.mu.Unlock()

	t.addTo(into, checks)
	t.reset()
	standing.addTo(into)
}

// addTo adds what was measured to the measures.
func (t *tally) addTo(into *Measures, checks Checks) {
	part := Measures{
		Sent: t.sent, OK: t.ok, KO: t.ko, Retried: t.retried, Reconnects: t.reconnects,
		Unanswered: t.unanswered, Overlong: t.overlong,
		ResponseOK: export(t.responseOK), ResponseKO: export(t.responseKO), Service: export(t.service),
		Connect: export(t.connect), FirstReply: export(t.firstReply), Lateness: export(t.lateness),
		BytesReceived: t.received, BytesSent: t.written,
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

package engine

import (
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// shard is where some of the connections record what they measure, so that they
// do not wait for each other. The collector swaps its contents at each interval.
type shard struct {
	mu       sync.Mutex
	now      *tally
	spare    *tally
	standing standing
	spent    activityTimes
	ends     time.Duration // when the load's own time is over; see load.ends
}

// standing is what does not begin anew with each interval.
type standing struct {
	inFlight, connections, connecting, awaitingFirst int
}

// tally is what one shard measured in one interval.
type tally struct {
	sent, ok, ko, retried, reconnects, unanswered, overlong, endedAtReading uint64
	cutShort                                                                uint64
	received, written                                                       uint64
	laterOK, laterKO, outOfTurn, http10, closedIdle                         uint64
	active                                                                  time.Duration // when last a request began or a whole reply came

	responseOK, responseKO, service, connect, firstReply, lateness *measure.Recorder
	readLateness, responseRead, serviceRead                        *measure.Recorder
	servedAtClose, ageAtClose                                      *measure.Recorder // requests and ms, not µs

	failures map[failureKey]*measure.Failure

	statuses  []uint64 // of whole replies, by status from 0 to 999, but redirects that say where to
	redirects map[redirect]*uint64
}

// failureKey is a cause and why it came about.
type failureKey struct {
	cause causeKey
	why   string
}

// redirect is a status and where it leads.
type redirect struct {
	status int
	to     string
}

// mostStatus is the highest status that three digits write.
const mostStatus = 999

func newTally() *tally {
	return &tally{
		responseOK: measure.NewResidentRecorder(), service: measure.NewResidentRecorder(), lateness: measure.NewResidentRecorder(),
		responseRead: measure.NewResidentRecorder(), serviceRead: measure.NewResidentRecorder(), readLateness: measure.NewResidentRecorder(),
		responseKO: measure.NewRecorder(), connect: measure.NewRecorder(), firstReply: measure.NewRecorder(),
		servedAtClose: measure.NewRecorder(), ageAtClose: measure.NewRecorder(),
		failures:  map[failureKey]*measure.Failure{},
		statuses:  make([]uint64, mostStatus+1),
		redirects: map[redirect]*uint64{},
	}
}

func newShard(ends time.Duration) *shard {
	return &shard{now: newTally(), spare: newTally(), ends: ends}
}

// reset empties the tally.
func (t *tally) reset() {
	for _, h := range []*measure.Recorder{t.responseOK, t.responseKO, t.service, t.connect, t.firstReply, t.lateness,
		t.readLateness, t.responseRead, t.serviceRead, t.servedAtClose, t.ageAtClose} {
		h.Reset()
	}
	clear(t.failures)
	clear(t.statuses)
	clear(t.redirects)
	*t = tally{
		responseOK: t.responseOK, responseKO: t.responseKO, service: t.service,
		connect: t.connect, firstReply: t.firstReply, lateness: t.lateness,
		readLateness: t.readLateness, responseRead: t.responseRead, serviceRead: t.serviceRead,
		servedAtClose: t.servedAtClose, ageAtClose: t.ageAtClose,
		failures:  t.failures,
		statuses:  t.statuses,
		redirects: t.redirects,
	}
}

// reply counts a whole reply by its status, and where it sends the client.
func (t *tally) reply(p *replyParser) {
	if p.old && !p.keep {
		t.http10++
	}
	status := min(max(p.status, 0), mostStatus)
	if len(p.location) > 0 && Redirects(status) {
		if count := t.redirects[redirect{status, string(p.location)}]; count != nil {
			*count++
			return
		}
		if len(t.redirects) < measure.MostRedirects {
			count := uint64(1)
			t.redirects[redirect{status, string(p.location)}] = &count
			return
		}
	}
	t.statuses[status]++
}

// settle counts a request that ended after the load's own time.
func (t *tally) settle(ok bool, at, ends time.Duration) {
	switch {
	case at <= ends:
	case ok:
		t.laterOK++
	default:
		t.laterKO++
	}
}

// record puts a time into a histogram, to the next µs; above 60 s it counts as 60 s.
func (t *tally) record(r *measure.Recorder, d time.Duration) {
	us := int64((d + time.Microsecond/2) / time.Microsecond)
	if us < measure.LowestUS {
		us = measure.LowestUS
	}
	if us > measure.HighestUS {
		us = measure.HighestUS
		t.overlong++
	}
	r.Record(us)
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
		t.readLateness.RecordTime(end.read - end.at)
	}
	if ok {
		t.responseRead.RecordTime(end.read - intended)
	}
	t.serviceRead.RecordTime(end.read - sent)
}

// lose counts requests that were never sent as failed, after so long a wait.
func (t *tally) lose(requests int, cause measure.Cause, waited, at, ends time.Duration) {
	for range requests {
		t.ko++
		t.record(t.responseKO, waited)
		t.fail(fixed(cause), at, nil, whyMute)
		t.settle(false, at, ends)
	}
}

// servedUntilClose records how many replies a connection brought until the server
// closed it, and how old it was then; idled: and it had been free for longFree.
func (t *tally) servedUntilClose(served int64, age time.Duration, idled bool) {
	if idled {
		t.closedIdle++
	}
	t.servedAtClose.Record(min(max(served, measure.LowestUS), measure.HighestUS))
	t.ageAtClose.Record(min(max(age.Milliseconds(), measure.LowestUS), measure.HighestUS))
}

// longFree is from when on a connection was idle, and not just left: a server that
// closes after a reply does so at once, but who sees it may get no CPU for a while.
const longFree = 100 * time.Millisecond

// The methods below are the hot path: they neither allocate nor wait, but for a
// lock that only the collector contends, ten times a second.

func (s *shard) dialing(doing *activity, at time.Duration) {
	s.mu.Lock()
	s.spent.turn(doing, connecting, at)
	s.now.active = max(s.now.active, at)
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
	s.now.active = max(s.now.active, at)
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

// spoke tells that we closed a connection on which the server spoke out of turn.
func (s *shard) spoke() {
	s.mu.Lock()
	s.now.outOfTurn++
	s.mu.Unlock()
}

// lose counts requests that were never sent as failed, after so long a wait.
func (s *shard) lose(requests int, cause measure.Cause, waited, at time.Duration) {
	s.mu.Lock()
	s.now.lose(requests, cause, waited, at, s.ends)
	s.mu.Unlock()
}

func (s *shard) late(by time.Duration) {
	s.mu.Lock()
	s.now.record(s.now.lateness, max(by, 0))
	s.mu.Unlock()
}

// reconnect tells that the server closed a connection between replies, after it had
// served so many, and at what age; idled: and it had been free for longFree.
func (s *shard) reconnect(served int64, age time.Duration, idled bool) {
	s.mu.Lock()
	s.now.reconnects++
	s.now.servedUntilClose(served, age, idled)
	s.mu.Unlock()
}

// resending tells that the server closed a connection after it had served so many, and
// the close met the next request.
func (s *shard) resending(served int64, age time.Duration, written int) {
	s.mu.Lock()
	s.now.written += uint64(written)
	s.now.servedUntilClose(served, age, false)
	s.mu.Unlock()
}

// wholeReply is a whole reply as it is recorded.
type wholeReply struct {
	intended, sent time.Duration
	end            replyEnd
	arrives        bool          // in a load whose replies end at their arrival
	firstReply     time.Duration // 0: not the connection's first
	first          bool          // the request was its connection's first
	received       int64         // bytes
	written        int
	cause          causeKey // kindNone: OK
	sample         []byte
	why            string // it is KO
}

func (s *shard) replied(doing *activity, r wholeReply, p *replyParser) {
	response, ok := r.end.at-r.intended, r.cause.kind == kindNone
	s.mu.Lock()
	s.spent.turn(doing, held, r.end.at)
	s.standing.awaiting(-1, r.first)
	t := s.now
	t.received += uint64(r.received)
	t.written += uint64(r.written)
	t.record(t.service, r.end.at-r.sent)
	if r.arrives {
		t.ended(r.end, r.intended, r.sent, ok)
	}
	t.reply(p)
	t.active = max(t.active, r.end.read)
	t.settle(ok, r.end.at, s.ends)
	if r.firstReply > 0 {
		t.record(t.firstReply, r.firstReply)
	}
	if ok {
		t.ok++
		t.record(t.responseOK, response)
	} else {
		t.ko++
		t.record(t.responseKO, response)
		t.fail(r.cause, r.end.read, r.sample, r.why)
	}
	s.mu.Unlock()
}

// failedRequest is a request that got no whole reply.
type failedRequest struct {
	cause    measure.Cause
	why      string
	response time.Duration
	at       time.Duration
	sample   []byte // the beginning of what came of a reply
	received int64  // bytes of it
	written  int    // bytes of the request
	sent     bool   // it went out
	cutShort bool   // but not whole, and no byte of a reply came
	first    bool   // as its connection's first
}

func (s *shard) failed(doing *activity, u failedRequest) {
	s.turn(doing, held, u.at)
	s.lost(u)
}

// lost counts a failure of a request, which may have had no connection at all.
func (s *shard) lost(u failedRequest) {
	s.mu.Lock()
	if u.sent {
		s.standing.awaiting(-1, u.first)
	}
	t := s.now
	if u.cutShort {
		t.cutShort++
	}
	t.received += uint64(u.received)
	t.written += uint64(u.written)
	t.ko++
	t.record(t.responseKO, u.response)
	t.fail(fixed(u.cause), u.at, u.sample, u.why)
	t.settle(false, u.at, s.ends)
	s.mu.Unlock()
}

// fail counts a failure and why it came about. The first is shown by what came of
// the reply, or if nothing did by the reason.
func (t *tally) fail(cause causeKey, at time.Duration, sample []byte, why string) {
	key := failureKey{cause, why}
	failure := t.failures[key]
	if failure == nil && len(t.failures) >= mostFailures {
		key.why = measure.OtherReasons
		failure = t.failures[key]
	}
	if failure == nil {
		failure = &measure.Failure{FirstAt: at, Sample: printable(sample)}
		if failure.Sample == "" {
			failure.Sample = key.why
		}
		t.failures[key] = failure
	}
	failure.Count++
}

// mostFailures bounds how many failures are kept apart in an interval.
const mostFailures = 64

// printable is the first bytes of a reply as text that harms no terminal.
func printable(sample []byte) string {
	return string(appendPrintable(make([]byte, 0, min(len(sample), sampleBytes)), sample))
}

func appendPrintable(out, sample []byte) []byte {
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
	return out
}

// take swaps the shard's tally for an empty one and adds it to the measures.
func (s *shard) take(into *measure.Measures, at time.Duration, checks traffic.Checks) {
	s.mu.Lock()
	spent := s.spent.take(at)
	t := s.now
	s.now, s.spare = s.spare, t
	standing := s.standing
	s.mu.Unlock()

	t.addTo(into, checks)
	into.ConnectionTime.Add(spent)
	t.reset()
	standing.addTo(into)
}

// addTo adds what was measured to the measures.
func (t *tally) addTo(into *measure.Measures, checks traffic.Checks) {
	part := measure.Measures{
		Sent: t.sent, OK: t.ok, KO: t.ko, Retried: t.retried, Reconnects: t.reconnects,
		Unanswered: t.unanswered, Overlong: t.overlong, CutShort: t.cutShort,
		ResponseOK: t.responseOK.Export(), ResponseKO: t.responseKO.Export(), Service: t.service.Export(),
		Connect: t.connect.Export(), FirstReply: t.firstReply.Export(), Lateness: t.lateness.Export(),
		ReadLateness: t.readLateness.Export(), ResponseRead: t.responseRead.Export(), ServiceRead: t.serviceRead.Export(),
		EndedAtReading: t.endedAtReading,
		ServedAtClose:  t.servedAtClose.Export(), AgeAtClose: t.ageAtClose.Export(), ClosedIdle: t.closedIdle,
		BytesReceived: t.received, BytesSent: t.written,
		LaterOK: t.laterOK, LaterKO: t.laterKO, OutOfTurn: t.outOfTurn, HTTP10: t.http10, Active: t.active,
	}
	for key, failure := range t.failures {
		one := *failure
		one.Cause = key.cause.cause(checks)
		if key.why != "" {
			one.Reasons = []measure.Reason{{Text: key.why, Count: one.Count, Sample: one.Sample}}
			if one.Sample == key.why {
				one.Reasons[0].Sample = ""
			}
		}
		part.Failures = measure.MergeFailures(part.Failures, []measure.Failure{one})
	}
	for status, count := range t.statuses {
		if count > 0 {
			part.Statuses = append(part.Statuses, measure.StatusCount{Status: status, Count: count})
		}
	}
	for key, count := range t.redirects {
		part.Statuses = measure.MergeStatuses(part.Statuses, []measure.StatusCount{{Status: key.status, Location: printable([]byte(key.to)), Count: *count}})
	}
	into.Add(part)
}

// addTo adds one part of the load's connections to all of them.
func (s standing) addTo(into *measure.Measures) {
	into.InFlight += s.inFlight
	into.Connections += s.connections
	into.Connecting += s.connecting
	into.AwaitingFirst += s.awaitingFirst
}

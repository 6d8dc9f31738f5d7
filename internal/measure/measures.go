package measure

import (
	"cmp"
	"slices"
	"time"
)

// Measures is what was measured over a stretch of a load: one interval, or the
// whole of it. Measures of successive stretches merge into those of the longer one.
//
// Every latency is in microseconds. Response time runs from the intended start
// (in the open models) to the arrival of the reply's last byte; a user's first
// request includes its connect. Service time runs from the actual send. Where the
// kernel does not tell when a reply arrived, both end when it is read.
type Measures struct {
	From time.Duration `json:"from_ns"` // since the load began
	To   time.Duration `json:"to_ns"`

	Sent       uint64 `json:"sent"`       // requests whose sending began (a retry is not a second one)
	OK         uint64 `json:"ok"`         // replies that passed status and checks
	KO         uint64 `json:"ko"`         // requests that ended otherwise; each has one cause in Failures
	Retried    uint64 `json:"retried"`    // idempotent requests sent once more, because a kept-alive connection closed as they went out
	Reconnects uint64 `json:"reconnects"` // kept-alive connections that the server closed between replies
	Unanswered uint64 `json:"unanswered"` // connections that were established and ended without one reply
	Overlong   uint64 `json:"overlong"`   // latencies above 60 s, recorded as 60 s
	// CutShort counts the requests among Sent that could not be written whole, and to
	// which no byte of a reply came.
	CutShort uint64 `json:"cut_short,omitempty"`

	ResponseOK Histogram `json:"response_ok"`
	ResponseKO Histogram `json:"response_ko"`
	Service    Histogram `json:"service"`     // of every reply, OK or KO
	Connect    Histogram `json:"connect"`     // dial to established
	FirstReply Histogram `json:"first_reply"` // of every connection: dial to the end of its first reply
	Lateness   Histogram `json:"lateness"`    // actual minus intended send, of what the generator alone decides: a wait for a free connection or for a connect is not in it

	// ReadLateness is how long whole replies lay in the generator's sockets: reading
	// minus arrival, of those whose arrival the kernel told. With it come the times as
	// tools that know no arrival have them, to the reading. All three are empty where
	// replies end when they are read.
	ReadLateness Histogram `json:"read_lateness,omitzero"`
	ResponseRead Histogram `json:"response_read,omitzero"` // of OK replies, as ResponseOK
	ServiceRead  Histogram `json:"service_read,omitzero"`  // of every reply, as Service
	// EndedAtReading counts the whole replies among those that have no (possible) time
	// of arrival, and end when they were read.
	EndedAtReading uint64 `json:"ended_at_reading,omitempty"`

	// ServedAtClose counts the connections that the server closed between replies
	// by how many replies each had brought: requests, not times.
	ServedAtClose Histogram `json:"served_at_close,omitzero"`

	// AgeAtClose counts the same connections by how old each was then, since its dial: in
	// ms. The portable client sees a close only when it wants to send.
	AgeAtClose Histogram `json:"age_at_close,omitzero"`

	// ClosedIdle counts those among them that had been free for 100 ms and more when
	// they were closed, or when they were found closed: the server waits no longer.
	ClosedIdle uint64 `json:"closed_idle,omitempty"`

	Failures []Failure     `json:"failures,omitempty"`
	Statuses []StatusCount `json:"statuses,omitempty"` // of every whole reply, OK or KO
	// OutOfTurn counts the connections that we closed because the server sent on them
	// what belongs to no request.
	OutOfTurn uint64 `json:"out_of_turn,omitempty"`
	// HTTP10 counts the replies that were HTTP/1.0 and did not offer to keep the
	// connection, which that version does not by itself.
	HTTP10 uint64 `json:"http10,omitempty"`

	// Ran is how much of the stretch lies within the load's own time: that in which a
	// closed, rate or ramp load begins requests. What ends after it was waited for:
	// LaterOK and LaterKO count it. A load whose time is not known beforehand (of
	// users, or of a number of requests) runs to its end; Active is when last one of its
	// requests began, or a whole reply came, since the load began. Recordings
	// older than these have 0.
	Ran     time.Duration `json:"ran_ns,omitempty"`
	LaterOK uint64        `json:"later_ok,omitempty"`
	LaterKO uint64        `json:"later_ko,omitempty"`
	Active  time.Duration `json:"active_ns,omitempty"`

	BytesReceived uint64 `json:"bytes_received"`
	BytesSent     uint64 `json:"bytes_sent"`

	// As they stood at To.
	InFlight      int `json:"in_flight"`      // requests sent and not answered
	Backlog       int `json:"backlog"`        // requests that are due and wait for a free connection
	Connections   int `json:"connections"`    // established
	Connecting    int `json:"connecting"`     // dialled and not established
	AwaitingFirst int `json:"awaiting_first"` // established, request sent, never a reply so far

	ConnectionTime ConnectionTime `json:"connection_time,omitzero"`
	LoopTime       LoopTime       `json:"loop_time,omitzero"`

	GeneratorCPU    time.Duration `json:"generator_cpu_ns"` // user and system time of this process over the stretch
	FileDescriptors int           `json:"file_descriptors"` // of this process, at To
}

// EndsAtArrival says whether the latencies end when replies arrived, by the kernel's
// clock; else they end when the generator read them.
func (m Measures) EndsAtArrival() bool { return m.ReadLateness.Count() > 0 }

// ResponseToReading is the response time of OK replies to their reading, as tools
// have it that know no arrival.
func (m Measures) ResponseToReading() Histogram {
	if m.ResponseRead.Count() == 0 {
		return m.ResponseOK
	}
	return m.ResponseRead
}

// ServiceToReading is the service time of replies to their reading.
func (m Measures) ServiceToReading() Histogram {
	if m.ServiceRead.Count() == 0 {
		return m.Service
	}
	return m.ServiceRead
}

// Reached is how many requests reached the server: those that were written whole, or
// replied to before. The others cost it nothing: they found no connection (refused, timed
// out, or the generator was out of ports), or none became free.
func (m Measures) Reached() uint64 { return m.Sent - min(m.Sent, m.CutShort) }

// Empty says that they are of nothing: of no time, in which nothing happened.
func (m Measures) Empty() bool { return m.To <= m.From && m.Sent == 0 && m.OK == 0 && m.KO == 0 }

// Merge returns the measures of both stretches together; next follows m. Those of
// nothing change nothing, on either side.
func (m Measures) Merge(next Measures) Measures {
	switch {
	case m.Empty():
		return next
	case next.Empty() && next.To == 0:
		return m
	}
	merged := m
	merged.Add(next)
	merged.To = next.To
	merged.InFlight, merged.Backlog = next.InFlight, next.Backlog
	merged.Connections, merged.Connecting, merged.AwaitingFirst = next.Connections, next.Connecting, next.AwaitingFirst
	merged.GeneratorCPU += next.GeneratorCPU
	merged.FileDescriptors = next.FileDescriptors
	return merged
}

// Add adds counts and distributions; what stands at a moment is left alone.
func (m *Measures) Add(other Measures) {
	theirs := other.distributions()
	for i, h := range m.distributions() {
		*h = h.Merge(*theirs[i])
	}
	m.Sent += other.Sent
	m.OK += other.OK
	m.KO += other.KO
	m.Retried += other.Retried
	m.Reconnects += other.Reconnects
	m.Unanswered += other.Unanswered
	m.Overlong += other.Overlong
	m.CutShort += other.CutShort
	m.BytesReceived += other.BytesReceived
	m.BytesSent += other.BytesSent
	m.EndedAtReading += other.EndedAtReading
	m.ConnectionTime.Add(other.ConnectionTime)
	m.LoopTime.Add(other.LoopTime)
	m.Failures = MergeFailures(m.Failures, other.Failures)
	m.Statuses = MergeStatuses(m.Statuses, other.Statuses)
	m.ClosedIdle += other.ClosedIdle
	m.OutOfTurn += other.OutOfTurn
	m.HTTP10 += other.HTTP10
	m.Ran += other.Ran
	m.LaterOK += other.LaterOK
	m.LaterKO += other.LaterKO
	m.Active = max(m.Active, other.Active)
}

const distributions = 11

// distributions are all of them, always in the same order.
func (m *Measures) distributions() [distributions]*Histogram {
	return [...]*Histogram{&m.ResponseOK, &m.ResponseKO, &m.Service, &m.Connect, &m.FirstReply,
		&m.Lateness, &m.ReadLateness, &m.ResponseRead, &m.ServiceRead, &m.ServedAtClose, &m.AgeAtClose}
}

// MostCauses bounds how many causes are kept apart; every status is one. The rest are
// OtherCauses.
const (
	MostCauses        = 1024
	OtherCauses Cause = "other causes"
)

// KeptCause is the cause under which a failure is counted beside those that are known.
func KeptCause[V any](known map[Cause]V, cause Cause) Cause {
	if _, ok := known[cause]; !ok && len(known) >= MostCauses {
		return OtherCauses
	}
	return cause
}

// MergeFailures adds up by cause, the most frequent first.
func MergeFailures(a, b []Failure) []Failure {
	if len(b) == 0 {
		return a
	}
	merged := slices.Clone(a)
	for _, failure := range b {
		at := slices.IndexFunc(merged, func(f Failure) bool { return f.Cause == failure.Cause })
		if at < 0 && len(merged) >= MostCauses {
			failure.Cause = OtherCauses
			at = slices.IndexFunc(merged, func(f Failure) bool { return f.Cause == failure.Cause })
		}
		if at < 0 {
			merged = append(merged, failure)
			continue
		}
		merged[at] = merged[at].Plus(failure)
	}
	slices.SortFunc(merged, func(x, y Failure) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Cause, y.Cause))
	})
	return merged
}

// MostRedirects bounds how many places a load tells apart; the rest are "".
const MostRedirects = 8

// MergeStatuses adds up by status and place, in the order of the statuses.
func MergeStatuses(a, b []StatusCount) []StatusCount {
	if len(b) == 0 {
		return a
	}
	merged := slices.Clone(a)
	for _, one := range b {
		at := slices.IndexFunc(merged, func(s StatusCount) bool { return s.Status == one.Status && s.Location == one.Location })
		if at < 0 && one.Location != "" && len(merged) >= 4*MostRedirects { // a place for each request is as good as none
			one.Location = ""
			at = slices.IndexFunc(merged, func(s StatusCount) bool { return s.Status == one.Status && s.Location == "" })
		}
		switch {
		case at < 0 && len(merged) >= MostCauses: // no server has so many
			continue
		case at < 0:
			merged = append(merged, one)
			continue
		}
		merged[at].Count += one.Count
	}
	slices.SortFunc(merged, func(x, y StatusCount) int {
		return cmp.Or(cmp.Compare(x.Status, y.Status), cmp.Compare(y.Count, x.Count), cmp.Compare(x.Location, y.Location))
	})
	return merged
}

// DefaultInterval is the time between two Measures.
const DefaultInterval = 100 * time.Millisecond

// SampleInterval is the time between two readings of a server's process tree.
const SampleInterval = 250 * time.Millisecond

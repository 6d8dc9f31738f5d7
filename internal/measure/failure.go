package measure

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Cause says why a request is KO; each KO has exactly one.
type Cause string

// The causes besides "status NNN" and "check …".
const (
	CauseConnectRefused    Cause = "connect refused"
	CauseConnectFailed     Cause = "connect failed" // in another way, which the sample tells: "network is unreachable"
	CauseConnectTimeout    Cause = "connect timeout"
	CauseConnectionReset   Cause = "connection reset"
	CauseClosedBeforeReply Cause = "closed before reply"
	CauseClosedMidReply    Cause = "closed mid-reply"
	CauseTimeout           Cause = "timeout"
	CauseTLSHandshake      Cause = "TLS handshake"
	CauseMalformed         Cause = "malformed reply"
	CauseNoDescriptors     Cause = "generator: no file descriptors"
	CauseNoPorts           Cause = "generator: no local ports"
)

// Generators says whether the generator itself lacked something: that is no doing of
// the server's.
func (c Cause) Generators() bool { return c == CauseNoDescriptors || c == CauseNoPorts }

// Unconnected says that the request's turn came and no connection was to be had for it,
// by the server's doing: it was not sent.
func (c Cause) Unconnected() bool {
	return c == CauseConnectRefused || c == CauseConnectFailed || c == CauseConnectTimeout || c == CauseTLSHandshake
}

// TimedOut says whether the request was given up: nothing came of the server.
func (c Cause) TimedOut() bool { return c == CauseTimeout || c == CauseConnectTimeout }

// Unanswered says whether no whole reply came, of whatever status or content.
func (c Cause) Unanswered() bool {
	return !strings.HasPrefix(string(c), "status ") && !strings.HasPrefix(string(c), "check ")
}

// StatusCount is how many whole replies had a status; of redirects, by where they lead.
type StatusCount struct {
	Status   int    `json:"status"`
	Location string `json:"location,omitempty"` // of a redirect, printable; "": it does not say, or one of many
	Count    uint64 `json:"count"`
}

// Failure is one cause: how often, when first, and what it looked like.
type Failure struct {
	Cause   Cause         `json:"cause"`
	Count   uint64        `json:"count"`
	FirstAt time.Duration `json:"first_at_ns"`                      // since the load began
	Sample  string        `json:"sample,omitempty" foreign:"lines"` // the first bytes of the first such reply, printable; or the error
	// Reasons are why, as precisely as is known, the most frequent first; none where
	// the cause says it all.
	Reasons []Reason `json:"reasons,omitempty"`
}

// Reason is one of the ways in which a cause of failures came about.
type Reason struct {
	Text   string `json:"text"` // "Content-Length 5, and 2 bytes came"
	Count  uint64 `json:"count"`
	Sample string `json:"sample,omitempty"` // the first bytes of the first such reply, printable
}

// OtherReasons is the text of those that are not kept apart.
const OtherReasons = "other reasons"

// mostReasons bounds how many reasons of one cause are kept apart.
const mostReasons = 8

// Plus is the failure with what another of the same cause has.
func (f Failure) Plus(other Failure) Failure {
	f.Count += other.Count
	f.Reasons = mergeReasons(f.Reasons, other.Reasons)
	if other.FirstAt < f.FirstAt {
		f.FirstAt, f.Sample = other.FirstAt, other.Sample
	}
	return f
}

// Reason is the most frequent one of a failure; "" where its cause says it all.
func (f Failure) Reason() string {
	if len(f.Reasons) == 0 {
		return ""
	}
	return f.Reasons[0].Text
}

// mergeReasons adds up by text, the most frequent first.
func mergeReasons(a, b []Reason) []Reason {
	if len(b) == 0 {
		return a
	}
	merged := slices.Clone(a)
	for _, reason := range b {
		at := slices.IndexFunc(merged, func(r Reason) bool { return r.Text == reason.Text })
		if at < 0 {
			merged = append(merged, reason)
			continue
		}
		merged[at].Count += reason.Count
		merged[at].Sample = cmp.Or(merged[at].Sample, reason.Sample)
	}
	slices.SortFunc(merged, func(x, y Reason) int {
		return cmp.Or(cmp.Compare(boolean(x.Text == OtherReasons), boolean(y.Text == OtherReasons)), cmp.Compare(y.Count, x.Count), cmp.Compare(x.Text, y.Text))
	})
	if len(merged) <= mostReasons {
		return merged
	}
	rest := Reason{Text: OtherReasons}
	for _, reason := range merged[mostReasons-1:] {
		rest.Count += reason.Count
	}
	return append(merged[:mostReasons-1], rest)
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

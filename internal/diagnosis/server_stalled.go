package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// serverStalled looks for a server that stood still for a moment: it had requests,
// answered none of them, and went on as before, or never did: what times out is no answer. A closed model hides such a moment
// in a single reply per connection.
//
// Where all that waited had been dropped from an accept queue that was full before, and
// is not any more, the server had nothing to answer: it is the clients that wait, to try
// again. Then the finding says so, and leaves the advice to that of the queue. Where the
// queue stood full all the while, it is the other way round: the queue's finding is its
// consequence.
//
// When the load has run its time and nothing new is asked, a silence may be that of
// a few requests that hang: from there on it counts only once replies come again.
func serverStalled(facts Facts) ruleFunc {
	const (
		long = 400 * time.Millisecond
		// missing is how many replies the stretch must have lacked at the rate of the
		// load so far: few slow replies at a time are not a standstill.
		missing = 20
		longer  = 5 // times the median latency, which a pause between replies may be
		// sentAwayShare is the part of those that waited that must never have been served.
		sentAwayShare = 0.9
		fewestDropped = 10
	)
	var replies uint64
	var over time.Duration // in which replies came
	var p50 series
	var stalls int
	var since, seen time.Duration
	var worst stall     // the longest, the last of several
	var dropped float64 // by the accept queue so far, when it was full
	var pending Silence // of a load that has run its time
	return func(w Window) *evidence {
		defer func() {
			answered := w.replies() - min(w.replies(), w.givenUp())
			replies += answered
			if answered > 0 {
				over += w.length()
			}
			if w.LatencyP50MS.Known {
				p50.add(w.From, w.LatencyP50MS.Value)
			}
		}()
		if w.AcceptQueueLimit.Above(0) && w.AcceptQueue.Known && w.AcceptQueue.Value >= w.AcceptQueueLimit.Value {
			dropped += w.ListenOverflows.Value
		}
		s := w.Silence
		if facts.Duration > 0 && s.To > facts.Duration {
			pending = s
			if s.To = facts.Duration; s.To-s.From < long {
				s = Silence{}
			}
		}
		if pending.To > 0 && w.To > pending.To && w.OK >= missing {
			pending, s = Silence{}, pending
		}
		length := s.To - s.From
		expected := 0.0
		if over > 0 {
			expected = float64(replies) / over.Seconds() * length.Seconds()
		}
		if length >= long && expected >= missing && figure.Milliseconds(length) >= longer*median(p50.points) {
			if stalls == 0 {
				since = s.From
			}
			if stalls == 0 || s.From != seen { // else it goes on from the window before
				stalls++
			}
			seen = s.From
			if length >= worst.To-worst.From {
				worst = stall{Silence: s, limit: w.AcceptQueueLimit}
				worst.sentAway = dropped >= fewestDropped && s.Queue.Known && s.Queue.Value < max(1, w.AcceptQueueLimit.Value/2) &&
					s.Waiting > 0 && float64(s.Unserved) >= sentAwayShare*float64(s.Waiting)
			}
		}
		if stalls == 0 {
			return nil
		}
		worst.dropped = dropped > 0
		return worst.tell(stalls, since, float64(replies)/max(over.Seconds(), 1e-9))
	}
}

// stall is a stretch in which a server answered nothing.
type stall struct {
	Silence
	limit    figure.Value // of the accept queue
	sentAway bool         // all that waited had been dropped from that before
	dropped  bool         // some had been, or were
}

// tell is the evidence on so many stalls, of which this is the longest; usual are the
// replies that came a second before.
func (s stall) tell(stalls int, since time.Duration, usual float64) *evidence {
	length := s.To - s.From
	found := &evidence{
		since: since, title: "the server stood still for " + at(length),
		figures: []string{fmt.Sprintf("no reply between %s and %s, while %s waited; about %s were to be expected",
			at(s.From), at(s.To), figure.Plural(s.Waiting, "request", "requests"), figure.Whole(usual*length.Seconds()))},
		advice: "see what it did then: a collection of its whole heap, a synchronous call, a lock, swapping, or somebody who stopped it; its log and its CPU at that moment tell them apart",
	}
	if stalls > 1 {
		found.title = fmt.Sprintf("the server stood still %d times, at most for %s", stalls, at(length))
	}
	switch {
	case s.sentAway:
		found.title = "no reply for " + at(length)
		if stalls > 1 {
			found.title = fmt.Sprintf("%d times no reply, at most for %s", stalls, at(length))
		}
		found.title += ": all that waited had been dropped from the full accept queue, and try again"
		found.figures = append(found.figures, "none of them had ever been served, and the accept queue had room again: the server had nothing to answer")
		found.advice = "see what is told of the accept queue: who is dropped from it tries again after 0.2 s or 1 s, and then each time after twice as long"
	case s.dropped && s.Queue.Known && s.limit.Above(0) && s.Queue.Value >= s.limit.Value:
		found.figures = append(found.figures, "its accept queue stood full all the while ("+figure.Whole(s.Queue.Value)+" of "+figure.Whole(s.limit.Value)+"): it accepted nobody, and by that connections were dropped")
		found.advice = "what stopped it filled its accept queue, too: a server that serves one connection at a time waits for the request of that one, which may be lost for a second; else a collection of its whole heap, a synchronous call, a lock, or somebody who stopped it"
	}
	return found
}

package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// connectionsUnserved looks for a server that serves only so many connections at a
// time: some get reply after reply, and the others none at all. A pool of threads
// does so that gives each to one connection for as long as that stays.
func connectionsUnserved(facts Facts) ruleFunc {
	if facts.Model == "users" {
		return nil // they come and go
	}
	const (
		long = 2 * time.Second
		// fewest replies that the others must have had meanwhile, in all and each of them:
		// a server that answers hardly anybody leaves out nobody.
		fewest, fewestEach = 40, 4
		// patience is how many of the slowest replies' times must fit into the time
		// in which a connection had its turn if it were only a slow one's.
		patience = 4.0
	)
	var now streak
	var replies uint64    // of the streak
	var slowestMS float64 // the highest p99 of its windows
	return whileRunning(facts, func(w Window) *evidence {
		served := w.Connections - w.AwaitingFirst
		// Who is out of descriptors lacks those, not workers, and that is a finding of its own.
		now.take(!w.descriptorsFull() && w.AwaitingFirst > 0 && w.FirstReplies == 0 && served > 0 && w.OK > 0, w)
		if now.windows <= 1 {
			replies, slowestMS = 0, 0
		}
		if now.holds {
			replies, slowestMS = replies+w.OK, max(slowestMS, w.ServiceP99MS.Value)
		}
		if replies < fewest || replies < fewestEach*uint64(max(served, 0)) || patience*slowestMS > figure.Milliseconds(now.held) || !now.lasted(long) {
			return nil
		}
		found := &evidence{
			since: now.since,
			title: fmt.Sprintf("the server serves only %s at a time, and the others get nothing", figure.Plural(uint64(served), "connection", "connections")),
			figures: []string{
				fmt.Sprintf("%s of %s %s waited for %s first reply for %s, while the others had %s a second",
					figure.Count(w.AwaitingFirst), figure.Plural(w.Connections, "connection", "connections"), figure.Agree(w.AwaitingFirst, "has", "have"), figure.Agree(w.AwaitingFirst, "its", "their"), at(now.held), figure.Plural(uint64(float64(replies)/now.held.Seconds()+0.5), "reply", "replies")),
			},
			advice: fmt.Sprintf("it gives a worker to each connection for as long as that stays open: raise its workers or threads above %d, have it close idle connections sooner, or put a proxy before it; "+flagname.ShortConnections+" %d measures what it serves", served, served),
		}
		if w.AcceptQueue.Above(0) && w.Listeners > 1 {
			// Each listener has connections of its own: those of one worker get nothing,
			// however many the others could take.
			found.title = fmt.Sprintf("one of the server's %d listeners is not emptied: the connections in its queue get nothing", w.Listeners)
			found.figures = append(found.figures, figure.PluralWhole(w.AcceptQueue.Value, "connection stands", "connections stand")+" in the accept queue of that listener: the worker behind it may be stuck")
			found.advice = "see what the worker behind that listener does (its stack, its log), and start it anew: it is sent its share of all connections (SO_REUSEPORT) for as long as its socket is open"
		} else if w.AcceptQueue.Above(0) {
			found.figures = append(found.figures, figure.PluralWhole(w.AcceptQueue.Value, "connection stands", "connections stand")+" in the accept queue")
		} else if w.AcceptQueue.Known {
			found.figures = append(found.figures, "they were accepted: none stands in the accept queue")
		}
		return found
	})
}

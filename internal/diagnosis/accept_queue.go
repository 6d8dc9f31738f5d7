package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// acceptQueueOverflow looks for connections that the kernel has taken and the
// server does not accept in time. Seen by a client they are connected.
func acceptQueueOverflow(facts Facts) ruleFunc {
	const (
		long = time.Second
		// A reading is the longest of a window, so a full queue that drops nobody must
		// be seen for longer.
		longUndropped = 3 * time.Second
		// The kernel lets one more wait than the limit says, and a reading in
		// between accepts may find a few less.
		fullShare = 0.95
		// fewestDropped: the counters are the whole machine's, so that a few may be
		// another server's.
		fewestDropped = 10
	)
	var full, undropped, dropping streak
	var longest, dropped float64
	var redialled uint64
	return func(w Window) *evidence {
		limit := w.AcceptQueueLimit
		queue := w.AcceptQueue
		isFull := queue.Known && limit.Above(0) && queue.Value >= fullShare*limit.Value
		full.take(isFull, w)
		undropped.take(isFull, w)
		// Overflows alone could be another server's: ours must at least be filling
		// up, or unreadable while its connections wait for a first reply; or connects to
		// it take as long as those that are dropped do, for a short queue fills and
		// empties between two readings.
		slow := w.Redialled >= fewestDropped
		ours := queue.Known && limit.Above(0) && queue.Value >= limit.Value/2 ||
			!queue.Known && (w.AwaitingFirst > fewestDropped || w.Connecting > fewestDropped) || slow
		dropping.take(w.ListenOverflows.Above(0) && ours, w)
		if queue.Known {
			longest = max(longest, queue.Value)
		}
		if w.ListenOverflows.Known && (isFull || ours) {
			dropped += w.ListenOverflows.Value
		}
		if slow {
			redialled += w.Redialled
		}
		var since time.Duration
		switch {
		case dropped >= fewestDropped && full.lasted(long), undropped.lasted(longUndropped):
			since = full.since
		case dropping.lasted(long) && dropped >= fewestDropped:
			since = dropping.since
		default:
			return nil
		}
		var figures []string
		if queue.Known && limit.Known {
			figures = append(figures, fmt.Sprintf("%s to be accepted, at most %s; the limit is %s",
				figure.PluralWhole(queue.Value, "connection waits", "connections wait"), figure.Whole(longest), figure.Whole(limit.Value)))
		}
		if w.Listeners > 1 {
			figures = append(figures, fmt.Sprintf("that is the fullest of its %d listeners, each of which has a queue of its own: the worker behind it may be stuck", w.Listeners))
		}
		if dropped > 0 {
			figures = append(figures, figure.PluralWhole(dropped, "more found the queue full and was dropped", "more found the queue full and were dropped")+" (the kernel's ListenOverflows, of the whole machine)")
		}
		if redialled > 0 {
			figures = append(figures, figure.Plural(redialled, "connection", "connections")+" took 1 s or longer to be made, as one that is dropped does: it is tried again after 1 s")
		}
		if w.AwaitingFirst > 0 {
			waiting := figure.Plural(w.AwaitingFirst, "user believes to be connected and has", "users believe to be connected and have")
			if facts.Model != "users" {
				waiting = figure.Plural(w.AwaitingFirst, "connection is established for its client and has", "connections are established for their clients and have")
			}
			figures = append(figures, waiting+" had no reply yet")
		}
		return &evidence{
			since:   since,
			title:   "the accept queue overflows: connections come faster than the server accepts them",
			figures: figures,
			advice:  "have the server accept faster (more workers, less work per turn), or let more wait: its listen backlog and net.core.somaxconn; clients that keep connections alive help most",
		}
	}
}

package diagnosis

import (
	"fmt"
	"time"
)

// connectionsRefused looks for connections that the server's machine refuses:
// nobody listens. A full accept queue does not refuse, it keeps silent. After the
// server has ended, its end is the finding.
func connectionsRefused(Facts) ruleFunc {
	const (
		cause      = "connect refused"
		fewest     = 10
		leastShare = 0.001
		long       = time.Second
		// unheard is how long no connect may succeed between refusals for it to be told
		// though it all fell into one window.
		unheard = 500 * time.Millisecond
	)
	var refused, replies uint64
	var since, last time.Duration
	var now streak
	told, ended := false, false
	return func(w Window) *evidence {
		ended = ended || w.ServerExit != ""
		n := w.Failures[cause]
		if refused == 0 {
			since = max(w.From, w.FailedAt[cause])
		}
		refused += n
		if n > 0 {
			last = w.To
			if w.Refused.To > 0 {
				last = w.Refused.To
			}
		}
		replies += w.replies()
		now.take(n > 0, w)
		enough := refused >= fewest && share(refused, replies) >= leastShare
		// Refusals come at once, so a whole load of them may take less than a second.
		mostly := refused >= 10*fewest && share(refused, replies) >= 0.5
		told = told || enough && (now.lasted(long) || w.Refused.To-w.Refused.From >= unheard || mostly)
		if !told || ended {
			return nil
		}
		return &evidence{
			since: since,
			title: "connections are refused: at times nobody listens on the server's port",
			figures: []string{
				of(refused, replies, "requests") + " were refused a connection",
				fmt.Sprintf("between %s and %s of the load", at(since), at(last)),
			},
			advice: "see the server's log: does it listen only on one of IPv4 and IPv6, close its listener under load, or restart its workers?",
		}
	}
}

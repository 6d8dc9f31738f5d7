package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// keepAliveLimit looks for a server that closes every kept-alive connection after
// the same number of requests. One that closes by time, or by chance, does so after
// numbers that differ; but where each connection is idle for longer than the server
// keeps it, that is after one. Of users, those whose own number of requests ends before the
// limit hide it; a limit that they reach must then have met almost all of them, for
// one that is short of room may close a few after their first reply.
func keepAliveLimit(facts Facts) ruleFunc {
	users := facts.Model == "users"
	if users && facts.Repeat < 2 {
		return nil
	}
	const (
		fewest = 40   // closes
		agree  = 0.9  // of them, after the same number of replies; and of those that a limit would make
		exact  = 2048 // up to which that number is known exactly
		// farthest: a limit beyond it costs nobody anything.
		farthest = 20_000
	)
	closes := map[uint64]uint64{} // by replies
	var all, idle, replied, retried, http10 uint64
	var since time.Duration
	return func(w Window) *evidence {
		if all == 0 {
			since = w.From
		}
		for replies, n := range w.ServedAtClose {
			closes[replies] += n
			all += n
		}
		idle += w.ClosedIdle
		replied += w.replies()
		retried += w.Retried
		http10 += w.HTTP10
		if all < fewest {
			return nil
		}
		if mostly(idle, all) && share(all, replied) >= 0.5 {
			return idleClosed(since, all, idle, replied)
		}
		var limit, most uint64
		for replies, n := range closes {
			if n > most {
				limit, most = replies, n
			}
		}
		if share(most, all) < agree || limit > farthest || limit == 1 && share(idle, all) > 1-agree {
			return nil
		}
		if users && float64(most) < agree*closesOfUsers(replied, uint64(facts.Repeat), limit) {
			return nil
		}
		after := "exactly " + figure.Count(limit) + " requests"
		advice := "each close costs a new connection; raise the server's limit of requests per connection if its clients are to stay (nginx: keepalive_requests; Apache, Tomcat: MaxKeepAliveRequests)"
		title := "the server closes kept-alive connections after "
		switch {
		case limit == 1 && facts.AsksToClose:
			title, after = "every request pays for a connection of its own, as", " the requests ask for: they say Connection: close"
			advice = "leave out " + flagname.ShortHeader + " 'Connection: close' to measure connections that are kept alive, as most clients have them"
		case limit == 1 && mostly(http10, replied):
			title, after = "the server speaks HTTP/1.0 without keep-alive: every request pays for a connection of its own", ""
			advice = "have it speak HTTP/1.1, which keeps connections by itself (Python's http.server: protocol_version = \"HTTP/1.1\", with a Content-Length), or answer with Connection: keep-alive"
		case limit == 1 && mostly(retried, all):
			after = "every request, and does not say so before"
			advice = "the next request is then on its way, and only an idempotent one can be sent again: have the server say Connection: close, or keep its connections; if it has read that request (its log tells), its workers die of something"
		case limit == 1:
			after = "every request"
			advice = "switch keep-alive on in the server: as it is, every request pays for a connection of its own"
		case limit > exact:
			after = "about " + figure.Count(limit) + " requests"
		}
		figures := []string{
			fmt.Sprintf("it closed %s connections with requests still to come, %s of them after %s", figure.Count(all), figure.Count(most), figure.Plural(limit, "reply", "replies")),
		}
		if limit == 1 && mostly(http10, replied) {
			figures = append(figures, of(http10, replied, "replies")+" were HTTP/1.0, whose connections end with the reply unless it says Connection: keep-alive")
		}
		if retried > 0 {
			figures = append(figures, fmt.Sprintf("%s of them as the next request was on its way, which was sent again", figure.Count(retried)))
		}
		return &evidence{since: since, title: title + after, figures: figures, advice: advice}
	}
}

// idleClosed is the evidence on a server that keeps idle connections for less time than
// this load leaves between two requests of one; maybe for none at all: the portable client
// finds them closed, and does not see when.
func idleClosed(since time.Duration, all, idle, replied uint64) *evidence {
	return &evidence{
		since: since,
		title: "the server closes connections while they wait for their next request: most requests pay for a connection of their own",
		figures: []string{fmt.Sprintf("it closed %s connections for %s; %s of them had nothing to do for 0.1 s and more",
			figure.Count(all), figure.Plural(replied, "reply", "replies"), figure.Count(idle))},
		advice: "use fewer connections (" + flagname.ShortConnections + "), so that each has its next request sooner, or have the server keep idle ones for longer (Node.js: server.keepAliveTimeout; nginx: keepalive_timeout)",
	}
}

// mostly says whether the part is most of all.
func mostly(part, all uint64) bool { return share(part, all) >= 0.9 }

// closesOfUsers is how many connections a limit makes a server close with requests
// still to come, when users have had so many replies and each sends repeat requests.
func closesOfUsers(replies, repeat, limit uint64) float64 {
	return float64(replies) / float64(repeat) * float64((repeat-1)/max(1, limit))
}

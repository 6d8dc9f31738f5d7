package diagnosis

import (
	"fmt"
	"time"
)

// keepAliveLimit looks for a server that closes every kept-alive connection after
// the same number of requests. One that closes by time, or by chance, does so after
// numbers that differ.
func keepAliveLimit(facts Facts) judge {
	if facts.Model == "users" {
		return closesEveryTime(facts)
	}
	const (
		fewest = 40   // closes
		agree  = 0.9  // of them, after the same number of replies
		exact  = 2048 // up to which that number is known exactly
		// farthest: a limit beyond it costs nobody anything.
		farthest = 20_000
	)
	closes := map[uint64]uint64{} // by replies
	var all uint64
	var since time.Duration
	return func(w Window) *claim {
		if all == 0 {
			since = w.From
		}
		for replies, n := range w.ServedAtClose {
			closes[replies] += n
			all += n
		}
		if all < fewest {
			return nil
		}
		var limit, most uint64
		for replies, n := range closes {
			if n > most {
				limit, most = replies, n
			}
		}
		if share(most, all) < agree || limit > farthest {
			return nil
		}
		after := "exactly " + count(limit) + " requests"
		switch {
		case limit == 1:
			after = "every request"
		case limit > exact:
			after = "about " + count(limit) + " requests"
		}
		return &claim{
			since: since,
			title: "the server closes kept-alive connections after " + after,
			evidence: []string{
				fmt.Sprintf("it closed %s connections with requests still to come, %s of them after %s replies", count(all), count(most), count(limit)),
			},
			advice: "each close costs a new connection; raise the server's limit of requests per connection if its clients are to stay (nginx: keepalive_requests; Apache, Tomcat: MaxKeepAliveRequests)",
		}
	}
}

// closesEveryTime is the rule for users, whose own number of requests hides any
// limit but one: a server that keeps no connection at all.
func closesEveryTime(facts Facts) judge {
	if facts.Repeat < 2 {
		return nil
	}
	const fewest = 40
	var closes, replies uint64
	var since time.Duration
	return func(w Window) *claim {
		if closes == 0 {
			since = w.From
		}
		closes += w.Reconnects + w.Retried
		replies += w.replies()
		expected := float64(facts.Repeat-1) / float64(facts.Repeat)
		if closes < fewest || share(closes, replies) < 0.9*expected {
			return nil
		}
		return &claim{
			since:    since,
			title:    "the server closes kept-alive connections after every request",
			evidence: []string{fmt.Sprintf("%s replies, and %s connections closed by the server with requests still to come", count(replies), count(closes))},
			advice:   "switch keep-alive on in the server: as it is, every request pays for a connection of its own",
		}
	}
}

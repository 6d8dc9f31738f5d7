package diagnosis

import (
	"fmt"
	"math"
	"time"
)

// keepAliveLimit looks for a server that closes every kept-alive connection after
// the same number of requests.
//
// From outside only sums are seen: replies and closes. The load is cut into
// blocks of so many closes that each connection was closed about twice; if the
// replies per close agree from block to block, it is a count that closes them. A
// server that closes by time, or by chance, gives a ratio that moves with the rate.
func keepAliveLimit(facts Facts) judge {
	if facts.Model == "users" {
		return closesEveryTime(facts)
	}
	const (
		fewest    = 40   // closes in a block
		blocks    = 3    // that must agree
		agreement = 0.04 // by which they may differ
		// farthest: a limit beyond it costs nobody anything.
		farthest = 20_000
	)
	block := uint64(max(fewest, 2*facts.Connections))
	var closes, replies uint64 // of the block under way
	var ratios []float64
	var all uint64
	var since time.Duration
	return func(w Window) *claim {
		n := w.Reconnects + w.Retried
		if all == 0 {
			// What came before the first close is no whole life of a connection.
			since, all = w.From, n
			return nil
		}
		all += n
		closes += n
		replies += w.replies()
		if closes >= block {
			ratios = append(ratios, float64(replies)/float64(closes))
			if len(ratios) > blocks {
				ratios = ratios[1:]
			}
			closes, replies = 0, 0
		}
		if len(ratios) < blocks {
			return nil
		}
		low, high, mean := spread(ratios)
		if high-low > max(agreement*mean, 0.02) || mean > farthest {
			return nil
		}
		limit, exactly := nearestLimit(mean)
		after := "about " + whole(limit) + " requests"
		switch {
		case limit == 1:
			after = "every request"
		case exactly:
			after = whole(limit) + " requests"
		}
		return &claim{
			since: since,
			title: "the server closes kept-alive connections after " + after,
			evidence: []string{
				fmt.Sprintf("it closed %s connections between replies, one per %.4g replies", count(all), mean),
				fmt.Sprintf("in three stretches of the load: one per %.4g, %.4g and %.4g replies", ratios[0], ratios[1], ratios[2]),
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

func spread(values []float64) (low, high, mean float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, value := range values {
		low, high = min(low, value), max(high, value)
		mean += value / float64(len(values))
	}
	return low, high, mean
}

// nearestLimit is the round number within 3 % that somebody will have configured,
// or the ratio itself.
func nearestLimit(ratio float64) (limit float64, exactly bool) {
	if ratio < 1.05 {
		return 1, true
	}
	for _, limit := range []float64{10, 20, 25, 50, 64, 100, 128, 200, 250, 256, 500, 512, 1000, 1024, 2000, 5000, 10_000} {
		if math.Abs(ratio-limit) <= 0.03*limit {
			return limit, true
		}
	}
	return ratio, false
}

package diagnosis

import (
	"fmt"
	"net/http"
	"time"
)

// cachedReplies looks for 304 replies that a status check refuses: the simulated
// browser cache at work, not a server that fails. The article took them for a
// saturated event loop.
//
// A 304 is no matter of timing, so it need not be sustained: its number decides.
func cachedReplies(facts Facts) judge {
	if !facts.HTTPCache || facts.ExpectedStatus == 0 || facts.ExpectedStatus == http.StatusNotModified {
		return nil
	}
	const (
		cause      = "status 304"
		fewest     = 10
		leastShare = 0.01
	)
	var refused, replies, failed uint64
	var since time.Duration
	return func(w Window) *claim {
		if refused == 0 {
			since = w.From
		}
		refused += w.Failures[cause]
		failed += w.KO
		replies += w.replies()
		if refused < fewest || share(refused, replies) < leastShare {
			return nil
		}
		evidence := []string{
			of(refused, replies, "replies") + " were 304 Not Modified",
			"every one answers a request with If-None-Match: the simulated browser cache revalidates",
		}
		if n := facts.Repeat; n > 1 {
			evidence = append(evidence, fmt.Sprintf("%d of each user's %d requests revalidate, so %s is what a server without any fault gets",
				n-1, n, percent(float64(n-1)/float64(n))))
		}
		if others := replies - min(refused, replies); others > 0 {
			evidence = append(evidence, fmt.Sprintf("of the other %s replies %s", count(others), failedOf(failed-min(refused, failed))))
		}
		return &claim{
			since:    since,
			title:    fmt.Sprintf("the cache makes these failures, not the server: it answers 304, and the check wants status %d", facts.ExpectedStatus),
			evidence: evidence,
			advice: "accept 304 too (--expect-status 0), or switch the cache off (no --http-cache; -w burst for -w article)," +
				" or have the server send no ETag (Express: app.disable('etag'))",
		}
	}
}

func failedOf(n uint64) string {
	if n == 0 {
		return "none failed"
	}
	return count(n) + " failed"
}

package diagnosis

import (
	"fmt"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// cachedReplies looks for 304 replies that a check refuses: the simulated browser
// cache at work, not a server that fails. The article took them for a saturated
// event loop. Where the status passes, a check of the body still refuses them, for
// a 304 has none.
//
// A 304 is no matter of timing, so it need not be sustained: its number decides.
func cachedReplies(facts Facts) ruleFunc {
	if !facts.HTTPCache {
		return nil
	}
	const (
		fewest     = 10
		leastShare = 0.01
	)
	var byStatus, byBody, replies, failed uint64
	var since time.Duration
	return func(w Window) *evidence {
		if byStatus+byBody == 0 {
			since = w.From
		}
		byStatus += w.Failures["status 304"]
		for cause, n := range w.Failures {
			if strings.HasPrefix(cause, "check ") && isNotModified(w.Samples[cause]) {
				byBody += n
			}
		}
		failed += w.KO
		replies += w.replies()
		refused := byStatus + byBody
		if refused < fewest || share(refused, replies) < leastShare {
			return nil
		}
		title := fmt.Sprintf("the cache makes these failures, not the server: it answers 304, and the check wants status %d", facts.ExpectedStatus)
		figures := []string{of(refused, replies, "replies") + " were 304 Not Modified"}
		if byBody > byStatus {
			title = "the cache makes these failures, not the server: it answers 304 without a body, and the check looks for one"
			figures = []string{of(refused, replies, "replies") + " fail a check of their body; the one that was kept is a 304 Not Modified, which has none"}
		}
		figures = append(figures, "a 304 answers a request with If-None-Match: the simulated browser cache revalidates")
		if n := facts.Repeat; n > 1 {
			figures = append(figures, fmt.Sprintf("%d of each user's %d requests revalidate, so %s is what a server without any fault gets",
				n-1, n, figure.Percent(float64(n-1)/float64(n))))
		}
		if others := replies - min(refused, replies); others > 0 {
			figures = append(figures, fmt.Sprintf("of the other %s %s", figure.Plural(others, "reply", "replies"), failedOf(failed-min(refused, failed))))
		}
		return &evidence{
			since:   since,
			title:   title,
			figures: figures,
			advice: "accept 304 and its empty body too (" + flagname.ExpectStatus + " 0 " + flagname.CheckJSON + " ''), or switch the cache off (no " + flagname.HTTPCache + "; " + flagname.ShortWorkload + " burst for " + flagname.ShortWorkload + " article)," +
				" or have the server send no ETag (Express: app.disable('etag'))",
		}
	}
}

// isNotModified says whether a kept reply begins as a 304 does.
func isNotModified(sample string) bool {
	version, rest, found := strings.Cut(sample, " ")
	return found && strings.HasPrefix(version, "HTTP/") && strings.HasPrefix(rest, "304")
}

func failedOf(n uint64) string {
	if n == 0 {
		return "none failed"
	}
	return figure.Count(n) + " failed"
}

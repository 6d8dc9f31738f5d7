package diagnosis

import (
	"fmt"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// bytesAfterReply looks for a server that sends more than its replies are long. What
// comes behind the end of one would be taken for the beginning of the next, so that it
// is the generator that closes such a connection.
func bytesAfterReply(Facts) ruleFunc {
	const (
		fewest     = 10
		leastShare = 0.001
	)
	var seen, replies uint64
	var since time.Duration
	reason, sample := "", ""
	return func(w Window) *evidence {
		if seen == 0 {
			since = w.From
		}
		seen += w.OutOfTurn
		replies += w.replies()
		if told := w.Reasons["malformed reply"]; strings.Contains(told, "after the reply") {
			reason, sample = told, w.Samples["malformed reply"]
		}
		if seen < fewest || share(seen, replies) < leastShare {
			return nil
		}
		figures := []string{fmt.Sprintf("on %s connections more came than the replies are long, and benchtui closed them", figure.Count(seen))}
		if reason != "" {
			figures = append(figures, reason)
		}
		if sample != "" {
			figures = append(figures, "the reply begins with: "+sample)
		}
		return &evidence{
			since:   since,
			title:   "the server sends bytes behind the end of its replies",
			figures: figures,
			advice: "a body longer than its Content-Length, one where none may be (204, 304, HEAD), or a reply sent twice; other clients take what is left for the beginning" +
				" of the next reply, so mend it in the server",
		}
	}
}

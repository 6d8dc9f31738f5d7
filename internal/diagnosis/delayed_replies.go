package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// A client that delays its acknowledgements sends one after 40 ms (on Linux), unless
// it has something to send before. The kernel's timers add a few.
const (
	plateauFromMS = 38.0
	plateauToMS   = 50.0
)

// DelayedACK says whether a service time is as long as a delayed acknowledgement
// makes it, and whether it is next to those that are.
func DelayedACK(ms float64) (plateau, beside bool) {
	plateau = ms >= plateauFromMS && ms < plateauToMS
	return plateau, !plateau && ms >= plateauFromMS-14 && ms < plateauToMS+20
}

// delayedReplies looks for replies that wait 40 ms for nothing: the server writes
// them in pieces, its kernel holds the last one back until the one before is
// acknowledged (Nagle), and the client acknowledges late because it waits for the
// rest (delayed ACK). The times alone could be a handler's that takes so long; that
// the kernel holds pieces back is asked of itself.
func delayedReplies(Facts) ruleFunc {
	const (
		long       = time.Second
		leastShare = 0.25 // of all replies
		peak       = 3.0  // times as many as next to them
		leastHeld  = 0.3  // of the time that such a reply took, by Little's law, it was held back
	)
	var now streak
	return func(w Window) *evidence {
		slow := w.rate(w.replies()) * w.PlateauShare // per second
		held := 0.0                                  // ms, of each
		if slow > 0 {
			held = 1000 * w.RepliesHeld.Value / slow
		}
		now.take(w.PlateauShare >= leastShare && w.PlateauShare >= peak*w.BesideShare &&
			w.RepliesHeld.Known && held >= leastHeld*plateauFromMS, w)
		if !now.lasted(long) {
			return nil
		}
		return &evidence{
			since: now.since,
			title: "replies wait 40 ms for an acknowledgement: the server writes them in pieces, and Nagle's algorithm holds the last one back",
			figures: []string{
				fmt.Sprintf("%s of the replies take %.0f to %.0f ms, as long as a delayed ACK", figure.Percent(w.PlateauShare), plateauFromMS, plateauToMS),
				fmt.Sprintf("on %.1f connections on average the kernel held back a written piece of a reply: %s of each reply's time", w.RepliesHeld.Value, figure.MS(min(held, plateauToMS))),
			},
			advice: "set TCP_NODELAY on the server's connections, or have it write head and body of a reply at once (buffer them); every client that keeps connections sees this",
		}
	}
}

package diagnosis

import (
	"fmt"
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// descriptorsUsedUp looks for a server whose process has as many files open as it
// may: it can accept no connection any more, nor open a file.
func descriptorsUsedUp(Facts) ruleFunc {
	const long = time.Second
	var now streak
	var refused uint64
	return func(w Window) *evidence {
		open, limit, full := w.DescriptorsOfFullest, w.DescriptorLimit, w.descriptorsFull()
		// A server may live with all it can have; it is a fault when somebody waits.
		waits := w.AcceptQueue.Above(0) || w.AwaitingFirst > 0 || w.Connecting > 0 || w.Unanswered > 0 || w.KO > 0
		now.take(full && waits, w)
		if full {
			refused += w.Unanswered
		}
		if !now.lasted(long) {
			return nil
		}
		figures := []string{fmt.Sprintf("a process of the server has %s files open, and may have %s", figure.Whole(open.Value), figure.Whole(limit.Value))}
		if w.AcceptQueue.Above(0) {
			figures = append(figures, figure.PluralWhole(w.AcceptQueue.Value, "connection waits", "connections wait")+" to be accepted")
		}
		if w.AwaitingFirst > 0 {
			figures = append(figures, figure.Plural(w.AwaitingFirst, "connection has", "connections have")+" had no reply yet")
		}
		if refused > 0 {
			figures = append(figures, figure.Plural(refused, "connection", "connections")+" ended without one")
		}
		return &evidence{
			since:   now.since,
			title:   "the server's file descriptors are used up: it can accept no more connections",
			figures: figures,
			advice:  "raise its limit (ulimit -n in the shell that starts it, LimitNOFILE= of its service, ulimit in its contender.yaml), use fewer connections, or look for files and connections that it does not close",
		}
	}
}

// descriptorsFull says that a process of the server has as many files open as it may.
func (w Window) descriptorsFull() bool {
	const (
		// spare is how many below the limit it stands when accept fails: some keep one
		// aside to close with it what they can't serve, and a reading is between two.
		spare      = 2
		spareShare = 0.005
	)
	open, limit := w.DescriptorsOfFullest, w.DescriptorLimit
	return open.Known && limit.Above(0) && open.Value >= limit.Value-math.Max(spare, spareShare*limit.Value)
}

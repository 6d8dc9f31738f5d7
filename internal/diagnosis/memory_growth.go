package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// memoryGrowth looks for memory that grows without pause under a load that stays
// the same. A heap that fills up to its first collection grows as evenly, then stands
// still or falls back; a leak does neither. What sets the two apart is how long it goes
// on, and how far: beyond what the runtime takes before it collects, where that is known.
func memoryGrowth(facts Facts) ruleFunc {
	if !facts.steady() {
		return nil // memory grows with the users or the rate, as it should
	}
	const (
		settling  = 2 * time.Second  // the first allocations of a load are left out
		long      = 16 * time.Second // after that
		parts     = 6
		leastMB   = 30.0
		leastPart = 0.5 // of an even part's growth, that each must have
		leastRise = 0.5 // of where it stood
		back      = 0.1 // of the growth, that it may fall back at any time
	)
	var rss series
	var replies uint64
	return whileRunning(facts, func(w Window) *evidence {
		if !w.RSSBytes.Known || w.From < settling {
			return nil
		}
		if len(rss.points) > 0 {
			replies += w.replies()
		}
		rss.add(w.To, w.RSSBytes.Value)
		first, last := rss.points[0], rss.points[len(rss.points)-1]
		grown := last.value - first.value
		if last.at-first.at < long || grown < max(leastMB*1e6, w.HeapRoomBytes.Value) || grown < leastRise*first.value {
			return nil
		}
		top := first.value
		for _, p := range rss.points {
			top = max(top, p.value)
			if top-p.value > back*grown {
				return nil
			}
		}
		before := first.value
		for _, part := range rss.parts(parts) {
			if len(part) == 0 {
				return nil
			}
			after := part[len(part)-1].value
			if after-before < leastPart*grown/parts {
				return nil
			}
			before = after
		}
		figures := []string{
			fmt.Sprintf("from %s at %s to %s at %s: %.1f MB a second, without falling back",
				mb(first.value), at(first.at), mb(last.value), at(last.at), grown/1e6/(last.at-first.at).Seconds()),
		}
		if replies > 0 {
			figures = append(figures, "that is "+figure.PluralWhole(grown/float64(replies), "byte", "bytes")+" per request")
		}
		if w.HeapRoomBytes.Known {
			figures = append(figures, "its runtime begins with a heap of "+mb(w.HeapRoomBytes.Value)+", which it fills before it must collect")
		}
		return &evidence{
			since:   first.at,
			title:   "the server's memory grows without pause under a steady load",
			figures: figures,
			advice:  "run it longer (" + flagname.ShortDuration + ") to see whether it ever levels off; if not, look for what each request leaves behind (a heap snapshot tells)",
		}
	})
}

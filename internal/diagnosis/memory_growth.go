package diagnosis

import (
	"fmt"
	"time"
)

// memoryGrowth looks for memory that grows without pause under a load that stays
// the same. A heap that fills up to its first collection grows too, then stands
// still or falls back; a leak does neither.
func memoryGrowth(facts Facts) judge {
	if !facts.steady() {
		return nil // memory grows with the users or the rate, as it should
	}
	const (
		long      = 10 * time.Second
		settling  = 2 * time.Second // the first allocations of a load are left out
		parts     = 4
		leastMB   = 30.0
		leastPart = 0.5 // of an even quarter's growth, that each quarter must have
		leastRise = 0.3 // of where it stood
		back      = 0.1 // of the growth, that it may fall back at any time
	)
	var rss series
	var replies uint64
	return whileRunning(facts, func(w Window) *claim {
		if !w.RSSBytes.Known || w.From < settling {
			return nil
		}
		if len(rss.points) > 0 {
			replies += w.replies()
		}
		rss.add(w.To, w.RSSBytes.Value)
		first, last := rss.points[0], rss.points[len(rss.points)-1]
		grown := last.value - first.value
		if last.at-first.at < long-settling || grown < leastMB*1e6 || grown < leastRise*first.value {
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
		for _, quarter := range rss.parts(parts) {
			if len(quarter) == 0 {
				return nil
			}
			after := quarter[len(quarter)-1].value
			if after-before < leastPart*grown/parts {
				return nil
			}
			before = after
		}
		evidence := []string{
			fmt.Sprintf("from %s at %s to %s at %s: %.1f MB a second, without falling back",
				mb(first.value), at(first.at), mb(last.value), at(last.at), grown/1e6/(last.at-first.at).Seconds()),
		}
		if replies > 0 {
			evidence = append(evidence, fmt.Sprintf("that is %s bytes per request", whole(grown/float64(replies))))
		}
		return &claim{
			since:    first.at,
			title:    "the server's memory grows without pause under a steady load",
			evidence: evidence,
			advice:   "run it longer (-z) to see whether it ever levels off; if not, look for what each request leaves behind (a heap snapshot tells)",
		}
	})
}

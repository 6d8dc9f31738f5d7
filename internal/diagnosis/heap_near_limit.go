package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// heapNearLimit looks for a heap that stays full though the whole of it is collected over
// and over: soon there is no room, and until then the runtime does little but collect. A
// heap that fills up to its next full collection is as it should be.
func heapNearLimit(Facts) ruleFunc {
	const (
		long       = 3 * time.Second
		near       = 0.85 // of the limit
		leastWhole = 2    // collections of the whole heap meanwhile
	)
	var full streak
	var whole uint64
	var seconds float64
	return func(w Window) *evidence {
		used, limit := w.HeapUsedBytes, w.HeapLimitBytes
		holds := used.Known && limit.Known && limit.Value > 0 && used.Value >= near*limit.Value
		full.take(holds, w)
		switch {
		case full.windows == 0:
			whole, seconds = 0, 0
			return nil
		case holds:
			whole += w.FullCollections
			seconds += w.PauseSeconds.Value / float64(max(1, w.RuntimeProcesses))
		}
		if !full.lasted(long) || whole < leastWhole {
			return nil
		}
		return &evidence{
			since: full.since,
			title: "the heap is nearly full, even after the whole of it was collected",
			figures: []string{
				w.heapWords(),
				fmt.Sprintf("the whole of it was collected %s in %s, and pauses took %s of the time", figure.Times(whole), at(full.held), figure.Percent(min(1, seconds/full.held.Seconds()))),
			},
			advice: "give it a larger heap (for a JVM -Xmx; for Node the option max-old-space-size), or look for what it keeps and should not (a heap dump tells)",
		}
	}
}

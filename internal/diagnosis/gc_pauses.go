package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// Pauses is what the pauses of a server's runtime, its collections above all, had to do
// with the slow replies of a stretch of the load.
type Pauses struct {
	Slow        uint64  // OK replies that took longer than SlowMS
	SlowInPause uint64  // those of them that were under way in a pause about as long as what they took
	InPause     uint64  // of all OK replies those that ended as near to such a pause
	Replies     uint64  // OK replies
	SlowMS      float64 // far above the middle one
	LongestMS   float64 // of the pauses
}

// add adds another stretch.
func (p *Pauses) add(more Pauses) {
	p.Slow += more.Slow
	p.SlowInPause += more.SlowInPause
	p.InPause += more.InPause
	p.Replies += more.Replies
	p.SlowMS = max(p.SlowMS, more.SlowMS)
	p.LongestMS = max(p.LongestMS, more.LongestMS)
}

// gcPauses looks for slow replies that were slow since the server's runtime stood still
// meanwhile, and for a runtime that spends much of its time so. Collections as such are
// no trouble: nearly all of them harm nobody.
func gcPauses(Facts) ruleFunc {
	const (
		long = 2 * time.Second
		// The tail is the pauses' if most of it fell into them, and at least so many
		// times as often as any reply does: a server that always pauses, or is always
		// slow, has them together by chance.
		leastShare = 0.5
		lift       = 3.0
		leastSlow  = 20
		leastTail  = 0.0005 // of all replies; below, no percentile that anybody reads moves
		leastEach  = 3      // pauses
		// full is the share of the time in pauses that is too much whatever it does to
		// replies: it is throughput that is lost.
		full = 0.15
		// crowded is what other programs use, percent of a core, from which on the machine
		// makes replies slow.
		crowded = 50.0
	)
	var sum Pauses
	var count, seconds, longest float64
	var over time.Duration
	var began time.Duration
	var constant streak
	return func(w Window) *evidence {
		if !w.PauseCount.Known || w.RuntimeProcesses == 0 {
			constant.take(false, w)
			return nil
		}
		if over == 0 {
			began = w.From
		}
		// Where others have the CPU, a pause lasts for as long as they like, and replies
		// are slow with and without one.
		if !w.otherPercentOfCore().Above(crowded) {
			sum.add(w.Pauses)
		}
		count += w.PauseCount.Value
		seconds += w.PauseSeconds.Value / float64(w.RuntimeProcesses)
		longest = max(longest, w.Pauses.LongestMS)
		over += w.length()
		now := w.PauseSeconds.Value / float64(w.RuntimeProcesses) / max(w.length().Seconds(), 1e-3)
		constant.take(now >= full, w)
		slow, all := share(sum.SlowInPause, sum.Slow), share(sum.InPause, sum.Replies)
		tail := sum.Slow >= leastSlow && share(sum.Slow, sum.Replies) >= leastTail && slow >= leastShare && slow >= min(1, lift*all) && count >= leastEach && over >= long
		if !tail && !constant.lasted(long) {
			return nil
		}
		often := fmt.Sprintf("%s in %s, %s of the time", figure.Plural(uint64(count), "pause", "pauses"), at(over), figure.Percent(seconds/over.Seconds()))
		if longest > 0 {
			often += fmt.Sprintf("; the longest took %s", figure.MS(longest))
		}
		found := &evidence{since: began, title: "the slow replies are those that the garbage collector's pauses hold up", figures: []string{often}}
		if !tail {
			found.since = constant.since
			found.title = "the garbage collector takes much of the time: the server stands still in its pauses"
		}
		if sum.Slow > 0 {
			found.figures = append(found.figures, fmt.Sprintf("%s that took over %s fell into a pause", of(sum.SlowInPause, sum.Slow, "replies"), figure.MS(sum.SlowMS)))
		}
		if heap := w.heapWords(); heap != "" {
			found.figures = append(found.figures, heap)
		}
		found.advice = "look for what the handlers allocate for each request and what is kept; give the runtime a larger heap (a JVM by -Xmx, Node by max-semi-space-size for what is short-lived), or a JVM a collector with short pauses (-XX:+UseZGC)"
		return found
	}
}

// heapWords tell how full the heap is, even when it was just collected.
func (w Window) heapWords() string {
	switch {
	case !w.HeapUsedBytes.Known:
		return ""
	case !w.HeapLimitBytes.Known || w.HeapLimitBytes.Value <= 0:
		return "the heap holds " + mb(w.HeapUsedBytes.Value)
	}
	return fmt.Sprintf("the heap holds %s of at most %s (%s)", mb(w.HeapUsedBytes.Value), mb(w.HeapLimitBytes.Value), figure.Percent(w.HeapUsedBytes.Value/w.HeapLimitBytes.Value))
}

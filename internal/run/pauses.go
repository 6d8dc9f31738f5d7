package run

import (
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// pauseWatch says which slow replies fell into a pause. A pause is told up to a sampling
// interval after it ended, so that intervals wait for a while until they are judged.
type pauseWatch struct {
	intervals []replied
	pauses    []stretchOf
}

// replied are the OK replies of an interval of the load.
type replied struct {
	from, to time.Duration
	times    measure.Histogram
}

// stretchOf is a stretch of the load.
type stretchOf struct{ from, to time.Duration }

const (
	// pausesTold is how long after its end every pause has been told.
	pausesTold = measure.SampleInterval + 150*time.Millisecond
	// slowTimes and slowMS are what makes a reply slow: so many times the middle one, and
	// so much more.
	slowTimes = 4.0
	slowMS    = 5.0
	// mostOfPause is the least share of a slow reply's time that a pause must be to be
	// what made it slow.
	mostOfPause = 0.5
	// mostJudged bounds what waits: a minute in which nothing was answered well.
	mostJudged = 600
	mostKept   = 10_000
)

func (p *pauseWatch) interval(m measure.Measures) {
	if len(p.intervals) < mostJudged {
		p.intervals = append(p.intervals, replied{m.From, m.To, m.ResponseOK})
	}
}

func (p *pauseWatch) take(sample stream.RuntimeSample) {
	for _, pause := range sample.Runtime.Pauses {
		if len(p.pauses) < mostKept {
			began := sample.Began(pause)
			p.pauses = append(p.pauses, stretchOf{began, began + pause.Duration})
		}
	}
}

// judge settles the intervals about whose pauses all is known at a moment of the load; of
// the whole rest, if nothing more comes. middleMS is the median latency.
func (p *pauseWatch) judge(now time.Duration, middleMS float64, last bool) diagnosis.Pauses {
	judged := diagnosis.Pauses{SlowMS: max(slowTimes*middleMS, middleMS+slowMS)}
	longest := time.Duration(0)
	for _, pause := range p.pauses {
		longest = max(longest, pause.to-pause.from)
	}
	judged.LongestMS = figure.Milliseconds(longest)
	n := 0
	for ; n < len(p.intervals) && (last || p.intervals[n].to <= now-pausesTold); n++ {
		p.one(p.intervals[n], &judged)
	}
	p.intervals = append([]replied(nil), p.intervals[n:]...)
	// A slow reply may have begun long ago.
	const memory = 5 * time.Second
	kept := p.pauses[:0:0]
	for _, pause := range p.pauses {
		if pause.to > now-memory {
			kept = append(kept, pause)
		}
	}
	p.pauses = kept
	return judged
}

func (p *pauseWatch) one(interval replied, judged *diagnosis.Pauses) {
	all := interval.times.Count()
	judged.Replies += all
	slow := time.Duration(judged.SlowMS * float64(time.Millisecond))
	if p.within(interval, slow) {
		judged.InPause += all
	}
	for i, microseconds := range interval.times.Values {
		took := time.Duration(microseconds) * time.Microsecond
		if took <= slow {
			continue
		}
		judged.Slow += interval.times.Counts[i]
		if p.within(interval, took) {
			judged.SlowInPause += interval.times.Counts[i]
		}
	}
}

// within says whether a reply that ended in the interval, and took so long, was under way
// in a pause that makes most of that.
func (p *pauseWatch) within(interval replied, took time.Duration) bool {
	for _, pause := range p.pauses {
		if pause.from < interval.to && pause.to > interval.from-took && float64(pause.to-pause.from) >= mostOfPause*float64(took) {
			return true
		}
	}
	return false
}

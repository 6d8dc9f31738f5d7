package sample

import (
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/system"
)

// cpuQuota reads how often the server was stopped because a quota of its control
// groups was used up.
type cpuQuota struct {
	of     int // process that the groups are of
	looked time.Time
	groups cgroups
	bounds bandwidth
	before throttling
	known  bool // before is
}

// into sets what the sample says of the quota since the one before. A quota may come
// and go while the server runs, so it is looked for once a second.
func (q *cpuQuota) into(sample *measure.Sample, pid int) {
	if q.groups.files == nil {
		q.groups.files = system.NewFiles()
	}
	if now := time.Now(); pid != q.of || now.Sub(q.looked) >= hostEvery {
		before := len(q.bounds.levels)
		q.bounds, _ = q.groups.bandwidthOf(pid)
		q.known = q.known && pid == q.of && len(q.bounds.levels) == before
		q.of, q.looked = pid, now
	}
	if sample.CPUQuotaCores = q.bounds.cores(); !sample.CPUQuotaCores.Known {
		return
	}
	now := q.groups.throttling(q.bounds)
	if q.known {
		sample.QuotaPeriods = figure.Of(max(0, now.periods-q.before.periods))
		sample.ThrottledPeriods = figure.Of(max(0, now.throttled-q.before.throttled))
		sample.ThrottledSeconds = figure.Of(max(0, now.seconds-q.before.seconds))
	}
	q.before, q.known = now, true
}

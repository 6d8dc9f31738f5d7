package diagnosis

import (
	"fmt"
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// cpuQuotaThrottles looks for a server that the kernel stops because the CPU quota
// of its container is used up: it then stands still to the end of a period, usually
// 100 ms, which shows as latency though the machine may be idle. A quota that the
// generator has its part of stops both, and says nothing of the server.
func cpuQuotaThrottles(facts Facts) ruleFunc {
	const (
		long       = 2 * time.Second
		leastShare = 0.1 // of the periods
	)
	var now streak
	return func(w Window) *evidence {
		periods, throttled := w.QuotaPeriods, w.ThrottledPeriods
		now.take(periods.Above(0) && throttled.Known && throttled.Value >= leastShare*periods.Value, w)
		if !now.lasted(long) {
			return nil
		}
		figures := []string{fmt.Sprintf("it was stopped in %s of %s (%s)",
			figure.Whole(min(throttled.Value, periods.Value)), figure.PluralWhole(periods.Value, "period", "periods"), figure.Percent(min(1, throttled.Value/periods.Value)))}
		shared := facts.SharedCores > 0 && w.CPUQuotaCores.Known && math.Abs(w.CPUQuotaCores.Value-facts.SharedCores) < 0.001
		if shared {
			figures = append(figures, "the quota of both is "+quota(w.CPUQuotaCores.Value))
		} else if w.CPUQuotaCores.Known {
			figures = append(figures, "its quota is "+quota(w.CPUQuotaCores.Value))
		}
		if w.ServerCPUPercentOfCore.Known {
			figures = append(figures, "the server uses "+figure.Cores(w.ServerCPUPercentOfCore.Value))
		}
		if w.ThrottledSeconds.Above(0) {
			figures = append(figures, fmt.Sprintf("that stopped its threads for %s a second, added up", figure.MS(1000*w.ThrottledSeconds.Value/max(w.length().Seconds(), 1e-9))))
		}
		if shared {
			return &evidence{
				since:   now.since,
				title:   titleThrottlesBoth,
				figures: figures,
				advice:  "run benchtui outside of the server's container, or raise the quota (docker --cpus, a pod's CPU limit, CPUQuota= of a service): as it is, the generator is stopped with the server, and its lateness is in the figures",
			}
		}
		return &evidence{
			since:   now.since,
			title:   "the CPU quota of the server's container throttles it: it is stopped until the next period",
			figures: figures,
			advice:  "raise the quota (docker --cpus, a pod's CPU limit, CPUQuota= of a service), or have the server use fewer threads (GOMAXPROCS, workers) than the machine has cores; the figures are those of a server with so much CPU",
		}
	}
}

// titleThrottlesBoth is told of a quota that is not the server's alone.
const titleThrottlesBoth = "the CPU quota that server and generator share throttles both: they are stopped until the next period"

// quota writes cores' worth of CPU: "0.5 cores".
func quota(cores float64) string {
	if cores == 1 {
		return "one core's time"
	}
	return fmt.Sprintf("%.3g cores' time", cores)
}

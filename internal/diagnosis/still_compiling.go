package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// stillCompiling looks for a virtual machine that compiled while it was measured: its CPU
// per request and its tail are then those of its first seconds, and not of those to come.
func stillCompiling(Facts) ruleFunc {
	const (
		long = 2 * time.Second
		// A compiler that takes less of a core, or of what the server uses, than this
		// changes no figure that anybody reads.
		leastCores = 0.15
		leastShare = 0.15
	)
	var busy streak
	var first, last Window // of the load so far
	var seconds, all float64
	var seen int
	return func(w Window) *evidence {
		compiling, server := w.CompilingCores, w.ServerCPUPercentOfCore
		if !compiling.Known || !server.Known {
			busy.take(false, w)
			return nil
		}
		// The VM tells the time that compilations took: of one that had no CPU meanwhile,
		// more than it used.
		w.CompilingCores.Value = min(compiling.Value, server.Value/100)
		if seen == 0 {
			first = w
		}
		seen++
		last = w
		seconds += w.CompilingCores.Value * w.length().Seconds()
		all += server.Value / 100 * w.length().Seconds()
		busy.take(w.CompilingCores.Value >= leastCores && compiling.Value >= leastShare*server.Value/100, w)
		if !busy.lasted(long) {
			return nil
		}
		return &evidence{
			since: busy.since,
			title: "the server was still compiling when it was measured",
			figures: []string{
				fmt.Sprintf("its compiler took %s in the first second and %s in the one up to %s", figure.Cores(100*first.CompilingCores.Value), figure.Cores(100*last.CompilingCores.Value), at(last.To)),
				fmt.Sprintf("%.1f s of CPU in all, %s of what the server used", seconds, figure.Percent(min(1, seconds/max(all, 1e-9)))),
			},
			advice: "give it a longer " + flagname.Warmup + ", so that the figures are those of compiled code; or rank its first seconds as what they are",
		}
	}
}

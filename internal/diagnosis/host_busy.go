package diagnosis

import (
	"fmt"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// hostBusy looks for CPU that neither server nor generator has: other programs,
// or the hypervisor.
func hostBusy(facts Facts) ruleFunc {
	if facts.Cores == 0 {
		return nil
	}
	const (
		long = 3 * time.Second
		// Other programs must take this share of the machine and this much of a
		// core: the kernel's own work and the sampling's error take some always.
		leastShare   = 0.1
		leastPercent = 50.0
		leastSteal   = 0.1
	)
	var others, stolen streak
	return whileAsked(facts, func(w Window) *evidence {
		// The cores that were read are those that server or generator may run on.
		cores := float64(facts.Cores)
		if n := len(w.HostCPUPercent); n > 0 {
			cores = float64(n)
		}
		other := w.otherPercentOfCore()
		others.take(other.Above(max(leastPercent, leastShare*100*cores)), w)
		stolen.take(w.StealPercentOfCore.Above(leastSteal*100*cores), w)
		found := &evidence{
			title:  "something else uses this machine's CPU while it measures",
			advice: "close what else runs (top shows it) and measure again; until then the figures are worse than the server's own",
		}
		switch {
		case others.lasted(long):
			found.since = others.since
		case stolen.lasted(long):
			found.since = stolen.since
			found.title = "the hypervisor takes CPU away from this machine while it measures"
			found.advice = "measure on a machine of your own, or when its neighbours are quiet; repeated rounds show how far the figures move"
		default:
			return nil
		}
		if other.Known {
			found.figures = append(found.figures, fmt.Sprintf("other programs use %s, of %s", figure.Cores(other.Value), coreCount(cores)))
		}
		if w.StealPercentOfCore.Above(0) {
			found.figures = append(found.figures, "the hypervisor took "+figure.Cores(w.StealPercentOfCore.Value))
		}
		if w.ServerCPUPercentOfCore.Known {
			found.figures = append(found.figures, fmt.Sprintf("the server uses %s, the generator %s", figure.Cores(w.ServerCPUPercentOfCore.Value), figure.Cores(w.GeneratorCPUPercentOfCore)))
		}
		if w.BackendCPUPercentOfCore.Above(0) {
			found.figures = append(found.figures, fmt.Sprintf("its backends (%s) use %s, which is not counted among other programs'",
				strings.Join(w.Backends, ", "), figure.Cores(w.BackendCPUPercentOfCore.Value)))
		}
		return found
	})
}

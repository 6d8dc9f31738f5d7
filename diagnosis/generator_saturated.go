package diagnosis

import (
	"fmt"
	"time"
)

// generatorSaturated looks for a load generator that is itself the limit: it used
// up its CPU, or was so late that its lateness is most of what it measured.
func generatorSaturated(facts Facts) judge {
	const (
		long = 2 * time.Second
		// Lateness with CPU to spare may be the machine's stutter: it takes longer to believe.
		longLate = 3 * time.Second
	)
	cores := facts.generatorCores()
	var busy, late streak
	var worst time.Duration
	return func(w Window) *claim {
		share := w.GeneratorCPUPercentOfCore / (100 * cores)
		slipping := facts.open() && w.LatenessP99 > inTime
		busy.take(share >= busyShare || share >= pressedShare && slipping, w)
		late.take(facts.open() && w.LatenessP99 >= farBehind &&
			w.LatencyP50MS.Known && milliseconds(w.LatenessP99) >= w.LatencyP50MS.Value, w)
		worst = max(worst, w.LatenessP99)
		evidence := []string{fmt.Sprintf("the generator uses %s, of %s that it can use", cpu(w.GeneratorCPUPercentOfCore), coreCount(cores))}
		if facts.open() {
			evidence = append(evidence, fmt.Sprintf("it sends late: %s at p99, at worst %s", ms(milliseconds(w.LatenessP99)), ms(milliseconds(worst))))
		}
		if server := w.ServerCPUPercentOfCore; server.Known && facts.Cores > 0 {
			evidence = append(evidence, fmt.Sprintf("the server uses %s; the machine has %s", cpu(server.Value), coreCount(float64(facts.Cores))))
		}
		switch {
		case busy.lasted(long):
			return &claim{
				since: busy.since, evidence: evidence,
				title:  "the load generator, not the server, is the limit",
				advice: "lower the rate or the connections, give the generator a machine or cores of its own (--load-cpus), and compare servers by CPU per request instead of throughput",
			}
		case late.lasted(longLate):
			return &claim{
				since: late.since, evidence: evidence,
				title:  "the load generator cannot keep its schedule: its own lateness is part of every latency here",
				advice: "the generator gets too little CPU beside the server: pin them apart (--server-cpus, --load-cpus), lower the rate, or close what else runs",
			}
		}
		return nil
	}
}

func coreCount(cores float64) string {
	if cores == 1 {
		return "one core"
	}
	return fmt.Sprintf("%g cores", cores)
}

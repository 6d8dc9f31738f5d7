package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// cpuSaturated looks for a server that is out of CPU and pays with latency. To
// use all CPU is what a good server does under a closed load; only if latency
// leaves its level is there something to tell. As soon as requests queue it is told of one
// that is bound to fewer cores than the machine has, for others are free, and of one that
// needs the whole machine itself, for then each request is dear, and its profile says why.
func cpuSaturated(facts Facts) ruleFunc {
	if facts.Cores == 0 && facts.ServerCores == 0 {
		return nil
	}
	const (
		long = 2 * time.Second
		// usedUp is the share of the CPU from which none is left, sampling error
		// taken off.
		usedUp = 0.93
		// mainly is the share of it that must be the server's.
		mainly = 0.5
		// alone: one full thread is the event loop's finding, not this one.
		alone = 0.75
		// queue is how many requests for each core must be in a server that is bound to some
		// or has all to itself, or wait for it.
		queue = 4.0
	)
	var full streak
	var latency growth
	return func(w Window) *evidence {
		latency.take(w)
		server := w.ServerCPUPercentOfCore
		cores, isFull := 0.0, false
		// The machine's cores, those of the server alone, or those that it has together
		// with the generator: whichever it uses up is its limit.
		use := func(of, used float64) {
			if of > 0 && used >= usedUp*100*of && server.Value >= mainly*100*of && !isFull {
				cores, isFull = of, true
			}
		}
		both := server.Value + w.GeneratorCPUPercentOfCore
		use(facts.ServerCores, server.Value)
		use(facts.SharedCores, both)
		if host := w.hostPercentOfCore(); host.Known && facts.ServerCores == 0 {
			use(float64(facts.Cores), host.Value)
		} else if facts.ServerCores == 0 {
			use(float64(facts.Cores), both)
		}
		thread := w.HottestThreadPercentOfCore
		single := cores > 1 && thread.Known && thread.Value >= alone*server.Value
		waits := isFull && w.held() >= queue*cores
		bound := waits && facts.ServerBound != "" && cores == facts.ServerCores
		// What a compiler takes, it will not take for long: that is a finding of its own.
		machine := 100 * facts.coresSeen(w)
		whole := waits && facts.ServerCores == 0 && facts.SharedCores == 0 &&
			server.Value-100*w.CompilingCores.Value >= usedUp*machine && w.GeneratorCPUPercentOfCore <= (1-usedUp)*machine // readings that don't fit prove nothing
		grown := latency.grown()
		full.take(server.Known && isFull && !single && (grown || bound || whole), w)
		if !full.lasted(long) {
			return nil
		}
		uses := fmt.Sprintf("the server uses %s of %s, the generator %s", figure.Cores(server.Value), coreCount(cores), figure.Cores(w.GeneratorCPUPercentOfCore))
		if bound {
			figures := []string{
				uses,
				facts.ServerBound + onMachine(facts.Cores),
				figure.Whole(w.held()) + " requests are in it or wait for it",
			}
			return &evidence{
				since: full.since, title: "the server is limited by CPU: it uses up the " + coreCount(cores) + " that it may use, and requests wait", figures: figures,
				advice: "let it use more of the machine (taskset, the cpuset of its container, CPUAffinity= of a service, GOMAXPROCS), or take the figures for those of a server with so much CPU",
			}
		}
		if !grown {
			figures := []string{uses, figure.Whole(w.held()) + " requests are in it or wait for it"}
			if w.LatencyP50MS.Known {
				figures = append(figures, "the median latency is "+figure.MS(w.LatencyP50MS.Value))
			}
			return &evidence{
				since: full.since, title: "the server is limited by CPU: it takes the whole machine's, and requests wait", figures: figures,
				advice: "this is the server's limit on this machine: have it do less for a request, give it more cores, or offer less (a lower " + flagname.ShortRate + ", fewer connections or users)",
			}
		}
		now, _ := latency.now()
		return &evidence{
			since: full.since,
			title: "the server is limited by CPU: it takes all there is, and latency grows",
			figures: []string{
				uses,
				fmt.Sprintf("the median latency is %s, after %s under the same load", figure.MS(now), figure.MS(latency.level)),
			},
			advice: "this is the server's limit on this machine: give it more cores, or offer less (a lower " + flagname.ShortRate + ", fewer users) to see its latency below the limit",
		}
	}
}

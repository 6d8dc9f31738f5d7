package diagnosis

import (
	"fmt"
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// workersAsleep looks for a server that has no time and uses no CPU: all its workers
// wait for something (a database, a lock, a sleep), and requests wait for a worker.
// A server that waits without holding a worker answers each request as fast as the
// first; this one's replies take a multiple of that, at a rate that stands.
func workersAsleep(facts Facts) ruleFunc {
	const (
		long = 3 * time.Second
		// idle is the share of its CPU that the server uses at most, idleThread the
		// percent of a core of its hottest thread, calm the share of the machine's.
		idle, idleThread, calm = 0.5, 50.0, 0.75
		// least latency: below, what a queue takes is scheduling.
		leastMS = 10.0
		// multiple of a lone request's time that the median takes; the rest is waiting.
		multiple = 2.5
		fewest   = 8   // requests in it
		flat     = 0.1 // how far the rate may move from its mean, either way
	)
	var now streak
	var rates []float64
	var lone figure.Value // ms, of a request that need not wait: the least so far
	return whileRunning(facts, func(w Window) *evidence {
		if w.ServiceMinMS.Known && (!lone.Known || w.ServiceMinMS.Value < lone.Value) {
			lone = w.ServiceMinMS
		}
		server, thread := w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore
		cores := facts.cpuOfServer()
		host := w.hostPercentOfCore()
		busy := w.EventLoopUtilization.Above(0.9) // then the loop is blocked, which is told
		holds := server.Known && server.Value < idle*100*cores && !thread.Above(idleThread) && !busy &&
			(!host.Known || host.Value < calm*100*float64(len(w.HostCPUPercent))) &&
			w.ServiceP50MS.Above(leastMS) && lone.Known && w.ServiceP50MS.Value >= multiple*lone.Value &&
			w.InFlight >= fewest && w.OK > 0 &&
			w.PlateauShare < 0.25 && !w.ThrottledPeriods.Above(0) && w.Silence.To-w.Silence.From < w.length()/4
		rate := w.rate(w.OK)
		if len(rates) > 0 && math.Abs(rate-mean(rates)) > max(flat*mean(rates), 2*math.Sqrt(mean(rates))) {
			rates, now = nil, streak{}
		}
		now.take(holds, w)
		if !holds {
			rates = nil
			return nil
		}
		rates = append(rates, rate)
		if !now.lasted(long) {
			return nil
		}
		figures := []string{
			fmt.Sprintf("%s requests are in it, and it uses %s", figure.Count(w.InFlight), figure.Cores(server.Value)),
			fmt.Sprintf("the median reply takes %s, and one that need not wait %s", figure.MS(w.ServiceP50MS.Value), figure.MS(lone.Value)),
			fmt.Sprintf("the rate stands at %s a second: by Little's law some %s requests are worked at, and the others wait",
				figure.Plural(uint64(mean(rates)+0.5), "reply", "replies"), figure.Whole(max(1, mean(rates)*lone.Value/1000))),
		}
		if w.Threads.Known && thread.Known {
			figures = append(figures, fmt.Sprintf("of its %s threads the hottest uses %.0f %% of a core", figure.Whole(w.Threads.Value), thread.Value))
		}
		return &evidence{
			since:   now.since,
			title:   "the server's workers sleep while requests wait for one: it is at its limit with CPU to spare",
			figures: figures,
			advice:  "see what they wait for (a database, another service, a lock, a sleep): give it more workers or connections to that, make the wait shorter, or wait without holding a worker (asynchronous calls)",
		}
	})
}

func mean(values []float64) (mean float64) {
	for _, value := range values {
		mean += value / float64(len(values))
	}
	return mean
}

// cpuOfServer is how many cores' worth of CPU the server can use; one at least.
func (f Facts) cpuOfServer() float64 {
	cores := float64(max(1, f.Cores))
	for _, limit := range []float64{f.ServerCores, f.SharedCores} {
		if limit > 0 {
			cores = min(cores, limit)
		}
	}
	return cores
}

package diagnosis

import (
	"fmt"
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// workersAsleep looks for a server that has no time and uses no CPU: all its workers
// wait for something (a database, a lock, a sleep), and requests wait for a worker.
//
// That replies take a multiple of the fastest says little: what comes from a cache may
// take 1 ms and the rest 60, and nobody waits. Three things tell a queue:
//
//   - It builds up: the first of a load find a free worker, those behind them wait for
//     longer and longer, and once the queue is as long as it gets hardly any comes soon;
//     yet the server answers as many a second at the end as it did at the beginning.
//   - It is worked off: when a closed load asks for no more, what is in the server comes at
//     the rate at which it came before, and the last of it long before the slowest did.
//     What only took its time would still take it.
//   - An open load asks for more than is answered, and some overtake others by far.
func workersAsleep(facts Facts) ruleFunc {
	if facts.Searches { // it asks for too much on purpose, and for another rate in each step
		return nil
	}
	a := &asleep{facts: facts}
	return func(w Window) *evidence {
		if facts.Duration == 0 || w.To <= facts.Duration {
			a.told = a.look(w)
		} else if a.told == nil {
			a.told = a.ended(w)
		}
		return a.told
	}
}

// asleep is that rule at work on a load.
type asleep struct {
	facts Facts
	lone  figure.Value // ms, of a request that need not wait: the least so far
	now   streak
	when  queueing            // of the streak
	last  []measure.Histogram // the service times of its last windows
	load  queueing            // all of the load, until the queue was seen to build up
	first queueing            // its beginning, until as many had a reply as are in it
	built bool                // the queue was seen to build up
	after Window              // the last window of the streak
	told  *evidence
}

const (
	// soon is the part of the median within which a reply came soon (of a queue that is fair,
	// three quarters of the first replies do), and fewSoon the share
	// of those once the queue is long.
	soon, fewSoon = 0.75, 0.1
	// overtaken is the multiple of the median that the slowest twentieth takes where some
	// overtake others, or of the time in which the queue was worked off.
	overtaken = 1.5
)

// look takes a window in which requests are begun.
func (a *asleep) look(w Window) *evidence {
	const (
		long = 3 * time.Second
		flat = 0.1 // how far the rate may move from its mean, either way
		// lastFew is how many windows tell how it was lately, at least.
		lastFew = 3
	)
	if !a.built {
		a.load.add(w)
	}
	if a.first.over == 0 || a.first.ok < uint64(w.InFlight) {
		a.first.add(w)
	}
	if w.ServiceMinMS.Known && (!a.lone.Known || w.ServiceMinMS.Value < a.lone.Value) {
		a.lone = w.ServiceMinMS
	}
	holds := a.holds(w)
	if rate, mean := w.rate(w.OK), a.when.rate(); holds && a.when.over > 0 && math.Abs(rate-mean) > max(flat*mean, 2*math.Sqrt(mean)) {
		a.now = streak{}
	}
	a.now.take(holds, w)
	if a.now.windows <= 1 {
		a.when, a.last = queueing{}, nil
	}
	if !holds {
		return nil
	}
	a.after = w
	a.when.add(w)
	if w.From > 0 { // in the first it builds up
		a.last = append(a.last, w.Service)
		for len(a.last) > lastFew && countAll(a.last[1:]) >= uint64(w.InFlight) {
			a.last = a.last[1:]
		}
	}
	if !a.now.lasted(long) || len(a.last) == 0 {
		return nil
	}
	a.built = a.built || a.buildsUp(w)
	if !a.built && !(a.facts.open() && a.slowest() >= overtaken*w.ServiceP50MS.Value) {
		return nil
	}
	return a.tell(w)
}

// holds says that the server seems to wait with its CPU free.
func (a *asleep) holds(w Window) bool {
	const (
		// idle is the share of its CPU that the server uses at most, idleThread the
		// percent of a core of its hottest thread, calm the share of the machine's, and
		// inLine the share of what is worked at that stands in line for a CPU.
		idle, idleThread, calm, inLine = 0.5, 50.0, 0.75, 0.25
		// least latency: below, what a queue takes is scheduling.
		leastMS = 10.0
		// multiple of a lone request's time that the median takes; the rest is waiting.
		multiple = 2.5
		fewest   = 8 // requests in it
	)
	server, thread, host := w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.hostPercentOfCore()
	rate := w.rate(w.OK)
	// The machine has CPU to spare or, where other programs use it up, the server's threads
	// waited for one for a small part of what was worked at.
	calmHost := !host.Known || host.Value < calm*100*float64(len(w.HostCPUPercent))
	noWait := w.RunQueueWaitPercent.Known && a.lone.Known && w.RunQueueWaitPercent.Value/100 <= inLine*rate*a.lone.Value/1000
	switch {
	case !server.Known || server.Value >= idle*100*a.facts.cpuOfServer() || thread.Above(idleThread):
		return false
	case w.EventLoopUtilization.Above(0.9): // then the loop is blocked, which is told
		return false
	case !calmHost && !noWait:
		return false
	case !w.ServiceP50MS.Above(leastMS) || !a.lone.Known || w.ServiceP50MS.Value < multiple*a.lone.Value:
		return false
	case w.InFlight < fewest || w.OK == 0 || w.PlateauShare >= 0.25 || w.ThrottledPeriods.Above(0) || w.Silence.To-w.Silence.From >= w.length()/4:
		return false
	case a.facts.open(): // more comes than is answered
		due := a.facts.due(w)
		return due > 0 && rate < reachedShare*due
	}
	return true
}

// buildsUp says that more replies came soon, over the load so far, than by chance if all
// of it had been as it was lately.
func (a *asleep) buildsUp(w Window) bool {
	const (
		// queued is the part of what is in the server that must have come sooner before.
		queued, sigmas = 0.25, 4.0
		// flat is how far the rate may be from what it was at the beginning.
		flat = 0.25
	)
	within := soon * w.ServiceP50MS.Value
	var lately measure.Histogram
	for _, times := range a.last {
		lately = lately.Merge(times)
	}
	few := countWithin(lately, within)
	if share(few, lately.Count()) > fewSoon {
		return false
	}
	// k of n are no more exact than k+1 of n+2.
	all, some := float64(a.load.service.Count()), float64(lately.Count()+2)
	chance := float64(few+1) / some * all
	if float64(countWithin(a.load.service, within))-chance < queued*float64(w.InFlight)+sigmas*math.Sqrt(chance*(1+all/some)) {
		return false
	}
	then := a.first.rate()
	return a.facts.open() || math.Abs(a.when.rate()-then) <= max(flat*then, 2*math.Sqrt(then))
}

// ended takes a window of the wait at the end of a load.
func (a *asleep) ended(w Window) *evidence {
	const (
		// spare is how much longer than at the rate before it may take to work the queue off.
		spare = 1.25
		most  = 2 * time.Second // between the last window that told of the load and its end
	)
	held, rate := float64(a.facts.Connections), a.when.rate()
	if a.facts.open() || a.now.held < 2*time.Second || w.InFlight > 0 || w.KO > 0 || rate <= 0 || a.facts.Duration-a.after.To > most {
		return nil
	}
	took := figure.Milliseconds(w.To - a.facts.Duration)
	if took > spare*1000*held/rate+a.lone.Value || a.slowest() < overtaken*took {
		return nil
	}
	return a.tell(a.after)
}

// slowest is what the slowest twentieth took lately, ms.
func (a *asleep) slowest() float64 {
	var lately measure.Histogram
	for _, times := range a.last {
		lately = lately.Merge(times)
	}
	if lately.Count() == 0 {
		return 0
	}
	return float64(lately.Quantile(0.95)) / 1000
}

func (a *asleep) tell(w Window) *evidence {
	rate := a.when.rate()
	figures := []string{
		fmt.Sprintf("%s requests are in it, and it uses %s", figure.Count(w.InFlight), figure.Cores(w.ServerCPUPercentOfCore.Value)),
		fmt.Sprintf("the median reply takes %s, and one that need not wait %s", figure.MS(w.ServiceP50MS.Value), figure.MS(a.lone.Value)),
		fmt.Sprintf("the rate stands at %s a second: by Little's law some %s worked at, and the others wait",
			figure.Plural(uint64(rate+0.5), "reply", "replies"), figure.PluralWhole(max(1, rate*a.lone.Value/1000), "request is", "requests are")),
	}
	if w.Threads.Known && w.HottestThreadPercentOfCore.Known {
		figures = append(figures, fmt.Sprintf("of its %s the hottest uses %.0f %% of a core", figure.PluralWhole(w.Threads.Value, "thread", "threads"), w.HottestThreadPercentOfCore.Value))
	}
	return &evidence{
		since:   a.now.since,
		title:   "the server's workers sleep while requests wait for one: it is at its limit with CPU to spare",
		figures: figures,
		advice:  "see what they wait for (a database, another service, a lock, a sleep): give it more workers or connections to that, make the wait shorter, or wait without holding a worker (asynchronous calls)",
	}
}

// queueing is what is seen of a queue over some windows.
type queueing struct {
	service measure.Histogram
	ok      uint64
	over    time.Duration
}

func (q *queueing) add(w Window) {
	q.service = q.service.Merge(w.Service)
	q.ok += w.OK
	q.over += w.length()
}

// rate is OK replies per second.
func (q queueing) rate() float64 {
	if q.over <= 0 {
		return 0
	}
	return float64(q.ok) / q.over.Seconds()
}

func countAll(times []measure.Histogram) (count uint64) {
	for _, some := range times {
		count += some.Count()
	}
	return count
}

// countWithin is how many took so many ms at most.
func countWithin(times measure.Histogram, ms float64) (count uint64) {
	for i, value := range times.Values {
		if float64(value)/1000 <= ms {
			count += times.Counts[i]
		}
	}
	return count
}

// due is how many requests a second an open load asks for in a window; 0: not known.
func (f Facts) due(w Window) float64 {
	switch {
	case w.OfferedRate > 0:
		return w.OfferedRate
	case f.Model == "users" && f.Duration > 0:
		return float64(f.Connections*f.Repeat) / f.Duration.Seconds()
	}
	return f.OfferedRate
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

package run

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// windowLength is over how long measures are gathered before the diagnosis sees
// them: long enough that percentiles say something, short enough to tell live.
const windowLength = time.Second

// redialledUS is the least that a connect takes whose SYN was dropped: TCP sends it again
// after 1 s (RFC 6298, 2.1), by a timer that is a little early.
const redialledUS = 900_000

// window gathers what a contender's diagnosis sees next.
type window struct {
	measures measure.Measures
	quiet    diagnosis.Silence // that lasts; it may have begun before the window
	silence  diagnosis.Silence // the longest in the window
	refusing diagnosis.Span    // in which connects are refused and none succeeds; it may have begun before the window
	refused  diagnosis.Span    // the longest in the window

	cpu, hottest, waited measure.Mean // percent of a core; each may be missing in some readings
	threads              figure.Value
	rss                  figure.Value
	heapRoom             figure.Value
	queue                figure.Value
	queueLimit           figure.Value
	host                 measure.Means // percent, by core
	steal, irq           measure.Mean  // percent of a core
	overflows            figure.Value

	backends  measure.Mean // percent of a core, of processes that the server talks to
	backend   []string
	listeners int
	fullest   figure.Value // open files of the process nearest to its limit
	fullestOf figure.Value
	held      measure.Mean // replies that the kernel holds back
	quota     figure.Value
	periods   figure.Value
	throttled figure.Value
	stopped   figure.Value // s

	starter  string // whose figures the server's are, if they are its starter's; lasts
	suspects bool   // the window before has replies as late as a delayed ACK; lasts until the next

	loopUsed   measure.Mean // of the event loop's time, what it was not waiting for; 0 to 1
	loopDelay  figure.Value // ms
	loopSilent figure.Value // s

	runtimes runtimeTally
	pauses   pauseWatch // lasts
}

// add takes an interval and says whether the window is full.
func (w *window) add(m measure.Measures) (full bool) {
	w.measures = w.measures.Merge(m)
	w.listen(m)
	w.connects(m)
	return w.measures.To-w.measures.From >= windowLength
}

// listen follows the stretches in which requests wait and none is answered.
func (w *window) listen(m measure.Measures) {
	// An interval that took much longer than it should tells that the generator was
	// not there to listen.
	const late = 3 * measure.DefaultInterval
	var givenUp uint64
	for _, failure := range m.Failures {
		if failure.Cause.TimedOut() {
			givenUp += failure.Count
		}
	}
	if m.OK+m.KO > givenUp || m.InFlight == 0 && givenUp == 0 || m.To-m.From > late {
		w.quiet = diagnosis.Silence{}
		return
	}
	if w.quiet.To == 0 {
		w.quiet.From = m.From
	}
	w.quiet.To = m.To
	if waiting := m.InFlight + m.Backlog + m.Connecting; waiting >= w.quiet.Waiting {
		w.quiet.Waiting, w.quiet.Unserved = waiting, m.AwaitingFirst+m.Connecting
	}
	if w.quiet.To-w.quiet.From >= w.silence.To-w.silence.From {
		w.silence = w.quiet
	}
}

// connects follows the stretches in which nobody takes connections.
func (w *window) connects(m measure.Measures) {
	at := slices.IndexFunc(m.Failures, func(f measure.Failure) bool { return f.Cause == measure.CauseConnectRefused })
	switch {
	case at >= 0:
		if w.refusing.To == 0 {
			w.refusing.From = max(m.From, m.Failures[at].FirstAt)
		}
		w.refusing.To = m.To
	case m.Connect.Count() > 0:
		w.refusing = diagnosis.Span{}
	}
	if w.refusing.To-w.refusing.From > w.refused.To-w.refused.From {
		w.refused = w.refusing
	}
}

func (w *window) empty() bool { return w.measures.Empty() }

// next begins the window after this one.
func (w *window) next() {
	*w = window{measures: measure.Measures{From: w.measures.To, To: w.measures.To}, quiet: w.quiet, refusing: w.refusing, starter: w.starter, suspects: w.suspects, pauses: w.pauses}
}

func (w *window) process(sample measure.Sample) {
	w.cpu.Take(sample.CPUPercentOfCore, sample.Over)
	w.hottest.Take(sample.HottestThreadPercentOfCore, sample.Over)
	w.waited.Take(sample.RunQueueWaitPercent, sample.Over)
	w.threads, w.rss, w.heapRoom = sample.Threads, sample.RSSBytes, sample.HeapRoomBytes
	w.listeners = max(w.listeners, sample.Listeners)
	if w.quiet.To > 0 {
		w.quiet.Queue.Lower(sample.AcceptQueue)
		if w.silence.From == w.quiet.From {
			w.silence.Queue = w.quiet.Queue
		}
	}
	fuller(&w.queue, &w.queueLimit, sample.AcceptQueue, sample.AcceptQueueLimit)
	fuller(&w.fullest, &w.fullestOf, sample.DescriptorsOfFullest, sample.DescriptorLimit)
	w.held.Take(sample.RepliesHeld, sample.Over)
	w.quota = sample.CPUQuotaCores
	w.periods.Add(sample.QuotaPeriods)
	w.throttled.Add(sample.ThrottledPeriods)
	w.stopped.Add(sample.ThrottledSeconds)
	backends := 0.0
	for _, one := range sample.HostOtherProcesses {
		if one.Backend {
			backends += one.CPUPercentOfCore
			if !slices.Contains(w.backend, one.Name) {
				w.backend = append(w.backend, one.Name)
			}
		}
	}
	w.backends.Take(figure.Of(backends), sample.Over)
	w.host.Take(sample.HostCPUPercent, sample.Over)
	ofCore := func(share figure.Value) figure.Value { // of all cores' time
		return figure.Value{Value: share.Value * float64(len(sample.HostCPUPercent)), Known: share.Known && len(sample.HostCPUPercent) > 0}
	}
	w.steal.Take(ofCore(sample.HostStealPercent), sample.Over)
	w.irq.Take(ofCore(sample.HostInterruptPercent), sample.Over)
	w.overflows.Add(sample.HostListenOverflows)
}

// fuller keeps the reading that is nearest to its limit.
func fuller(most, limit *figure.Value, now, of figure.Value) {
	if now.Known && of.Known && (!most.Known || now.Value*limit.Value >= most.Value*of.Value) {
		*most, *limit = now, of
	}
}

func (w *window) eventLoop(sample stream.EventLoopSample) {
	if sample.Silent > 0 {
		w.loopSilent.Raise(figure.Of(sample.Silent.Seconds()))
		return
	}
	w.loopUsed.Take(figure.Of(sample.Loop.Utilization), sample.Loop.Over)
	w.loopDelay.Raise(figure.Of(sample.Loop.DelayP99MS))
}

// utilization of the event loop over the window. One that has not said a word for
// so long does not wait for something to do: it would turn.
func (w *window) utilization() figure.Value {
	if used := w.loopUsed.Value(); used.Known || !w.loopSilent.Known {
		return used
	}
	return figure.Of(1)
}

// delay of the event loop, ms; what is due while it is silent comes at least as late.
func (w *window) delay() figure.Value {
	most := w.loopDelay
	if w.loopSilent.Known {
		most.Raise(figure.Of(1000 * w.loopSilent.Value))
	}
	return most
}

// diagnosis is the window as the diagnosis takes it; exit is how the server
// ended by itself, or "".
func (w *window) diagnosis(workload plan.Workload, exit string) diagnosis.Window {
	m := w.measures
	var offered float64
	if !workload.Searches() { // a search asks for more than there is, on purpose
		offered = offeredRate(workload.Load, m.From, m.To)
	}
	seen := diagnosis.Window{
		From: m.From, To: m.To,
		Sent: m.Sent, OK: m.OK, KO: m.KO,
		Failures:      map[string]uint64{},
		FailedAt:      map[string]time.Duration{},
		Samples:       map[string]string{},
		ServedAtClose: map[uint64]uint64{},
		Reasons:       map[string]string{},
		Redirects:     map[diagnosis.Redirect]uint64{},
		ClosedIdle:    m.ClosedIdle,
		OutOfTurn:     m.OutOfTurn,
		HTTP10:        m.HTTP10,
		OfferedRate:   offered,
		Silence:       w.silence,
		Refused:       w.refused,
		Retried:       m.Retried,
		Unanswered:    m.Unanswered,
		InFlight:      m.InFlight,
		Backlog:       m.Backlog,
		Connecting:    m.Connecting,
		AwaitingFirst: m.AwaitingFirst,

		GeneratorCPUPercentOfCore: generatorPercent(m),
		LatenessP99:               quantile(m.Lateness, 0.99),
		LatenessMax:               quantile(m.Lateness, 1),
		LatenessShare:             latenessShare(m),
		Turn:                      turnOf(m),
		Loops:                     loopsOf(m),

		Threads:          w.threads,
		RSSBytes:         w.rss,
		HeapRoomBytes:    w.heapRoom,
		AcceptQueue:      w.queue,
		AcceptQueueLimit: w.queueLimit,
		Listeners:        w.listeners,

		DescriptorsOfFullest: w.fullest,
		DescriptorLimit:      w.fullestOf,
		RepliesHeld:          w.held.Value(),
		CPUQuotaCores:        w.quota,
		QuotaPeriods:         w.periods,
		ThrottledPeriods:     w.throttled,
		ThrottledSeconds:     w.stopped,
		Connections:          m.Connections,
		FirstReplies:         m.FirstReply.Count(),
		Redialled:            m.Connect.From(redialledUS),
		StarterMeasured:      w.starter,
		ListenOverflows:      w.overflows,
		HostCPUPercent:       w.host.Values(),

		EventLoopUtilization: w.utilization(),
		EventLoopDelayP99MS:  w.delay(),
		EventLoopSilentS:     w.loopSilent,

		RuntimeProcesses: w.runtimes.processes,
		PauseCount:       w.runtimes.count,
		PauseSeconds:     w.runtimes.seconds,
		FullCollections:  w.runtimes.full,
		HeapUsedBytes:    w.runtimes.heapLeast,
		HeapLimitBytes:   w.runtimes.leastOf,
		CompilingCores:   w.runtimes.compiling.Value(),

		ServerExit: exit,
	}
	for _, failure := range m.Failures {
		seen.Failures[string(failure.Cause)] += failure.Count
		seen.FailedAt[string(failure.Cause)] = failure.FirstAt
		seen.Samples[string(failure.Cause)] = failure.Sample
		seen.Reasons[string(failure.Cause)] = failure.Reason()
	}
	for _, status := range m.Statuses {
		if engine.Redirects(status.Status) {
			seen.Redirects[diagnosis.Redirect{Status: status.Status, To: status.Location}] += status.Count
		}
	}
	if m.ResponseOK.Count() > 0 {
		seen.ResponseOK = m.ResponseOK
		seen.LatencyP50MS = figure.Of(measure.MS(m.ResponseOK.Quantile(0.5)))
		if !workload.Searches() { // its steps have clocks of their own
			seen.Pauses = w.pauses.judge(m.To, seen.LatencyP50MS.Value, exit != "")
		}
		seen.LatencyP99MS = figure.Of(measure.MS(m.ResponseOK.Quantile(0.99)))
	}
	seen.AgeAtClose = m.AgeAtClose
	for i, replies := range m.ServedAtClose.Values {
		seen.ServedAtClose[uint64(replies)] += m.ServedAtClose.Counts[i]
	}
	if m.Service.Count() > 0 {
		seen.Service = m.Service
		seen.ServiceP99MS = figure.Of(measure.MS(m.Service.Quantile(0.99)))
		seen.ServiceP50MS = figure.Of(measure.MS(m.Service.Quantile(0.5)))
		seen.ServiceMinMS = figure.Of(measure.MS(m.Service.Min()))
		seen.PlateauShare, seen.BesideShare = delayed(m.Service)
	}
	w.suspects = seen.PlateauShare > 0.1
	seen.BackendCPUPercentOfCore, seen.Backends = w.backends.Value(), w.backend
	seen.ServerCPUPercentOfCore, seen.HottestThreadPercentOfCore = w.cpu.Value(), w.hottest.Value()
	seen.RunQueueWaitPercent = w.waited.Value()
	seen.StealPercentOfCore, seen.InterruptPercentOfCore = w.steal.Value(), w.irq.Value()
	return seen
}

// delayed is the part of the times that are as long as a delayed acknowledgement
// makes them, and the part of those next to them.
func delayed(times measure.Histogram) (plateau, beside float64) {
	for i, value := range times.Values {
		share := float64(times.Counts[i]) / float64(times.Count())
		switch at, near := diagnosis.DelayedACK(measure.MS(value)); {
		case at:
			plateau += share
		case near:
			beside += share
		}
	}
	return plateau, beside
}

// offeredRate is how many requests per second were due on average between two
// moments of a load; 0 if none were, or no rate was asked for.
func offeredRate(load traffic.Load, from, to time.Duration) float64 {
	span := load.Span()
	switch {
	case from >= span || to <= from:
		return 0
	case load.Model == traffic.Rate:
		return load.Rate * float64(min(to, span)-from) / float64(to-from)
	case load.Model == traffic.Ramp:
		end := min(to, span)
		middle := float64(from+end) / 2 / float64(span)
		rate := load.Rate + (load.RateTo-load.Rate)*middle
		return rate * float64(end-from) / float64(to-from)
	}
	return 0
}

// asksToClose says whether the requests ask for the end of their connection.
func asksToClose(headers []traffic.Header) bool {
	for _, header := range headers {
		if !strings.EqualFold(header.Name, "Connection") {
			continue
		}
		for option := range strings.SplitSeq(header.Value, ",") {
			if strings.EqualFold(strings.TrimSpace(option), "close") {
				return true
			}
		}
	}
	return false
}

func diagnosisFacts(plan Plan, job engine.Job, cores int) diagnosis.Facts {
	load := plan.Workload.Load
	facts := diagnosis.Facts{
		HTTPCache:      load.HTTPCache,
		AsksToClose:    asksToClose(job.Request.Headers),
		ExpectedStatus: job.Checks.Status,
		Cores:          cores,
		Model:          string(load.Model),
		Connections:    load.Connections,
		Repeat:         load.Repeat,
		Duration:       plan.Workload.LoadExpected(),
		Timeout:        cmp.Or(load.Timeout, traffic.DefaultTimeout),
	}
	if load.Model != traffic.Users && load.Span() > 0 { // the others end by themselves
		facts.Drain = job.Drain
	}
	if plan.Workload.Searches() {
		facts.Searches, facts.Duration = true, 0 // how long, nobody knows
		facts.Drain = stepDrain(plan.Workload.Objective)
	}
	facts.GeneratorCores = float64(engine.Threads(job))
	facts.Apart = len(plan.ServerCPUs) > 0 && len(plan.LoadCPUs) > 0 && len(plan.ServerCPUs.And(plan.LoadCPUs)) == 0
	if len(plan.ServerCPUs) > 0 && len(plan.LoadCPUs) > 0 {
		facts.PinnedCores = float64(len(plan.ServerCPUs) + len(plan.LoadCPUs) - len(plan.ServerCPUs.And(plan.LoadCPUs)))
	}
	if job.Cores > 0 {
		facts.GeneratorCores = min(facts.GeneratorCores, job.Cores)
	}
	if load.Model == traffic.Rate && !plan.Workload.Searches() {
		facts.OfferedRate = load.Rate
	}
	if load.Model == traffic.Users {
		facts.Connections = load.Users
	}
	return facts
}

// verdict says what limited a whole load, and what that rests on.
func (t *tally) verdict() diagnosis.Ruling {
	if t.capacity != nil {
		return verdictOfSearch(t.capacity).Beside(t.findings, diagnosis.Turn{})
	}
	asked := t.asked
	if asked == nil {
		all := t.total.Measures()
		asked = &all
	}
	summary := t.summary(t.facts, *asked)
	summary.Findings = t.findings
	return diagnosis.Judge(summary)
}

// summary is a load as the verdict needs it, from what was measured while requests
// were begun: what is sent and answered after that says nothing of the rate.
func (t *tally) summary(facts diagnosis.Facts, m measure.Measures) diagnosis.Summary {
	length := m.To - m.From
	if load := t.plan.Workload.Load; load.Model != traffic.Users && load.Span() > 0 {
		length = min(length, load.Span()) // the last interval may reach beyond it
	}
	summary := diagnosis.Summary{
		Facts:   facts,
		Length:  length,
		Sent:    m.Sent,
		Replies: m.OK + m.KO,
		Starved: t.stretch.unserved.connections(),
		Served:  t.stretch.unserved.firsts,
		Effort:  effortOf(m, t.stretch),
	}
	for _, failure := range m.Failures {
		if failure.Cause.Unconnected() {
			summary.Unconnected += failure.Count
		}
	}
	summary.Lacked, summary.LackedMost = lackedOf(m)
	if m.EndsAtArrival() {
		read := m.ResponseToReading()
		summary.ReadLatenessP50MS = figure.Of(measure.MS(m.ReadLateness.Quantile(0.5)))
		if read.Count() > 0 {
			summary.ReadP50MS = figure.Of(measure.MS(read.Quantile(0.5)))
		}
	}
	return summary
}

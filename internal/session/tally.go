package session

import (
	"sync"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/procs/sample"
)

// tally adds up what is measured of one contender in one round.
type tally struct {
	plan            Plan
	facts           diagnosis.Facts
	round, position int // in the round's order; both from 1

	status  Status
	detail  string
	logTail []string
	given   *Given // nil: it was not started by us

	mu       sync.Mutex // guards what follows: engine and sampler tell at the same time
	startup  *time.Duration
	total    measure.Measures
	asked    measure.Measures // the part of it in which requests were begun: without the wait at its end
	capacity *CapacityResult  // of a search; nil: none, or no step of it has ended
	best     searched         // of its highest step that kept the objective
	course   course           // of a load that is not searched, until it has ended
	within   map[string]leaderboard.Batches
	cpuMax   float64 // the generator's, percent of one core, over a window
	idleKO   uint64  // KO since last a request began, or a whole reply came, to the interval
	processT processTally
	watch    *diagnosis.Watch
	window   window
	findings []diagnosis.Finding

	stretch stretch // the load or, in a search, the step under way
}

// searched is what a step of a search measured.
type searched struct {
	total measure.Measures
	asked measure.Measures // the part of it in which requests were begun
}

func newTally(contender frameworks.Contender, plan Plan, cores int) *tally {
	job := plan.job(contender, "http://127.0.0.1:1", plan.Workload.Load)
	facts := diagnosisFacts(plan, job, cores)
	return &tally{plan: plan, facts: facts, watch: diagnosis.New(facts)}
}

// fail sets how the round ended; the first word stands.
func (t *tally) fail(status Status, detail string) {
	if t.status == "" {
		t.status, t.detail = status, detail
	}
}

func (t *tally) ready(after time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.startup = &after
}

// load takes an interval of the load and returns the findings that changed by it.
func (t *tally) load(m measure.Measures) []FindingChanged {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total = merged(t.total, m)
	if m.Active > 0 {
		t.idleKO = 0
	} else {
		t.idleKO += m.KO - m.LaterKO
	}
	if begins(t.plan.Workload.Load, m) {
		t.asked = merged(t.asked, m)
		if !t.plan.Workload.Searches() {
			t.course.load(m)
		}
	} else if !t.plan.Workload.Searches() {
		t.stretch.closed = true
	}
	if !t.stretch.closed {
		t.stretch.unserved.take(m)
	}
	if !t.window.add(m) {
		return nil
	}
	return t.observe("")
}

// idle says that the load has ended without a request.
func (t *tally) idle() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.total.Sent == 0 && t.total.OK+t.total.KO == 0
}

// begins says whether requests are begun in an interval of a load. Users go on with
// theirs to the end.
func begins(load traffic.Load, m measure.Measures) bool {
	return load.Model == traffic.Users || load.Span() == 0 || m.From < load.Span()
}

// merged adds an interval to what was measured before it, which may be nothing.
func merged(before, m measure.Measures) measure.Measures {
	if before.To == 0 {
		return m
	}
	return before.Merge(m)
}

// loadEnded closes the last window; exit is how the server ended by itself, or "".
func (t *tally) loadEnded(exit string) []FindingChanged {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.within, t.course = t.course.within(), course{}
	if t.window.empty() && exit == "" {
		return nil
	}
	return t.observe(exit)
}

// observe shows the window to the diagnosis and begins the next.
func (t *tally) observe(exit string) []FindingChanged {
	m := t.window.measures
	if cpu := generatorPercent(m); cpu > t.cpuMax && (t.cpuMax == 0 || m.To-m.From >= windowLength/2) { // the last may be too short to say
		t.cpuMax = cpu
	}
	var changed []FindingChanged
	for _, change := range t.watch.Observe(t.window.diagnosis(t.plan.Workload, exit)) {
		changed = append(changed, FindingChanged{Finding: change.Finding, Ended: change.Ended})
	}
	t.findings = t.watch.Findings()
	t.window.next()
	return changed
}

// process takes a reading of the server's process tree.
func (t *tally) process(phase Phase, sample measure.Sample) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.processT.last(phase, sample)
	switch phase {
	case PhaseStart:
		if t.startup != nil {
			t.processT.idle(sample)
		}
	case PhaseLoad:
		t.processT.load(sample)
		t.stretch.process(sample)
		t.window.process(sample)
		t.course.process(sample)
	}
}

// eventLoop takes what the probe in a Node server told.
func (t *tally) eventLoop(sample EventLoopSample) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if sample.Phase == PhaseLoad {
		t.processT.eventLoop(sample)
		t.window.eventLoop(sample)
	}
}

// noEventLoop says why the probe tells nothing.
func (t *tally) noEventLoop(why string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.processT.loopNote = why
}

// mayUse takes how much CPU the server may use, before the load begins.
func (t *tally) mayUse(limits sample.CPULimits) {
	t.mu.Lock()
	defer t.mu.Unlock()
	machine := float64(t.facts.Cores)
	if limits.Own.Known && limits.Own.Value < machine {
		t.facts.ServerCores = limits.Own.Value
	}
	if limits.Shared.Known && limits.Shared.Value < machine {
		t.facts.SharedCores = limits.Shared.Value
	}
	if t.facts.ServerCores > 0 || t.facts.SharedCores > 0 {
		t.watch = diagnosis.New(t.facts)
	}
	least := figure.Of(machine)
	for _, limit := range []figure.Value{limits.Own, limits.Shared} {
		if limit.Known && (machine == 0 || limit.Value < least.Value) {
			least = limit
		}
	}
	least.Known = least.Value > 0
	t.processT.cpuLimit = least
}

// measuredAs takes whose figures the server's are: in words, and whether they are
// but those of what started it. It returns whether that is news.
func (t *tally) measuredAs(whose string, starter bool) (news bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	news = t.processT.whose != whose
	t.processT.whose, t.processT.starter = whose, starter
	if t.window.starter = ""; starter {
		t.window.starter = whose
	}
	return news
}

// suspectsDelays says that the replies of the last window look as if they waited for
// acknowledgements, so that it is worth while to ask the kernel.
func (t *tally) suspectsDelays() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.window.suspects
}

// measures are those that the round's figures come from.
func (t *tally) measures() measure.Measures {
	m := t.total
	if t.capacity != nil && t.capacity.Rate > 0 {
		m = t.best.total // what the server does at its capacity, not beyond it
	}
	return t.settled(m)
}

// settled ends the time of a load that has no length of its own when last it began a
// request, or got a whole reply: from there on it only waited for what never came.
func (t *tally) settled(m measure.Measures) measure.Measures {
	load := t.plan.Workload.Load
	if load.Model != traffic.Users && (load.Model != traffic.Closed || load.Requests == 0) || m.Active <= m.From {
		return m
	}
	if active := m.Active - m.From; active < m.Ran {
		m.Ran, m.LaterKO = active, m.LaterKO+min(t.idleKO, m.KO-m.LaterKO)
	}
	return m
}

// rps is the round's throughput. That of a search is the throughput of its best step
// while requests were begun: at its end it may wait long for the last reply.
func (t *tally) rps() RPS {
	if t.capacity != nil && t.capacity.Rate > 0 {
		return loadFigures(t.best.asked).RPS
	}
	return loadFigures(t.measures()).RPS
}

// result is the round's figures.
func (t *tally) result() RoundResult {
	t.mu.Lock()
	defer t.mu.Unlock()
	figures, ruling := loadFigures(t.measures()), t.verdict()
	figures.RPS = t.rps()
	result := RoundResult{
		Round: t.round, Position: t.position, Status: t.status, StatusDetail: t.detail,
		Requests: figures.Requests, RPS: figures.RPS, LatencyEnds: figures.LatencyEnds, LatencyMS: figures.LatencyMS, Statuses: figures.Statuses, Failures: figures.Failures,
		Capacity: t.capacity, Findings: figures.Findings, Verdict: ruling.Verdict, VerdictWhy: ruling.Why,
		Within: t.within,
	}
	if t.startup != nil {
		startup := milliseconds(*t.startup)
		result.StartupMS = &startup
	}
	for _, finding := range t.findings {
		result.Findings = append(result.Findings, FindingResult{
			ID: string(finding.ID), AtS: finding.BeganAt.Seconds(), EndedAtS: finding.EndedAt.Seconds(),
			Title: finding.Title, Evidence: finding.Evidence, Advice: finding.Advice,
		})
	}
	if result.Process = t.processT.result(t.total.OK + t.total.KO); result.Process != nil {
		result.Process.perMB(result.RPS.OK)
	}
	return result
}

// loadFigures is the part of a result that the load's measures tell.
func loadFigures(m measure.Measures) ContenderResult {
	result := ContenderResult{
		TiedWith: []string{},
		Failures: []FailureResult{},
		Findings: []FindingResult{},
		Requests: RequestCounts{
			Total: m.OK + m.KO, OK: m.OK, KO: m.KO,
			Retried: m.Retried, Reconnects: m.Reconnects, Unanswered: m.Unanswered,
			EndedAtReading: m.EndedAtReading,
		},
	}
	if result.Requests.Total > 0 {
		result.Requests.FailureRate = float64(m.KO) / float64(result.Requests.Total)
	}
	ran := m.Ran
	if ran == 0 { // of a recording that is older than the figure
		ran = m.To - m.From
	} else if waited := m.To - m.From - ran; waited > 0 && m.LaterOK+m.LaterKO > 0 {
		result.Requests.Later = LaterResult{OK: m.LaterOK, KO: m.LaterKO, WaitedS: waited.Seconds()}
	}
	if over := ran.Seconds(); over > 0 {
		ok := m.OK - min(m.OK, m.LaterOK)
		result.RPS = RPS{Total: float64(ok+m.KO-min(m.KO, m.LaterKO)) / over, OK: float64(ok) / over, OverS: over}
	}
	for _, status := range m.Statuses {
		result.Statuses = append(result.Statuses, StatusResult{Status: status.Status, Location: status.Location, Count: status.Count})
	}
	result.LatencyMS = Latencies{
		Total:      distribution(m.ResponseOK.Merge(m.ResponseKO)),
		OK:         distribution(m.ResponseOK),
		KO:         distribution(m.ResponseKO),
		Service:    distribution(m.Service),
		Connect:    distribution(m.Connect),
		FirstReply: distribution(m.FirstReply),

		ReadLateness:     distribution(m.ReadLateness),
		OKToReading:      distribution(m.ResponseRead),
		ServiceToReading: distribution(m.ServiceRead),
	}
	switch {
	case m.EndsAtArrival():
		result.LatencyEnds = EndsAtArrival
	case m.Service.Count() > 0:
		result.LatencyEnds = EndsAtReading
	}
	for _, failure := range m.Failures {
		result.Failures = append(result.Failures, FailureResult{
			Cause: string(failure.Cause), Count: failure.Count,
			FirstAtS: failure.FirstAt.Seconds(), Sample: failure.Sample, Reason: failure.Reason(), Reasons: reasonsOf(failure),
		})
	}
	return result
}

// reasonsOf are the reasons of a failure where there are several.
func reasonsOf(failure measure.Failure) []ReasonResult {
	if len(failure.Reasons) < 2 {
		return nil
	}
	reasons := make([]ReasonResult, len(failure.Reasons))
	for i, reason := range failure.Reasons {
		reasons[i] = ReasonResult{Reason: reason.Text, Count: reason.Count, Sample: reason.Sample}
	}
	return reasons
}

// entry is the contender as the leaderboard takes it.
func entry(result ContenderResult) leaderboard.Entry {
	e := leaderboard.Entry{
		ID: result.ID, Name: result.Name,
		Values:      map[leaderboard.Metric]float64{},
		Rounds:      map[leaderboard.Metric][]float64{},
		Steps:       map[leaderboard.Metric]float64{},
		Errors:      map[leaderboard.Metric]float64{},
		Requests:    result.Requests.Total,
		FailureRate: result.Requests.FailureRate,
	}
	if result.Requests.Total == 0 {
		e.Unmeasured = string(result.Status)
		if result.StatusDetail != "" {
			e.Unmeasured = result.StatusDetail
		}
		return e
	}
	if result.Status == StatusCrashed {
		e.Broken = result.StatusDetail
	}
	if len(result.Failures) > 0 {
		e.MainCause = result.Failures[0].Cause
	}
	for _, metric := range leaderboard.Metrics() {
		if value := result.Figure(string(metric)); value != nil {
			e.Values[metric] = *value
		}
		if len(result.Intervals) == 0 {
			continue
		}
		e.Steps[metric], e.Errors[metric] = result.Step(string(metric)), result.countingError(string(metric))
		for _, round := range result.Counted() {
			if value := round.Figure(string(metric)); value != nil {
				e.Rounds[metric] = append(e.Rounds[metric], *value)
			}
		}
	}
	return e
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// distribution sums up a histogram of µs in ms; nil if it is empty.
func distribution(h measure.Histogram) *Distribution {
	if h.Count() == 0 {
		return nil
	}
	ms := func(us float64) float64 { return min(us/1000, MostMS) }
	q := func(quantile float64) float64 { return ms(float64(h.Quantile(quantile))) }
	return &Distribution{
		Min: ms(float64(h.Min())), Mean: ms(h.Mean()), StdDev: ms(h.StdDev()),
		P50: q(0.5), P75: q(0.75), P90: q(0.9), P95: q(0.95), P99: q(0.99), P999: q(0.999),
		Max: ms(float64(h.Max())), Over60S: h.Overlong(),
	}
}

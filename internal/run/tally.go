package run

import (
	"slices"
	"sync"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
	prof "github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/procs/sample"
)

// tally adds up what is measured of one contender in one round.
type tally struct {
	plan            Plan
	facts           diagnosis.Facts
	round, position int // in the round's order; both from 1

	status  stream.Status
	detail  string
	logTail []string
	given   *stream.Given // nil: it was not started by us

	mu       sync.Mutex // guards what follows: engine and sampler tell at the same time
	startup  *time.Duration
	total    measure.Sum
	asked    *measure.Measures      // the part of it in which requests were begun: without the wait at its end; nil: all of it
	capacity *stream.CapacityResult // of a search; nil: none, or no step of it has ended
	best     searched               // of its highest step that kept the objective
	course   stream.Course          // of a load that is not searched, until it has ended
	within   map[string]leaderboard.Batches
	cpuMax   float64 // the generator's, percent of one core, over a window
	idleKO   uint64  // KO since last a request began, or a whole reply came, to the interval
	processT processTally
	watch    *diagnosis.Watch
	window   window
	findings []diagnosis.Finding

	profiled bool                  // no more profile is to be taken of the contender
	profile  *stream.ProfileResult // nil: none was taken in this round
	taken    *prof.Profile         // the same, whole; nil: there is none

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
func (t *tally) fail(status stream.Status, detail string) {
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
func (t *tally) load(m measure.Measures) []stream.FindingChanged {
	t.mu.Lock()
	defer t.mu.Unlock()
	begun := begins(t.plan.Workload.Load, m)
	if !begun && t.asked == nil {
		asked := t.total.Measures()
		t.asked = &asked
	}
	t.total.Take(m)
	if m.Active > 0 {
		t.idleKO = 0
	} else {
		t.idleKO += m.KO - m.LaterKO
	}
	if !t.plan.Workload.Searches() { // its steps have clocks, and stretches, of their own
		t.window.pauses.interval(m)
		if begun {
			t.course.Load(m)
		} else {
			t.stretch.closed = true
		}
	}
	if !t.stretch.closed {
		t.stretch.unserved.take(m)
	}
	if !t.window.add(m) {
		return nil
	}
	return t.observe("")
}

// replies are all so far, good or not.
func (t *tally) replies() uint64 {
	total := t.total.Counts()
	return total.OK + total.KO
}

// reached is how many requests the server had so far.
func (t *tally) reached() uint64 { return t.total.Counts().Reached() }

// idle says that the load has ended without a request.
func (t *tally) idle() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	total := t.total.Counts()
	return total.Sent == 0 && total.OK+total.KO == 0
}

// begins says whether requests are begun in an interval of a load. Users go on with
// theirs to the end.
func begins(load traffic.Load, m measure.Measures) bool {
	return load.Model == traffic.Users || load.Span() == 0 || m.From < load.Span()
}

// loadEnded closes the last window; exit is how the server ended by itself, or "".
func (t *tally) loadEnded(exit string) []stream.FindingChanged {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.within, t.course = t.course.Within(), stream.Course{}
	t.total.Pack()
	if t.window.empty() && exit == "" {
		return nil
	}
	return t.observe(exit)
}

// observe shows the window to the diagnosis and begins the next.
func (t *tally) observe(exit string) []stream.FindingChanged {
	m := t.window.measures
	if cpu := generatorPercent(m); cpu > t.cpuMax && (t.cpuMax == 0 || m.To-m.From >= windowLength/2) { // the last may be too short to say
		t.cpuMax = cpu
	}
	var changed []stream.FindingChanged
	for _, change := range t.watch.Observe(t.window.diagnosis(t.plan.Workload, exit)) {
		finding, _ := t.explain(change.Finding)
		changed = append(changed, stream.FindingChanged{Finding: finding, Ended: change.Ended})
	}
	t.findings = slices.Clone(t.watch.Findings())
	for i, finding := range t.findings {
		t.findings[i], _ = t.explain(finding)
	}
	t.window.next()
	return changed
}

// process takes a reading of the server's process tree.
func (t *tally) process(phase stream.Phase, sample measure.Sample) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.processT.last(phase, sample)
	switch phase {
	case stream.PhaseStart:
		if t.startup != nil {
			t.processT.idle(sample)
		}
	case stream.PhaseLoad:
		t.processT.load(sample, !t.stretch.closed)
		t.stretch.process(sample)
		t.window.process(sample)
		t.course.Process(sample)
	}
}

// eventLoop takes what the probe in a Node server told.
func (t *tally) eventLoop(sample stream.EventLoopSample) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if sample.Phase == stream.PhaseLoad {
		t.processT.eventLoop(sample)
		t.window.eventLoop(sample)
	}
}

// runtime takes what the server's runtimes told.
func (t *tally) runtime(sample stream.RuntimeSample) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(sample.Runtime.Lacks) > 0 {
		t.processT.runtimes.lacks = sample.Runtime.Lacks
	}
	if sample.Runtime.Processes == 0 && len(sample.Runtime.Lacks) == 0 {
		t.processT.runtimes.untold = sample.Runtime.Untold
	}
	t.processT.runtimes.queueLacks = sample.Runtime.RunQueueLacks
	t.processT.runtimes.awake = t.processT.runtimes.awake || sample.Runtime.MonitorAwake
	if !sample.Runtime.Told() {
		return
	}
	if sample.Phase == stream.PhaseLoad {
		t.processT.runtimes.take(sample)
		t.window.runtimes.take(sample)
		t.window.pauses.take(sample)
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
		if len(t.plan.ServerCPUs) == 0 && len(t.plan.LoadCPUs) == 0 {
			t.facts.ServerBound = limits.Bound
		}
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
	m := t.total.Measures()
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
func (t *tally) rps() stream.RPS {
	if t.capacity != nil && t.capacity.Rate > 0 {
		return stream.MeasuredOf(t.best.asked).RPS
	}
	return stream.MeasuredOf(t.measures()).RPS
}

// result is the round's figures.
func (t *tally) result() stream.RoundResult {
	t.mu.Lock()
	defer t.mu.Unlock()
	ruling := t.verdict()
	result := stream.RoundResult{
		Round: t.round, Position: t.position,
		Outcome:  stream.Outcome{Status: t.status, StatusDetail: t.detail},
		Measured: stream.MeasuredOf(t.measures()),
		Within:   t.within,
	}
	result.RPS, result.Capacity = t.rps(), t.capacity
	result.Verdict, result.VerdictWhy = ruling.Verdict, ruling.Why
	if t.startup != nil {
		startup := figure.Milliseconds(*t.startup)
		result.StartupMS = &startup
	}
	for _, finding := range t.findings {
		result.Findings = append(result.Findings, stream.FindingResult{
			ID: string(finding.ID), AtS: finding.BeganAt.Seconds(), EndedAtS: finding.EndedAt.Seconds(),
			Title: finding.Title, Evidence: finding.Evidence, Advice: finding.Advice,
		})
	}
	if result.Process = t.processT.result(t.reached()); result.Process != nil {
		result.Process.SetPerMB(result.RPS.OK)
	}
	return result
}

package view

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// Fold takes the next event into the state. It is all that changes a state.
func (s *State) Fold(event stream.Event) {
	s.At = max(s.At, event.At)
	defer s.foldTrack(event)
	switch body := event.Body.(type) {
	case stream.RunStarted:
		*s = State{Plan: body.Plan, At: event.At}
		for _, facts := range body.Plan.Contenders {
			s.Builds = append(s.Builds, newBuild(facts))
		}
	case stream.PhaseChanged:
		s.foldPhase(event, body)
	case stream.BuildOutput:
		s.build(event.Contender).fold(body)
	case stream.BuildDone:
		build := s.build(event.Contender)
		build.Done = body
		build.State = BuildDone
		if !body.OK {
			build.State = BuildFailed
		}
	case stream.ContenderStarted:
		s.Now = newMeasuring(body, event.At)
	case stream.RateFixed:
		s.Plan.Workload = body.Workload
	case stream.RoundDone:
		s.foldEnd(event, body.Result.Findings)
	case stream.ContenderDone:
		s.Done = append(s.Done, body.Result)
		if len(body.Result.Intervals) == 0 { // of several rounds, the last has told its own
			s.foldEnd(event, body.Result.Findings)
		}
	case stream.ProfileTaken:
		s.foldProfile(event.Contender, body)
	case stream.RunDone:
		result := body.Result
		s.Result = &result
		s.Interrupted = body.Interrupted || result.Interrupted
	case stream.Notice:
		s.Notice, s.NoticeAt = body.Text, event.At
	default:
		if s.Now != nil && s.Now.Facts.ID == event.Contender {
			s.Now.fold(event)
		}
	}
}

func newBuild(facts stream.ContenderFacts) *Build {
	return &Build{Facts: facts, Lines: NewRing[string](keptLines)}
}

func (b *Build) fold(output stream.BuildOutput) {
	if name, begins := strings.CutPrefix(output.Line, "# "); begins && output.Step > b.Step {
		b.Doing = name
	}
	// Lines may be missing, and those before the first step have no place.
	if output.Of > 0 {
		b.Step, b.Of = output.Step, output.Of
	}
	b.Lines.Push(output.Line)
}

func newMeasuring(started stream.ContenderStarted, at time.Duration) *Measuring {
	return &Measuring{
		Facts:   started.Facts,
		Number:  started.Number,
		Of:      started.Of,
		Round:   max(1, started.Round),
		Rounds:  max(1, started.Rounds),
		Probe:   started.Probe,
		Phase:   stream.PhaseStart,
		PhaseAt: at,

		Latency:    NewRing[LatencyPoint](keptPoints),
		Heat:       NewRing[*HeatPoint](keptPoints),
		Throughput: NewRing[ThroughputPoint](keptPoints),
		Process:    NewRing[ProcessPoint](keptPoints),
		Loop:       NewRing[LoopPoint](keptPoints),
		Runtime:    newRuntime(),
		Log:        NewRing[string](keptLines),
		Totals:     Totals{Causes: map[measure.Cause]measure.Failure{}},
	}
}

// build finds a contender's build; one that the plan did not name is added.
func (s *State) build(id string) *Build {
	for _, build := range s.Builds {
		if build.Facts.ID == id {
			return build
		}
	}
	build := newBuild(stream.ContenderFacts{ID: id, Name: id})
	s.Builds = append(s.Builds, build)
	return build
}

func (s *State) foldPhase(event stream.Event, changed stream.PhaseChanged) {
	if changed.Phase == stream.PhaseBuild {
		build := s.build(event.Contender)
		build.State, build.BeganAt, build.Detail = BuildRuns, event.At, changed.Detail
		return
	}
	m := s.Now
	if m == nil || m.Facts.ID != event.Contender {
		return
	}
	if m.Phase == stream.PhaseLoad && changed.Phase != stream.PhaseLoad {
		m.LoadEndedAt = event.At
	}
	m.Phase, m.PhaseAt, m.PhaseLength = changed.Phase, event.At, changed.Expected
	switch changed.Phase {
	case stream.PhaseWarmup:
		m.WarmedUp, m.WarmupAt, m.WarmupLength = true, event.At, changed.Expected
	case stream.PhaseLoad:
		m.Loaded, m.LoadAt, m.LoadLength = true, event.At, changed.Expected
	}
}

// foldEnd ends a contender's load, or its load in one of several rounds.
func (s *State) foldEnd(event stream.Event, findings []stream.FindingResult) {
	if s.Now == nil || s.Now.Facts.ID != event.Contender {
		return
	}
	if s.Now.LoadEndedAt == 0 && s.Now.Loaded {
		s.Now.LoadEndedAt = event.At
	}
	// What is only known at the end still belongs on the screen.
	for _, finding := range findings {
		s.Now.takeFinding(Finding{
			ID: finding.ID, Title: finding.Title, Evidence: finding.Evidence, Advice: finding.Advice,
			At: figure.Seconds(finding.AtS), Ended: finding.EndedAtS > 0,
		})
	}
}

func (m *Measuring) fold(event stream.Event) {
	switch body := event.Body.(type) {
	case stream.Ready:
		m.StartupTook = body.After
	case stream.LoadSample:
		m.foldLoad(body)
	case stream.ProcessSample:
		m.Machine.Fold(body.Sample, body.Phase)
		m.Process.Push(ProcessPoint{
			At:      (m.phaseBegan(body.Phase) + body.Into).Seconds(),
			CPU:     body.Sample.CPUPercentOfCore,
			Hottest: body.Sample.HottestThreadPercentOfCore,
			RSS:     body.Sample.RSSBytes.MB(),
			PSS:     body.Sample.PSSBytes.MB(),

			Queue: body.Sample.AcceptQueue, QueueLimit: body.Sample.AcceptQueueLimit,
		})
	case stream.EventLoopSample:
		m.foldEventLoop(body)
	case stream.RuntimeSample:
		m.Runtime.fold(body, m.phaseBegan(body.Phase))
	case stream.SearchStep:
		m.Search.fold(body)
	case stream.LogLine:
		m.Log.Push(body.Line)
	case stream.FindingChanged:
		f := body.Finding
		m.takeFinding(Finding{
			ID: f.ID, At: f.BeganAt, Title: f.Title, Evidence: f.Evidence, Advice: f.Advice, Ended: body.Ended,
		})
	}
}

func (m *Measuring) foldEventLoop(sample stream.EventLoopSample) {
	at := (m.phaseBegan(sample.Phase) + sample.Into).Seconds()
	loop := sample.Loop
	m.EventLoop = EventLoop{
		Heard: true, Utilization: loop.Utilization,
		DelayP99MS: loop.DelayP99MS, Silent: sample.Silent,
	}
	point := LoopPoint{At: at, DelayP50MS: loop.DelayP50MS, DelayP99MS: loop.DelayP99MS, Utilization: loop.Utilization}
	if sample.Silent > 0 {
		point.DelayP50MS, point.DelayP99MS = math.NaN(), figure.Milliseconds(sample.Silent)
	}
	m.Loop.Push(point)
}

// phaseBegan is when a phase began, since the run began.
func (m *Measuring) phaseBegan(phase stream.Phase) time.Duration {
	switch {
	case phase == stream.PhaseWarmup && m.WarmedUp:
		return m.WarmupAt
	case phase == stream.PhaseLoad && m.Loaded:
		return m.LoadAt
	default:
		return m.PhaseAt
	}
}

func (m *Measuring) foldLoad(sample stream.LoadSample) {
	measures := sample.Measures
	phase := stream.PhaseLoad
	if sample.Warmup {
		phase = stream.PhaseWarmup
	}
	began := m.phaseBegan(phase)
	from, at := (began + measures.From).Seconds(), (began + measures.To).Seconds()

	point := LatencyPoint{At: at, P50: math.NaN(), P90: math.NaN(), P99: math.NaN(), Max: math.NaN(), FailedP50: math.NaN()}
	if h := measures.ResponseOK; h.Count() > 0 {
		point.P50, point.P90, point.P99 = measure.MS(h.Quantile(0.5)), measure.MS(h.Quantile(0.9)), measure.MS(h.Quantile(0.99))
		point.Max = measure.MS(h.Max())
	}
	if h := measures.ResponseKO; h.Count() > 0 {
		point.FailedP50 = measure.MS(h.Quantile(0.5))
	}
	m.Latency.Push(point)
	m.Heat.Push(NewHeatPoint(from, at, measures.ResponseOK, measures.ResponseKO))
	if at > from {
		m.Throughput.Push(ThroughputPoint{
			From: from, At: at,
			OK: float64(measures.OK) / (at - from),
			KO: float64(measures.KO) / (at - from),
		})
	}
	m.Aside = sample.Aside
	if sample.Aside {
		m.Asides = addAside(m.Asides, measures.From.Seconds(), measures.To.Seconds())
	}
	m.Generator.CPUPercentOfCore = sample.GeneratorCPUPercentOfCore
	m.Totals.InFlight, m.Totals.Backlog = measures.InFlight, measures.Backlog
	if !sample.Counts() {
		return
	}
	m.Totals.add(measures)
	m.Generator.CPU += measures.GeneratorCPU
	m.Generator.Lateness = m.Generator.Lateness.Merge(measures.Lateness)
	m.Generator.ReadLateness = m.Generator.ReadLateness.Merge(measures.ReadLateness)
}

func (t *Totals) add(measures measure.Measures) {
	t.Sent += measures.Sent
	t.OK += measures.OK
	t.KO += measures.KO
	t.Unanswered += measures.Unanswered
	t.Retried += measures.Retried
	for _, status := range measures.Statuses {
		if t.Statuses == nil {
			t.Statuses = map[int]uint64{}
		}
		t.Statuses[status.Status] += status.Count
	}
	for _, failure := range measures.Failures {
		failure.Cause = measure.KeptCause(t.Causes, failure.Cause)
		if known, ok := t.Causes[failure.Cause]; ok {
			failure = known.Plus(failure)
		}
		t.Causes[failure.Cause] = failure
	}
}

// Holds says whether a finding was told and is not over.
func (m *Measuring) Holds(id string) bool {
	_, holds := m.Holding(id)
	return holds
}

// Holding is a finding that was told and is not over.
func (m *Measuring) Holding(id string) (found Finding, holds bool) {
	at := slices.IndexFunc(m.Findings, func(f Finding) bool { return f.ID == id && !f.Ended })
	if at < 0 {
		return Finding{}, false
	}
	return m.Findings[at], true
}

// takeFinding adds a finding or replaces the one it sharpens.
func (m *Measuring) takeFinding(finding Finding) {
	at := slices.IndexFunc(m.Findings, func(f Finding) bool { return f.ID == finding.ID })
	switch {
	case at < 0 && len(m.Findings) == stream.MostFindings:
		return
	case at < 0:
		m.Findings = append(m.Findings, finding)
		return
	}
	m.Findings[at] = finding
}

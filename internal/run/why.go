package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/measure"
	prof "github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/profile"
	"github.com/benchtui/benchtui/procs/sample"
)

// Profiling says when a profile is taken of a server after its load.
type Profiling string

const (
	// ProfileForReason takes one where a finding says that the server was out of CPU.
	ProfileForReason Profiling = ""
	// ProfileAlways takes one of every contender.
	ProfileAlways Profiling = "always"
	// ProfileNever takes none, unless the person asks for it while the load runs.
	ProfileNever Profiling = "never"
)

const (
	// profileLength is over what time a profile is taken.
	profileLength = profile.DefaultDuration
	// settling is how long the load runs again before its profile begins.
	settling = 500 * time.Millisecond
	// profilePatience is how much longer a profile may take than it lasts: to begin, to
	// end, and to find the names of functions.
	profilePatience = 20 * time.Second
)

// wantsProfile says whether a profile is to be taken now that the load has ended.
func (t *tally) wantsProfile() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.plan.Profiling == ProfileNever || t.profiled || t.status != stream.StatusOK:
		return false
	case t.plan.Profiling == ProfileAlways:
		return true
	}
	return slices.ContainsFunc(t.findings, func(f diagnosis.Finding) bool { return diagnosis.OutOfCPU(f.ID) })
}

// explain goes on with the load after it was measured, and takes a profile of the server
// meanwhile. Nothing of it counts in the figures.
func (r *Run) explain(ctx context.Context, s *server, t *tally) {
	load, base := againLoad(t.plan.Workload.Load, t.capacityRate()), t.loaded()
	s.enter(stream.PhaseWhy, settling+profileLength)
	loading, enough := context.WithCancel(ctx)
	defer enough()
	begins := base + settling
	done := make(chan struct{})
	crash.Go(func() {
		defer close(done)
		defer enough()
		settled := time.NewTimer(settling)
		defer settled.Stop()
		select {
		case <-settled.C:
			r.takeProfile(loading, s, t, begins)
		case <-loading.Done():
		}
	})
	job := s.job(r.plan, load)
	job.SkipLate = true
	job.Drain = settling
	var err error
	for err == nil && loading.Err() == nil { // users come to an end
		from := base
		_, err = engine.Run(loading, job, func(m measure.Measures) {
			base = from + m.To
			r.stream.emit(s.id, stream.LoadSample{Aside: true, Measures: later(m, from), GeneratorCPUPercentOfCore: generatorPercent(m)})
		})
	}
	enough()
	<-done
	switch {
	case ctx.Err() != nil && !s.crashed():
	case s.crashed():
		r.stream.emit(s.id, stream.Notice{Text: s.id + ": the server ended while its profile was taken, after all that counts was measured: " + s.exit()})
	case err != nil && !errors.Is(err, context.Canceled):
		r.stream.emit(s.id, stream.Notice{Text: s.id + ": the load could not go on for the profile: " + err.Error()})
	}
}

// againLoad is a load that goes on as one did until it is called off; that of users begins
// anew when all have come. capacity is the rate
// that a search found; 0: none.
func againLoad(load traffic.Load, capacity float64) traffic.Load {
	const long = profileLength + profilePatience
	load.Requests = 0
	switch load.Model {
	case traffic.Users: // as many as the machine was found to have room for, again and again
	case traffic.Ramp:
		load.Model, load.Rate, load.RateTo = traffic.Rate, max(load.Rate, load.RateTo), 0
	}
	if capacity > 0 {
		load.Rate = capacity
	}
	if load.Model != traffic.Users {
		load.Duration = long
	}
	return load
}

// capacityRate is the rate that a search found; 0: none.
func (t *tally) capacityRate() float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.capacity == nil {
		return 0
	}
	if t.capacity.Rate > 0 {
		return t.capacity.Rate
	}
	return t.capacity.Ceiling
}

// loaded is how long the load has run.
func (t *tally) loaded() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.total.Counts().To
}

// takeProfile takes a profile of the server and tells it; from is when it begins, since the
// load began.
func (r *Run) takeProfile(ctx context.Context, s *server, t *tally, from time.Duration) {
	began := r.tools.Now()
	taken, err := s.takeProfile(ctx, r.plan, from)
	told := stream.ProfileTaken{From: from, To: from + r.tools.Now().Sub(began)}
	if ctx.Err() != nil && taken == nil && !s.crashed() {
		return // called off
	}
	told.Result = stream.ProfileResultOf(taken, err)
	told.Result.FromS, told.Result.Round = from.Seconds(), t.round
	if taken != nil {
		var buffer bytes.Buffer
		if err := prof.WritePprof(&buffer, taken); err == nil {
			told.Pprof = buffer.Bytes()
		}
	}
	r.stream.emit(s.id, told)
	r.tell(s.id, t.explained(taken, told.Result))
}

// takeProfile takes the profile by whatever sees most of the server.
func (s *server) takeProfile(ctx context.Context, plan Plan, from time.Duration) (*prof.Profile, error) {
	ctx, cancel := context.WithTimeout(ctx, profileLength+profilePatience)
	defer cancel()
	target := profile.Server{Target: profile.Target{Duration: profileLength, Start: from}}
	switch {
	case s.child != nil:
		target.Own = true
		target.Roots = []int{s.service.PID()}
		if serving := sample.ServingOn(s.port, s.child.PID()); len(serving.Roots) > 0 {
			target.Roots = serving.Roots
		}
		if r := s.contender.Manifest.Probes; len(r) > 0 && !plan.NoProbes {
			target.Node = s.nodeProfile
		} else {
			target.NodeNames = howToProbe(s.contender, plan)
		}
	case plan.PID != 0:
		target.Roots = []int{plan.PID}
	default:
		return nil, &profile.Refusal{Reason: profile.NotHere, What: "the processes behind " + s.contender.URL + " are not known", Fix: "name the server's process by " + flagname.PID}
	}
	return profile.TakeServer(ctx, target)
}

// howToProbe is how a contender that is started without Node's probe is had to have it.
func howToProbe(contender frameworks.Contender, plan Plan) string {
	switch {
	case len(contender.Manifest.Probes) > 0:
		return "leave out " + flagname.NoProbes
	case contender.Origin == frameworks.OriginCommand && plan.NoProbes:
		return flagname.Probe + " " + frameworks.NodeEventLoop + " instead of " + flagname.NoProbes
	case contender.Origin == frameworks.OriginCommand:
		return flagname.Probe + " " + frameworks.NodeEventLoop
	}
	return "probes: [" + frameworks.NodeEventLoop + "] in its manifest"
}

// nodeProfile asks the probe in a Node server.
func (s *server) nodeProfile(ctx context.Context, length, interval time.Duration) ([]profile.V8, error) {
	told, err := s.child.NodeProfile(ctx, length, interval)
	if errors.Is(err, procs.ErrNoNodeProbe) {
		err = profile.ErrNoProbe
	}
	all := make([]profile.V8, len(told))
	for i, one := range told {
		all[i] = profile.V8(one)
	}
	return all, err
}

// explained keeps a profile and has the findings that it explains say so.
func (t *tally) explained(taken *prof.Profile, result stream.ProfileResult) (changes []stream.FindingChanged) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.profiled, t.profile, t.taken = true, &result, taken
	for i, finding := range t.findings {
		if explained, news := t.explain(finding); news {
			t.findings[i] = explained
			changes = append(changes, stream.FindingChanged{Finding: explained, Ended: explained.EndedAt > 0})
		}
	}
	return changes
}

// explain has a finding say what the profile tells, if there is one and it is about that.
func (t *tally) explain(finding diagnosis.Finding) (explained diagnosis.Finding, news bool) {
	if t.taken == nil || !diagnosis.OutOfCPU(finding.ID) {
		return finding, false
	}
	finding.Evidence, finding.Advice = explanation(finding, t.taken)
	return finding, true
}

// explanation is the evidence and the advice of a finding with what a profile says.
func explanation(finding diagnosis.Finding, taken *prof.Profile) (evidence []string, advice string) {
	const most = 3
	evidence, advice = slices.Clone(finding.Evidence), finding.Advice
	of, onLoop := "the server's CPU time", finding.ID == diagnosis.EventLoopSaturated
	loops := taken.OfThreads(func(thread prof.Thread) bool { return thread.Loop })
	// Where nothing but loops was seen it is of their time, and they may be little of the server's.
	if alone := len(loops.Samples) == len(taken.Samples); len(loops.Samples) > 0 && (onLoop || alone) {
		of, taken = "the loop's time", loops
	}
	reasons := taken.Reasons()
	for i, reason := range reasons[:min(most, len(reasons))] {
		evidence = append(evidence, reason.Evidence(of))
		told := reason.Rule.CPU
		if onLoop {
			told = reason.Rule.Loop
		}
		if told != "" && i == 0 {
			advice = told + "; " + advice
		}
	}
	if len(reasons) == 0 {
		hottest := taken.Hottest(prof.BySelf)
		if len(hottest) > 0 && prof.WorthTelling(hottest[0].SelfShare, taken.Count()) {
			first := hottest[0]
			evidence = append(evidence, fmt.Sprintf("no function of its own stands out: of %s the most, %s, in %s (%s)", of, figure.WholePercent(first.SelfShare), first.Name, first.Kind))
		} else {
			evidence = append(evidence, fmt.Sprintf("no function stands out in %s of %s", figure.Plural(taken.Count(), "sample", "samples"), of))
		}
	}
	return evidence, advice
}

// aside is a stretch of a load that is left out of the figures.
type aside struct {
	on    bool
	ended bool // since the last interval
}

// leavesOut says whether the interval that has just ended is left out.
func (s *server) leavesOut() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.aside.on || s.aside.ended
	s.aside.ended = false
	return out
}

// setAside begins or ends a stretch that is left out.
func (s *server) setAside(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.aside = aside{on: on, ended: !on}
}

// profileWhenAsked has Profile take profiles while a load runs, until stop is called,
// which waits for the one under way.
func (r *Run) profileWhenAsked(ctx context.Context, s *server, t *tally) (stop func()) {
	ask := make(chan struct{}, 1)
	ended := make(chan struct{})
	ctx, cancel := context.WithCancel(ctx)
	r.setProfile(func() {
		select {
		case ask <- struct{}{}:
		default: // one is being taken
		}
	})
	crash.Go(func() {
		defer close(ended)
		for {
			select {
			case <-ctx.Done():
				return
			case <-ask:
			}
			s.sampling.now()
			s.setAside(true)
			_, into := s.into()
			r.takeProfile(ctx, s, t, into)
			s.sampling.now()
			t.asideEnds()
			s.setAside(false)
			select { // whoever asked again meanwhile has it
			case <-ask:
			default:
			}
		}
	})
	return func() {
		r.setProfile(nil)
		cancel()
		<-ended
	}
}

func (r *Run) setProfile(profile func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.profile = profile
}

func (t *tally) asideEnds() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.processT.asideEnds()
}

package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/procs/runtimes"
)

// Tools is what a run works with.
type Tools struct {
	Builder *build.Builder
	LogDir  string           // the servers' logs go here; "" keeps only their last lines
	Now     func() time.Time // nil: time.Now
}

// Run is a run under way.
type Run struct {
	plan   Plan
	tools  Tools
	stream *emitter
	logs   logs

	programs runtimes.Programs // those in Go that were read

	stop  context.CancelFunc // ends the load and goes on to the stopping
	force context.CancelFunc // ends the wait for servers that are asked to stop
	// forced is the context of everything that stops a server.
	forced context.Context

	mu      sync.Mutex
	skip    func() // the contender under way, or the builds; nil between two
	profile func() // of the server under load; nil: none is

	left []string // what could not be ended

	done   chan struct{}
	result stream.Result
}

// errSkipped is why a contender's context ended when the person went on to the next.
var errSkipped = errors.New("skipped")

// Start begins the run; its events go to the sinks. Call Plan.Check before. When
// ctx ends, the run stops as by Stop.
func Start(ctx context.Context, plan Plan, tools Tools, sinks ...stream.Sink) *Run {
	if tools.Now == nil {
		tools.Now = time.Now
	}
	run := &Run{plan: plan, tools: tools, stream: newEmitter(tools.Now, sinks), done: make(chan struct{})}
	ctx, run.stop = context.WithCancel(ctx)
	run.forced, run.force = context.WithCancel(context.WithoutCancel(ctx))
	crash.Go(func() {
		defer close(run.done)
		defer run.force()
		defer run.stop()
		run.result = run.all(ctx)
	})
	return run
}

// Stop ends the run soon: the load stops, the server is given its grace time, and
// what was measured so far becomes the result.
func (r *Run) Stop() { r.stop() }

// Force ends the run at once: as Stop, and servers are killed without grace.
func (r *Run) Force() {
	r.stop()
	r.force()
}

// Skip stops the contender under way and goes on with the next; while contenders
// are built, it ends the builds under way.
func (r *Run) Skip() {
	r.mu.Lock()
	skip := r.skip
	r.mu.Unlock()
	if skip != nil {
		skip()
	}
}

// Profile takes a profile of the server that is under load, at once; the figures leave
// that stretch out. It says whether there is such a server.
func (r *Run) Profile() bool {
	r.mu.Lock()
	profile := r.profile
	r.mu.Unlock()
	if profile != nil {
		profile()
	}
	return profile != nil
}

// Notify tells all who look at the run something about it that is no finding: that
// its recording ended early, say. After the end of the run there is nobody to tell.
func (r *Run) Notify(text string) { r.stream.emit("", stream.Notice{Text: text}) }

// Done is closed when the run has ended and no server of it is left.
func (r *Run) Done() <-chan struct{} { return r.done }

// Wait waits for the end of the run and returns its result.
func (r *Run) Wait() stream.Result {
	<-r.done
	return r.result
}

// all builds every contender, then measures one after the other, round after round.
func (r *Run) all(ctx context.Context) stream.Result {
	host := ReadHostFacts()
	states := map[string]build.State{}
	for _, contender := range r.plan.Contenders {
		states[contender.Manifest.ID] = r.tools.Builder.State(ctx, contender)
	}
	facts := r.plan.facts(states)
	r.stream.emit("", stream.RunStarted{Started: r.stream.began, Plan: facts, Host: host})
	if slices.ContainsFunc(r.plan.Contenders, func(c frameworks.Contender) bool { return c.URL == "" }) {
		var fallback string
		if r.logs, fallback = openLogs(r.tools.LogDir, r.stream.began); fallback != "" {
			r.stream.emit("", stream.Notice{Text: fallback})
		}
	}
	for _, warning := range r.plan.warnings() {
		r.stream.emit("", stream.Notice{Text: warning})
	}

	participants := make([]*participant, len(r.plan.Contenders))
	for i, contender := range r.plan.Contenders {
		participants[i] = &participant{contender: contender, facts: facts.Contenders[i], rounds: r.plan.Workload.RoundCount()}
	}
	r.build(ctx, states, participants)
	measurable := false
	for _, e := range participants {
		if e.built == nil {
			r.contenderDone(e)
		}
		measurable = measurable || e.built != nil
	}
	if measurable { // what the builds used is over by now
		r.warnOfMachine(ctx)
	}
	if !r.plan.Workload.FindsRate() || r.fixRate(ctx, participants, &facts, host.Cores) {
		r.measureAll(ctx, participants, host.Cores)
	}
	r.leaveOut(participants)

	result := r.conclude(host, facts, participants)
	result.Interrupted = ctx.Err() != nil
	result.Left = r.left
	result = foreign.Value(result) // as the stream tells it
	r.stream.emit("", stream.RunDone{Result: result, Interrupted: result.Interrupted})
	return result
}

// skippable returns a context that Skip ends, until release is called.
func (r *Run) skippable(ctx context.Context) (skippable context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	r.setSkip(func() { cancel(errSkipped) })
	return ctx, func() {
		r.setSkip(nil)
		cancel(nil)
	}
}

func (r *Run) setSkip(skip func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.skip = skip
}

// stopped says in words why a contender's context ended.
func stopped(ctx context.Context, doing string) string {
	if errors.Is(context.Cause(ctx), errSkipped) {
		return fmt.Sprintf("skipped %s", doing)
	}
	return fmt.Sprintf("the run was stopped %s", doing)
}

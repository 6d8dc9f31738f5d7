package run

import (
	"context"
	"fmt"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// mostSteps is how many rates a search for the capacity tries at most.
const mostSteps = 12

// findCapacity puts rising and falling rates on the server until the highest that
// keeps the objective is known. first is the rate to begin with.
func (r *Run) findCapacity(ctx context.Context, s *server, t *tally, first float64) error {
	workload := r.plan.Workload
	search := engine.NewSearch(first, mostSteps)
	var base time.Duration
	again := false
	for number := 1; ; number++ {
		rate, more := search.Next()
		if !more {
			return nil
		}
		step := stream.CapacityStep{Number: number, Rate: rate, FromS: base.Seconds()}
		r.stream.emit(s.id, stream.SearchStep{Of: mostSteps, Step: step})
		load := workload.Load
		load.Rate = rate
		judge := plan.NewStepJudge(workload.Objective, load)
		s.sampling.now() // the rest before it is no part of it
		t.stepBegins()
		total, asked, hopeless, err := r.step(ctx, s, t, load, base, judge)
		base += total.To
		t.step(&step, total, asked, judge, hopeless)
		step.ToS = base.Seconds()
		if err != nil {
			return err
		}
		// A generator that was late, for a neighbour's sake say, is given one more try.
		if again = !step.Kept && step.Verdict == diagnosis.VerdictGenerator && !again; again {
			search.Skip()
		} else {
			search.Tell(step.Kept)
		}
		t.stepped(step, search)
		r.stream.emit(s.id, stream.SearchStep{Of: mostSteps, Step: step, Judged: true})
		began := r.tools.Now()
		select {
		case <-time.After(workload.BetweenSteps()):
		case <-ctx.Done():
			return ctx.Err()
		}
		base += r.tools.Now().Sub(began)
	}
}

// step loads the server at one rate; base is when it begins, since the load began.
// asked is the part of the total in which requests were begun.
func (r *Run) step(ctx context.Context, s *server, t *tally, load traffic.Load, base time.Duration, judge *plan.StepJudge) (total, asked measure.Measures, hopeless bool, err error) {
	limited, giveUp := context.WithCancel(ctx)
	defer giveUp()
	job := s.job(r.plan, load)
	job.Drain = stepDrain(judge.Objective)
	defer t.stepAsked()
	var begun measure.Sum
	total, err = engine.Run(limited, job, func(m measure.Measures) {
		if !hopeless && judge.Hopeless(m) {
			hopeless = true
			giveUp()
		}
		if begins(load, m) {
			begun.Take(m)
		} else {
			t.stepAsked()
		}
		m = later(m, base)
		r.stream.emit(s.id, stream.LoadSample{Measures: m, GeneratorCPUPercentOfCore: generatorPercent(m)})
		r.tell(s.id, t.load(m))
	})
	if hopeless && ctx.Err() == nil {
		err = nil
	}
	return total, begun.Measures(), hopeless, err
}

// stepDrain is how long a step waits for its last replies: those that come later
// break the objective whatever they are.
func stepDrain(objective plan.Objective) time.Duration {
	return max(2*time.Second, 2*objective.Slowest())
}

// later moves measures along the time axis.
func later(m measure.Measures, by time.Duration) measure.Measures {
	m.From += by
	m.To += by
	if m.Active > 0 {
		m.Active += by
	}
	for i := range m.Failures {
		m.Failures[i].FirstAt += by
	}
	return m
}

// stepBegins begins the stretch of a step.
func (t *tally) stepBegins() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stretch = stretch{}
}

// stepAsked ends the stretch of a step: no more requests are begun in it.
func (t *tally) stepAsked() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stretch.closed = true
}

// step judges a step by its measures.
func (t *tally) step(step *stream.CapacityStep, total, asked measure.Measures, judge *plan.StepJudge, hopeless bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	figures := stream.MeasuredOf(total)
	step.Why = judge.Broken(figures)
	if hopeless && step.Why == "" {
		step.Why = judge.Objective.String() + ": too many replies were above it to go on"
	}
	step.Kept = step.Why == ""
	step.RPS, step.FailureRate = stream.MeasuredOf(asked).RPS.OK, figures.Requests.FailureRate
	if ok := figures.LatencyMS.OK; ok != nil {
		step.P50MS, step.P99MS = &ok.P50, &ok.P99
	}
	facts := t.facts
	facts.OfferedRate, facts.Duration = step.Rate, judge.Duration
	ruling := diagnosis.Judge(t.summary(facts, asked))
	step.Verdict, step.VerdictWhy = ruling.Verdict, ruling.Why
	if step.Kept && (t.capacity == nil || step.Rate >= t.capacity.Rate) {
		t.best = searched{total: total, asked: asked}
	}
}

// stepped keeps a step, and what is known after it.
func (t *tally) stepped(step stream.CapacityStep, search *engine.Search) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.capacity == nil {
		t.capacity = &stream.CapacityResult{Objective: t.plan.Workload.Objective.String()}
	}
	t.capacity.Rate, _ = search.Found()
	t.capacity.Ceiling = search.Ceiling()
	t.capacity.Steps = append(t.capacity.Steps, step)
	t.capacity.Weigh()
}

// verdictOfSearch is that of the step that broke the objective: what kept the
// server from more.
func verdictOfSearch(c *stream.CapacityResult) diagnosis.Ruling {
	for i := len(c.Steps) - 1; i >= 0; i-- {
		if step := c.Steps[i]; !step.Kept && step.Rate == c.Ceiling {
			return diagnosis.Ruling{Verdict: step.Verdict, Why: fmt.Sprintf("at %s req/s %s; %s", figure.PerSecond(step.Rate), step.Why, step.VerdictWhy)}
		}
	}
	return diagnosis.Ruling{Verdict: diagnosis.VerdictInconclusive, Why: "no step broke the objective"}
}

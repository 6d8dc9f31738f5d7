package session

import (
	"context"
	"fmt"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// mostSteps is how many rates a search for the capacity tries at most.
const mostSteps = 12

// likelySteps is how many it takes as a rule: for the time that a run will take.
const likelySteps = 8

// betweenSteps lets a server end what a step left behind.
func (w Workload) betweenSteps() time.Duration { return min(time.Second, w.Load.Duration/4) }

// CapacityResult is the highest rate that keeps an objective.
type CapacityResult struct {
	Objective string `json:"objective"`
	// Rate is in requests per second; 0: none that was tried kept the objective.
	Rate float64 `json:"rate"`
	// Ceiling is the lowest rate that broke the objective; 0: none did. The capacity
	// lies between the two.
	Ceiling float64 `json:"ceiling"`
	// Uncertainty is by what share of Rate it may be more: 0.03 is 3 %. nil: not known.
	Uncertainty *float64       `json:"uncertainty,omitempty"`
	AtRate      *Tries         `json:"at_rate,omitempty"` // nil: none, or of an old recording
	AtCeiling   *Tries         `json:"at_ceiling,omitempty"`
	Steps       []CapacityStep `json:"steps"`
}

// Tries are the steps of a search at one rate that said something of the server.
type Tries struct {
	Of   int `json:"of"`
	Kept int `json:"kept"` // the objective
}

func (t Tries) String() string {
	if t.Of == 1 {
		return fmt.Sprintf("%d of 1 try", t.Kept)
	}
	return fmt.Sprintf("%d of %d tries", t.Kept, t.Of)
}

// CapacityStep is one rate that was tried.
type CapacityStep struct {
	Number      int      `json:"number"` // from 1
	Rate        float64  `json:"rate"`   // requests per second
	FromS       float64  `json:"from_s"` // since the load began
	ToS         float64  `json:"to_s"`
	Kept        bool     `json:"kept"` // the objective
	Why         string   `json:"why"`  // not
	RPS         float64  `json:"rps"`  // OK replies per second
	FailureRate float64  `json:"failure_rate"`
	P50MS       *float64 `json:"p50_ms"`
	P99MS       *float64 `json:"p99_ms"`
	// Verdict is what limited the step: "server", "generator", "machine" or "inconclusive".
	Verdict    string `json:"verdict"`
	VerdictWhy string `json:"verdict_why,omitempty"` // the figures that it rests on
}

// Words say in a line what was found.
func (c *CapacityResult) Words() string {
	switch {
	case c.Rate == 0:
		return "capacity: no rate that was tried kept " + c.Objective
	case c.Ceiling == 0:
		return fmt.Sprintf("capacity: at least %s req/s with %s; no step broke it", perSecond(c.Rate), c.Objective)
	}
	words := fmt.Sprintf("capacity: %s req/s with %s; %s were too many", perSecond(c.Rate), c.Objective, perSecond(c.Ceiling))
	if c.Uncertainty == nil || c.AtRate == nil || c.AtCeiling == nil {
		return words
	}
	return fmt.Sprintf("%s (%.2g %% more); the first kept it in %s, the second in %s", words, 100**c.Uncertainty, c.AtRate, c.AtCeiling)
}

// at is what the steps at a rate said of the server; nil: nothing.
func (c *CapacityResult) at(rate float64) *Tries {
	var tries Tries
	for _, step := range c.Steps {
		if step.Rate != rate || !step.Kept && step.Verdict == diagnosis.VerdictGenerator {
			continue
		}
		tries.Of++
		if step.Kept {
			tries.Kept++
		}
	}
	if tries.Of == 0 {
		return nil
	}
	return &tries
}

// weigh tells how sure the answer is, from its steps.
func (c *CapacityResult) weigh() {
	c.AtRate, c.AtCeiling, c.Uncertainty = c.at(c.Rate), c.at(c.Ceiling), nil
	if c.Rate > 0 && c.Ceiling > c.Rate {
		more := c.Ceiling/c.Rate - 1
		c.Uncertainty = &more
	}
}

// Words say in a line how a step ended.
func (s CapacityStep) Words() string {
	if s.Kept {
		text := "✓ " + perSecond(s.Rate) + " req/s"
		if s.P99MS != nil {
			text += " · p99 " + latencyWords(*s.P99MS)
		}
		return text
	}
	text := "✗ " + perSecond(s.Rate) + " req/s: " + s.Why
	if s.Verdict == diagnosis.VerdictGenerator {
		text += " (the generator was the limit)"
	}
	return text
}

// latencyWords writes a latency: "0.42 ms", "12.3 ms", "3,137 ms", "over 60 s".
func latencyWords(ms float64) string {
	switch {
	case ms >= MostMS:
		return "over 60 s"
	case ms >= 1000:
		return thousands(uint64(ms+0.5)) + " ms"
	}
	return fmt.Sprintf("%.3g ms", ms)
}

// perSecond writes a rate; a low one keeps a digit.
func perSecond(rate float64) string {
	if rate < 10 {
		return fmt.Sprintf("%.3g", rate)
	}
	return thousands(uint64(rate + 0.5))
}

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
		step := CapacityStep{Number: number, Rate: rate, FromS: base.Seconds()}
		r.stream.emit(s.id, SearchStep{Of: mostSteps, Step: step})
		load := workload.Load
		load.Rate = rate
		judge := newStepJudge(workload.Objective, load)
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
		r.stream.emit(s.id, SearchStep{Of: mostSteps, Step: step, Judged: true})
		began := r.tools.Now()
		select {
		case <-time.After(workload.betweenSteps()):
		case <-ctx.Done():
			return ctx.Err()
		}
		base += r.tools.Now().Sub(began)
	}
}

// step loads the server at one rate; base is when it begins, since the load began.
// asked is the part of the total in which requests were begun.
func (r *Run) step(ctx context.Context, s *server, t *tally, load traffic.Load, base time.Duration, judge *stepJudge) (total, asked measure.Measures, hopeless bool, err error) {
	limited, giveUp := context.WithCancel(ctx)
	defer giveUp()
	job := s.job(r.plan, load)
	job.Drain = stepDrain(judge.objective)
	defer t.stepAsked()
	total, err = engine.Run(limited, job, func(m measure.Measures) {
		if !hopeless && judge.hopeless(m) {
			hopeless = true
			giveUp()
		}
		if begins(load, m) {
			asked = merged(asked, m)
		} else {
			t.stepAsked()
		}
		m = later(m, base)
		r.stream.emit(s.id, LoadSample{Measures: m, GeneratorCPUPercentOfCore: generatorPercent(m)})
		r.tell(s.id, t.load(m))
	})
	if hopeless && ctx.Err() == nil {
		err = nil
	}
	return total, asked, hopeless, err
}

// stepDrain is how long a step waits for its last replies: those that come later
// break the objective whatever they are.
func stepDrain(objective Objective) time.Duration {
	return max(2*time.Second, 2*objective.slowest())
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

// firstRate is what a search begins with: half of what the warm-up reached, or
// what the person said.
func (w Workload) firstRate(warmup measure.Measures) float64 {
	if w.Load.Rate > 0 {
		return w.Load.Rate
	}
	if seconds := (warmup.To - warmup.From).Seconds(); seconds > 0 && warmup.OK > 0 {
		return float64(warmup.OK) / seconds / 2
	}
	const unknown = 100
	return unknown
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
func (t *tally) step(step *CapacityStep, total, asked measure.Measures, judge *stepJudge, hopeless bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	figures := loadFigures(total)
	step.Why = judge.broken(figures)
	if hopeless && step.Why == "" {
		step.Why = judge.objective.String() + ": too many replies were above it to go on"
	}
	step.Kept = step.Why == ""
	step.RPS, step.FailureRate = loadFigures(asked).RPS.OK, figures.Requests.FailureRate
	if ok := figures.LatencyMS.OK; ok != nil {
		step.P50MS, step.P99MS = &ok.P50, &ok.P99
	}
	facts := t.facts
	facts.OfferedRate, facts.Duration = step.Rate, judge.duration
	ruling := diagnosis.Judge(t.summary(facts, asked))
	step.Verdict, step.VerdictWhy = ruling.Verdict, ruling.Why
	if step.Kept && (t.capacity == nil || step.Rate >= t.capacity.Rate) {
		t.best = searched{total: total, asked: asked}
	}
}

// stepped keeps a step, and what is known after it.
func (t *tally) stepped(step CapacityStep, search *engine.Search) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.capacity == nil {
		t.capacity = &CapacityResult{Objective: t.plan.Workload.Objective.String()}
	}
	t.capacity.Rate, _ = search.Found()
	t.capacity.Ceiling = search.Ceiling()
	t.capacity.Steps = append(t.capacity.Steps, step)
	t.capacity.weigh()
}

// verdictOfSearch is that of the step that broke the objective: what kept the
// server from more.
func verdictOfSearch(c *CapacityResult) diagnosis.Ruling {
	for i := len(c.Steps) - 1; i >= 0; i-- {
		if step := c.Steps[i]; !step.Kept && step.Rate == c.Ceiling {
			return diagnosis.Ruling{Verdict: step.Verdict, Why: fmt.Sprintf("at %s req/s %s; %s", perSecond(step.Rate), step.Why, step.VerdictWhy)}
		}
	}
	return diagnosis.Ruling{Verdict: diagnosis.VerdictInconclusive, Why: "no step broke the objective"}
}

package run

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// fixRate finds the rate that all contenders can sustain and makes it the plan's. It
// returns false if there is none, which the participants then say.
func (r *Run) fixRate(ctx context.Context, participants []*participant, facts *stream.PlanFacts, cores int) bool {
	var probes []stream.Probe
	slowest := -1
	for i, e := range participants {
		if ctx.Err() != nil {
			return false
		}
		if !e.takesPart() {
			continue
		}
		r.stream.emit(e.facts.ID, stream.ContenderStarted{
			Facts: e.facts, Version: e.built.Version, Variant: e.built.Variant,
			Number: i + 1, Of: len(participants), Probe: true,
		})
		probe := r.probe(ctx, e, cores)
		probes = append(probes, probe)
		if e.left && ctx.Err() == nil { // it did not start, or was skipped: so it would be in each round
			r.contenderDone(e)
		}
		if probe.RPS > 0 && (slowest < 0 || probe.RPS < probes[slowest].RPS) {
			slowest = len(probes) - 1
		}
	}
	if ctx.Err() != nil || len(probes) == 0 {
		return false
	}
	if slowest < 0 {
		for _, e := range participants {
			if e.takesPart() {
				at := slices.IndexFunc(probes, func(p stream.Probe) bool { return p.ID == e.facts.ID })
				e.fail(stream.StatusAborted, "no rate was found that it can sustain: "+probes[at].Why+"; "+flagname.ShortRate+" gives one")
				e.left = true
				r.contenderDone(e)
			}
		}
		return false
	}
	r.plan.Workload.Load.Rate = roundDown(probes[slowest].RPS * plan.Sustained)
	fixed := r.plan.facts(nil).Workload
	facts.Workload = fixed
	r.stream.emit("", stream.RateFixed{Workload: fixed, Probes: probes, Slowest: probes[slowest].ID})
	return true
}

// roundDown leaves a rate two digits, which is what a probe can tell.
func roundDown(rate float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(rate))-1)
	return math.Floor(rate/unit) * unit
}

// probe starts the contender, asks it for all it can do, and stops it.
func (r *Run) probe(ctx context.Context, e *participant, cores int) stream.Probe {
	ctx, release := r.skippable(ctx)
	defer release()
	none := func(status stream.Status, why string) stream.Probe {
		if ctx.Err() != nil {
			status, why = stream.StatusAborted, stopped(ctx, "while it was probed")
		}
		if status != "" {
			e.fail(status, why)
			e.left = true
		}
		return stream.Probe{ID: e.facts.ID, Why: why}
	}
	t := newTally(e.contender, r.plan, cores)
	cpus, everywhere, err := r.plan.keepApart()
	if err != nil {
		return none(stream.StatusAborted, err.Error())
	}
	defer everywhere()
	server, err := r.start(ctx, *e.built, cpus, t)
	if server != nil {
		defer r.stopServer(server, t)
	}
	if err != nil {
		return none(stream.StatusStartFailed, err.Error())
	}
	loading, cancel := server.whileItRuns(ctx)
	defer cancel()
	load := r.plan.Workload.Load
	load = traffic.Load{Model: traffic.Closed, Connections: load.Connections, Duration: plan.ProbeLength, Timeout: load.Timeout}
	var half measure.Measures
	server.enter(stream.PhaseProbe, plan.ProbeLength)
	total, err := engine.Run(loading, server.job(r.plan, load), func(m measure.Measures) {
		r.stream.emit(server.id, stream.LoadSample{Warmup: true, Measures: m, GeneratorCPUPercentOfCore: generatorPercent(m)})
		if m.From < plan.ProbeLength/2 || m.From >= plan.ProbeLength { // the drain after it is no part of it
			return
		}
		half = half.Merge(m)
	})
	figures := stream.MeasuredOf(half)
	switch {
	case server.crashed():
		return none("", server.death())
	case err != nil:
		return none("", err.Error())
	case total.OK == 0 || half.OK == 0:
		return none("", "it answered nothing well")
	case figures.Requests.FailureRate > leaderboard.MostFailures:
		return none("", fmt.Sprintf("%.3g %% of its replies failed", 100*figures.Requests.FailureRate))
	}
	return stream.Probe{ID: e.facts.ID, RPS: figures.RPS.OK}
}

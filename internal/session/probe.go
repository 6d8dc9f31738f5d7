package session

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

const (
	// probeLength is how long a contender is asked for all it can do. Its second half
	// counts: in the first a virtual machine compiles.
	probeLength = 4 * time.Second
	// sustained is the share of the slowest contender's throughput that all of them
	// are given: a rate at which nobody has a queue, so that what a request costs is
	// its own cost.
	sustained = 0.5
)

// fixRate finds the rate that all contenders can sustain and makes it the plan's. It
// returns false if there is none, which the entrants then say.
func (r *Run) fixRate(ctx context.Context, entrants []*entrant, facts *PlanFacts, cores int) bool {
	var probes []Probe
	slowest := -1
	for i, e := range entrants {
		if ctx.Err() != nil {
			return false
		}
		if !e.takesPart() {
			continue
		}
		r.stream.emit(e.facts.ID, ContenderStarted{
			Facts: e.facts, Version: e.built.Version, Variant: e.built.Variant,
			Number: i + 1, Of: len(entrants), Probe: true,
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
		for _, e := range entrants {
			if e.takesPart() {
				at := slices.IndexFunc(probes, func(p Probe) bool { return p.ID == e.facts.ID })
				e.fail(StatusAborted, "no rate was found that it can sustain: "+probes[at].Why+"; -q gives one")
				e.left = true
				r.contenderDone(e)
			}
		}
		return false
	}
	r.plan.Workload.Load.Rate = roundDown(probes[slowest].RPS * sustained)
	fixed := r.plan.facts(nil).Workload
	facts.Workload = fixed
	r.stream.emit("", RateFixed{Workload: fixed, Probes: probes, Slowest: probes[slowest].ID})
	return true
}

// roundDown leaves a rate two digits, which is what a probe can tell.
func roundDown(rate float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(rate))-1)
	return math.Floor(rate/unit) * unit
}

// probe starts the contender, asks it for all it can do, and stops it.
func (r *Run) probe(ctx context.Context, e *entrant, cores int) Probe {
	ctx, release := r.skippable(ctx)
	defer release()
	none := func(status Status, why string) Probe {
		if ctx.Err() != nil {
			status, why = StatusAborted, stopped(ctx, "while it was probed")
		}
		if status != "" {
			e.fail(status, why)
			e.left = true
		}
		return Probe{ID: e.facts.ID, Why: why}
	}
	t := newTally(e.contender, r.plan, cores)
	cpus, everywhere, err := r.plan.keepApart()
	if err != nil {
		return none(StatusAborted, err.Error())
	}
	defer everywhere()
	server, err := r.start(ctx, *e.built, cpus, t)
	if server != nil {
		defer r.stopServer(server, t)
	}
	if err != nil {
		return none(StatusStartFailed, err.Error())
	}
	loading, cancel := server.whileItRuns(ctx)
	defer cancel()
	load := r.plan.Workload.Load
	load = traffic.Load{Model: traffic.Closed, Connections: load.Connections, Duration: probeLength, Timeout: load.Timeout}
	var half measure.Measures
	server.enter(PhaseProbe, probeLength)
	total, err := engine.Run(loading, server.job(r.plan, load), func(m measure.Measures) {
		r.stream.emit(server.id, LoadSample{Warmup: true, Measures: m, GeneratorCPUPercentOfCore: generatorPercent(m)})
		if m.From < probeLength/2 || m.From >= probeLength { // the drain after it is no part of it
			return
		}
		if half.To == 0 {
			half = m
		} else {
			half = half.Merge(m)
		}
	})
	figures := loadFigures(half)
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
	return Probe{ID: e.facts.ID, RPS: figures.RPS.OK}
}

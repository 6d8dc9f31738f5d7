package run

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/runtimes"
)

// telling gathers what the runtimes of a server tell: from outside, through the probe, and
// in its log. It belongs to the sampling's goroutine.
type telling struct {
	watch *runtimes.Watch
	child *procs.Child // nil: it is not ours
	asked bool         // it was started so that Go tells of its pauses
	probe string       // what has Node tell of its, where the probe was not loaded
	lacks []string     // that were heard of
	new   []string     // and not told yet

	untold     []measure.Untold // as they were told last
	queueLacks string           // the same
}

func newTelling(s *server, plan Plan, programs *runtimes.Programs) *telling {
	return &telling{watch: runtimes.NewWatch(programs), child: s.child, asked: plan.Profiling == ProfileAlways, probe: probeWords(s.contender, plan)}
}

// probeWords name by what a contender that was started without Node's probe tells.
func probeWords(contender frameworks.Contender, plan Plan) string {
	if len(contender.Manifest.Probes) > 0 {
		return "leaving out " + flagname.NoProbes
	}
	return howToProbe(contender, plan)
}

// since is what all of them told since the call before. The event loop has been heard
// before.
func (t *telling) since(phase stream.Phase, pids []int, loop *eventLoop) measure.Runtime {
	t.watch.Follow(pids, phase == stream.PhaseLoad)
	told := t.watch.Since()
	if loop != nil {
		told = told.Merge(loop.word.Runtime)
	}
	if t.child != nil {
		traces := t.child.GoTraces(slices.ContainsFunc(told.Untold, func(one measure.Untold) bool { return one.Name == runtimes.Go }))
		if traces.MonitorAwake && t.child.TracesScheduler() {
			told.RunQueue, told.RunQueueLacks = figure.Value{}, ""
		}
		told = told.Merge(traces)
	}
	told.Untold = t.ask(told, loop != nil)
	for _, lack := range told.Lacks {
		if !slices.Contains(t.lacks, lack) {
			t.lacks, t.new = append(t.lacks, lack), append(t.new, lack)
		}
	}
	return told
}

// ask says what has each of those tell that do not, if it is a server of ours. Where one
// tells, the others only help it.
func (t *telling) ask(told measure.Runtime, probed bool) (untold []measure.Untold) {
	if told.Processes > 0 || len(told.Lacks) > 0 {
		return nil
	}
	for _, one := range told.Untold {
		switch {
		case one.Name == "" && len(told.Untold) > 1: // a helper's
			continue
		case one.Name == runtimes.Go && t.child != nil && !t.asked:
			one.Ask = flagname.Why
		case one.Name == runtimes.Node && t.child != nil && !probed:
			one.Ask = t.probe
		}
		untold = append(untold, one)
	}
	return untold
}

// changed says whether other runtimes than before are there and do not tell, or why they
// don't: unlike figures, that need not be told over and over.
func (t *telling) changed(told measure.Runtime) bool {
	if slices.Equal(t.untold, told.Untold) && t.queueLacks == told.RunQueueLacks {
		return false
	}
	t.untold, t.queueLacks = told.Untold, told.RunQueueLacks
	return true
}

// news are reasons for missing figures that were not told yet.
func (t *telling) news() []string {
	news := t.new
	t.new = nil
	return news
}

func (t *telling) stop() { t.watch.Stop() }

// runtimeTally adds up what runtimes told over a load, or a window of it.
type runtimeTally struct {
	names      []string
	processes  int // the most that told at once
	over       time.Duration
	count      figure.Value // pauses
	seconds    figure.Value
	each       float64      // seconds of pauses, by how many processes told
	longest    figure.Value // ms, of those seen by themselves
	full       uint64       // of them those of a whole heap's collection
	safepoints figure.Value
	stopped    figure.Value // s, at safepoints
	heapMost   figure.Value // bytes, of the process nearest to its limit
	mostOf     figure.Value // that limit
	heapLeast  figure.Value // the least that it held
	leastOf    figure.Value
	compiling  measure.Mean // cores
	queue      measure.Mean
	share      figure.Value // of the CPU, the most
	lacks      []string
	untold     []measure.Untold
	queueLacks string // why the queue is not known, or not of all
	awake      bool   // the traces of Go's scheduler were on
}

func (r *runtimeTally) take(sample stream.RuntimeSample) {
	told := sample.Runtime
	for _, name := range told.Names {
		if !slices.Contains(r.names, name) {
			r.names = append(r.names, name)
		}
	}
	r.processes = max(r.processes, told.Processes)
	r.over += told.Over
	r.count.Add(told.PauseCount)
	r.seconds.Add(told.PauseSeconds)
	r.each += told.PauseSeconds.Value / float64(max(1, told.Processes))
	r.safepoints.Add(told.Safepoints)
	r.stopped.Add(told.SafepointSeconds)
	for _, pause := range told.Pauses {
		r.longest.Raise(figure.Of(figure.Milliseconds(pause.Duration)))
		if pause.Kind == measure.PauseFull || pause.Kind == measure.PauseConcurrent {
			r.full++
		}
	}
	fuller(&r.heapMost, &r.mostOf, told.HeapUsedBytes, told.HeapLimitBytes)
	if !r.heapMost.Known || !r.mostOf.Known { // a heap that has no limit
		r.heapMost.Raise(told.HeapUsedBytes)
	}
	if told.HeapUsedBytes.Known && (!r.heapLeast.Known || told.HeapUsedBytes.Value < r.heapLeast.Value) {
		r.heapLeast, r.leastOf = told.HeapUsedBytes, told.HeapLimitBytes
	}
	r.compiling.Take(told.CompilingCores, told.Over)
	r.queue.Take(told.RunQueue, told.Over)
	r.share.Raise(told.GCCPUShare)
}

// merge adds what was told in another round.
func (r *runtimeTally) merge(other runtimeTally) {
	for _, name := range other.names {
		if !slices.Contains(r.names, name) {
			r.names = append(r.names, name)
		}
	}
	for _, lack := range other.lacks {
		if !slices.Contains(r.lacks, lack) {
			r.lacks = append(r.lacks, lack)
		}
	}
	for _, one := range other.untold {
		if !slices.Contains(r.untold, one) {
			r.untold = append(r.untold, one)
		}
	}
	r.queueLacks = cmp.Or(r.queueLacks, other.queueLacks)
	r.awake = r.awake || other.awake
	r.processes = max(r.processes, other.processes)
	r.over += other.over
	r.each += other.each
	for _, sum := range []struct{ to, from *figure.Value }{
		{&r.count, &other.count}, {&r.seconds, &other.seconds}, {&r.safepoints, &other.safepoints}, {&r.stopped, &other.stopped},
	} {
		sum.to.Add(*sum.from)
	}
	r.longest.Raise(other.longest)
	fuller(&r.heapMost, &r.mostOf, other.heapMost, other.mostOf)
	if !r.mostOf.Known {
		r.heapMost.Raise(other.heapMost)
	}
	r.compiling.Add(other.compiling)
	r.queue.Add(other.queue)
	r.share.Raise(other.share)
}

// monitorAwake says what the traces of Go's scheduler do to a server.
const monitorAwake = "Go's trace of its scheduler keeps the thread awake that watches over its runtime: at rates that leave it idle, CPU per request reads up to a third lower than without " +
	flagname.Why + "; on Linux a program with its debug data (go build without -ldflags=-s) needs no such trace"

// result is nil if nothing was told; the note says why something that is there is not, or
// what its telling changes.
func (r *runtimeTally) result() (*stream.RuntimeResult, string) {
	notes := slices.Clone(r.lacks)
	switch {
	case r.processes == 0:
		for _, one := range r.untold {
			notes = append(notes, untoldWords(one))
		}
	case r.awake:
		notes = append(notes, monitorAwake)
	}
	note := strings.Join(notes, "; ")
	if r.processes == 0 && r.queue.Over() == 0 {
		return nil, note
	}
	result := &stream.RuntimeResult{
		Names:                r.names,
		Pauses:               known(r.count, 1),
		PauseMSTotal:         known(r.seconds, 1000),
		PauseMSMax:           known(r.longest, 1),
		Safepoints:           known(r.safepoints, 1),
		SafepointMSTotal:     known(r.stopped, 1000),
		HeapMBMax:            known(r.heapMost, 1e-6),
		HeapLimitMB:          known(r.mostOf, 1e-6),
		CompilingPercentMean: known(r.compiling.Value(), 100),
		RunQueueMean:         known(r.queue.Value(), 1),
		GCCPUShareMax:        known(r.share, 1),
	}
	if r.seconds.Known && r.over > 0 {
		share := min(1, r.each/r.over.Seconds())
		result.PauseShare = &share
	}
	return result, note
}

// untoldWords say why the pauses of a runtime are not known.
func untoldWords(one measure.Untold) string {
	switch {
	case one.Name == "":
		return "native code, in which no collector is known"
	case one.Ask != "":
		return one.Name + " tells of its pauses when asked to, by " + one.Ask
	case one.Name == runtimes.Go, one.Name == runtimes.Node:
		return one.Name + " tells of its pauses when asked to as it is started"
	}
	return one.Name + " tells nothing of its pauses"
}

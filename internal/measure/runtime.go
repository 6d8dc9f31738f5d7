package measure

import (
	"cmp"
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// Kinds of pauses.
const (
	PauseYoung       = "young"       // a collection of what was allocated lately
	PauseFull        = "full"        // a collection of the whole heap
	PauseConcurrent  = "concurrent"  // the part of a concurrent collection that stops all
	PauseIncremental = "incremental" // a step of a collection that is done in steps
	PauseWeak        = "weak"        // telling that objects are gone
	PauseCollection  = "collection"  // one whose runtime says no more
)

// Pause is a stretch of time in which a runtime let none of its server's code run.
type Pause struct {
	Ago      time.Duration `json:"ago_ns"` // how long before it was told it began
	Duration time.Duration `json:"duration_ns"`
	Kind     string        `json:"kind"` // one of the kinds above
}

// Untold is a language's runtime that is there and tells nothing of its pauses.
type Untold struct {
	Name string `json:"name"`          // "Go", "Python"; "" is native code, in which no collector is known
	Ask  string `json:"ask,omitempty"` // what has it tell the next time: an option of benchtui's; "": nothing does
}

// Runtime is what the language runtimes of a server told of the time since they did so
// before. What none of them tells is missing.
type Runtime struct {
	Over      time.Duration `json:"over_ns"`          // the time that counts and shares are of
	Names     []string      `json:"names,omitempty"`  // who tells, once each: "JVM 25.0.3+9-LTS, G1", "Node v20.20.2"
	Processes int           `json:"processes"`        // how many tell of their pauses
	Pauses    []Pause       `json:"pauses,omitempty"` // those that could be seen one by one, the earliest first

	PauseCount       figure.Value `json:"pause_count"`     // all that ended, those of Pauses among them; of all processes
	PauseSeconds     figure.Value `json:"pause_s"`         // their sum
	Safepoints       figure.Value `json:"safepoints"`      // how often a virtual machine stopped all its threads, for whatever reason
	SafepointSeconds figure.Value `json:"safepoint_s"`     // the sum of that
	HeapUsedBytes    figure.Value `json:"heap_used_bytes"` // of the process that is nearest to its limit, which follows
	HeapLimitBytes   figure.Value `json:"heap_limit_bytes"`
	CompilingCores   figure.Value `json:"compiling_cores"` // that compilers kept busy; 1 is one core
	RunQueue         figure.Value `json:"run_queue"`       // tasks that were ready to run and waited for a thread of the scheduler, the mean
	GCCPUShare       figure.Value `json:"gc_cpu_share"`    // of the CPU time that the process may use, since it began, 0 to 1

	Lacks         []string `json:"lacks,omitempty"`           // why a runtime that is there does not tell, once each
	Untold        []Untold `json:"untold,omitempty"`          // those that are there and tell nothing of their pauses, ever or unless asked, once each
	RunQueueLacks string   `json:"run_queue_lacks,omitempty"` // why that of a runtime that has one is not known, or not of all processes
	MonitorAwake  bool     `json:"monitor_awake,omitempty"`   // Go's traces of its scheduler were on, which keep the thread that watches over it from sleeping
}

// Told says that anything was told.
func (r Runtime) Told() bool { return r.Processes > 0 || len(r.Lacks) > 0 || r.RunQueue.Known }

// Merge is what two groups of processes told of the same time.
func (r Runtime) Merge(with Runtime) Runtime {
	r.Untold = union(r.Untold, with.Untold)
	r.RunQueueLacks = cmp.Or(r.RunQueueLacks, with.RunQueueLacks)
	r.MonitorAwake = r.MonitorAwake || with.MonitorAwake
	with.Untold, with.RunQueueLacks, with.MonitorAwake = r.Untold, r.RunQueueLacks, r.MonitorAwake
	switch {
	case !r.Told():
		return with
	case !with.Told():
		return r
	}
	r.Over = max(r.Over, with.Over)
	r.Names = union(r.Names, with.Names)
	r.Lacks = union(r.Lacks, with.Lacks)
	r.Processes += with.Processes
	r.Pauses = append(slices.Clone(r.Pauses), with.Pauses...)
	SortPauses(r.Pauses)
	for _, one := range []struct{ to, from *figure.Value }{
		{&r.PauseCount, &with.PauseCount}, {&r.PauseSeconds, &with.PauseSeconds},
		{&r.Safepoints, &with.Safepoints}, {&r.SafepointSeconds, &with.SafepointSeconds},
		{&r.CompilingCores, &with.CompilingCores}, {&r.RunQueue, &with.RunQueue},
	} {
		*one.to = knownSum(*one.to, *one.from)
	}
	if with.fuller(r) {
		r.HeapUsedBytes, r.HeapLimitBytes = with.HeapUsedBytes, with.HeapLimitBytes
	}
	if with.GCCPUShare.Known && (!r.GCCPUShare.Known || with.GCCPUShare.Value > r.GCCPUShare.Value) {
		r.GCCPUShare = with.GCCPUShare
	}
	return r
}

// knownSum is the sum of what is known: of two runtimes, one may not have the figure.
func knownSum(a, b figure.Value) figure.Value {
	switch {
	case !a.Known:
		return b
	case !b.Known:
		return a
	}
	return figure.Of(a.Value + b.Value)
}

// fuller says that it is nearer to its heap's limit.
func (r Runtime) fuller(than Runtime) bool {
	switch {
	case !r.HeapUsedBytes.Known:
		return false
	case !than.HeapUsedBytes.Known:
		return true
	case r.HeapLimitBytes.Known != than.HeapLimitBytes.Known:
		return r.HeapLimitBytes.Known
	}
	return r.HeapUsedBytes.Value*than.HeapLimitBytes.Value > than.HeapUsedBytes.Value*r.HeapLimitBytes.Value
}

func union[T comparable](a, b []T) []T {
	for _, one := range b {
		if !slices.Contains(a, one) {
			a = append(slices.Clone(a), one)
		}
	}
	return a
}

// SortPauses puts the earliest first.
func SortPauses(pauses []Pause) {
	slices.SortStableFunc(pauses, func(a, b Pause) int { return cmp.Compare(b.Ago, a.Ago) })
}

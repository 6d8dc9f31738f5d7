package view

import (
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// keptPauses is how many pauses of a runtime are kept: of a collector that is called
// twenty times a second two minutes.
const keptPauses = 2 * keptPoints

// PausePoint is a pause of a language's runtime.
type PausePoint struct {
	At float64 // when it began, s
	MS float64 // how long it was
}

// RuntimePoint is what the runtimes of a server told of an interval.
type RuntimePoint struct {
	From, At  float64      // s
	Paused    figure.Value // share of the time, 0 to 1; of several processes their mean
	Compiling figure.Value // % of a core
	Heap      figure.Value // MB in use, of the process that is nearest to its limit
	HeapLimit figure.Value // MB
	RunQueue  figure.Value // tasks that were ready to run and waited for a thread of the scheduler
}

// Runtime is what the language runtimes of a server tell.
type Runtime struct {
	Pauses Ring[PausePoint]
	Points Ring[RuntimePoint]
	Lacks  []string // why one that is there does not tell
	Untold []measure.Untold
}

func newRuntime() Runtime {
	return Runtime{Pauses: NewRing[PausePoint](keptPauses), Points: NewRing[RuntimePoint](keptPoints)}
}

func (r *Runtime) clone() Runtime {
	return Runtime{Pauses: r.Pauses.Clone(), Points: r.Points.Clone(), Lacks: r.Lacks, Untold: r.Untold}
}

func (r *Runtime) fold(sample stream.RuntimeSample, began time.Duration) {
	told := sample.Runtime
	if r.Untold = told.Untold; !told.Told() {
		return
	}
	at := began + sample.Into
	for _, pause := range told.Pauses {
		r.Pauses.Push(PausePoint{At: (began + sample.Began(pause)).Seconds(), MS: figure.Milliseconds(pause.Duration)})
	}
	point := RuntimePoint{From: (at - told.Over).Seconds(), At: at.Seconds()}
	if over := told.Over.Seconds() * float64(max(1, told.Processes)); told.PauseSeconds.Known && over > 0 {
		point.Paused = figure.Of(min(1, told.PauseSeconds.Value/over))
	}
	if told.CompilingCores.Known {
		point.Compiling = figure.Of(100 * told.CompilingCores.Value)
	}
	point.Heap, point.HeapLimit = told.HeapUsedBytes.MB(), told.HeapLimitBytes.MB()
	point.RunQueue = told.RunQueue
	r.Points.Push(point)
	if len(told.Lacks) > 0 {
		r.Lacks = told.Lacks
	}
}

// PausedOver is the share of the time in which it was paused, over the last seconds before
// a moment.
func (r *Runtime) PausedOver(seconds, before float64) (share float64, ok bool) {
	return r.meanOver(seconds, before, func(point RuntimePoint) figure.Value { return point.Paused })
}

// RunQueueOver is the mean of what waited over the same.
func (r *Runtime) RunQueueOver(seconds, before float64) (waiting float64, ok bool) {
	return r.meanOver(seconds, before, func(point RuntimePoint) figure.Value { return point.RunQueue })
}

// meanOver is the mean of a figure over the last seconds before a moment.
func (r *Runtime) meanOver(seconds, before float64, of func(RuntimePoint) figure.Value) (mean float64, ok bool) {
	var sum, over float64
	for i := r.Points.Len() - 1; i >= 0; i-- {
		point := r.Points.At(i)
		if point.At > before+1e-9 {
			continue
		}
		if point.At <= before-seconds {
			break
		}
		if value, length := of(point), point.At-point.From; value.Known && length > 0 {
			sum, over = sum+value.Value*length, over+length
		}
	}
	return sum / max(over, math.SmallestNonzeroFloat64), over > 0
}

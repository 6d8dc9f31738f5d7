package run

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/plan"
)

// Each figure of a window is over the time in which it was read itself: a thread that
// was busy in the one reading that told of it was busy, whatever other readings told.
func TestFiguresOfAWindowAreOverTheirOwnTime(t *testing.T) {
	var w window
	w.add(measure.Measures{To: time.Second})
	quarter := 250 * time.Millisecond
	w.process(measure.Sample{Over: quarter, CPUPercentOfCore: figure.Of(50), HostCPUPercent: []float64{50, 50}})
	w.process(measure.Sample{Over: quarter, CPUPercentOfCore: figure.Of(50), HottestThreadPercentOfCore: figure.Of(90), HostCPUPercent: []float64{50, 50}, HostStealPercent: figure.Of(10)})
	w.process(measure.Sample{Over: quarter, RunQueueWaitPercent: figure.Of(40)})
	seen := w.diagnosis(plan.Workload{}, "")
	if seen.ServerCPUPercentOfCore.Value != 50 || seen.HottestThreadPercentOfCore.Value != 90 || seen.RunQueueWaitPercent.Value != 40 || seen.StealPercentOfCore.Value != 20 {
		t.Errorf("CPU %v, hottest thread %v, run queue %v, steal %v", seen.ServerCPUPercentOfCore, seen.HottestThreadPercentOfCore, seen.RunQueueWaitPercent, seen.StealPercentOfCore)
	}
	var bare window
	bare.add(measure.Measures{To: time.Second})
	bare.process(measure.Sample{Over: quarter, HottestThreadPercentOfCore: figure.Of(90)})
	if seen := bare.diagnosis(plan.Workload{}, ""); seen.HottestThreadPercentOfCore.Value != 90 || seen.ServerCPUPercentOfCore.Known {
		t.Errorf("%+v", seen)
	}
}

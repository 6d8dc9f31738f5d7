package run

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// A server that rests while the last requests time out is as busy as it was when asked.
func TestMeansOfAServerAreOfTheTimeInWhichItWasAsked(t *testing.T) {
	reading := func(cpu, most float64) measure.Sample {
		return measure.Sample{Over: time.Second, Processes: 2, CPUPercentOfCore: figure.Of(cpu), UserPercentOfCore: figure.Of(cpu / 2),
			HostCPUPercent: []float64{cpu, 0}, RSSBytes: figure.Of(most)}
	}
	var p processTally
	p.load(reading(40, 1e6), true)
	p.load(reading(60, 1e6), true)
	for range 6 {
		p.load(reading(0, 9e6), false)
	}
	got := p.result(1000)
	if *got.CPUPercentMean != 50 || *got.Tree.CPUUserPercentMean != 25 || *got.RSSMBMax != 9 {
		t.Errorf("CPU %v %%, user %v %%, most memory %v MB; want 50, 25 and 9", *got.CPUPercentMean, *got.Tree.CPUUserPercentMean, *got.RSSMBMax)
	}
	var short processTally
	short.load(reading(30, 1e6), false)
	if got := short.result(10); got == nil || *got.CPUPercentMean != 30 {
		t.Errorf("of a load that is shorter than a reading nothing is told: %+v", got)
	}
}

package run

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
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

// Who found no connection is no part of what a request costs.
func TestCPUPerRequestIsOfThoseThatReachedTheServer(t *testing.T) {
	asked := measure.Measures{To: time.Second, Sent: 120, CutShort: 20, OK: 90, KO: 930}
	if got := asked.Reached(); got != 100 {
		t.Fatalf("%d reached it; want 100", got)
	}
	var p processTally
	p.load(measure.Sample{Over: time.Second, Processes: 1, CPUPercentOfCore: figure.Of(10)}, true)
	if got := p.result(asked.Reached()); got.CPUUSPerRequest == nil || *got.CPUUSPerRequest != 1000 || *got.RPSPerCore != 1000 {
		t.Errorf("%+v; want 1,000 µs a request, and 1,000 requests for each second of a core", got)
	}
	if got := p.result(0); got.CPUUSPerRequest != nil || got.RPSPerCore != nil {
		t.Errorf("no request reached it, and each cost %v µs", *got.CPUUSPerRequest)
	}
	measured := stream.MeasuredOf(asked)
	if measured.Requests.Total != 1020 || measured.Requests.ReachedServer() != 100 {
		t.Errorf("the result has %+v", measured.Requests)
	}
}

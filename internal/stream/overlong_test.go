package stream_test

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// What took longer than histograms tell is marked as such in every figure, the least one, too.
func TestTimesAboveAMinuteAreMarkedInEveryFigure(t *testing.T) {
	recorder := measure.NewRecorder()
	for range 5 {
		recorder.RecordTime(62 * time.Second)
	}
	d := stream.DistributionOf(recorder.Export())
	for name, ms := range map[string]float64{"min": d.Min, "mean": d.Mean, "p50": d.P50, "p99": d.P99, "max": d.Max} {
		if got := figure.MS(ms); got != figure.Overlong {
			t.Errorf("%s is told as %s", name, got)
		}
	}
}

package part

import (
	"math"
	"testing"

	"github.com/benchtui/benchtui/internal/measure"
)

func TestPercentileCurveIsAsHdrHistogramPlotsIt(t *testing.T) {
	// 90 replies of 1 ms, 9 of 10 ms and one of 100 ms (the histogram's values are
	// the lowest of their buckets, a thousandth wide).
	h := measure.Histogram{Values: []int64{1000, 10_000, 100_000}, Counts: []uint64{90, 9, 1}}
	points := PercentileCurve(h, 100)
	last := points[len(points)-1]
	if math.Abs(last.X-2) > 1e-9 {
		t.Errorf("the curve of 100 replies ends at %v powers of ten, want 2", last.X)
	}
	for _, point := range points {
		want := 1.0
		if point.X > 1.0001 { // beyond 90 %
			want = 10
		}
		if math.Abs(point.X-1) < 0.02 || point.X > 1.98 {
			continue // at a step
		}
		if math.Abs(point.Y-want)/want > 0.01 {
			t.Fatalf("at %v powers of ten %v ms, want %v", point.X, point.Y, want)
		}
	}
}

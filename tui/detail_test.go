package tui

import (
	"math"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

func TestPercentileCurveIsAsHdrHistogramPlotsIt(t *testing.T) {
	// 90 replies of 1 ms, 9 of 10 ms and one of 100 ms (the histogram's values are
	// the lowest of their buckets, a thousandth wide).
	h := measure.Histogram{Values: []int64{1000, 10_000, 100_000}, Counts: []uint64{90, 9, 1}}
	points := percentileCurve(h, 100)
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

func TestServiceTimeIsShownWhereItDiffers(t *testing.T) {
	distribution := func(p99 float64) *stream.Distribution { return &stream.Distribution{P50: 1, P99: p99} }
	for want, service := range map[bool]float64{true: 1, false: 950} {
		result := stream.ContenderResult{LatencyMS: stream.Latencies{OK: distribution(950), Total: distribution(950), Service: distribution(service)}}
		d := newDetail(result, nil)
		if got := len(d.curves(80)[0].Points) > 0; got != want {
			t.Errorf("service p99 %v beside response p99 950: shown %v, want %v", service, got, want)
		}
	}
}

func TestDetailScrollsToTheLog(t *testing.T) {
	b := newBench(t, nil, 80, 24)
	scenes["detail"](b)
	const last = "8000 sockets are open"
	if strings.Contains(b.frame(), last) {
		t.Fatal("all fits: nothing to scroll")
	}
	b.keys("G")
	if !strings.Contains(b.frame(), last) {
		t.Errorf("the end is not the log's end:\n%s", b.frame())
	}
	b.keys("g")
	if strings.Contains(b.frame(), last) {
		t.Error("g does not lead back to the beginning")
	}
}

func TestDetailWithoutFiguresSaysWhy(t *testing.T) {
	b := newBench(t, nil, 120, 36)
	scenes["leaderboard"](b)
	b.keys("down", "enter")
	if !strings.Contains(b.frame(), "build failed") {
		t.Errorf("got\n%s", b.frame())
	}
}

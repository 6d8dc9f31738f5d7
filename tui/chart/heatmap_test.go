package chart

import (
	"math"
	"testing"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/scale"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// heatOf is a heatmap's shares for intervals of 100 ms, each with these histograms.
func heatOf(t *testing.T, columns, bands int, intervals ...measure.Histogram) (*Heatmap, Axis) {
	t.Helper()
	var points []*view.HeatPoint
	for i, h := range intervals {
		points = append(points, view.NewHeatPoint(float64(i)/10, float64(i+1)/10, h))
	}
	heat, y := NewHeatmap(), Axis{Log: true, Min: 0.1, Max: 1000}
	heat.resample(&HeatPlot{
		Plot: Plot{X: Axis{Max: float64(len(intervals)) / 10}}, N: len(points), Lowest: view.BandOf(y.Min), Highest: view.BandOf(y.Max),
		At: func(i int) Heat {
			return Heat{From: points[i].From, To: points[i].At, Counts: points[i].Counts[:]}
		},
	}, columns, bands)
	return heat, y
}

func TestHeatmapShowsEachModeByItsShare(t *testing.T) {
	// 75 of 100 replies took 1 ms, 24 took 200 ms and one 400 ms.
	h := measure.Histogram{Values: []int64{1000, 200_000, 400_000}, Counts: []uint64{75, 24, 1}}
	const bands = 40 // ten to a power of ten
	for _, columns := range []int{3, 10, 37} {
		heat, y := heatOf(t, columns, bands, h, h, h, h, h, h, h, h, h, h)
		for column := range columns {
			shares := heat.shares[column*bands : (column+1)*bands]
			for _, want := range []struct{ ms, share float64 }{{1, 0.75}, {200, 0.24}, {400, 0.01}} {
				at := int(y.Place(want.ms*1.001) * bands)
				got := shares[at] + shares[at-1] + shares[min(at+1, bands-1)]
				if math.Abs(got-want.share) > 1e-9 {
					t.Errorf("column %d of %d has %.3f at %v ms, want %.2f", column, columns, got, want.ms, want.share)
				}
			}
			sum := 0.0
			for _, share := range shares {
				sum += share
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Errorf("column %d of %d sums to %v", column, columns, sum)
			}
		}
	}
}

func TestIntervalsWithoutRepliesStayDark(t *testing.T) {
	h := measure.Histogram{Values: []int64{1000}, Counts: []uint64{5}}
	heat, _ := heatOf(t, 4, 10, h, measure.Histogram{}, measure.Histogram{}, h)
	for column, want := range []float64{1, 0, 0, 1} {
		sum := 0.0
		for _, share := range heat.shares[column*10 : (column+1)*10] {
			sum += share
		}
		if math.Abs(sum-want) > 1e-9 {
			t.Errorf("column %d sums to %v, want %v", column, sum, want)
		}
	}
}

func TestTheLeastShareIsSeen(t *testing.T) {
	for _, share := range []float64{1e-5, 0.0001, 0.001, 0.01, 0.5, 1} {
		if step := scale.Shade(share, 1, heatSteps); step < 1 || step >= term.HeatLevels {
			t.Errorf("a share of %v has step %d", share, step)
		}
	}
	if scale.Shade(0, 1, heatSteps) != 0 || scale.Shade(0, 0, heatSteps) != 0 {
		t.Error("nothing is drawn as something")
	}
	for _, among := range [][]rune{shades, asciiShades} {
		if shade(0, among) != ' ' || shade(1, among) == ' ' || shade(term.HeatLevels-1, among) != among[len(among)-1] {
			t.Errorf("%q does not run from nothing to all", string(among))
		}
	}
}

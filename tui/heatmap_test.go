package tui

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/session"
)

// heatOf is a heatmap's shares for intervals of 100 ms, each with these histograms.
func heatOf(t *testing.T, columns, bands int, intervals ...engine.Histogram) (*Heatmap, Axis) {
	t.Helper()
	var events []session.Event
	for i, h := range intervals {
		from := time.Duration(i) * 100 * time.Millisecond
		events = append(events, at(4*time.Second+from, session.LoadSample{Measures: engine.Measures{
			From: from, To: from + 100*time.Millisecond, OK: h.Count(), ResponseOK: h,
		}}))
	}
	heat, y := NewHeatmap(), Axis{Log: true, Min: 0.1, Max: 1000}
	now := underLoad(events...).Now
	heat.resample(&HeatPlot{
		Plot: Plot{X: Axis{Max: float64(len(intervals)) / 10}}, N: now.Heat.Len(), Lowest: bandOf(y.Min), Highest: bandOf(y.Max),
		At: func(i int) Heat {
			point := now.Heat.At(i)
			return Heat{From: now.Seconds(point.From), To: now.Seconds(point.At), Counts: point.Counts[:]}
		},
	}, columns, bands)
	return heat, y
}

func TestHeatmapShowsEachModeByItsShare(t *testing.T) {
	// 75 of 100 replies took 1 ms, 24 took 200 ms and one 400 ms.
	h := engine.Histogram{Values: []int64{1000, 200_000, 400_000}, Counts: []uint64{75, 24, 1}}
	const bands = 40 // ten to a power of ten
	for _, columns := range []int{3, 10, 37} {
		heat, y := heatOf(t, columns, bands, h, h, h, h, h, h, h, h, h, h)
		for column := range columns {
			shares := heat.shares[column*bands : (column+1)*bands]
			for _, want := range []struct{ ms, share float64 }{{1, 0.75}, {200, 0.24}, {400, 0.01}} {
				at := int(y.place(want.ms*1.001) * bands)
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
	h := engine.Histogram{Values: []int64{1000}, Counts: []uint64{5}}
	heat, _ := heatOf(t, 4, 10, h, engine.Histogram{}, engine.Histogram{}, h)
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
		if step := heatStep(share, 1); step < 1 || step >= heatLevels {
			t.Errorf("a share of %v has step %d", share, step)
		}
	}
	if heatStep(0, 1) != 0 || heatStep(0, 0) != 0 {
		t.Error("nothing is drawn as something")
	}
	for _, among := range [][]rune{shades, asciiShades} {
		if shade(0, among) != ' ' || shade(1, among) == ' ' || shade(heatLevels-1, among) != among[len(among)-1] {
			t.Errorf("%q does not run from nothing to all", string(among))
		}
	}
}

// lightness is CIE L* of a colour, 0 to 100.
func lightness(t *testing.T, hex string) float64 {
	t.Helper()
	value, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	linear := func(channel uint64) float64 {
		c := float64(channel&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	y := 0.2126*linear(value>>16) + 0.7152*linear(value>>8) + 0.0722*linear(value)
	return 116*math.Cbrt(y) - 16
}

func TestRampIsEvenInLightness(t *testing.T) {
	for _, dark := range []bool{true, false} {
		var steps []float64
		for step := 2; step < heatLevels; step++ {
			change := lightness(t, heatColour(step, dark)) - lightness(t, heatColour(step-1, dark))
			if !dark {
				change = -change
			}
			steps = append(steps, change)
		}
		for i, change := range steps {
			if change < 2 || change > 10 {
				t.Errorf("dark %v: step %d changes lightness by %.1f", dark, i+2, change)
			}
		}
	}
	// With 256 colours some steps fall together, none may turn back.
	for _, dark := range []bool{true, false} {
		before, distinct := -1.0, 0
		for step := 1; step < heatLevels; step++ {
			colour, ok := termenv.ANSI256.Color(heatColour(step, dark)).(termenv.ANSI256Color)
			if !ok {
				t.Fatal("not one of 256 colours")
			}
			now := lightness(t, colour.String())
			if !dark {
				now = 100 - now
			}
			if now < before-1 {
				t.Errorf("dark %v: step %d of 256 colours goes from %.0f back to %.0f", dark, step, before, now)
			}
			if now > before+1 {
				distinct++
			}
			before = now
		}
		if distinct < 8 {
			t.Errorf("dark %v: only %d steps differ in 256 colours", dark, distinct)
		}
	}
}

func TestHeatmapWithoutColoursHasShades(t *testing.T) {
	for profile, want := range map[termenv.Profile]bool{termenv.Ascii: true, termenv.ANSI: true, termenv.ANSI256: false, termenv.TrueColor: false} {
		b := newBench(t, nil, 120, 36)
		b.model.theme = NewTheme(profile, true)
		scenes["live-golang"](b)
		// The throughput's KO has ▒ too, in this scene none.
		if got := strings.Contains(b.frame(), "▓▓▓"); got != want {
			t.Errorf("%v: shades %v, want %v", profile, got, want)
		}
	}
}

func TestFlagsStandAtTheirSecondInEveryChart(t *testing.T) {
	b := newBench(t, nil, 160, 70)
	scenes["live-express"](b)
	var columns []int
	for _, line := range strings.Split(b.frame(), "\n") {
		if !strings.Contains(line, "└───") {
			continue
		}
		left := []rune(line)[:80]
		if first := strings.IndexRune(string(left), '⚑'); first >= 0 {
			columns = append(columns, len([]rune(string(left)[:first])))
		}
	}
	if len(columns) < 3 {
		t.Fatalf("flags on %d time axes above each other, want 3:\n%s", len(columns), b.frame())
	}
	for _, column := range columns {
		if column != columns[0] {
			t.Errorf("the same finding stands in columns %v", columns)
		}
	}
	// Its mark goes through a chart.
	marked := 0
	for _, line := range strings.Split(b.frame(), "\n") {
		if runes := []rune(line); len(runes) > columns[0] && runes[columns[0]] == '╎' {
			marked++
		}
	}
	if marked < 5 {
		t.Errorf("the flag's mark goes through %d lines:\n%s", marked, b.frame())
	}
}

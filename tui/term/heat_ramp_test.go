package term

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/muesli/termenv"
)

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
		for step := 2; step < HeatLevels; step++ {
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
		for step := 1; step < HeatLevels; step++ {
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

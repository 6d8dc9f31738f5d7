package term

import (
	"fmt"
	"math"

	"github.com/muesli/termenv"
)

// HeatLevels is how many steps the ramp of a heatmap has; step 0 is nothing at all.
const HeatLevels = 16

// Two steps of the ramp stand in a cell, one above the other, so that a row of the
// screen shows two bands of latency. Each pair has a role of its own.
const heatRoles = RoleCount + HeatLevels*HeatLevels

// HeatRole is the role of a cell that shows two steps.
func HeatRole(upper, lower int) Role { return RoleCount + Role(upper*HeatLevels+lower) }

// inferno is matplotlib's colour map of that name at even steps. Its lightness
// grows evenly, so that equal differences look equal, to colour-blind eyes and on
// a projector without colours too.
var inferno = [...][3]float64{
	{0x00, 0x00, 0x04}, {0x16, 0x0b, 0x39}, {0x42, 0x0a, 0x68}, {0x6a, 0x17, 0x6e}, {0x93, 0x26, 0x67}, {0xbc, 0x37, 0x54},
	{0xdd, 0x51, 0x3a}, {0xf3, 0x78, 0x19}, {0xfc, 0xa5, 0x0a}, {0xf6, 0xd7, 0x46}, {0xfc, 0xff, 0xa4},
}

// heatColour is a step of the ramp, from 1 on: away from the background as the
// step grows, so that the least share still stands out from none.
func heatColour(step int, dark bool) string {
	share := float64(step-1) / (HeatLevels - 2)
	place := 0.16 + 0.84*share
	if !dark {
		place = 0.92 - 0.84*share
	}
	at := place * float64(len(inferno)-1)
	i := min(int(at), len(inferno)-2)
	rest := at - float64(i)
	var rgb [3]int
	for channel := range rgb {
		rgb[channel] = int(math.Round(inferno[i][channel]*(1-rest) + inferno[i+1][channel]*rest))
	}
	return fmt.Sprintf("#%02x%02x%02x", rgb[0], rgb[1], rgb[2])
}

// addHeat makes the sequences of the heatmap's cells, where colours suffice.
func (t *Theme) addHeat(profile termenv.Profile, dark bool) {
	t.Heat = profile == termenv.TrueColor || profile == termenv.ANSI256
	if !t.Heat {
		return
	}
	colour := func(step int, background bool) string {
		return profile.Color(heatColour(step, dark)).Sequence(background)
	}
	for upper := range HeatLevels {
		for lower := range HeatLevels {
			codes := ""
			switch {
			case upper == 0 && lower == 0:
				continue
			case upper == 0 || upper == lower:
				codes = colour(lower, false)
			case lower == 0:
				codes = colour(upper, false)
			default:
				codes = colour(upper, false) + ";" + colour(lower, true)
			}
			t.starts[HeatRole(upper, lower)] = termenv.CSI + codes + "m"
		}
	}
}

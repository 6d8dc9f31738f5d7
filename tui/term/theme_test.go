package term

import (
	"math"
	"strconv"
	"testing"
)

// The linear RGB that eyes without one kind of cone see (Machado, Oliveira and
// Fernandes 2009, severity 1).
var colourBlind = map[string][3][3]float64{
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// lab is a colour in CIE L*a*b* as such eyes see it.
func lab(t *testing.T, hex string, seen [3][3]float64) [3]float64 {
	t.Helper()
	var linear, eye [3]float64
	for i := range linear {
		value, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(value) / 255
		if c <= 0.04045 {
			linear[i] = c / 12.92
		} else {
			linear[i] = math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	for i, row := range seen {
		for j, part := range row {
			eye[i] += part * linear[j]
		}
		eye[i] = min(1, max(0, eye[i]))
	}
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (v*24389/27 + 16) / 116
	}
	x := f((0.4124*eye[0] + 0.3576*eye[1] + 0.1805*eye[2]) / 0.9505)
	y := f(0.2126*eye[0] + 0.7152*eye[1] + 0.0722*eye[2])
	z := f((0.0193*eye[0] + 0.1192*eye[1] + 0.9505*eye[2]) / 1.089)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// TestSeriesOfAChartDifferToColourBlindEyes holds that colours which stand for
// different things beside each other are not one colour to such eyes.
func TestSeriesOfAChartDifferToColourBlindEyes(t *testing.T) {
	const noticeable = 10 // CIE76; 2.3 is what is just noticed side by side
	together := [][]Role{
		{RoleP50, RoleP90, RoleP99, RoleMax, RoleFailed},
		{RoleOK, RoleFailed},
		{RoleCPU, RoleHottest},
		{RoleGood, RoleBad},
		{RoleTier1, RoleTier2, RoleTier3, RoleTier4},
	}
	for kind, seen := range colourBlind {
		for _, dark := range []bool{true, false} {
			for _, roles := range together {
				for i, a := range roles {
					for _, b := range roles[i+1:] {
						one, other := looks[a].light, looks[b].light
						if dark {
							one, other = looks[a].dark, looks[b].dark
						}
						p, q := lab(t, one, seen), lab(t, other, seen)
						if d := math.Sqrt(sq(p[0]-q[0]) + sq(p[1]-q[1]) + sq(p[2]-q[2])); d < noticeable {
							t.Errorf("%s, dark %v: %s and %s (roles %d and %d) are %.1f apart", kind, dark, one, other, a, b, d)
						}
					}
				}
			}
		}
	}
}

func sq(v float64) float64 { return v * v }

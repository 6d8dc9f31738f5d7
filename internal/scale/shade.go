package scale

import "math"

// Shade is the shade of a share in a heatmap, of so many, 0 only for next to none. The
// square root lifts the few slow replies, which a heatmap is looked at for, above what
// the eye can see.
func Shade(share, largest float64, shades int) int {
	if share < 1e-6 || largest == 0 {
		return 0
	}
	return max(1, int(math.Round(math.Sqrt(share/largest)*float64(shades))))
}

// Share is the share that a shade stands for.
func Share(shade int, largest float64, shades int) float64 {
	place := float64(shade) / float64(shades)
	return place * place * largest
}

package scale

import (
	"math"
	"strconv"
)

// Seconds writes a moment on an axis: "0.5 s", "90 s", "2 min".
func Seconds(seconds float64) string {
	if math.Abs(seconds) >= 120 && math.Mod(seconds, 60) == 0 {
		return strconv.FormatFloat(seconds/60, 'f', -1, 64) + " min"
	}
	return strconv.FormatFloat(seconds, 'f', -1, 64) + " s"
}

// Package measuretest makes up what loads measure, for tests, and tells a test that measures
// how long its machine stood still meanwhile.
package measuretest

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// Interval is a tenth of a second of a load, the i-th, with n replies around a latency in µs.
func Interval(i, n int, us float64, random *rand.Rand) measure.Measures {
	counts := map[int64]uint64{}
	for range n {
		counts[int64(us*math.Exp(0.2*random.NormFloat64()))]++
	}
	m := measure.Measures{From: time.Duration(i) * measure.DefaultInterval, To: time.Duration(i+1) * measure.DefaultInterval, Sent: uint64(n), OK: uint64(n)}
	for value, count := range counts {
		m.ResponseOK = m.ResponseOK.Merge(measure.Histogram{Values: []int64{value}, Counts: []uint64{count}})
	}
	return m
}

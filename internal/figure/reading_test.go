package figure

import (
	"math"
	"strings"
	"testing"
)

func TestValuesAreReadWithTheirUnit(t *testing.T) {
	for _, c := range []struct {
		unit  Unit
		text  string
		value float64
		wrong string
	}{
		{InMS, "50ms", 50, ""}, {InMS, " 500us ", 0.5, ""}, {InLongMS, "1.2s", 1200, ""}, {InMS, "50 ms", 50, ""}, {InMS, "-5ms", -5, ""}, {InMS, "+2ms", 2, ""},
		{InMS, "50", 0, `"50" is no time; write it like 50ms`}, {InMS, "", 0, `"" is no time`}, {InMS, "50 MB", 0, "is no time"},
		{InMicroseconds, "20us", 20, ""}, {InMicroseconds, "1ms", 1000, ""}, {InMicroseconds, "20", 20, ""}, {InMicroseconds, "20 µs", 20, ""}, {InMicroseconds, "x", 0, `"x" is no time; write it like 50us`},
		{InShare, "0.1%", 0.001, ""}, {InShare, "+10 %", 0.1, ""}, {InShare, "0.5", 0.5, ""}, {InShare, "x%", 0, `"x%" is no share; write it like 0.1%`}, {InShare, "nan%", 0, "is no share"}, {InShare, "%", 0, "is no share"},
		{InMB, "100 MB", 100, ""}, {InMB, "50", 50, ""}, {InRequests, "5000req/s", 5000, ""}, {InPercentOfCore, "80%", 80, ""}, {Things, "1e3", 1000, ""},
		{InRequests, "5ms", 0, `"5ms" is no number`}, {InMB, "NaN", 0, `"NaN" is no number`}, {InMB, "inf", 0, "is no number"}, {Things, "", 0, `"" is no number`},
	} {
		got, err := c.unit.Parse(c.text)
		if c.wrong == "" && (err != nil || math.Abs(got-c.value) > 1e-12) || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%q as %q is %v, %v; want %v, %q", c.text, c.unit.Key(), got, err, c.value, c.wrong)
		}
	}
}

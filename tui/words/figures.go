package words

import (
	"math"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/stream"
)

// overlong stands for a time in ms that is longer than histograms tell.
const overlong = ">60 s"

// NoFigure stands where something was not measured.
const NoFigure = "–"

// Millis writes a time in ms with about three digits: "0.42", "4.2", "212", "3,137".
func Millis(ms float64) string {
	switch {
	case math.IsNaN(ms):
		return NoFigure
	case ms >= stream.MostMS:
		return overlong
	case ms < 1:
		return strconv.FormatFloat(ms, 'f', 2, 64)
	case ms < 10:
		return strconv.FormatFloat(ms, 'f', 1, 64)
	default:
		return Thousands(ms)
	}
}

// LongMillis is the same for a time that no histogram tells, such as that of a start.
func LongMillis(ms float64) string {
	if ms >= stream.MostMS {
		return Thousands(ms)
	}
	return Millis(ms)
}

// InMillis is the same with its unit.
func InMillis(ms float64) string {
	if text := Millis(ms); text != overlong {
		return text + " ms"
	}
	return overlong
}

// Thousands writes a rounded number with commas: "24,000".
func Thousands(value float64) string {
	text := strconv.FormatFloat(math.Round(value), 'f', 0, 64)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return sign + text
}

// PerSecond writes a rate; a low one keeps a digit, so that 0.5 is not 1.
func PerSecond(rate float64) string {
	if rounded := math.Round(rate*10) / 10; rate >= 0.05 && rate < 10 && rounded != math.Trunc(rounded) {
		return strconv.FormatFloat(rounded, 'f', 1, 64)
	} else if rate > 0 && rate < 0.05 {
		return strconv.FormatFloat(rate, 'g', 1, 64)
	}
	return Thousands(rate)
}

// Short writes a number in at most five characters: "950", "8.2k", "1.3M".
func Short(value float64) string {
	switch abs := math.Abs(value); {
	case abs >= 999_500:
		return TrimZero(value/1e6) + "M"
	case abs >= 1000:
		return TrimZero(value/1e3) + "k"
	case abs >= 10 || value == math.Trunc(value):
		return strconv.FormatFloat(value, 'f', 0, 64)
	default:
		return strconv.FormatFloat(value, 'f', 1, 64)
	}
}

// TrimZero writes a number with one digit after the point, if that is not 0.
func TrimZero(value float64) string {
	if math.Abs(value) >= 100 {
		return strconv.FormatFloat(value, 'f', 0, 64)
	}
	return strings.TrimSuffix(strconv.FormatFloat(value, 'f', 1, 64), ".0")
}

// Percent writes a rate of 0 to 1: "0 %", "0.03 %", "75 %". A rate above 0 is
// never written as 0 and one below 1 never as 100.
func Percent(rate float64) string {
	p := rate * 100
	switch {
	case p == 0:
		return "0 %"
	case p < 0.01:
		return "<0.01 %"
	case p < 1:
		return strconv.FormatFloat(p, 'f', 2, 64) + " %"
	case p < 10:
		return strconv.FormatFloat(p, 'f', 1, 64) + " %"
	case p < 100 && p >= 99.5:
		return strconv.FormatFloat(math.Floor(p*10)/10, 'f', 1, 64) + " %"
	default:
		return strconv.FormatFloat(p, 'f', 0, 64) + " %"
	}
}

// PerMB writes requests per second per MB, of which there may be few.
func PerMB(value float64) string {
	if value < 10 {
		return Short(value)
	}
	return Thousands(value)
}

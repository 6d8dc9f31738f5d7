package wording

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
)

// Missing stands where a figure was not measured.
const Missing = "–"

// Count writes 24000 as "24,000".
func Count(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Whole writes a figure without digits after the point: "6,400".
func Whole(x float64) string { return Count(uint64(math.Round(max(0, x)))) }

// Overlong stands for a time that is longer than histograms tell.
const Overlong = "over 60 s"

// MS writes a time of ms in three digits or whole: "0.42 ms", "12.3 ms", "3,137 ms".
func MS(value float64) string {
	switch {
	case value >= stream.MostMS:
		return Overlong
	case value >= 100:
		return Whole(value) + " ms"
	case value >= 10:
		return strconv.FormatFloat(value, 'f', 1, 64) + " ms"
	}
	return strconv.FormatFloat(value, 'f', 2, 64) + " ms"
}

// LongMS is the same for a time that no histogram tells, such as that of a start.
func LongMS(value float64) string {
	if value >= stream.MostMS {
		return Whole(value) + " ms"
	}
	return MS(value)
}

// US writes a histogram's value in ms.
func US(value int64) string { return MS(float64(value) / 1000) }

// PerSecond writes a rate; a low one keeps a digit, so that 0.5 is not 1, and 0.05 two.
func PerSecond(rate float64) string {
	switch {
	case rate > 0 && rate < 0.995:
		return strconv.FormatFloat(rate, 'g', 2, 64)
	case rate > 0 && rate < 10:
		return strconv.FormatFloat(rate, 'f', 1, 64)
	}
	return Whole(rate)
}

// Percent writes a share so that a failure is never rounded away, nor a success:
// "75 %", "1.2 %", "99.98 %".
func Percent(share float64) string {
	shown := share * 100
	switch {
	case shown == 0:
		return "0 %"
	case share < 1 && shown >= 99.5:
		return strconv.FormatFloat(math.Floor(shown*100)/100, 'f', -1, 64) + " %"
	case shown >= 10:
		return strconv.FormatFloat(math.Round(shown), 'f', -1, 64) + " %"
	}
	return fmt.Sprintf("%.2g %%", shown)
}

// Length writes how long something took: "182 ms", "12.3 s", "2 min 5 s".
func Length(d time.Duration) string {
	switch {
	case d < time.Second:
		return strconv.FormatFloat(math.Round(float64(d)/float64(time.Millisecond)), 'f', -1, 64) + " ms"
	case d < time.Minute:
		return strings.TrimSuffix(strconv.FormatFloat(d.Seconds(), 'f', 1, 64), ".0") + " s"
	}
	d = d.Round(time.Second)
	return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
}

// At writes a moment of a load: "3.4 s".
func At(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 1, 64) + " s" }

// Known writes a figure in the given way, or that it is missing.
func Known(value *float64, write func(float64) string) string {
	if value == nil {
		return Missing
	}
	return write(*value)
}

// Read is the same for a reading of a process.
func Read(figure figure.Value, write func(float64) string) string {
	if !figure.Known {
		return Missing
	}
	return write(figure.Value)
}

// Utilization writes a share of time; one that is not whole never reads as such.
func Utilization(share float64) string {
	return Whole(math.Floor(100*share)) + " %"
}

func MB(value float64) string {
	if value < 10 {
		return strconv.FormatFloat(value, 'f', 1, 64) + " MB"
	}
	return Whole(value) + " MB"
}

func OfCore(value float64) string { return Whole(value) + " %" }

func Microseconds(value float64) string {
	if value < 10 {
		return strconv.FormatFloat(value, 'f', 1, 64) + " µs"
	}
	return Whole(value) + " µs"
}

// OfLimit says what a figure can be at most, if that is known.
func OfLimit(limit *float64) string {
	if limit == nil {
		return ""
	}
	return " of " + Whole(*limit)
}

func SecondsLong(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

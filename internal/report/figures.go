package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/session"
)

// missing stands where a figure was not measured.
const missing = "–"

// count writes 24000 as "24,000".
func count(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// whole writes a figure without digits after the point: "6,400".
func whole(x float64) string { return count(uint64(math.Round(max(0, x)))) }

// overlong stands for a time that is longer than histograms tell.
const overlong = "over 60 s"

// ms writes a time of ms in three digits or whole: "0.42 ms", "12.3 ms", "3,137 ms".
func ms(value float64) string {
	switch {
	case value >= session.MostMS:
		return overlong
	case value >= 100:
		return whole(value) + " ms"
	case value >= 10:
		return strconv.FormatFloat(value, 'f', 1, 64) + " ms"
	}
	return strconv.FormatFloat(value, 'f', 2, 64) + " ms"
}

// longMS is the same for a time that no histogram tells, such as that of a start.
func longMS(value float64) string {
	if value >= session.MostMS {
		return whole(value) + " ms"
	}
	return ms(value)
}

// µs writes a histogram's value in ms.
func µs(value int64) string { return ms(float64(value) / 1000) }

// perSecond writes a rate; a low one keeps a digit, so that 0.5 is not 1, and 0.05 two.
func perSecond(rate float64) string {
	switch {
	case rate > 0 && rate < 0.995:
		return strconv.FormatFloat(rate, 'g', 2, 64)
	case rate > 0 && rate < 10:
		return strconv.FormatFloat(rate, 'f', 1, 64)
	}
	return whole(rate)
}

// percent writes a share so that a failure is never rounded away, nor a success:
// "75 %", "1.2 %", "99.98 %".
func percent(share float64) string {
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

// length writes how long something took: "182 ms", "12.3 s", "2 min 5 s".
func length(d time.Duration) string {
	switch {
	case d < time.Second:
		return strconv.FormatFloat(math.Round(float64(d)/float64(time.Millisecond)), 'f', -1, 64) + " ms"
	case d < time.Minute:
		return strings.TrimSuffix(strconv.FormatFloat(d.Seconds(), 'f', 1, 64), ".0") + " s"
	}
	d = d.Round(time.Second)
	return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
}

// at writes a moment of a load: "3.4 s".
func at(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 1, 64) + " s" }

// known writes a figure in the given way, or that it is missing.
func known(value *float64, write func(float64) string) string {
	if value == nil {
		return missing
	}
	return write(*value)
}

// read is the same for a reading of a process.
func read(figure figure.Value, write func(float64) string) string {
	if !figure.Known {
		return missing
	}
	return write(figure.Value)
}

// utilization writes a share of time; one that is not whole never reads as such.
func utilization(share float64) string {
	return whole(math.Floor(100*share)) + " %"
}

func mb(value float64) string {
	if value < 10 {
		return strconv.FormatFloat(value, 'f', 1, 64) + " MB"
	}
	return whole(value) + " MB"
}

func ofCore(value float64) string { return whole(value) + " %" }

func microseconds(value float64) string {
	if value < 10 {
		return strconv.FormatFloat(value, 'f', 1, 64) + " µs"
	}
	return whole(value) + " µs"
}

// firstLine is what of a text fits a table.
func firstLine(text string) string {
	line, _, _ := strings.Cut(foreign.Text(text), "\n")
	return strings.TrimSpace(line)
}

// ofLimit says what a figure can be at most, if that is known.
func ofLimit(limit *float64) string {
	if limit == nil {
		return ""
	}
	return " of " + whole(*limit)
}

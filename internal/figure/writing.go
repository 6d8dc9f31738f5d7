package figure

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Missing stands where a figure was not measured.
const Missing = "–"

// MostMS is the longest time that histograms tell, in ms; what was longer stands as it.
const MostMS = 60_000

// Overlong stands for a time that is longer than histograms tell.
const Overlong = ">60 s"

// Count writes a number of things: "24,000".
func Count[N int | int64 | uint64](n N) string {
	if n > 0 && uint64(n) > math.MaxInt64 {
		return humanize.BigComma(new(big.Int).SetUint64(uint64(n)))
	}
	return humanize.Comma(int64(n))
}

// Whole writes a figure without digits after the point: "6,400".
func Whole(value float64) string {
	rounded := math.Round(value)
	switch {
	case math.IsNaN(value) || math.IsInf(value, 0):
		return Missing
	case math.Abs(rounded) >= math.MaxInt64:
		return humanize.Commaf(rounded)
	}
	return humanize.Comma(int64(rounded))
}

// Plural writes a number of things with their name: "1 reply", "1,200 replies".
func Plural[N int | int64 | uint64](n N, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + several
}

// PluralWhole is Plural of a figure, without digits after the point.
func PluralWhole(value float64, one, several string) string {
	if math.Round(value) == 1 {
		return "1 " + one
	}
	return Whole(value) + " " + several
}

// Agree is the verb, or what else goes with so many things: "waits" of 1, "wait" of 2.
func Agree[N int | int64 | uint64](n N, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}

// Times writes how often: "once", "twice", "8 times".
func Times(n uint64) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return Count(n) + " times"
}

// Exact writes a figure as it was asked for: "1,000", "0.5", "1,234.5".
func Exact(value float64) string { return humanize.Commaf(value) }

// Digits writes so many digits that three count, and at most so many after the point:
// "0.42", "12.3", "3,137".
func Digits(value float64, most int) string {
	for digits := min(2, most); digits > 0; digits-- {
		// What rounds up to a digit more before the point has one less behind it.
		if math.Abs(value) < math.Pow(10, float64(3-digits))-math.Pow(10, float64(-digits))/2 {
			return strconv.FormatFloat(value, 'f', digits, 64)
		}
	}
	return Whole(value)
}

// MS writes a time that a histogram tells, in ms: "0.42 ms", "12.3 ms", "3,137 ms".
func MS(value float64) string {
	if value >= MostMS {
		return Overlong
	}
	return LongMS(value)
}

// LongMS is the same for a time that no histogram tells, such as that of a start.
func LongMS(value float64) string {
	if math.IsNaN(value) {
		return Missing
	}
	return Digits(value, 2) + " ms"
}

// PerSecond writes a rate, whose unit the reader knows or is told: "6,400"; a low one
// keeps its digits, so that 0.5 is not 1, and 0.05 not 0.
func PerSecond(rate float64) string {
	switch {
	case rate > 0 && rate < 0.995:
		return strconv.FormatFloat(rate, 'g', 2, 64)
	case rate > 0 && rate < 9.95:
		return strings.TrimSuffix(strconv.FormatFloat(rate, 'f', 1, 64), ".0")
	}
	return Whole(rate)
}

// Percent writes a share of 0 to 1 so that a little is never told as nothing, nor almost
// all as all: "0 %", "0.04 %", "1.2 %", "75 %", "99.98 %".
func Percent(share float64) string {
	percents := 100 * share
	const least = 0.001
	switch {
	case math.IsNaN(share):
		return Missing
	case percents > 0 && percents < least:
		return "<" + strconv.FormatFloat(least, 'f', -1, 64) + " %"
	case share < 1 && percents >= 99.5:
		return strconv.FormatFloat(math.Floor(percents*100)/100, 'f', -1, 64) + " %"
	case percents > 1 && percents < 1.05: // who fails more than 1 % is not ranked
		return strconv.FormatFloat(percents, 'g', 3, 64) + " %"
	case math.Abs(percents) >= 9.95:
		return Whole(percents) + " %"
	}
	return strconv.FormatFloat(percents, 'g', 2, 64) + " %"
}

// WholePercent writes a share of 0 to 1 where a digit after the point would tell nothing:
// of a sample, or of how far something is. "31 %"
func WholePercent(share float64) string { return Whole(100*share) + " %" }

// Utilization writes a share of time; one that is not whole never reads as such.
func Utilization(share float64) string { return Whole(math.Floor(100*share)) + " %" }

// OfCore writes CPU in percent of one core: "92 %", "340 %".
func OfCore(percent float64) string { return Whole(percent) + " %" }

// Cores writes the same in words: "98 % of a core", "1.9 cores".
func Cores(percent float64) string {
	if percent < 100.5 {
		return OfCore(percent) + " of a core"
	}
	return strconv.FormatFloat(percent/100, 'f', 1, 64) + " cores"
}

// MB writes memory that is told in MB, of 10^6 bytes: "7.4 MB", "212 MB".
func MB(value float64) string { return belowTen(value) + " MB" }

// Size writes how large a file or a download is: "2 kB", "31 MB".
func Size(bytes uint64) string { return humanize.Bytes(bytes) }

// Microseconds writes what a request costs: "4.6 µs", "144 µs".
func Microseconds(value float64) string { return belowTen(value) + " µs" }

// belowTen keeps a digit after the point of what is below 10.
func belowTen(value float64) string {
	if math.Abs(value) < 9.95 {
		return strconv.FormatFloat(value, 'f', 1, 64)
	}
	return Whole(value)
}

// Length writes how long something took: "182 ms", "12.3 s", "2 min 5 s".
func Length(d time.Duration) string {
	switch {
	case d.Round(time.Millisecond) < time.Second:
		return strconv.FormatInt(d.Round(time.Millisecond).Milliseconds(), 10) + " ms"
	case d.Round(100*time.Millisecond) < time.Minute:
		return strings.TrimSuffix(strconv.FormatFloat(d.Seconds(), 'f', 1, 64), ".0") + " s"
	}
	d = d.Round(time.Second)
	minutes := Whole(math.Floor(d.Minutes())) + " min"
	if seconds := int(d.Seconds()) % 60; seconds > 0 {
		minutes += " " + strconv.Itoa(seconds) + " s"
	}
	return minutes
}

// ExactLength writes a length of time as it was asked for: "5 s", "1.5 s", "300 ms", "90 s".
func ExactLength(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%g ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%g s", d.Seconds())
}

// Milliseconds is a time as a figure in ms.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// Seconds is a number of seconds as a duration.
func Seconds(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

// At writes a moment of a load, in seconds: "3.4 s".
func At(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 1, 64) + " s" }

// Known writes a figure in the given way, or that it is missing.
func Known(value *float64, write func(float64) string) string {
	if value == nil {
		return Missing
	}
	return write(*value)
}

// Write is the same for a reading.
func (v Value) Write(write func(float64) string) string {
	if !v.Known {
		return Missing
	}
	return write(v.Value)
}

// Medal is the sign of a tier, from 1; "" without one.
func Medal(tier int) string {
	if tier < 1 || tier > 4 {
		return ""
	}
	return []string{"🥇", "🥈", "🥉", "🏅"}[tier-1]
}

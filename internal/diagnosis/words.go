package diagnosis

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// count writes 24000 as "24,000".
func count[N int | uint64](n N) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// plural writes "1 reply", "100 replies".
func plural(n uint64, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + several
}

// times writes how often: "once", "twice", "8 times".
func times(n uint64) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return count(n) + " times"
}

// whole writes a rounded figure: "6,400".
func whole(x float64) string { return count(uint64(math.Round(max(0, x)))) }

// of writes "24,000 of 32,000 replies (75 %)".
func of(part, all uint64, things string) string {
	return fmt.Sprintf("%s of %s %s (%s)", count(part), count(all), things, percent(share(part, all)))
}

func share(part, all uint64) float64 {
	if all == 0 {
		return 0
	}
	return float64(part) / float64(all)
}

// percent writes a share so that a little is never told as nothing, nor almost
// all as all: "75 %", "1.2 %", "0.04 %", "99.98 %".
func percent(share float64) string {
	hundredth := 100 * share
	switch {
	case share < 1 && hundredth >= 99.5:
		return strconv.FormatFloat(math.Floor(hundredth*100)/100, 'f', -1, 64) + " %"
	case hundredth >= 10:
		return strconv.FormatFloat(math.Round(hundredth), 'f', -1, 64) + " %"
	}
	return fmt.Sprintf("%.2g %%", hundredth)
}

// mostMS is the longest time that a histogram tells; above it stand those that are longer.
const mostMS = 60_000

// ms writes a latency: "0.42 ms", "12.3 ms", "3,137 ms".
func ms(value float64) string {
	switch {
	case value > mostMS:
		return "over 60 s"
	case value >= 100:
		return whole(value) + " ms"
	case value >= 10:
		return fmt.Sprintf("%.1f ms", value)
	}
	return fmt.Sprintf("%.2f ms", value)
}

// at writes a moment or a length: "3.4 s".
func at(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// mb writes bytes in 10^6: "212 MB".
func mb(bytes float64) string { return whole(bytes/1e6) + " MB" }

// cpu writes percent of one core: "98 % of a core", "1.9 cores".
func cpu(percentOfCore float64) string {
	if percentOfCore < 100.5 {
		return fmt.Sprintf("%.0f %% of a core", percentOfCore)
	}
	return fmt.Sprintf("%.1f cores", percentOfCore/100)
}

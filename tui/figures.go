package tui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/session"
)

// overlong stands for a time in ms that is longer than histograms tell.
const overlong = ">60 s"

// noFigure stands where something was not measured.
const noFigure = "–"

// millis writes a time in ms with about three digits: "0.42", "4.2", "212", "3,137".
func millis(ms float64) string {
	switch {
	case math.IsNaN(ms):
		return noFigure
	case ms >= session.MostMS:
		return overlong
	case ms < 1:
		return strconv.FormatFloat(ms, 'f', 2, 64)
	case ms < 10:
		return strconv.FormatFloat(ms, 'f', 1, 64)
	default:
		return thousands(ms)
	}
}

// longMillis is the same for a time that no histogram tells, such as that of a start.
func longMillis(ms float64) string {
	if ms >= session.MostMS {
		return thousands(ms)
	}
	return millis(ms)
}

// inMillis is the same with its unit.
func inMillis(ms float64) string {
	if text := millis(ms); text != overlong {
		return text + " ms"
	}
	return overlong
}

// thousands writes a rounded number with commas: "24,000".
func thousands(value float64) string {
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

// perSecond writes a rate; a low one keeps a digit, so that 0.5 is not 1.
func perSecond(rate float64) string {
	if rounded := math.Round(rate*10) / 10; rate >= 0.05 && rate < 10 && rounded != math.Trunc(rounded) {
		return strconv.FormatFloat(rounded, 'f', 1, 64)
	} else if rate > 0 && rate < 0.05 {
		return strconv.FormatFloat(rate, 'g', 1, 64)
	}
	return thousands(rate)
}

// short writes a number in at most five characters: "950", "8.2k", "1.3M".
func short(value float64) string {
	switch abs := math.Abs(value); {
	case abs >= 999_500:
		return trimZero(value/1e6) + "M"
	case abs >= 1000:
		return trimZero(value/1e3) + "k"
	case abs >= 10 || value == math.Trunc(value):
		return strconv.FormatFloat(value, 'f', 0, 64)
	default:
		return strconv.FormatFloat(value, 'f', 1, 64)
	}
}

func trimZero(value float64) string {
	if math.Abs(value) >= 100 {
		return strconv.FormatFloat(value, 'f', 0, 64)
	}
	return strings.TrimSuffix(strconv.FormatFloat(value, 'f', 1, 64), ".0")
}

// percent writes a rate of 0 to 1: "0 %", "0.03 %", "75 %". A rate above 0 is
// never written as 0 and one below 1 never as 100.
func percent(rate float64) string {
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

// clock writes minutes and seconds: "00:07", with tenths "00:07.2".
func clock(d time.Duration, tenths bool) string {
	d = max(0, d)
	minutes := int(d / time.Minute)
	if tenths {
		return fmt.Sprintf("%02d:%04.1f", minutes, float64(d%time.Minute/(100*time.Millisecond))/10)
	}
	return fmt.Sprintf("%02d:%02d", minutes, int(d%time.Minute/time.Second))
}

// took writes a duration as a person says it: "182 ms", "7.2 s", "2 min 10 s".
func took(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return strconv.FormatFloat(float64(d/(100*time.Millisecond))/10, 'f', -1, 64) + " s"
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Round(time.Second)/time.Second))
	}
	d = d.Round(time.Second)
	if d%time.Minute == 0 {
		return fmt.Sprintf("%d min", int(d/time.Minute))
	}
	return fmt.Sprintf("%d min %d s", int(d/time.Minute), int(d%time.Minute/time.Second))
}

// plural writes "1 contender", "3 contenders".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// orNone writes a figure that may not have been measured.
func orNone(value *float64, write func(float64) string) string {
	if value == nil {
		return noFigure
	}
	return write(*value)
}

// wrap breaks a text between words into lines of so many columns, and words that are
// wider within. The library's way counts a hyphen at a line's end for nothing.
func wrap(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(foreign.Line(text)) {
		for ansi.StringWidth(word) > max(1, width) {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			part := ansi.Truncate(word, max(1, width), "")
			if part == "" { // a wide character in one column
				return append(lines, line)
			}
			lines, word = append(lines, part), word[len(part):]
		}
		switch longer := join(" ", line, word); {
		case ansi.StringWidth(longer) <= width:
			line = longer
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}

// oneLine writes a sample of a reply, in which a line's end stands as \n, as people read it.
func oneLine(sample string) string { return strings.ReplaceAll(sample, `\n`, " · ") }

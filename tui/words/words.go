package words

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// Join writes the parts that are there with a separator between them.
func Join(separator string, parts ...string) string {
	text := ""
	for _, part := range parts {
		if part == "" {
			continue
		}
		if text != "" {
			text += separator
		}
		text += part
	}
	return text
}

// Clock writes minutes and seconds: "00:07", with tenths "00:07.2".
func Clock(d time.Duration, tenths bool) string {
	d = max(0, d)
	minutes := int(d / time.Minute)
	if tenths {
		return fmt.Sprintf("%02d:%04.1f", minutes, float64(d%time.Minute/(100*time.Millisecond))/10)
	}
	return fmt.Sprintf("%02d:%02d", minutes, int(d%time.Minute/time.Second))
}

// Times writes a ratio: "1.4", "17", "2,300".
func Times(ratio float64) string {
	if ratio < 10 {
		return fmt.Sprintf("%.1f", ratio)
	}
	return figure.Whole(ratio)
}

// Ordinal writes "1st", "2nd", "11th".
func Ordinal(n int) string {
	if n%100/10 != 1 {
		switch n % 10 {
		case 1:
			return fmt.Sprintf("%dst", n)
		case 2:
			return fmt.Sprintf("%dnd", n)
		case 3:
			return fmt.Sprintf("%drd", n)
		}
	}
	return fmt.Sprintf("%dth", n)
}

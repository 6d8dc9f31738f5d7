package stream

import (
	"fmt"
	"time"
)

// Seconds writes "5 s", "1.5 s", "300 ms".
func Seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%g ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%g s", d.Seconds())
}

// Thousands writes 8000 as "8,000".
func Thousands(n uint64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

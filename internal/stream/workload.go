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

package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// of writes "24,000 of 32,000 replies (75 %)".
func of(part, all uint64, things string) string {
	return fmt.Sprintf("%s of %s %s (%s)", figure.Count(part), figure.Count(all), things, figure.Percent(share(part, all)))
}

func share(part, all uint64) float64 {
	if all == 0 {
		return 0
	}
	return float64(part) / float64(all)
}

// at writes a moment or a length: "3.4 s".
func at(d time.Duration) string { return figure.At(d.Seconds()) }

// mb writes bytes in 10^6: "212 MB".
func mb(bytes float64) string { return figure.MB(bytes / 1e6) }

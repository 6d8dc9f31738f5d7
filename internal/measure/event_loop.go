package measure

import "time"

// EventLoop is what the event loop of a Node server told of the time since it did
// so before.
type EventLoop struct {
	Over        time.Duration `json:"over_ns"`
	Utilization float64       `json:"utilization"`  // share of the time in which it did not wait for something to do, 0 to 1
	DelayP50MS  float64       `json:"delay_p50_ms"` // how late it came to what was due; the sampling's own 10 ms are taken off
	DelayP99MS  float64       `json:"delay_p99_ms"`
	DelayMaxMS  float64       `json:"delay_max_ms"`
}

//go:build !linux

package machine

import "time"

func napExactly(d time.Duration) { time.Sleep(d) }

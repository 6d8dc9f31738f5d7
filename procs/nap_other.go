//go:build !linux

package procs

import "time"

func napExactly(d time.Duration) { time.Sleep(d) }

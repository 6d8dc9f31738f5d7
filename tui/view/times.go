package view

import "time"

// Duration is so many seconds.
func Duration(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// MS turns microseconds, which histograms are in, into milliseconds.
func MS(us int64) float64 { return float64(us) / 1000 }

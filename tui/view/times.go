package view

import "time"

func Duration(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func MS(us int64) float64 { return float64(us) / 1000 }

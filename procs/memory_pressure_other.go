//go:build !linux

package procs

// memoryStall is missing on this platform.
func memoryStall() (microseconds float64, ok bool) { return 0, false }

//go:build !linux

package system

// MemoryStall is missing on this platform.
func MemoryStall() (microseconds float64, ok bool) { return 0, false }

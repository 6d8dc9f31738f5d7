//go:build !linux

package procs

// UsableCores is how many cores the process may run on; missing where that can't be told.
func UsableCores(int) Figure { return Figure{} }

// ReadCPULimits is missing on this platform.
func ReadCPULimits(int) CPULimits { return CPULimits{} }

//go:build !linux

package sample

// ReadCPULimits is missing on this platform.
func ReadCPULimits(...int) CPULimits { return CPULimits{} }

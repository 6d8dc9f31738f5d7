//go:build !linux

package procs

import "github.com/benchtui/benchtui/internal/figure"

// UsableCores is how many cores the process may run on; missing where that can't be told.
func UsableCores(int) figure.Value { return figure.Value{} }

// ReadCPULimits is missing on this platform.
func ReadCPULimits(int) CPULimits { return CPULimits{} }

//go:build !linux

package engine

import "runtime"

// allowedCPUs is on how many CPUs this process may run; 0: not known.
func allowedCPUs() int { return runtime.NumCPU() }

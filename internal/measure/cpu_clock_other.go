//go:build !linux

package measure

import "time"

// CPUClockStep is what the CPU time of a process moves in: a hundredth of a second, or a
// 64th on Windows.
const CPUClockStep = time.Second / 64

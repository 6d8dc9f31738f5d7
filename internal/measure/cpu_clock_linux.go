package measure

import "time"

// CPUClockStep is what the CPU time of a process moves in: the kernel's clock of it
// tells ns, but a reading itself takes some µs.
const CPUClockStep = 10 * time.Microsecond

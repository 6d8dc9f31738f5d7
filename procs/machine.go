package procs

import (
	"context"
	"os"
	"time"

	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/mem"
)

// Machine is what a machine offers a measurement, and what may be in its way. What
// can't be read is missing, or empty.
type Machine struct {
	Cores       int      // logical ones
	UsableCores Figure   // that this process may run on
	CoreQuota   Figure   // cores' worth of CPU time that a container may use; missing without a bound
	Siblings    []CPUSet // the logical CPUs of each physical core

	Descriptors Figure // this process's hard limit of open files
	Tasks       Figure // processes and threads that may be started; missing without a bound

	PortFirst, PortLast Figure // of outgoing connections
	TimeWait            Figure // sockets that wait for late packets, and hold their ports meanwhile
	TimeWaitReuse       Figure // net.ipv4.tcp_tw_reuse: 0 never, 1 always, 2 on loopback
	AcceptQueueMost     Figure // net.core.somaxconn: the longest accept queue that a server can get
	Tracked             Figure // connections that the firewall follows
	TrackedMost         Figure // and can follow; missing without one

	Governors []string // of the cores' clocks, each once
	Turbo     Figure   // 1: cores may exceed their nominal clock for a while
	OnBattery Figure   // 1: the machine runs on a battery that is not being charged
	Throttled Figure   // times that a core was slowed down for its heat, since the machine began

	ClockSource    string // that the kernel reads the time from
	Virtualization string // "kvm", "a virtual machine"; "" none is seen
	Container      string // "docker"; "" none is seen

	MemoryBytes          Figure
	MemoryAvailableBytes Figure // without swapping
	MemoryMostBytes      Figure // that a container may use; missing without a bound
	SwapBytes            Figure
	SwapUsedBytes        Figure

	Look Look
}

// Look is what was seen of a machine over a time in which we did nothing.
type Look struct {
	Over                  time.Duration // 0: nobody looked
	CPUPercentOfCore      Figure        // of all cores together, of whoever used it; 100 is one core busy
	StealPercent          Figure        // of all cores' time, taken by other guests of the virtual machine's host
	Neighbours            []Neighbour   // the busiest first
	SwappedPages          Figure        // in and out
	MemoryPressurePercent Figure        // of the time, in which some process waited for memory
	Throttled             Figure        // times that a core was slowed down for its heat
	WakeupLateP50         time.Duration // how late a sleep of 1 ms ends
	WakeupLateP99         time.Duration
	Wakeups               int // that those are of; 0: none were timed
}

// ReadMachine reads what the machine is. If over is not 0, it also looks for so
// long at what happens on it; a look that ctx ends is left out.
func ReadMachine(ctx context.Context, over time.Duration) Machine {
	files := os.DirFS("/")
	m := Machine{UsableCores: UsableCores(0)}
	if cores, err := cpu.Counts(true); err == nil {
		m.Cores = cores
	}
	if memory, err := mem.VirtualMemory(); err == nil {
		m.MemoryBytes, m.MemoryAvailableBytes = Of(float64(memory.Total)), Of(float64(memory.Available))
	}
	if swap, err := mem.SwapMemory(); err == nil {
		m.SwapBytes, m.SwapUsedBytes = Of(float64(swap.Total)), Of(float64(swap.Used))
	}
	m.Descriptors, m.Tasks = limits()
	m.readFiles(files)
	if over > 0 {
		m.Look = look(ctx, files, over)
	}
	return m
}

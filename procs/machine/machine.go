package machine

import (
	"context"
	"os"
	"time"

	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/mem"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/system"
)

// Machine is what a machine offers a measurement, and what may be in its way. What
// can't be read is missing, or empty.
type Machine struct {
	Cores       int             // logical ones
	UsableCores figure.Value    // that this process may run on
	CoreQuota   figure.Value    // cores' worth of CPU time that a container may use; missing without a bound
	Siblings    []system.CPUSet // the logical CPUs of each physical core

	Descriptors figure.Value // this process's hard limit of open files
	Tasks       figure.Value // processes and threads that may be started; missing without a bound

	PortFirst, PortLast figure.Value // of outgoing connections
	TimeWait            figure.Value // sockets that wait for late packets, and hold their ports meanwhile
	TimeWaitReuse       figure.Value // net.ipv4.tcp_tw_reuse: 0 never, 1 always, 2 on loopback
	AcceptQueueMost     figure.Value // net.core.somaxconn: the longest accept queue that a server can get
	Tracked             figure.Value // connections that the firewall follows
	TrackedMost         figure.Value // and can follow; missing without one

	Governors []string     // of the cores' clocks, each once
	Turbo     figure.Value // 1: cores may exceed their nominal clock for a while
	OnBattery figure.Value // 1: the machine runs on a battery that is not being charged
	Throttled figure.Value // times that a core was slowed down for its heat, since the machine began

	ClockSource    string // that the kernel reads the time from
	Virtualization string // "kvm", "a virtual machine"; "" none is seen
	Container      string // "docker"; "" none is seen

	MemoryAvailableBytes figure.Value // without swapping
	MemoryMostBytes      figure.Value // that a container may use; missing without a bound
	SwapBytes            figure.Value
	SwapUsedBytes        figure.Value

	Profiling Profiling

	Look Look
}

// Look is what was seen of a machine over a time in which we did nothing.
type Look struct {
	Over                  time.Duration          // 0: nobody looked
	CPUPercentOfCore      figure.Value           // of all cores together, of whoever used it; 100 is one core busy
	StealPercent          figure.Value           // of all cores' time, taken by other guests of the virtual machine's host
	OtherProcesses        []measure.OtherProcess // the busiest first
	SwappedPages          figure.Value           // in and out
	MemoryPressurePercent figure.Value           // of the time, in which some process waited for memory
	Throttled             figure.Value           // times that a core was slowed down for its heat
	WakeupLateP50         time.Duration          // how late a sleep of 1 ms ends
	WakeupLateP99         time.Duration
	Wakeups               int // that those are of; 0: none were timed
}

// Read reads what the machine is. If over is not 0, it also looks for so
// long at what happens on it; a look that ctx ends is left out.
func Read(ctx context.Context, over time.Duration) Machine {
	files := os.DirFS("/")
	m := Machine{UsableCores: system.UsableCores(0)}
	if cores, err := cpu.Counts(true); err == nil {
		m.Cores = cores
	}
	if memory, err := mem.VirtualMemory(); err == nil && memory.Total > 0 { // no machine has none: there is no /proc
		m.MemoryAvailableBytes = figure.Of(float64(memory.Available))
	}
	if swap, err := mem.SwapMemory(); err == nil {
		m.SwapBytes, m.SwapUsedBytes = figure.Of(float64(swap.Total)), figure.Of(float64(swap.Used))
	}
	m.Descriptors, m.Tasks = limits()
	m.Profiling = readProfiling()
	m.readFiles(files)
	if over > 0 {
		m.Look = look(ctx, files, over)
	}
	return m
}

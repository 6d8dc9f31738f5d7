package sample

import (
	"os"
	"time"

	"github.com/shirou/gopsutil/v3/mem"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/system"
)

// What the host is asked for less often than the tree is, as it changes slowly or
// costs more.
const hostEvery = time.Second

// leastOther is how much CPU must go to others before they are looked for, percent
// of a core: on a quiet machine nobody pays for reading all its processes.
const leastOther = 20.0

// hostWatch reads how the machine does, beside the tree that is sampled.
type hostWatch struct {
	times  HostTimes
	others OtherProcesses
	mark   func([]measure.OtherProcess) // tells which of them work for the server; nil: nobody can

	last  time.Time      // of what is read every hostEvery
	own   float64        // CPU seconds of this process, then
	tree  float64        // of the tree, then
	busy  float64        // core-percent times seconds that the machine was busy since
	over  float64        // seconds that busy covers
	stall float64        // µs, then
	known bool           // stall is
	held  measure.Sample // what was read then
}

// into sets what the sample says of the host. treeSeconds is the CPU time of the
// sampled tree so far.
func (h *hostWatch) into(sample *measure.Sample, now time.Time, roots []int, treeSeconds float64) {
	sample.HostCPUPercent, sample.HostStealPercent, sample.HostInterruptPercent = h.times.Since(roots)
	for _, percent := range sample.HostCPUPercent {
		h.busy += percent * sample.Over.Seconds()
	}
	nobodys := sample.HostStealPercent.Value + sample.HostInterruptPercent.Value
	h.busy -= nobodys * float64(len(sample.HostCPUPercent)) * sample.Over.Seconds()
	h.over += sample.Over.Seconds()
	if h.last.IsZero() || now.Sub(h.last) >= hostEvery-hostEvery/10 {
		h.read(now, roots, treeSeconds)
	}
	sample.HostOtherProcesses = h.held.HostOtherProcesses
	sample.HostMemoryAvailableBytes = h.held.HostMemoryAvailableBytes
	sample.HostSwapUsedBytes = h.held.HostSwapUsedBytes
	sample.HostMemoryPressurePercent = h.held.HostMemoryPressurePercent
}

func (h *hostWatch) read(now time.Time, roots []int, treeSeconds float64) {
	passed := now.Sub(h.last)
	first := h.last.IsZero()
	h.last = now
	h.held = measure.Sample{}
	if memory, err := mem.VirtualMemory(); err == nil && memory.Total > 0 { // without /proc it is 0, and no error
		h.held.HostMemoryAvailableBytes = figure.Of(float64(memory.Available))
		h.held.HostSwapUsedBytes = swapUsed(memory)
	}
	stall, ok := system.MemoryStall()
	if ok && h.known && passed > 0 && !first {
		h.held.HostMemoryPressurePercent = figure.Of(min(100, max(0, (stall-h.stall)/1e4/passed.Seconds())))
	}
	h.stall, h.known = stall, ok

	own := system.OwnCPUSeconds()
	others := 0.0
	if h.over > 0 {
		others = (h.busy - 100*(own-h.own) - 100*(treeSeconds-h.tree)) / h.over
	}
	h.own, h.tree, h.busy, h.over = own, treeSeconds, 0, 0
	if !readsOtherProcesses || first {
		return
	}
	if others < leastOther {
		h.others = OtherProcesses{}
		return
	}
	h.held.HostOtherProcesses = h.others.Since(now, append([]int{os.Getpid()}, roots...)...)
	if h.mark != nil {
		h.mark(h.held.HostOtherProcesses)
	}
}

// swapUsed is what of the memory was put out, from the same reading where it has
// the figures.
func swapUsed(memory *mem.VirtualMemoryStat) figure.Value {
	if memory.SwapTotal > 0 {
		return figure.Of(float64(memory.SwapTotal - min(memory.SwapTotal, memory.SwapFree)))
	}
	if swap, err := mem.SwapMemory(); err == nil {
		return figure.Of(float64(swap.Used))
	}
	return figure.Value{}
}

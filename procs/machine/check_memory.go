package machine

import (
	"fmt"

	"github.com/benchtui/benchtui/internal/figure"
)

func (m Machine) checkMemory() (check Check) {
	defer func() { check.ID = "memory" }()
	const (
		enough   = 1e9 // bytes: a JVM or two
		pressure = 1.0 // percent of the time
	)
	available := least(m.MemoryAvailableBytes, m.MemoryMostBytes)
	fix := []string{"close what holds most of it: `ps aux --sort=-rss | head`"}
	switch stalled := m.Look.MemoryPressurePercent; {
	case !m.MemoryAvailableBytes.Known:
		return unknown("how much memory is free can't be read")
	case stalled.Value >= pressure:
		return Check{
			State: Warning, Passing: true, Title: "programs wait for memory",
			Evidence: []string{fmt.Sprintf("%s %% of the time; %s are left", rounded(stalled.Value), figure.MB(available.Value/1e6))}, Fix: fix,
		}
	case available.Value < enough && m.MemoryMostBytes.Known && m.MemoryMostBytes.Value < m.MemoryAvailableBytes.Value:
		return Check{
			State: Warning, Title: fmt.Sprintf("this container may use %s of memory", figure.MB(m.MemoryMostBytes.Value/1e6)),
			Evidence: []string{"servers that want more are killed, or collect their garbage all the time"},
			Fix:      []string{"give it more: `docker run --memory 4g`"},
		}
	case available.Value < enough:
		return Check{
			State: Warning, Title: fmt.Sprintf("only %s of memory are left", figure.MB(available.Value/1e6)),
			Evidence: []string{"servers that want more push the others out, and all wait"}, Fix: fix,
		}
	}
	return ok(figure.MB(available.Value/1e6) + " of memory are free")
}

func (m Machine) checkSwap() (check Check) {
	defer func() { check.ID = "swap" }()
	const off = "`sudo swapoff -a` while you measure, if the memory suffices"
	switch moved := m.Look.SwappedPages; {
	case !m.SwapBytes.Known:
		return unknown("whether there is swap can't be read")
	case moved.Value > 0:
		return Check{
			State: Warning, Passing: true, Title: "the machine swaps",
			Evidence: []string{fmt.Sprintf("%s in and out in %s s", figure.PluralWhole(moved.Value, "page", "pages"), rounded(m.Look.Over.Seconds()))},
			Fix:      []string{"close what holds most memory: `ps aux --sort=-rss | head`", off},
		}
	case m.SwapUsedBytes.Value > 0:
		return Check{
			State: Note, Title: fmt.Sprintf("%s of memory lie in swap", figure.MB(m.SwapUsedBytes.Value/1e6)),
			Evidence: []string{"who needs it again waits for the disk"}, Fix: []string{off},
		}
	case m.SwapBytes.Value > 0:
		return ok("swap is there, and empty")
	}
	return ok("no swap")
}

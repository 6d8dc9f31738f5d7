package view

import (
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// Machine is the whole machine as last read, and the kernel's counters of it since
// the measured load began: whoever caused them.
type Machine struct {
	Cores                         []float64 // percent, by core
	Steal                         figure.Value
	Pressure                      figure.Value // percent of the time, in which some process waited for memory
	OtherProcesses                []measure.OtherProcess
	Overflows, Drops, SYNsRetried figure.Value
}

// Fold takes a reading.
func (m *Machine) Fold(sample measure.Sample, phase stream.Phase) {
	m.Cores, m.Steal, m.Pressure, m.OtherProcesses = sample.HostCPUPercent, sample.HostStealPercent, sample.HostMemoryPressurePercent, sample.HostOtherProcesses
	if phase != stream.PhaseLoad {
		return
	}
	m.Overflows.Add(sample.HostListenOverflows)
	m.Drops.Add(sample.HostListenDrops)
	m.SYNsRetried.Add(sample.HostSYNRetransmits)
}

// MostCores is up to how many cores each has a figure of its own.
const MostCores = 4

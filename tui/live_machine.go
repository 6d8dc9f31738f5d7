package tui

import (
	"fmt"
	"math"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/session"
	"github.com/benchtui/benchtui/procs"
)

// Machine is the whole machine as last read, and the kernel's counters of it since
// the measured load began: whoever caused them.
type Machine struct {
	Cores                         []float64 // percent, by core
	Steal                         figure.Value
	Pressure                      figure.Value // percent of the time, in which some process waited for memory
	Neighbours                    []procs.Neighbour
	Overflows, Drops, SYNsRetried figure.Value
}

func (m *Machine) fold(sample procs.Sample, phase session.Phase) {
	m.Cores, m.Steal, m.Pressure, m.Neighbours = sample.HostCPUPercent, sample.HostStealPercent, sample.HostMemoryPressurePercent, sample.HostNeighbours
	if phase != session.PhaseLoad {
		return
	}
	for sum, more := range map[*figure.Value]figure.Value{
		&m.Overflows: sample.HostListenOverflows, &m.Drops: sample.HostListenDrops, &m.SYNsRetried: sample.HostSYNRetransmits,
	} {
		if more.Known {
			*sum = figure.Of(sum.Value + more.Value)
		}
	}
}

// coreBars are the eighths of a cell by which a core's load is shown.
var coreBars = []rune("▁▂▃▄▅▆▇█")

// mostCores is up to how many cores each has a figure of its own.
const mostCores = 4

// machineSpans tell what the whole machine does in a line of the width: what is out
// of the ordinary first, since the rest may not fit.
func machineSpans(machine Machine, width int) []Span {
	if len(machine.Cores) == 0 {
		return nil
	}
	const steals, presses = 0.5, 0.5 // percent; below it is nothing to tell
	var told [][]Span
	warn := func(of figure.Value, least float64, format string, write func(float64) string) {
		if of.Known && of.Value >= least {
			told = append(told, []Span{{fmt.Sprintf(format, write(of.Value)), RoleWarn}})
		}
	}
	warn(machine.Overflows, 1, "accept queues overflowed %s times", thousands)
	warn(figure.Of(machine.Drops.Value-machine.Overflows.Value), 1, "%s connections dropped", thousands)
	warn(machine.SYNsRetried, 1, "%s SYNs sent again", thousands)
	if len(machine.Neighbours) > 0 {
		one := machine.Neighbours[0]
		warn(figure.Of(one.CPUPercentOfCore), 0, one.Name+" uses %s %% of a core", thousands)
	}
	warn(machine.Steal, steals, "steal %s %%", short)
	warn(machine.Pressure, presses, "programs wait for memory %s %%", short)
	var bars, figures strings.Builder
	for _, percent := range machine.Cores {
		bars.WriteRune(coreBars[min(len(coreBars)-1, max(0, int(percent/100*float64(len(coreBars)))))])
		fmt.Fprintf(&figures, " %.0f", math.Round(percent))
	}
	cores := []Span{{bars.String(), RoleCPU}}
	if len(machine.Cores) <= mostCores {
		cores = append(cores, Span{figures.String() + " % by core", RoleText})
	}
	line := []Span{{"machine ", RoleTitle}}
	for _, group := range append(told, cores) {
		if len(line) > 1 {
			group = append([]Span{{" · ", RoleDim}}, group...)
		}
		line = fitting(width, line, group)
	}
	if len(line) == 1 { // there is no room for more
		return nil
	}
	return line
}

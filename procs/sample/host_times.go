package sample

import (
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v3/cpu"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs/system"
)

// HostTimes is what each core had done at the last reading.
type HostTimes struct{ cores []cpu.TimesStat }

// Since is how busy each core was since the reading before, and how much of the time
// of all was stolen and went to interrupts; missing at first. Of a machine's cores
// those count alone that this process or one of the others may run on: what goes on
// elsewhere takes nothing from either.
func (h *HostTimes) Since(pids []int) (busyPercent []float64, steal, interrupts figure.Value) {
	all, err := cpu.Times(true)
	if err != nil {
		return nil, figure.Value{}, figure.Value{}
	}
	return h.take(within(all, usedBy(pids)), runtime.GOOS == "linux")
}

func (h *HostTimes) take(cores []cpu.TimesStat, tellsAll bool) (busyPercent []float64, steal, interrupts figure.Value) {
	before := h.cores
	h.cores = cores
	if len(before) != len(cores) { // the first reading, or a core came or went
		return nil, figure.Value{}, figure.Value{}
	}
	busyPercent = make([]float64, len(cores))
	var stolen, interrupted, sum float64
	for i := range cores {
		idle := cores[i].Idle + cores[i].Iowait - before[i].Idle - before[i].Iowait
		all := total(cores[i]) - total(before[i])
		stolen += cores[i].Steal - before[i].Steal
		interrupted += cores[i].Irq + cores[i].Softirq - before[i].Irq - before[i].Softirq
		sum += all
		if all > 0 {
			busyPercent[i] = min(100, max(0, 100*(1-idle/all)))
		}
	}
	if sum > 0 && tellsAll { // elsewhere they read 0
		steal = figure.Of(min(100, max(0, 100*stolen/sum)))
		interrupts = figure.Of(min(100, max(0, 100*interrupted/sum)))
	}
	return busyPercent, steal, interrupts
}

// usedBy are the CPUs that this process or one of the others may run on; nil if
// that can't be told.
func usedBy(pids []int) system.CPUSet {
	used := system.AllowedCPUs()
	if used == nil {
		return nil
	}
	for _, pid := range pids {
		more, err := system.Affinity(pid)
		if err != nil {
			continue // it has ended
		}
		used = append(used, more...)
	}
	slices.Sort(used)
	return slices.Compact(used)
}

// within keeps the cores, named cpu0, cpu1 …, that are in the set; all without one.
func within(cores []cpu.TimesStat, set system.CPUSet) []cpu.TimesStat {
	if len(set) == 0 {
		return cores
	}
	kept := make([]cpu.TimesStat, 0, len(cores))
	for _, core := range cores {
		number, err := strconv.Atoi(strings.TrimPrefix(core.CPU, "cpu"))
		if err != nil || slices.Contains(set, number) {
			kept = append(kept, core)
		}
	}
	return kept
}

// total leaves guest time out: user time contains it.
func total(t cpu.TimesStat) float64 {
	return t.User + t.System + t.Idle + t.Nice + t.Iowait + t.Irq + t.Softirq + t.Steal
}

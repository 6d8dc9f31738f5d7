package procs

import (
	"runtime"

	"github.com/shirou/gopsutil/v3/cpu"
)

// hostTimes is what each core had done at the last reading.
type hostTimes struct{ cores []cpu.TimesStat }

// since is how busy each core was since the reading before, and how much of the
// time of all was stolen; missing at first.
func (h *hostTimes) since() (busyPercent []float64, stealPercent Figure) {
	cores, err := cpu.Times(true)
	if err != nil {
		return nil, Figure{}
	}
	before := h.cores
	h.cores = cores
	if len(before) != len(cores) { // the first reading, or a core came or went
		return nil, Figure{}
	}
	busyPercent = make([]float64, len(cores))
	var stolen, sum float64
	for i := range cores {
		idle := cores[i].Idle + cores[i].Iowait - before[i].Idle - before[i].Iowait
		all := total(cores[i]) - total(before[i])
		stolen += cores[i].Steal - before[i].Steal
		sum += all
		if all > 0 {
			busyPercent[i] = min(100, max(0, 100*(1-idle/all)))
		}
	}
	if sum > 0 && runtime.GOOS == "linux" { // elsewhere it reads 0
		stealPercent = Of(min(100, max(0, 100*stolen/sum)))
	}
	return busyPercent, stealPercent
}

// total leaves guest time out: user time contains it.
func total(t cpu.TimesStat) float64 {
	return t.User + t.System + t.Idle + t.Nice + t.Iowait + t.Irq + t.Softirq + t.Steal
}

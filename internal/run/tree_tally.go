package run

import (
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// treeTally adds up what samples tell of a tree and of the machine.
type treeTally struct {
	processes                      int
	user, system, waited, switched measure.Mean
	descriptors                    figure.Value
	rss                            figure.Value // most of all together
	byProcess                      []measure.ProcessRSS
	cores                          measure.Means // percent, by core
	steal                          measure.Mean
	overflows, drops, synRetries   figure.Value
	available, pressure            figure.Value // bytes at least, percent at most
	others                         []string
}

// load takes a reading, which counts for the means or for the extremes alone.
func (t *treeTally) load(sample measure.Sample, means bool) {
	if means {
		t.means(sample)
	}
	t.processes = max(t.processes, sample.Processes)
	t.descriptors.Raise(sample.FileDescriptors)
	if sample.RSSBytes.Known && (!t.rss.Known || sample.RSSBytes.Value > t.rss.Value) {
		t.rss, t.byProcess = sample.RSSBytes, sample.ByProcess
	}

	t.overflows.Add(sample.HostListenOverflows)
	t.drops.Add(sample.HostListenDrops)
	t.synRetries.Add(sample.HostSYNRetransmits)
	t.available.Lower(sample.HostMemoryAvailableBytes)
	t.pressure.Raise(sample.HostMemoryPressurePercent)
	for _, one := range sample.HostOtherProcesses {
		t.other(one.Name)
	}
}

func (t *treeTally) means(sample measure.Sample) {
	t.user.Take(sample.UserPercentOfCore, sample.Over)
	t.system.Take(sample.SysPercentOfCore, sample.Over)
	t.waited.Take(sample.RunQueueWaitPercent, sample.Over)
	if seconds := sample.Over.Seconds(); seconds > 0 && sample.ContextSwitches.Known {
		t.switched.Take(figure.Of(sample.ContextSwitches.Value/seconds), sample.Over)
	}
	t.cores.Take(sample.HostCPUPercent, sample.Over)
	t.steal.Take(sample.HostStealPercent, sample.Over)
}

// other keeps a few names, each once.
func (t *treeTally) other(name string) {
	const most = 8
	if name != "" && len(t.others) < most && !slices.Contains(t.others, name) {
		t.others = append(t.others, name)
	}
}

// merge adds another round.
func (t *treeTally) merge(other treeTally) {
	t.processes = max(t.processes, other.processes)
	t.user.Add(other.user)
	t.system.Add(other.system)
	t.waited.Add(other.waited)
	t.switched.Add(other.switched)
	t.descriptors.Raise(other.descriptors)
	if other.rss.Known && (!t.rss.Known || other.rss.Value > t.rss.Value) {
		t.rss, t.byProcess = other.rss, other.byProcess
	}
	t.cores.Add(other.cores)
	t.steal.Add(other.steal)
	t.overflows.Add(other.overflows)
	t.drops.Add(other.drops)
	t.synRetries.Add(other.synRetries)
	t.available.Lower(other.available)
	t.pressure.Raise(other.pressure)
	for _, name := range other.others {
		t.other(name)
	}
}

// tree is nil if nothing was read under the load.
func (t *treeTally) tree() *stream.TreeResult {
	if t.processes == 0 {
		return nil
	}
	result := &stream.TreeResult{
		ProcessesMax:            float64(t.processes),
		CPUUserPercentMean:      known(t.user.Value(), 1),
		CPUSystemPercentMean:    known(t.system.Value(), 1),
		RunQueueWaitPercentMean: known(t.waited.Value(), 1),
		FileDescriptorsMax:      known(t.descriptors, 1),
		ContextSwitchesPerS:     known(t.switched.Value(), 1),
	}
	for _, one := range t.byProcess {
		result.RSSMBByProcess = append(result.RSSMBByProcess, stream.ProcessRSS{PID: one.PID, Name: one.Name, RSSMB: known(one.RSSBytes, 1e-6), PSSMB: known(one.PSSBytes, 1e-6)})
	}
	return result
}

// machine is nil if nothing was read under the load.
func (t *treeTally) machine() *stream.MachineResult {
	if t.processes == 0 {
		return nil
	}
	result := &stream.MachineResult{
		CPUPercentByCoreMean:     append([]float64{}, t.cores.Values()...),
		StealPercentMean:         known(t.steal.Value(), 1),
		ListenOverflows:          known(t.overflows, 1),
		ListenDrops:              known(t.drops, 1),
		SYNRetransmits:           known(t.synRetries, 1),
		MemoryAvailableMBMin:     known(t.available, 1e-6),
		MemoryPressurePercentMax: known(t.pressure, 1),
		BusyOtherProcesses:       t.others,
	}
	return result
}

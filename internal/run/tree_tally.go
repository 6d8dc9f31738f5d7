package run

import (
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// treeTally adds up what samples tell of a tree and of the machine.
type treeTally struct {
	processes                      int
	user, system, waited, switched meanOverTime
	descriptors                    figure.Value
	rss                            figure.Value // most of all together
	byProcess                      []measure.ProcessRSS
	cores                          []float64 // percent-seconds by core
	coresOver                      time.Duration
	steal                          meanOverTime
	overflows, drops, synRetries   figure.Value
	available, pressure            figure.Value // bytes at least, percent at most
	neighbours                     []string
}

// meanOverTime is the mean of a figure over the time in which it was known.
type meanOverTime struct {
	sum  float64 // times seconds
	over time.Duration
}

func (m *meanOverTime) take(figure figure.Value, over time.Duration) {
	if figure.Known {
		m.sum += figure.Value * over.Seconds()
		m.over += over
	}
}

func (m *meanOverTime) add(other meanOverTime) { m.sum, m.over = m.sum+other.sum, m.over+other.over }

func (m meanOverTime) figure() figure.Value {
	if m.over == 0 {
		return figure.Value{}
	}
	return figure.Of(m.sum / m.over.Seconds())
}

func (t *treeTally) load(sample measure.Sample) {
	t.processes = max(t.processes, sample.Processes)
	t.user.take(sample.UserPercentOfCore, sample.Over)
	t.system.take(sample.SysPercentOfCore, sample.Over)
	t.waited.take(sample.RunQueueWaitPercent, sample.Over)
	if seconds := sample.Over.Seconds(); seconds > 0 && sample.ContextSwitches.Known {
		t.switched.take(figure.Of(sample.ContextSwitches.Value/seconds), sample.Over)
	}
	raise(&t.descriptors, sample.FileDescriptors)
	if sample.RSSBytes.Known && (!t.rss.Known || sample.RSSBytes.Value > t.rss.Value) {
		t.rss, t.byProcess = sample.RSSBytes, sample.ByProcess
	}

	if len(sample.HostCPUPercent) > 0 {
		if len(t.cores) != len(sample.HostCPUPercent) {
			t.cores, t.coresOver = make([]float64, len(sample.HostCPUPercent)), 0
		}
		for i, percent := range sample.HostCPUPercent {
			t.cores[i] += percent * sample.Over.Seconds()
		}
		t.coresOver += sample.Over
	}
	t.steal.take(sample.HostStealPercent, sample.Over)
	addKnown(&t.overflows, sample.HostListenOverflows)
	addKnown(&t.drops, sample.HostListenDrops)
	addKnown(&t.synRetries, sample.HostSYNRetransmits)
	lower(&t.available, sample.HostMemoryAvailableBytes)
	raise(&t.pressure, sample.HostMemoryPressurePercent)
	for _, one := range sample.HostNeighbours {
		t.neighbour(one.Name)
	}
}

// neighbour keeps a few names, each once.
func (t *treeTally) neighbour(name string) {
	const most = 8
	if name != "" && len(t.neighbours) < most && !slices.Contains(t.neighbours, name) {
		t.neighbours = append(t.neighbours, name)
	}
}

// merge adds another round.
func (t *treeTally) merge(other treeTally) {
	t.processes = max(t.processes, other.processes)
	t.user.add(other.user)
	t.system.add(other.system)
	t.waited.add(other.waited)
	t.switched.add(other.switched)
	raise(&t.descriptors, other.descriptors)
	if other.rss.Known && (!t.rss.Known || other.rss.Value > t.rss.Value) {
		t.rss, t.byProcess = other.rss, other.byProcess
	}
	if len(t.cores) != len(other.cores) && len(other.cores) > 0 {
		t.cores, t.coresOver = make([]float64, len(other.cores)), 0
	}
	for i := range other.cores {
		t.cores[i] += other.cores[i]
	}
	t.coresOver += other.coresOver
	t.steal.add(other.steal)
	addKnown(&t.overflows, other.overflows)
	addKnown(&t.drops, other.drops)
	addKnown(&t.synRetries, other.synRetries)
	lower(&t.available, other.available)
	raise(&t.pressure, other.pressure)
	for _, name := range other.neighbours {
		t.neighbour(name)
	}
}

// tree is nil if nothing was read under the load.
func (t *treeTally) tree() *stream.TreeResult {
	if t.processes == 0 {
		return nil
	}
	result := &stream.TreeResult{
		ProcessesMax:            float64(t.processes),
		CPUUserPercentMean:      known(t.user.figure(), 1),
		CPUSystemPercentMean:    known(t.system.figure(), 1),
		RunQueueWaitPercentMean: known(t.waited.figure(), 1),
		FileDescriptorsMax:      known(t.descriptors, 1),
		ContextSwitchesPerS:     known(t.switched.figure(), 1),
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
		CPUPercentByCoreMean:     []float64{},
		StealPercentMean:         known(t.steal.figure(), 1),
		ListenOverflows:          known(t.overflows, 1),
		ListenDrops:              known(t.drops, 1),
		SYNRetransmits:           known(t.synRetries, 1),
		MemoryAvailableMBMin:     known(t.available, 1e-6),
		MemoryPressurePercentMax: known(t.pressure, 1),
		BusyNeighbours:           t.neighbours,
	}
	for _, sum := range t.cores {
		if t.coresOver > 0 {
			result.CPUPercentByCoreMean = append(result.CPUPercentByCoreMean, sum/t.coresOver.Seconds())
		}
	}
	return result
}

// addKnown adds what is known; the sum of nothing that is known stays missing.
func addKnown(sum *figure.Value, more figure.Value) {
	if more.Known {
		*sum = figure.Of(sum.Value + more.Value)
	}
}

func lower(least *figure.Value, figure figure.Value) {
	if figure.Known && (!least.Known || figure.Value < least.Value) {
		*least = figure
	}
}

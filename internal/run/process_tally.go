package run

import (
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// processTally adds up the readings of a server's process tree over a load.
type processTally struct {
	idleRSS figure.Value // bytes, ready and before any load
	idlePSS figure.Value // the same

	cpuBefore figure.Value // seconds of CPU time as the load began
	cpuAfter  figure.Value // and as last read in it
	cpuAside  figure.Value // and as last read while a profile was taken

	cpu        measure.Mean // percent of a core, over the load
	cpuMax     figure.Value
	rssMax     figure.Value
	pssMax     figure.Value
	threadsMax figure.Value
	hottestMax figure.Value
	queueMax   figure.Value
	queueLimit figure.Value

	tree treeTally

	cpuLimit  figure.Value // cores' worth that the server may use
	whose     string       // whose figures these are, if not those of what was started
	starter   bool         // they are not the server's
	throttled measure.Mean // share of the quota's periods

	runtimes runtimeTally

	loop         stream.EventLoopResult // what the probe told
	loopReported bool
	loopNote     string // why there is nothing to tell
}

func (p *processTally) idle(sample measure.Sample) {
	if sample.RSSBytes.Known {
		p.idleRSS, p.idlePSS = sample.RSSBytes, sample.PSSBytes
	}
}

// last keeps the CPU time, so that the load's share of it can be told.
func (p *processTally) last(phase stream.Phase, sample measure.Sample) {
	switch {
	case !sample.CPUTime.Known:
	case phase == stream.PhaseLoad:
		p.cpuAfter = sample.CPUTime
	case phase == stream.PhaseWhy:
		p.cpuAside = sample.CPUTime
	default:
		p.cpuBefore = sample.CPUTime
	}
}

// asideEnds leaves the CPU time out that was used since the load was last read.
func (p *processTally) asideEnds() {
	if p.cpuAside.Known && p.cpuAfter.Known && p.cpuBefore.Known {
		p.cpuBefore.Value += p.cpuAside.Value - p.cpuAfter.Value
		p.cpuAfter = p.cpuAside
	}
	p.cpuAside = figure.Value{}
}

// load takes a reading. What waits for the last replies is no part of the means: asked says
// that requests were begun.
func (p *processTally) load(sample measure.Sample, asked bool) {
	means := asked || p.cpu.Over() == 0 // of a load that is shorter than a reading there is no other
	if means {
		p.cpu.Take(sample.CPUPercentOfCore, sample.Over)
	}
	if sample.Over >= leastWindow {
		p.cpuMax.Raise(sample.CPUPercentOfCore)
		p.hottestMax.Raise(sample.HottestThreadPercentOfCore)
	}
	p.tree.load(sample, means)
	p.rssMax.Raise(sample.RSSBytes)
	if sample.Processes == 1 { // of several, the sum of peaks may be more than they ever held at once
		p.rssMax.Raise(sample.PeakRSSBytes)
	}
	p.pssMax.Raise(sample.PSSBytes)
	p.threadsMax.Raise(sample.Threads)
	fuller(&p.queueMax, &p.queueLimit, sample.AcceptQueue, sample.AcceptQueueLimit)
	if means && sample.QuotaPeriods.Known && sample.QuotaPeriods.Value > 0 {
		p.throttled.Take(figure.Of(min(1, sample.ThrottledPeriods.Value/sample.QuotaPeriods.Value)), sample.Over)
	}
}

func (p *processTally) eventLoop(sample stream.EventLoopSample) {
	if silent := sample.Silent.Seconds(); silent > 0 {
		p.loop.SilentSMax = max(p.loop.SilentSMax, silent)
		p.loop.DelayMSP99Max = max(p.loop.DelayMSP99Max, 1000*silent)
		p.loop.UtilizationMax = 1
		p.loopReported = true
		return
	}
	// The first word of a load may be of the time before it.
	if loop := sample.Loop; loop.Over >= leastWindow && sample.Into >= loop.Over/2 {
		p.loop.UtilizationMax = max(p.loop.UtilizationMax, loop.Utilization)
		p.loop.DelayMSP99Max = max(p.loop.DelayMSP99Max, loop.DelayP99MS)
		p.loopReported = true
	}
}

// cpuTime is the CPU time of the server over the load; missing if it can't be told.
func (p *processTally) cpuTime() figure.Value {
	if p.cpuBefore.Known && p.cpuAfter.Known {
		return figure.Value{Value: p.cpuAfter.Value - p.cpuBefore.Value, Known: true}
	}
	return figure.Value{Value: p.cpu.CPUSeconds(), Known: p.cpu.Over() > 0}
}

// result is nil if the process could not be read at all. CPU per request is over the
// requests that reached the server: the others cost it nothing.
func (p *processTally) result(reached uint64) *stream.ProcessResult {
	if p.cpu.Over() == 0 && !p.rssMax.Known && !p.idleRSS.Known {
		return nil
	}
	result := &stream.ProcessResult{
		CPUPercentMean:          known(p.cpu.Value(), 1),
		CPUPercentMax:           known(p.cpuMax, 1),
		RSSMBIdle:               known(p.idleRSS, 1e-6),
		RSSMBMax:                known(p.rssMax, 1e-6),
		PSSMBIdle:               known(p.idlePSS, 1e-6),
		PSSMBMax:                known(p.pssMax, 1e-6),
		ThreadsMax:              known(p.threadsMax, 1),
		HottestThreadPercentMax: known(p.hottestMax, 1),
		AcceptQueueMax:          known(p.queueMax, 1),
		AcceptQueueLimit:        known(p.queueLimit, 1),
		CPULimitCores:           known(p.cpuLimit, 1),
		ThrottledShareMean:      known(p.throttled.Value(), 1),
		FiguresOf:               p.whose,
		StarterOnly:             p.starter,
		Tree:                    p.tree.tree(),
		Machine:                 p.tree.machine(),
	}
	result.SetMemory()
	result.Runtime, result.RuntimeNote = p.runtimes.result()
	result.RunQueueNote = p.runtimes.queueLacks
	if p.loopReported {
		loop := p.loop
		result.EventLoop = &loop
	} else {
		result.EventLoopNote = p.loopNote
	}
	if cpu := p.cpuTime(); cpu.Known && reached > 0 {
		perRequest := cpu.Value * 1e6 / float64(reached)
		result.CPUUSPerRequest = &perRequest
		if perRequest > 0 {
			perCore := 1e6 / perRequest
			result.RPSPerCore = &perCore
		}
	}
	return result
}

func known(figure figure.Value, scale float64) *float64 {
	if !figure.Known {
		return nil
	}
	value := figure.Value * scale
	return &value
}

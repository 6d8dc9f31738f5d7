package report

import (
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// mostBins is how many bins a timeline keeps at most. When there are more, each two
// become one: the memory of an hour's load is that of a minute's.
const mostBins = 720

// Timeline is one load of a contender over time, in seconds since the measured load
// began; a warm-up lies before 0.
type Timeline struct {
	ID      string
	Round   int // from 1
	Bins    []Bin
	Process []ProcessPoint
	Loop    []LoopPoint
	Log     []string // what the server logged last
	Profile *stream.ProfileTaken
	// Response and Service are all of the measured load's times, OK replies from
	// their intended start and all replies from their actual send.
	Response, Service measure.Histogram
	// ToReading is Response to the reading of replies, as tools have it that know no
	// arrival; empty where latencies end there anyway.
	ToReading measure.Histogram

	loadBegan, warmupBegan time.Duration // since the run began
	loaded                 bool
	each                   int // intervals in a whole bin
	filled                 int // intervals in the last bin
}

// Bin is a stretch of a load with what was measured in it.
type Bin struct {
	From, To  float64 // s
	Warmup    bool
	OK, KO    measure.Histogram // response times
	Replies   uint64            // OK and KO
	Failed    uint64            // KO
	Generator float64           // CPU seconds

	pairs int // of bins that became one; while they are halved
}

// ProcessPoint is a reading of the server.
type ProcessPoint struct {
	At, Over    float64      // s
	CPU         figure.Value // percent of a core
	Hottest     figure.Value // the busiest thread, percent of a core
	RSS, PSS    figure.Value // MB
	Queue       figure.Value // connections that wait to be accepted
	fromRunTime bool         // At is still since the run began
}

// LoopPoint is what a Node server's event loop told; while it is silent, its delay
// is how long that has lasted.
type LoopPoint struct {
	At          float64 // s
	Utilization float64 // 0 to 1
	DelayP99    float64 // ms
	Silent      bool

	fromRunTime bool
}

// Timelines folds a run's events into the timelines of its loads.
type Timelines struct {
	All []*Timeline
	now *Timeline
}

// Fold takes the next event.
func (t *Timelines) Fold(event stream.Event) {
	if body, begins := event.Body.(stream.ContenderStarted); begins {
		if body.Probe { // what is measured in a probe counts nowhere
			t.now = nil
			return
		}
		t.now = &Timeline{ID: event.Contender, Round: max(1, body.Round), each: 1}
		t.All = append(t.All, t.now)
		return
	}
	if t.now != nil && t.now.ID == event.Contender {
		t.now.fold(event)
	}
}

const keptLogLines = 40

func (t *Timeline) fold(event stream.Event) {
	switch body := event.Body.(type) {
	case stream.PhaseChanged:
		switch body.Phase {
		case stream.PhaseWarmup:
			t.warmupBegan = event.At
		case stream.PhaseLoad:
			t.beginLoad(event.At)
		}
	case stream.LoadSample:
		t.load(body)
	case stream.ProcessSample:
		t.process(event.At, body)
	case stream.EventLoopSample:
		t.eventLoop(event.At, body)
	case stream.ProfileTaken:
		t.Profile = &body
	case stream.LogLine:
		t.Log = append(t.Log, body.Line)
		if len(t.Log) > 2*keptLogLines {
			t.Log = slices.Clone(t.Log[keptLogLines:])
		}
	}
}

// beginLoad moves what came before onto the axis of the load.
func (t *Timeline) beginLoad(at time.Duration) {
	t.loaded, t.loadBegan = true, at
	for i := range t.Process {
		if t.Process[i].fromRunTime {
			t.Process[i].At -= at.Seconds()
			t.Process[i].fromRunTime = false
		}
	}
	for i := range t.Loop {
		if t.Loop[i].fromRunTime {
			t.Loop[i].At -= at.Seconds()
			t.Loop[i].fromRunTime = false
		}
	}
	for i := range t.Bins { // those of the warm-up
		t.Bins[i].From += (t.warmupBegan - at).Seconds()
		t.Bins[i].To += (t.warmupBegan - at).Seconds()
	}
}

func (t *Timeline) load(sample stream.LoadSample) {
	if sample.Aside { // a profile was being taken
		return
	}
	m := sample.Measures
	next := Bin{
		From: m.From.Seconds(), To: m.To.Seconds(), Warmup: sample.Warmup,
		OK: m.ResponseOK, KO: m.ResponseKO, Replies: m.OK + m.KO, Failed: m.KO,
		Generator: m.GeneratorCPU.Seconds(),
	}
	if !sample.Warmup {
		t.Response = t.Response.Merge(m.ResponseOK)
		t.Service = t.Service.Merge(m.Service)
		t.ToReading = t.ToReading.Merge(m.ResponseRead)
	}
	if n := len(t.Bins); n > 0 && t.filled < t.each && t.Bins[n-1].Warmup == next.Warmup {
		t.Bins[n-1] = t.Bins[n-1].Merge(next)
		t.filled++
		return
	}
	if len(t.Bins) >= mostBins {
		t.halve()
	}
	t.Bins, t.filled = append(t.Bins, next), 1
}

// halve makes one bin of each two.
func (t *Timeline) halve() {
	var halved []Bin
	for _, bin := range t.Bins {
		n := len(halved)
		// A pair is whole when it is as long as the doubled bins are to be.
		if n > 0 && halved[n-1].Warmup == bin.Warmup && halved[n-1].pairs < 2 {
			halved[n-1] = halved[n-1].Merge(bin)
			halved[n-1].pairs = 2
			continue
		}
		bin.pairs = 1
		halved = append(halved, bin)
	}
	for i := range halved {
		halved[i].pairs = 0
	}
	t.Bins = halved
	t.each *= 2
}

// Merge is both bins together; next follows b.
func (b Bin) Merge(next Bin) Bin {
	b.To = next.To
	b.OK, b.KO = b.OK.Merge(next.OK), b.KO.Merge(next.KO)
	b.Replies += next.Replies
	b.Failed += next.Failed
	b.Generator += next.Generator
	return b
}

// at is when a reading was made, on the axis of the load; while that has not begun,
// since the run began.
func (t *Timeline) at(event time.Duration, phase stream.Phase, into time.Duration) (at float64, fromRunTime bool) {
	switch {
	case t.loaded && phase == stream.PhaseLoad:
		return into.Seconds(), false
	case t.loaded:
		return (event - t.loadBegan).Seconds(), false
	case phase == stream.PhaseWarmup:
		return (t.warmupBegan + into).Seconds(), true
	}
	return event.Seconds(), true
}

func (t *Timeline) process(event time.Duration, reading stream.ProcessSample) {
	sample := reading.Sample
	point := ProcessPoint{
		Over: sample.Over.Seconds(),
		CPU:  sample.CPUPercentOfCore, Hottest: sample.HottestThreadPercentOfCore,
		RSS:   sample.RSSBytes.MB(),
		PSS:   sample.PSSBytes.MB(),
		Queue: sample.AcceptQueue,
	}
	point.At, point.fromRunTime = t.at(event, reading.Phase, reading.Into)
	t.Process = append(t.Process, point)
	if len(t.Process) > 2*mostBins { // readings are thinned out: they are means over their time or moments
		t.Process = EverySecond(t.Process, ProcessPoint.Merge)
	}
}

func (t *Timeline) eventLoop(event time.Duration, told stream.EventLoopSample) {
	point := LoopPoint{Utilization: told.Loop.Utilization, DelayP99: told.Loop.DelayP99MS}
	if told.Silent > 0 {
		point = LoopPoint{Utilization: 1, DelayP99: figure.Milliseconds(told.Silent), Silent: true}
	}
	point.At, point.fromRunTime = t.at(event, told.Phase, told.Into)
	t.Loop = append(t.Loop, point)
	if len(t.Loop) > 2*mostBins {
		t.Loop = EverySecond(t.Loop, LoopPoint.merge)
	}
}

// EverySecond makes one point of each two.
func EverySecond[P any](points []P, merge func(a, b P) P) []P {
	var halved []P
	for pair := range slices.Chunk(points, 2) {
		point := pair[0]
		if len(pair) == 2 {
			point = merge(point, pair[1])
		}
		halved = append(halved, point)
	}
	return halved
}

// Merge is both readings together: means of CPU over their time, the higher of what
// stands at a moment.
func (p ProcessPoint) Merge(next ProcessPoint) ProcessPoint {
	merged := next
	merged.Over = p.Over + next.Over
	mean := func(of func(ProcessPoint) figure.Value) figure.Value {
		var both measure.Mean
		for _, one := range []ProcessPoint{p, next} {
			both.Take(of(one), time.Duration(one.Over*float64(time.Second)))
		}
		return both.Value()
	}
	merged.CPU = mean(func(p ProcessPoint) figure.Value { return p.CPU })
	merged.Hottest = mean(func(p ProcessPoint) figure.Value { return p.Hottest })
	merged.RSS.Raise(p.RSS)
	merged.PSS.Raise(p.PSS)
	merged.Queue.Raise(p.Queue)
	return merged
}

func (p LoopPoint) merge(next LoopPoint) LoopPoint {
	next.Utilization = (p.Utilization + next.Utilization) / 2
	next.DelayP99 = max(p.DelayP99, next.DelayP99)
	next.Silent = p.Silent || next.Silent
	return next
}

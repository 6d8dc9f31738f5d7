package runtimes

import (
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// jvm is one HotSpot virtual machine, read over and over.
type jvm struct {
	name      string // "JVM 25.0.3+9-LTS, G1"
	frequency float64
	layout    *counters
	clock     vmClock
	last      jvmReading
	lastAt    span            // of that reading
	first     bool            // nothing to compare with yet
	since     measure.Runtime // but for its pauses
	pauses    []jvmPause
	began     time.Time // of what these hold
}

// jvmPause is a pause by the clock of its virtual machine.
type jvmPause struct {
	at, length time.Duration
	kind       string
}

// span is the time that something took: between its ends lies the moment that is meant.
type span struct{ from, to time.Time }

// jvmReading is what the counters said at one moment. Times are in ticks.
type jvmReading struct {
	collectors  []jvmCollector
	safepoints  reading
	safepointed reading
	compiled    reading
	ticks       reading // the VM's own clock, brought up to date every 50 ms; not in all versions
	heap        figure.Value
	heapLimit   figure.Value
}

// reading is a counter's value, if it has one.
type reading struct {
	value int64
	known bool
}

// since is how far a counter went; missing if it is, or if it went back.
func (r reading) since(before reading) (int64, bool) {
	return r.value - before.value, r.known && before.known && r.value >= before.value
}

// jvmCollector is one of a virtual machine's collectors.
type jvmCollector struct {
	kind        string
	started     int64 // collections that began
	spent       int64 // by those that ended
	entry, exit int64 // of the last
}

// ended is how many collections have ended: the VM counts them as they begin.
func (c jvmCollector) ended() int64 {
	if c.entry > c.exit {
		return c.started - 1
	}
	return c.started
}

// mostCollectors bounds what is looked for; there are at most three.
const mostCollectors = 8

// shenandoah tells of cycles, most of which run beside the server: its pauses are
// counted by safepoints alone.
const shenandoah = "Shenandoah"

// newJVM reads a file of counters for the first time.
func newJVM(data []byte, at span) (*jvm, error) {
	layout, err := readCounters(data)
	if err != nil {
		return nil, err
	}
	frequency, ok := layout.number(data, "sun.os.hrt.frequency")
	if !ok || frequency <= 0 {
		return nil, errHsperfNotYet
	}
	j := &jvm{layout: layout, frequency: float64(frequency), first: true, began: at.to}
	j.name = "JVM"
	if version := layout.texts["java.property.java.vm.version"]; version != "" {
		j.name += " " + version
	}
	if gc := layout.collectorName(); gc != "" {
		j.name += ", " + gc
	}
	if begin, ok := layout.number(data, "sun.rt.createVmBeginTime"); ok && begin > 0 {
		j.clock.guess = time.UnixMilli(begin)
	}
	j.take(data, at)
	return j, nil
}

// collectorName is whose collections there are: "G1", "Serial", "ZGC".
func (c *counters) collectorName() string {
	for n := range mostCollectors {
		name := c.texts["sun.gc.collector."+strconv.Itoa(n)+".name"]
		for _, one := range []struct{ begins, name string }{
			{"Serial", "Serial"}, {"G1", "G1"}, {"Parallel", "Parallel"}, {"ZGC", "ZGC"}, {"Z ", "ZGC"}, {shenandoah, shenandoah},
			{"Copy", "Serial"}, {"PSScavenge", "Parallel"}, {"PCopy", "ParNew"},
		} {
			if strings.HasPrefix(name, one.begins) {
				return one.name
			}
		}
	}
	return ""
}

// pauseKind names a collector's pauses.
func pauseKind(collector string) string {
	has := func(words ...string) bool {
		for _, word := range words {
			if strings.Contains(collector, word) {
				return true
			}
		}
		return false
	}
	switch {
	case has("full", "MSC", "PSParallelCompact", "PSMarkSweep"):
		return measure.PauseFull
	case has("young", "minor", "Copy", "PSScavenge", "incremental"):
		return measure.PauseYoung
	case has("concurrent", "major"):
		return measure.PauseConcurrent
	}
	return measure.PauseCollection
}

// take reads the counters once more.
func (j *jvm) take(data []byte, at span) {
	if !j.layout.same(data) {
		layout, err := readCounters(data)
		if err != nil {
			return // it is being written; the next reading tells
		}
		j.layout = layout
	}
	now := j.read(data)
	if j.first {
		j.first = false
	} else {
		j.add(now, at)
	}
	j.last, j.lastAt = now, at
}

func (j *jvm) read(data []byte) jvmReading {
	get := func(name string) reading {
		value, known := j.layout.number(data, name)
		return reading{value, known}
	}
	now := jvmReading{
		safepoints:  get("sun.rt.safepoints"),
		safepointed: get("sun.rt.safepointTime"),
		compiled:    get("java.ci.totalTime"),
		ticks:       get("sun.os.hrt.ticks"),
	}
	for n := range mostCollectors {
		prefix := "sun.gc.collector." + strconv.Itoa(n) + "."
		name, started := j.layout.texts[prefix+"name"], get(prefix+"invocations")
		if !started.known || strings.HasPrefix(name, shenandoah) {
			continue
		}
		now.collectors = append(now.collectors, jvmCollector{
			kind: pauseKind(name), started: started.value, spent: get(prefix + "time").value,
			entry: get(prefix + "lastEntryTime").value, exit: get(prefix + "lastExitTime").value,
		})
	}
	now.heap, now.heapLimit = j.heap(data)
	return now
}

// heap is what the heap holds, as the VM last said, and the most that it may.
func (j *jvm) heap(data []byte) (used, limit figure.Value) {
	// Only in these do the generations have each its part of the heap: their policies'
	// names have one collector for each ("Copy:MSC"). In the others each may take it all.
	apart := strings.Contains(j.layout.texts["sun.gc.policy.name"], ":")
	const generations, spaces = 3, 8
	for n := range generations {
		prefix := "sun.gc.generation." + strconv.Itoa(n) + "."
		if most, ok := j.layout.number(data, prefix+"maxCapacity"); ok && most > 0 {
			if apart {
				limit = figure.Of(limit.Value + float64(most))
			} else {
				limit = figure.Of(max(limit.Value, float64(most)))
			}
		}
		for m := range spaces {
			if held, ok := j.layout.number(data, prefix+"space."+strconv.Itoa(m)+".used"); ok {
				used = figure.Of(used.Value + float64(held))
			}
		}
	}
	if used.Known && limit.Known && used.Value > limit.Value { // read while the VM moved things
		used.Value = limit.Value
	}
	return used, limit
}

// add compares a reading with the one before.
func (j *jvm) add(now jvmReading, at span) {
	between := span{j.lastAt.from, at.to}
	if ticks, ok := now.ticks.since(j.last.ticks); ok && ticks > 0 {
		j.clock.saw(j.duration(now.ticks.value), between)
	}
	if len(now.collectors) > 0 && len(now.collectors) == len(j.last.collectors) {
		for i, c := range now.collectors {
			j.collected(c, j.last.collectors[i], between)
		}
	}
	if count, ok := now.safepoints.since(j.last.safepoints); ok {
		add(&j.since.Safepoints, float64(count))
	}
	if spent, ok := now.safepointed.since(j.last.safepointed); ok {
		add(&j.since.SafepointSeconds, j.duration(spent).Seconds())
	}
	if spent, ok := now.compiled.since(j.last.compiled); ok { // as seconds; since makes cores of it
		add(&j.since.CompilingCores, j.duration(spent).Seconds())
	}
	j.since.HeapUsedBytes, j.since.HeapLimitBytes = now.heap, now.heapLimit
}

// collected tells of the pauses of one collector between two readings.
func (j *jvm) collected(now, before jvmCollector, between span) {
	ended, spent := now.ended()-before.ended(), now.spent-before.spent
	if ended < 0 || spent < 0 {
		return
	}
	add(&j.since.PauseCount, float64(ended))
	add(&j.since.PauseSeconds, j.duration(spent).Seconds())
	if ended == 0 {
		return
	}
	j.clock.saw(j.duration(now.exit), between)
	last := spent // the only one's, which another may have begun to follow
	if now.entry <= now.exit && now.entry > 0 {
		last = now.exit - now.entry
	} else if ended > 1 {
		return
	}
	if last > spent && ended > 1 {
		return // read between two writes
	}
	j.pause(now.exit-last, last, now.kind)
	if ended == 2 && before.entry > before.exit { // it had begun when we looked before
		j.pause(before.entry, spent-last, now.kind)
	}
}

// mostPauses bounds what waits for somebody to ask for it.
const mostPauses = 4096

func (j *jvm) pause(entry, length int64, kind string) {
	if length < 0 || entry < 0 || len(j.pauses) >= mostPauses {
		return
	}
	j.pauses = append(j.pauses, jvmPause{j.duration(entry), j.duration(length), kind})
}

// duration of so many ticks.
func (j *jvm) duration(ticks int64) time.Duration {
	return time.Duration(float64(ticks) / j.frequency * float64(time.Second))
}

// told returns what was told since the call before. When a pause was is settled only
// here: by then the clock is known better.
func (j *jvm) told(now time.Time) measure.Runtime {
	told := j.since
	for _, pause := range j.pauses {
		told.Pauses = append(told.Pauses, measure.Pause{Ago: now.Sub(j.clock.time(pause.at)), Duration: pause.length, Kind: pause.kind})
	}
	measure.SortPauses(told.Pauses)
	told.Over = j.lastAt.to.Sub(j.began)
	told.Names, told.Processes = []string{j.name}, 1
	if told.CompilingCores.Known {
		if told.Over <= 0 {
			told.CompilingCores = figure.Value{}
		} else {
			told.CompilingCores.Value /= told.Over.Seconds()
		}
	}
	j.since, j.pauses, j.began = measure.Runtime{}, nil, j.lastAt.to
	return told
}

// add adds to a sum of which nothing was known so far, or some.
func add(to *figure.Value, more float64) { *to = figure.Of(to.Value + more) }

// vmClock says when the clock of a virtual machine was at zero. The VM tells when it
// began, to the ms and by the machine's time of day; each tick that was seen to come
// between two looks says it better.
type vmClock struct {
	guess            time.Time
	earliest, latest time.Time // bounds of when it was at zero; zero: none yet
}

// saw takes that the clock stood at a value at some moment of the span.
func (c *vmClock) saw(at time.Duration, between span) {
	earliest, latest := between.from.Add(-at), between.to.Add(-at)
	if c.earliest.IsZero() || earliest.After(c.latest) || latest.Before(c.earliest) {
		c.earliest, c.latest = earliest, latest // the first, or what was thought can't be
		return
	}
	if earliest.After(c.earliest) {
		c.earliest = earliest
	}
	if latest.Before(c.latest) {
		c.latest = latest
	}
}

// time is when the clock stood at a value.
func (c *vmClock) time(at time.Duration) time.Time {
	zero := c.guess
	switch {
	case c.earliest.IsZero():
	case zero.IsZero():
		zero = c.earliest.Add(c.latest.Sub(c.earliest) / 2)
	case zero.Before(c.earliest):
		zero = c.earliest
	case zero.After(c.latest):
		zero = c.latest
	}
	return zero.Add(at)
}

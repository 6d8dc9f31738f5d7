package stream

import (
	"math"

	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
)

// Course is how one load went, cut into batches that follow each other: from it can be
// told how much of each figure is chance within the run.
type Course struct {
	batches []batch
	each    int // intervals that become one batch; 0 is 1
	open    int // intervals in the last batch
}

// batch is what was measured in a part of the load.
type batch struct {
	ok, ko   measure.Histogram // response times
	replies  uint64
	reached  uint64 // requests that the server had
	failed   uint64
	seconds  float64
	cpu      measure.Mean // of the server, percent of a core
	complete bool
	// Once the next has begun, ok and ko are empty and these hold them.
	packedOK, packedKO measure.Packed
}

// packed is the batch for keeping.
func (b batch) packed() batch {
	b.packedOK, b.packedKO = b.ok.Pack(), b.ko.Pack()
	b.ok, b.ko = measure.Histogram{}, measure.Histogram{}
	return b
}

// unpacked is the batch for looking at.
func (b batch) unpacked() batch {
	if b.packedOK == nil {
		return b
	}
	b.ok, b.ko = b.packedOK.Unpack(), b.packedKO.Unpack()
	b.packedOK, b.packedKO = nil, nil
	return b
}

// mostBatches are many enough to see how they hang together; from there on every two
// become one. The more intervals a batch is of, the more buckets its histograms have, so
// that all but the last are kept packed: of an hour they are a sixth of what they were.
const mostBatches = 80

// Load takes an interval in which requests were begun.
func (c *Course) Load(m measure.Measures) {
	if n := len(c.batches); n == 0 || c.batches[n-1].complete {
		if n == mostBatches {
			c.halve()
		} else if n > 0 {
			c.batches[n-1] = c.batches[n-1].packed()
		}
		c.batches, c.open = append(c.batches, batch{}), 0
	}
	last := &c.batches[len(c.batches)-1]
	*last = last.merge(batch{
		ok: m.ResponseOK, ko: m.ResponseKO, replies: m.OK + m.KO, reached: m.Reached(), failed: m.KO, seconds: (m.To - m.From).Seconds(),
	})
	c.open++
	last.complete = c.open >= max(1, c.each)
}

func (c *Course) halve() {
	half := c.batches[:0]
	for i := 0; i+1 < len(c.batches); i += 2 {
		a, b := c.batches[i], c.batches[i+1]
		if b.packedOK == nil { // the last
			b = b.packed()
		}
		whole := a.merge(b)
		whole.packedOK, whole.packedKO = a.packedOK.Merge(b.packedOK), a.packedKO.Merge(b.packedKO)
		whole.complete = true
		half = append(half, whole)
	}
	clear(c.batches[len(half):])
	c.batches, c.each = half, 2*max(1, c.each)
}

// Process takes a reading of the server during the load.
func (c *Course) Process(sample measure.Sample) {
	if n := len(c.batches); n > 0 {
		c.batches[n-1].cpu.Take(sample.CPUPercentOfCore, sample.Over)
	}
}

func (b batch) merge(other batch) batch {
	b.cpu.Add(other.cpu)
	return batch{
		ok: b.ok.Merge(other.ok), ko: b.ko.Merge(other.ko),
		replies: b.replies + other.replies, reached: b.reached + other.reached, failed: b.failed + other.failed,
		seconds: b.seconds + other.seconds, cpu: b.cpu,
	}
}

// grouped are the batches as so many groups at most, of as many batches each; what is
// left over at the end is left out.
func (c *Course) grouped(most int) (groups []batch) {
	whole := c.batches
	if n := len(whole); n > 0 && !whole[n-1].complete {
		whole = whole[:n-1]
	}
	if most < 1 || len(whole) == 0 {
		return nil
	}
	each := (len(whole) + most - 1) / most
	for ; len(whole) >= each; whole = whole[each:] {
		group := whole[0]
		for _, one := range whole[1:each] {
			group = group.merge(one)
		}
		groups = append(groups, group)
	}
	return groups
}

// Few replies tell nothing of a quantile beyond them, so so many stand beyond it in
// each batch.
const leastBeyond = 10

// Within says how sure the load is of its figures by itself, by their names.
func (c *Course) Within() map[string]leaderboard.Batches {
	if c == nil {
		return nil
	}
	looked := Course{batches: make([]batch, len(c.batches)), each: c.each, open: c.open}
	for i, one := range c.batches {
		looked.batches[i] = one.unpacked()
	}
	c = &looked
	var ok, replies uint64
	seconds := 0.0
	for _, one := range c.batches {
		ok, replies, seconds = ok+one.ok.Count(), replies+one.replies, seconds+one.seconds
	}
	all := map[string]leaderboard.Batches{}
	tell := func(name string, groups []batch, of func(batch) float64) {
		var values []float64
		for _, group := range groups {
			values = append(values, math.Log(of(group)))
		}
		if batches := leaderboard.BatchMeans(values); batches.Known() && !math.IsNaN(batches.Error) && finite(values) {
			all[name] = batches
		}
	}
	quantiles := func(name string, q float64) {
		most := int(float64(ok) * min(q, 1-q) / leastBeyond)
		tell(name, c.grouped(min(most, mostBatches)), func(b batch) float64 { return float64(max(1, b.ok.Quantile(q))) })
	}
	for _, one := range []struct {
		name string
		q    float64
	}{{"p50", 0.5}, {"p75", 0.75}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}, {"p999", 0.999}} {
		quantiles(one.name, one.q)
	}
	tell("mean", c.grouped(min(mostBatches, int(ok/leastBeyond))), func(b batch) float64 { return b.ok.Mean() })
	tell("mean-all", c.grouped(min(mostBatches, int(replies/leastBeyond))), func(b batch) float64 { return b.ok.Merge(b.ko).Mean() })
	tell("rps", c.grouped(min(mostBatches, int(ok/leastBeyond))), func(b batch) float64 { return float64(b.ok.Count()) / b.seconds })
	// The server is read every 250 ms, so that shorter batches would have what is
	// their neighbours'.
	sampled := c.grouped(min(mostBatches, int(seconds/(2*measure.SampleInterval.Seconds()))))
	tell("cpu-per-request", sampled, func(b batch) float64 { return b.cpu.Value().Value * b.seconds / float64(b.reached) })
	tell("cpu-percent", sampled, func(b batch) float64 { return b.cpu.Value().Value })
	if batches, known := all["cpu-per-request"]; known {
		all["rps-per-core"] = batches // its inverse
	}
	// Of a share the error is one of shares: from nothing on there is no logarithm.
	var shares []float64
	for _, group := range c.grouped(min(mostBatches, int(replies/leastBeyond))) {
		shares = append(shares, float64(group.failed)/float64(group.replies))
	}
	if batches := leaderboard.BatchMeans(shares); batches.Known() && finite(shares) && batches.Error > 0 {
		all["failures"] = batches
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// finite says that none is infinite or no number, as of batches without a reply.
func finite(values []float64) bool {
	for _, value := range values {
		if math.IsInf(value, 0) || math.IsNaN(value) {
			return false
		}
	}
	return true
}

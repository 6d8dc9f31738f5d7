package stream

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/measure/measuretest"
)

func TestTheCourseOfALoadTellsHowSureItIs(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	calm, restless, hour := &Course{}, &Course{}, &Course{}
	for i := range 100 {
		calm.Load(measuretest.Interval(i, 200, 1000, random))
		restless.Load(measuretest.Interval(i, 200, 1000*math.Exp(0.5*random.NormFloat64()), random))
		for _, one := range []*Course{calm, restless} {
			one.Process(measure.Sample{Over: 100 * time.Millisecond, CPUPercentOfCore: figure.Of(40 + random.Float64())})
		}
	}
	a, b := calm.Within(), restless.Within()
	// A mean of 20,000 with a deviation of 0.2 is known to 0.0014; one of 100 that vary by
	// 0.5 to 0.05.
	if got := a["mean"]; got.Batches != 50 || math.Abs(got.Error-0.0014) > 0.0007 {
		t.Errorf("calm: %+v", got)
	}
	if got := b["mean"].Error; math.Abs(got-0.05) > 0.025 {
		t.Errorf("restless: %v", got)
	}
	for _, figure := range []string{"mean", "mean-all", "p50", "p75", "p90", "p95", "p99", "rps", "cpu-per-request", "cpu-percent", "rps-per-core"} {
		if !a[figure].Known() {
			t.Errorf("%s is not known", figure)
		}
	}
	if _, known := a["p999"]; known { // of 20,000 replies 20 lie beyond it
		t.Errorf("p999: %+v", a["p999"])
	}
	for i := range 36_000 {
		hour.Load(measure.Measures{From: time.Duration(i) * 100 * time.Millisecond, To: time.Duration(i+1) * 100 * time.Millisecond})
	}
	if n := len(hour.batches); n > mostBatches || n < mostBatches/2-1 {
		t.Errorf("an hour is %d batches", n)
	}
	if of := (&Course{}).Within(); of != nil {
		t.Errorf("of nothing: %v", of)
	}
}

// An hour's batches hold more replies each than ten seconds' do, and many more buckets.
func TestAnHoursCourseTakesLittleMemory(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var some [16]measure.Measures
	for i := range some {
		some[i] = measuretest.Interval(i, 100, 1000, random)
	}
	course := &Course{}
	held := func() (bytes int) {
		for _, one := range course.batches {
			bytes += 16*cap(one.ok.Values) + 16*cap(one.ko.Values) + cap(one.packedOK) + cap(one.packedKO)
		}
		return bytes
	}
	replies := uint64(0)
	for i := range 36_000 {
		m := some[i%len(some)]
		m.From, m.To = time.Duration(i)*100*time.Millisecond, time.Duration(i+1)*100*time.Millisecond
		course.Load(m)
		replies += m.OK
	}
	var told uint64
	for _, one := range course.batches {
		told += one.unpacked().ok.Count()
	}
	if told != replies {
		t.Errorf("of %d replies %d are in the batches", replies, told)
	}
	// They are 970 kB as histograms, and 160 kB packed.
	if bytes := held(); bytes > 400_000 {
		t.Errorf("an hour takes %d bytes", bytes)
	}
}

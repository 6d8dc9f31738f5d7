package measure

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// reference is the library's histogram of the same range.
func reference() *hdrhistogram.Histogram { return hdrhistogram.New(LowestUS, HighestUS, 3) }

// spread yields latencies over the whole range, alike in every decade.
func spread(seed uint64, n int) []int64 {
	random := rand.New(rand.NewPCG(seed, 1))
	values := make([]int64, n)
	for i := range values {
		values[i] = int64(math.Exp(random.Float64() * math.Log(HighestUS)))
	}
	return values
}

func recorded(values []int64) Histogram {
	r := NewRecorder()
	for _, value := range values {
		r.Record(value)
	}
	return r.Export()
}

func TestHistogramTellsWhatHdrHistogramTells(t *testing.T) {
	for _, values := range [][]int64{
		{1}, {HighestUS}, {1, HighestUS}, {2047, 2048, 2049}, spread(1, 10), spread(2, 1000), spread(3, 50_000), nil,
	} {
		want := reference()
		for _, value := range values {
			if err := want.RecordValue(value); err != nil {
				t.Fatal(err)
			}
		}
		got := recorded(values)
		if got.Count() != uint64(want.TotalCount()) || got.Min() != want.Min() || got.Max() != want.Max() {
			t.Errorf("of %d: count %d min %d max %d; want %d %d %d", len(values), got.Count(), got.Min(), got.Max(), want.TotalCount(), want.Min(), want.Max())
		}
		if !near(got.Mean(), want.Mean()) || !near(got.StdDev(), want.StdDev()) {
			t.Errorf("of %d: mean %g, deviation %g; want %g %g", len(values), got.Mean(), got.StdDev(), want.Mean(), want.StdDev())
		}
		for _, q := range []float64{.001, .01, .07, .25, .5, .75, .9, .95, .99, .999, .9999, 1} {
			if got.Quantile(q) != want.ValueAtPercentile(q*100) {
				t.Errorf("of %d: quantile %g is %d; want %d", len(values), q, got.Quantile(q), want.ValueAtPercentile(q*100))
			}
		}
		i := 0
		for _, bar := range want.Distribution() {
			if bar.Count == 0 {
				continue
			}
			if got.Values[i] != bar.From || int64(got.Counts[i]) != bar.Count {
				t.Fatalf("bucket %d: %d at %d; want %d at %d", i, got.Counts[i], got.Values[i], bar.Count, bar.From)
			}
			i++
		}
		if i != len(got.Values) {
			t.Errorf("%d buckets; want %d", len(got.Values), i)
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(b)) }

func TestValuesFromOneOnAreCounted(t *testing.T) {
	recorder := NewRecorder()
	for _, us := range []int64{1, 500, 500, 1000, 1_010_000, HighestUS} {
		recorder.Record(us)
	}
	all := recorder.Export()
	for from, want := range map[int64]uint64{0: 6, 500: 5, 501: 3, 900_000: 2, 59_000_000: 1, 100_000_000: 0} {
		if got := all.From(from); got != want {
			t.Errorf("%d are %d µs or more, want %d", got, from, want)
		}
	}
	if got := (Histogram{}).From(0); got != 0 {
		t.Errorf("%d values of none", got)
	}
}

func TestEveryBucketIsWhereItsLowestValueFalls(t *testing.T) {
	for bucket := range len(NewRecorder().counts) {
		low := lowestOf(bucket)
		if bucketOf(low) != bucket || highest(low) < HighestUS && bucketOf(highest(low)) != bucket || low > 0 && bucketOf(low-1) != bucket-1 {
			t.Fatalf("bucket %d begins at %d and ends at %d, which fall in %d and %d", bucket, low, highest(low), bucketOf(low), bucketOf(highest(low)))
		}
	}
}

func TestMergedIsAsRecordedTogether(t *testing.T) {
	a, b := spread(4, 5000), spread(5, 300)
	x, y := recorded(a), recorded(b)
	want := recorded(append(append([]int64(nil), a...), b...))
	for _, got := range []Histogram{x.Merge(y), y.Merge(x), want.Merge(Histogram{}), Histogram{}.Merge(want)} {
		if !reflect.DeepEqual(got, want) {
			t.Error("a merged histogram differs from one recorded together")
		}
	}
	if x.Count() != 5000 || y.Count() != 300 {
		t.Error("merging changed what was merged")
	}
}

func TestRecorderForgets(t *testing.T) {
	r := NewRecorder()
	for _, values := range [][]int64{spread(6, 1000), {5}, nil, {1, HighestUS}} {
		for _, value := range values {
			r.Record(value)
		}
		if got, want := r.Export(), recorded(values); !reflect.DeepEqual(got, want) {
			t.Errorf("after a reset: %v; want %v", got, want)
		}
		r.Reset()
	}
}

func TestQuantileOfAnOddShareIsBorne(t *testing.T) {
	h := recorded([]int64{10, 20, 30})
	for q, want := range map[float64]int64{math.NaN(): 10, -1: 10, 0: 10, 2: 30, math.Inf(1): 30} {
		if got := h.Quantile(q); got != want {
			t.Errorf("quantile %g is %d; want %d", q, got, want)
		}
	}
}

func TestHistogramSurvivesJSON(t *testing.T) {
	for _, h := range []Histogram{{}, recorded([]int64{1}), recorded([]int64{HighestUS}), recorded(spread(7, 2000))} {
		text, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		var back Histogram
		if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, h) {
			t.Errorf("read back %v (%v); want %v", back, err, h)
		}
	}
	text, _ := json.Marshal(recorded([]int64{100, 100, 103, 5000}))
	if string(text) != "[100,2,3,1,4897,1]" { // 5000 lies in a bucket of width 4
		t.Errorf("written as %s", text)
	}
}

func TestWhatNoHistogramIsIsRefused(t *testing.T) {
	for _, text := range []string{
		`[1]`, `[1,0]`, `[1,-1]`, `[-1,1]`, `[1,1,0,1]`, `[5,1,-2,1]`, `[60000001,1]`, `[60000000,1,60000000,1]`,
		`[2049,1]`, `[1,9223372036854775807,1,1]`, `{}`, `"x"`, `[1.5,1]`, `[99999999999999999999,1]`,
	} {
		var h Histogram
		if err := json.Unmarshal([]byte(text), &h); err == nil {
			t.Errorf("%s was read as %v", text, h)
		}
	}
}

// FuzzHistogram holds that whatever is read without an error is a histogram that
// can be asked anything and is written as it was read.
func FuzzHistogram(f *testing.F) {
	for _, seed := range []string{`[]`, `[1,1]`, `[100,2,3,1,4897,1]`, `[60000000,1]`, `[1,9223372036854775807,1,1]`, `[0,1]`, `null`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var h Histogram
		if json.Unmarshal(text, &h) != nil {
			return
		}
		if h.Count() > 0 && (h.Quantile(0) > h.Quantile(.5) || h.Quantile(.5) > h.Max() || h.Mean() < 0 || h.Mean() > float64(h.Max())+1) {
			t.Fatalf("%v: median %d mean %g max %d", h, h.Quantile(.5), h.Mean(), h.Max())
		}
		again, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		var back Histogram
		if err := json.Unmarshal(again, &back); err != nil || !reflect.DeepEqual(back, h) {
			t.Fatalf("%s was read as %v and written as %s (%v)", text, h, again, err)
		}
	})
}

func BenchmarkRecord(b *testing.B) {
	r := NewRecorder()
	b.ReportAllocs()
	value := int64(0)
	for b.Loop() {
		value = (value + 7919) & (1<<20 - 1)
		r.Record(value)
	}
}

// BenchmarkExport is of an interval with latencies from 0.1 to 10 ms.
func BenchmarkExport(b *testing.B) {
	r := NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		for value := int64(100); value < 10_000; value += 10 {
			r.Record(value)
		}
		_ = r.Export()
		r.Reset()
	}
}

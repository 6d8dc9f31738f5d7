//go:build linux

package main

import (
	"math"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

func TestWhatWrkAddsToSlowReplies(t *testing.T) {
	// Two connections with 4 replies in 4 ms: one each 2 ms. The reply of 10 ms hides
	// those of 8, 6 and 4 ms that were due meanwhile.
	h := measure.Histogram{Values: []int64{1000, 10_000}, Counts: []uint64{3, 1}}
	corrected := asWrkCorrects(h, 4*time.Millisecond, 2)
	want := measure.Histogram{Values: []int64{1000, 4000, 6000, 8000, 10_000}, Counts: []uint64{3, 1, 1, 1, 1}}
	if len(corrected.Values) != len(want.Values) {
		t.Fatalf("%v, want %v", corrected, want)
	}
	for i := range want.Values {
		if corrected.Values[i] != want.Values[i] || corrected.Counts[i] != want.Counts[i] {
			t.Fatalf("%v, want %v", corrected, want)
		}
	}
}

func TestWrkIsRead(t *testing.T) {
	var out outcome
	err := wrkTool("wrk", "wrk").read([]byte(`Running 1s test @ http://127.0.0.1:8080/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   338.12us   91.00us   3.20ms   89.00%
    Req/Sec   188.61k     1.00k  190.00k   60.00%
  Latency Distribution
     50%  310.00us
     75%  360.00us
     90%    1.40ms
     99%    2.10s
  188746 requests in 1.00s, 20.00MB read
  Non-2xx or 3xx responses: 12
Requests/sec: 188609.12
`), "", &out)
	if err != nil {
		t.Fatal(err)
	}
	if out.Requests != 188746 || out.KO != 12 || out.RequestsPS != 188609.12 || math.Abs(out.MeanMS-0.33812) > 1e-9 || out.P50MS != 0.31 || out.P90MS != 1.4 || out.P99MS != 2100 {
		t.Errorf("%+v", out)
	}
}

func TestFiguresAgreeWithinAShareOrSomeMicroseconds(t *testing.T) {
	for _, c := range []struct {
		reading reading
		a, b    float64
		want    bool
	}{
		{throughputReading, 1000, 951, true},
		{throughputReading, 1000, 949, false},
		{p50Reading, 0.10, 0.149, true}, // 49 µs
		{p50Reading, 0.10, 0.151, false},
		{p50Reading, 10, 10.5, true}, // 4.8 %
		{p99Reading, 10, 11.2, false},
	} {
		if got := c.reading.agree(c.a, c.b); got != c.want {
			t.Errorf("%s: %g and %g agree: %v", c.reading.name, c.a, c.b, got)
		}
	}
}

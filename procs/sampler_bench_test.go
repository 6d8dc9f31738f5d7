//go:build unix

package procs

import (
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// BenchmarkSample is what a reading costs of a tree of 4 processes with about 60
// threads; cpu-ms/op is its CPU time, which must stay below 2 ms, and percent
// the share of a core at four readings a second, which must stay below 1.
func BenchmarkSample(b *testing.B) {
	child := start(b, "threads", "9", "3")
	child.await(b, "ready")
	sampler, err := NewSampler(child.PID())
	if err != nil {
		b.Fatal(err)
	}
	sampler.WatchPort(1)
	var last measure.Sample
	b.ReportAllocs()
	before := usage(syscall.RUSAGE_SELF)
	for b.Loop() {
		last, _ = sampler.Sample()
	}
	each := (usage(syscall.RUSAGE_SELF) - before) / time.Duration(b.N)
	b.ReportMetric(float64(each)/1e6, "cpu-ms/op")
	b.ReportMetric(100*4*each.Seconds(), "percent")
	b.ReportMetric(last.Threads.Value, "threads")
	b.ReportMetric(float64(last.Processes), "processes")
}

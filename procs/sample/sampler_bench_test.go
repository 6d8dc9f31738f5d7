//go:build unix

package sample

import (
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/proctest"
)

// BenchmarkSample is what a reading costs of a tree of 4 processes with about 60
// threads; cpu-ms/op is its CPU time, which must stay below 2 ms, and percent
// the share of a core at four readings a second, which must stay below 1.
func BenchmarkSample(b *testing.B) {
	child := proctest.Start(b, proctest.HasThreads, proctest.Options{Threads: 9, Workers: 3})
	child.Await(b, "ready")
	sampler, err := NewSampler(child.PID())
	if err != nil {
		b.Fatal(err)
	}
	sampler.WatchPort(1)
	var last measure.Sample
	b.ReportAllocs()
	before := proctest.Usage(syscall.RUSAGE_SELF)
	for b.Loop() {
		last, _ = sampler.Sample()
	}
	each := (proctest.Usage(syscall.RUSAGE_SELF) - before) / time.Duration(b.N)
	b.ReportMetric(float64(each)/1e6, "cpu-ms/op")
	b.ReportMetric(100*4*each.Seconds(), "percent")
	b.ReportMetric(last.Threads.Value, "threads")
	b.ReportMetric(float64(last.Processes), "processes")
}

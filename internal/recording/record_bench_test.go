package recording

import (
	"io"
	"os"
	"testing"
)

// BenchmarkRecord records the demo over and over; core-% is what that takes of a
// core while a run goes on.
func BenchmarkRecord(b *testing.B) {
	file, err := os.Open("../../demo/demo.btr")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	events, err := Read(file)
	if err != nil {
		b.Fatal(err)
	}
	recorder, err := NewRecorder(io.Discard, "")
	if err != nil {
		b.Fatal(err)
	}
	length := events[len(events)-1].At
	b.ReportAllocs()
	for b.Loop() {
		last := events[0].At
		for _, event := range events {
			if err := recorder.Record(event); err != nil {
				b.Fatal(err)
			}
			if event.At-last > writeEvery {
				last = event.At
				if err := recorder.Flush(); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.ReportMetric(100*b.Elapsed().Seconds()/float64(b.N)/length.Seconds(), "core-%")
}

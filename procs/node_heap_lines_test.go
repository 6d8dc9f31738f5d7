package procs

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

func TestHeapLines(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		line string
		want measure.Runtime
	}{
		{"heap 7 1000 2000", measure.Runtime{HeapUsedBytes: figure.Of(1000), HeapLimitBytes: figure.Of(2000)}},
		{"heap 7 1000 2000 0 0.000", measure.Runtime{HeapUsedBytes: figure.Of(1000), HeapLimitBytes: figure.Of(2000), PauseCount: figure.Of(0), PauseSeconds: figure.Of(0)}},
		{"heap 7 1000 2000 3 7.5 4:100.00:6.000 1:20.00:1.000 x:1:2 1:-3:4 1:2", measure.Runtime{
			HeapUsedBytes: figure.Of(1000), HeapLimitBytes: figure.Of(2000), PauseCount: figure.Of(3), PauseSeconds: figure.Of(0.0075),
			Pauses: []measure.Pause{
				{Ago: 100 * time.Millisecond, Duration: 6 * time.Millisecond, Kind: measure.PauseFull},
				{Ago: 20 * time.Millisecond, Duration: time.Millisecond, Kind: measure.PauseYoung},
				{Ago: time.Millisecond, Duration: 2 * time.Millisecond, Kind: measure.PauseCollection},
			}}},
		{"heap 7 -1 2000", measure.Runtime{}},
		{"heap 7 1000", measure.Runtime{}},
		{"heap 7 1000 2000 3", measure.Runtime{}},
		{"heap 8 1000 2000", measure.Runtime{}}, // nobody's who is followed
	} {
		p := &eventLoopProbe{}
		p.take("hello 7 v20.1.0", now)
		p.take(c.line, now)
		got := p.since(now).Runtime
		if got.HeapUsedBytes != c.want.HeapUsedBytes || got.HeapLimitBytes != c.want.HeapLimitBytes || got.PauseCount != c.want.PauseCount || got.PauseSeconds != c.want.PauseSeconds || len(got.Pauses) != len(c.want.Pauses) {
			t.Fatalf("%q tells %+v, want %+v", c.line, got, c.want)
		}
		for i, pause := range got.Pauses {
			if pause != c.want.Pauses[i] {
				t.Errorf("%q tells %+v, want %+v", c.line, pause, c.want.Pauses[i])
			}
		}
	}
}

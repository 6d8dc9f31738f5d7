//go:build unix

package procs

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// allocating is a server that makes garbage, young and old.
const allocating = listening + `
const kept = [];
let n = 0;
setInterval(() => {
  for (let i = 0; i < 20; i++) kept[n++ % 5000] = { text: 'x'.repeat(10) + n, list: new Array(500).fill(n) };
}, 1);
`

func TestCollectionsOfNodeAreTold(t *testing.T) {
	child := startNode(t, allocating, "NODE_OPTIONS=--max-old-space-size=64")
	began := time.Now()
	var told measure.Runtime
	until(t, "ten pauses", func() bool {
		told = told.Merge(child.EventLoop().Runtime)
		return told.PauseCount.Value >= 10
	})
	if !strings.HasPrefix(told.Names[0], "Node v") || len(told.Names) != 1 {
		t.Errorf("it is %q", told.Names)
	}
	if used, limit := told.HeapUsedBytes.Value, told.HeapLimitBytes.Value; used < 1e6 || limit < 60e6 || limit > 200e6 || used > limit {
		t.Errorf("the heap holds %g of %g bytes", used, limit)
	}
	if len(told.Pauses) != int(told.PauseCount.Value) {
		t.Errorf("%d of %v pauses are told one by one", len(told.Pauses), told.PauseCount.Value)
	}
	sum := 0.0
	for _, pause := range told.Pauses {
		sum += pause.Duration.Seconds()
		if pause.Ago < 0 || pause.Ago > time.Since(began)+patience || pause.Duration <= 0 || pause.Kind == measure.PauseCollection {
			t.Errorf("a pause of a server that began at %s: %+v", began, pause)
		}
	}
	if off := sum - told.PauseSeconds.Value; off > 0.001 || off < -0.001 {
		t.Errorf("pauses of %g s are told as %g s", sum, told.PauseSeconds.Value)
	}
}

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

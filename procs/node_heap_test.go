//go:build unix

package procs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
)

// allocating is a server that makes garbage, young and old.
const allocating = procs.ListeningNode + `
const kept = [];
let n = 0;
setInterval(() => {
  for (let i = 0; i < 20; i++) kept[n++ % 5000] = { text: 'x'.repeat(10) + n, list: new Array(500).fill(n) };
}, 1);
`

func TestCollectionsOfNodeAreTold(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	child := startNode(t, allocating, "NODE_OPTIONS=--max-old-space-size=64")
	began := time.Now()
	var told measure.Runtime
	proctest.Until(t, "ten pauses", func() bool {
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
		if pause.Ago < 0 || pause.Ago > time.Since(began)+proctest.Patience || pause.Duration <= 0 || pause.Kind == measure.PauseCollection {
			t.Errorf("a pause of a server that began at %s: %+v", began, pause)
		}
	}
	if off := sum - told.PauseSeconds.Value; off > 0.001 || off < -0.001 {
		t.Errorf("pauses of %g s are told as %g s", sum, told.PauseSeconds.Value)
	}
}

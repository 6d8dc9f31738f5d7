package detail

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func TestServiceTimeIsShownWhereItDiffers(t *testing.T) {
	distribution := func(p99 float64) *stream.Distribution { return &stream.Distribution{P50: 1, P99: p99} }
	for want, service := range map[bool]float64{true: 1, false: 950} {
		result := stream.ContenderResult{Measured: stream.Measured{LatencyMS: stream.Latencies{OK: distribution(950), Total: distribution(950), Service: distribution(service)}}}
		d := &Screen{result: result}
		if got := len(d.curves(80)[0].Points) > 0; got != want {
			t.Errorf("service p99 %v beside response p99 950: shown %v, want %v", service, got, want)
		}
	}
}

func TestDetailScrollsToTheLog(t *testing.T) {
	b := screentest.NewBench(t, New(), 80, 24)
	b.Play(screentest.SceneOf(t, "detail"))
	const last = "8000 sockets are open"
	if strings.Contains(b.Frame(), last) {
		t.Fatal("all fits: nothing to scroll")
	}
	b.Keys("G")
	if !strings.Contains(b.Frame(), last) {
		t.Errorf("the end is not the log's end:\n%s", b.Frame())
	}
	b.Keys("g")
	if strings.Contains(b.Frame(), last) {
		t.Error("g does not lead back to the beginning")
	}
}

func TestDetailWithoutFiguresSaysWhy(t *testing.T) {
	b := screentest.NewBench(t, New(), 120, 36)
	scene := screentest.SceneOf(t, "detail")
	scene.Contender = "micronaut"
	b.Play(scene)
	if !strings.Contains(b.Frame(), "build failed") {
		t.Errorf("got\n%s", b.Frame())
	}
}

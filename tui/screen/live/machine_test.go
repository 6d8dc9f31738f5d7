package live

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

func textOfSpans(spans []term.Span) string {
	var text strings.Builder
	for _, span := range spans {
		text.WriteString(span.Text)
	}
	return text.String()
}

func TestMachineIsToldAsTheWholeMachines(t *testing.T) {
	reading := measure.Sample{
		HostCPUPercent: []float64{97, 34}, HostStealPercent: figure.Of(0),
		HostListenOverflows: figure.Of(700), HostListenDrops: figure.Of(700), HostSYNRetransmits: figure.Of(30),
	}
	var machine view.Machine
	machine.Fold(reading, stream.PhaseWarmup) // what it dropped then is no part of the load
	machine.Fold(reading, stream.PhaseLoad)
	machine.Fold(reading, stream.PhaseLoad)
	if got, want := textOfSpans(machineSpans(machine, 200)), "machine accept queues overflowed 1,400 times · 60 SYNs sent again · █▃ 97 34 % by core"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	for width := range 100 {
		spans := machineSpans(machine, width)
		if term.SpansWidth(spans) > width {
			t.Errorf("in %d columns: %q", width, textOfSpans(spans))
		}
		if text := textOfSpans(spans); text == "machine " {
			t.Errorf("in %d columns it says nothing by %q", width, text)
		}
	}
	if got := textOfSpans(machineSpans(machine, 30)); got != "machine 60 SYNs sent again" && got != "machine █▃ 97 34 % by core" {
		t.Errorf("in 30 columns it says %q", got)
	}
	busy := view.Machine{Cores: make([]float64, 64), Steal: figure.Of(7), OtherProcesses: []measure.OtherProcess{{Name: "rustc", CPUPercentOfCore: 95}}}
	if got, want := textOfSpans(machineSpans(busy, 200)), "machine rustc uses 95 % of a core · steal 7 % · "+strings.Repeat("▁", 64); got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if spans := machineSpans(view.Machine{Steal: figure.Of(0)}, 200); spans != nil {
		t.Errorf("of a machine without figures it says %q", textOfSpans(spans))
	}
}

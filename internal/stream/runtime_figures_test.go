package stream

import (
	"slices"
	"testing"
)

func TestWhatIsNotToldOfPausesIsNoZero(t *testing.T) {
	value := func(v float64) *float64 { return &v }
	for name, c := range map[string]struct {
		process *ProcessResult
		want    []NamedValue
	}{
		"a recording from before": {&ProcessResult{}, nil},
		"nothing was read":        {nil, nil},
		"a runtime that never tells": {&ProcessResult{RuntimeNote: "Python tells nothing of its pauses"},
			[]NamedValue{{"pauses", "not known; Python tells nothing of its pauses"}}},
		"a JVM": {&ProcessResult{Runtime: &RuntimeResult{Pauses: value(12), PauseShare: value(0.023), PauseMSMax: value(4.25), HeapMBMax: value(30), HeapLimitMB: value(64), CompilingPercentMean: value(7)}},
			[]NamedValue{{"pauses", "12, 2.3 % of the time, the longest 4.25 ms"}, {"heap, at most", "30 MB of 64 MB"}, {"compiling", "7 %"}}},
		"Go, whose memory tells": {&ProcessResult{Runtime: &RuntimeResult{RunQueueMean: value(12.25)}, RuntimeNote: "Go tells of its pauses when asked to, by --why"},
			[]NamedValue{{"pauses", "not known; Go tells of its pauses when asked to, by --why"}, {"run queue", "12.2"}}},
		"Go, of whose processes one does not tell": {&ProcessResult{Runtime: &RuntimeResult{RunQueueMean: value(2)}, RunQueueNote: "no permission to read its memory"},
			[]NamedValue{{"run queue", "2.0, and what is not known of some processes: no permission to read its memory"}}},
		"Go, stripped": {&ProcessResult{RuntimeNote: "Go tells when asked", RunQueueNote: "built without debug data"},
			[]NamedValue{{"pauses", "not known; Go tells when asked"}, {"run queue", "not known; built without debug data"}}},
		"Go, by its traces": {&ProcessResult{Runtime: &RuntimeResult{Pauses: value(0), RunQueueMean: value(2)}, RuntimeNote: "its traces keep it awake"},
			[]NamedValue{{"pauses", "0"}, {"run queue", "2.0"}, {"note", "its traces keep it awake"}}},
		"Go, unpaused": {&ProcessResult{Runtime: &RuntimeResult{RunQueueMean: value(1.5)}}, []NamedValue{{"run queue", "1.5"}}},
	} {
		if got := c.process.RuntimeFigures(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

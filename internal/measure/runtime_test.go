package measure

import (
	"reflect"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

func TestRuntimesOfSeveralProcessesAddUp(t *testing.T) {
	node := Runtime{Over: time.Second, Names: []string{"Node v20"}, Processes: 1, Pauses: []Pause{{Ago: 3, Duration: 1, Kind: PauseYoung}},
		PauseCount: figure.Of(1), PauseSeconds: figure.Of(0.5), HeapUsedBytes: figure.Of(10), HeapLimitBytes: figure.Of(20)}
	jvm := Runtime{Over: 2 * time.Second, Names: []string{"JVM 25"}, Processes: 1, Pauses: []Pause{{Ago: 5, Duration: 1, Kind: PauseFull}},
		PauseCount: figure.Of(2), PauseSeconds: figure.Of(0.25), Safepoints: figure.Of(7), CompilingCores: figure.Of(0.5), HeapUsedBytes: figure.Of(100), HeapLimitBytes: figure.Of(400)}
	want := Runtime{Over: 2 * time.Second, Names: []string{"Node v20", "JVM 25"}, Processes: 2,
		Pauses:     []Pause{{Ago: 5, Duration: 1, Kind: PauseFull}, {Ago: 3, Duration: 1, Kind: PauseYoung}},
		PauseCount: figure.Of(3), PauseSeconds: figure.Of(0.75), Safepoints: figure.Of(7), CompilingCores: figure.Of(0.5), HeapUsedBytes: figure.Of(10), HeapLimitBytes: figure.Of(20)}
	if got := node.Merge(jvm); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	both := Runtime{Untold: []Untold{{Name: "Go"}}}.Merge(Runtime{Untold: []Untold{{}, {Name: "Go"}}})
	if want := []Untold{{Name: "Go"}, {}}; !reflect.DeepEqual(both.Untold, want) || both.Told() {
		t.Errorf("what is not told is %+v, want %+v", both, want)
	}
	queued := Runtime{RunQueue: figure.Of(3), Untold: []Untold{{Name: "Go"}}}.Merge(Runtime{RunQueueLacks: "stripped"}).Merge(Runtime{Processes: 1, PauseCount: figure.Of(0), MonitorAwake: true})
	if want := (Runtime{Processes: 1, PauseCount: figure.Of(0), RunQueue: figure.Of(3), RunQueueLacks: "stripped", MonitorAwake: true, Untold: []Untold{{Name: "Go"}}}); !reflect.DeepEqual(queued, want) || (Runtime{RunQueueLacks: "stripped"}).Told() {
		t.Errorf("of run queues it is %+v, want %+v", queued, want)
	}
	for _, one := range []Runtime{node, jvm, {RunQueue: figure.Of(2)}, {RunQueueLacks: "why"}, {Lacks: []string{"why"}}, {Untold: []Untold{{Name: "Go"}}}} {
		if got := (Runtime{}).Merge(one); !reflect.DeepEqual(got, one) {
			t.Errorf("with nothing it is %+v, want %+v", got, one)
		}
		if got := one.Merge(Runtime{}); !reflect.DeepEqual(got, one) {
			t.Errorf("nothing added makes %+v of %+v", got, one)
		}
	}
}

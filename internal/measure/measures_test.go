package measure

import (
	"reflect"
	"testing"
	"time"
)

func TestMeasuresOfNothingChangeNothing(t *testing.T) {
	one := Measures{
		From: time.Second, To: 2 * time.Second, Sent: 3, OK: 2, KO: 1, InFlight: 7, Connections: 8,
		ResponseOK: Histogram{Values: []int64{5}, Counts: []uint64{2}}, Failures: []Failure{{Cause: CauseTimeout, Count: 1}},
		GeneratorCPU: time.Millisecond, FileDescriptors: 9,
	}
	for name, got := range map[string]Measures{
		"before": Measures{}.Merge(one), "behind": one.Merge(Measures{}),
		"at the end of what went before": Measures{From: time.Second, To: time.Second}.Merge(one),
	} {
		if !reflect.DeepEqual(got, one) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if !(Measures{}).Merge(Measures{}).Empty() || one.Empty() {
		t.Error("what is empty is not told")
	}
	// An interval in which nothing happened is none of nothing: what stands at its end counts.
	quiet := Measures{From: 2 * time.Second, To: 3 * time.Second, InFlight: 1}
	if got := one.Merge(quiet); got.From != time.Second || got.To != 3*time.Second || got.InFlight != 1 || got.OK != 2 || got.GeneratorCPU != time.Millisecond {
		t.Errorf("%+v", got)
	}
}

package recording

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/benchtui/benchtui/internal/measure/measuretest"
	"github.com/benchtui/benchtui/internal/stream"
)

// Folder of older versions do not tell it; their course does.
func TestOldRecordingsTellHowSureTheyAre(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	result := stream.Result{Schema: stream.ResultSchema, Workload: stream.WorkloadFacts{Model: "closed", DurationS: 3}, Contenders: []stream.ContenderResult{{
		ID:      "x",
		Outcome: stream.Outcome{Status: stream.StatusOK},
		Rounds:  []stream.RoundResult{{Round: 1, Outcome: stream.Outcome{Status: stream.StatusOK}}},
	}}}
	events := []stream.Event{{Body: stream.RunStarted{Plan: stream.PlanFacts{Workload: result.Workload}}}, {Contender: "x", Body: stream.ContenderStarted{}}}
	whole := &stream.Course{}
	for i := range 40 {
		m := measuretest.Interval(i, 100, 900, random)
		events = append(events, stream.Event{Contender: "x", Body: stream.LoadSample{Measures: m}}, stream.Event{Contender: "x", Body: stream.LoadSample{Warmup: true, Measures: m}})
		if i < 30 {
			whole.Load(m)
		}
	}
	text, err := json.Marshal(stream.RunDone{Result: result})
	if err != nil {
		t.Fatal(err)
	}
	var done stream.RunDone
	if err := json.Unmarshal(text, &done); err != nil {
		t.Fatal(err)
	}
	told, err := resultOf(append(events, stream.Event{Body: done}))
	if got := told.Contenders[0].Rounds[0].Within; err != nil || !got["mean"].Known() || !reflect.DeepEqual(got, whole.Within()) {
		t.Errorf("%v, %v", got, err)
	}
}

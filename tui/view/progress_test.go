package view

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/tuitest"
)

func TestProgressOfUsersCountsReplies(t *testing.T) {
	state := folded(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))...)
	p := state.Progress(state.At)
	// 60 intervals of 444 replies, of 32,000; at that pace the rest takes 1.2 s.
	if math.Abs(p.Fraction-26640.0/32000) > 1e-9 || p.Words != "start 182 ms · load 83 %" {
		t.Errorf("got %+v", p)
	}
	if p.Left < 1200*time.Millisecond || p.Left > 1210*time.Millisecond {
		t.Errorf("%v are left, want about 1.2 s", p.Left)
	}
}

// Nine loads of about 3.9 s were planned in all; in the second round's second one
// there are four more to come, and the rest of this one.
func TestTimeLeftCountsTheRoundsToCome(t *testing.T) {
	seen := 0
	state := folded(tuitest.Until(tuitest.Rounds(), func(event stream.Event) bool {
		sample, ok := event.Body.(stream.LoadSample)
		if ok && event.Contender == "expressjs" && sample.Measures.From == 0 {
			seen++
		}
		return seen == 2 && ok && sample.Measures.To == 500*time.Millisecond
	})...)
	progress := state.Progress(state.At)
	if want := progress.Left + 4*(35*time.Second/9); progress.LeftAll != want {
		t.Errorf("%v left, want %v", progress.LeftAll, want)
	}
}

func TestProbeIsNoLoadOfTheRace(t *testing.T) {
	s := &tuitest.Writer{}
	facts := stream.ContenderFacts{ID: "golang", Name: "Go"}
	s.Emit("", stream.RunStarted{Plan: stream.PlanFacts{Workload: stream.WorkloadFacts{Words: "to be found"}, Contenders: []stream.ContenderFacts{facts}}})
	s.Emit("golang", stream.ContenderStarted{Facts: facts, Number: 1, Of: 1, Probe: true})
	s.Emit("golang", stream.PhaseChanged{Phase: stream.PhaseProbe, Expected: 4 * time.Second})
	s.Now = 2 * time.Second
	s.Emit("golang", stream.LoadSample{Warmup: true, Measures: measure.Measures{To: 2 * time.Second, OK: 100}})
	state := &State{}
	for _, event := range s.Events {
		state.Fold(event)
	}
	if len(state.Tracks) != 0 || state.Now.Totals.OK != 0 {
		t.Errorf("%d tracks, %d replies counted", len(state.Tracks), state.Now.Totals.OK)
	}
	if progress := state.Progress(state.At); progress.Fraction != 0.5 || !strings.Contains(progress.Words, "probe 50 %") {
		t.Errorf("%+v", progress)
	}
	state.Fold(stream.Event{Body: stream.RateFixed{Workload: stream.WorkloadFacts{Words: "500 req/s"}}})
	if state.Plan.Workload.Words != "500 req/s" {
		t.Error("the rate that was found is not shown")
	}
}

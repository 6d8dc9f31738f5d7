package stream

import (
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/profile"
)

// What a serializer that is made at compile time does for a Go server, no Node server can have.
func TestReasonsOfAnEventLoopSpeakOfIt(t *testing.T) {
	for _, loop := range []bool{true, false} {
		var build profile.Builder
		build.Process(profile.Process{PID: 7, Name: "server"})
		frame := build.Frame(profile.Frame{Function: "JSON.parse", Kind: profile.Library})
		build.Add(profile.Sample{Stack: []int{frame}, Thread: build.Thread(profile.Thread{PID: 7, ID: 7, Loop: loop}), Count: 10, Weight: time.Second})
		taken := build.Profile(profile.Profile{})
		rule := taken.Reasons()[0].Rule
		evidence, advice := "of its CPU time 100 % in JSON.parse", rule.CPU
		if loop {
			evidence, advice = "of the loop's time 100 % in JSON.parse", rule.Loop
		}
		if got := ProfileResultOf(taken, nil).Reasons[0]; got.Evidence != evidence || got.Advice != advice {
			t.Errorf("on a loop %v: %+v", loop, got)
		}
	}
}

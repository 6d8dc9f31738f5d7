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

// A server that waits is told to wait: what the kernel did of the little that it used is
// putting threads to sleep, and no advice about sockets mends that.
func TestServerThatHardlyUsesTheCPUIsSaidToWait(t *testing.T) {
	const outside, loop = "perf_event_open", "node:inspector"
	for name, c := range map[string]struct {
		source string
		used   time.Duration // in 2 s
		lacks  string
		want   string
	}{
		"a lock":                  {outside, 120 * time.Millisecond, "the names of the kernel's functions", "it used 6 % of a core while the profile was taken: most of its time does not go to the CPU"},
		"next to nothing":         {outside, 10 * time.Millisecond, "", "it used less than 1 % of a core while the profile was taken: most of its time does not go to the CPU"},
		"a loop and its pool":     {loop + ", " + outside, 120 * time.Millisecond, "", "it used 6 % of a core while the profile was taken: most of its time does not go to the CPU"},
		"a loop":                  {loop, 120 * time.Millisecond, "", "its event loop had work for 6 % of the time in which the profile was taken: most of the time it waited"},
		"busy":                    {outside, 600 * time.Millisecond, "", ""},
		"native code is not seen": {"py-spy", 120 * time.Millisecond, "", ""},
		"threads are not seen":    {outside, 120 * time.Millisecond, "some of the threads: no permission", ""},
		"a process is not seen":   {outside, 120 * time.Millisecond, "the profile of node (pid 7): it did not answer", ""},
	} {
		var build profile.Builder
		own := build.Frame(profile.Frame{Function: "main.handler", File: "/srv/main.go", Line: 7, Kind: profile.Own})
		write := build.Frame(profile.Frame{Function: "__x64_sys_write", Kind: profile.Kernel})
		build.Add(profile.Sample{Stack: []int{write, own}, Thread: -1, Count: 60, Weight: c.used})
		if c.lacks != "" {
			build.Note(profile.Note{Lacks: c.lacks})
		}
		result := ProfileResultOf(build.Profile(profile.Profile{Source: c.source, Duration: 2 * time.Second}), nil)
		if got := result.Waited(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if len(result.Reasons) != 1 || result.Reasons[0].Rule != "kernel" || (result.Reasons[0].Advice == "") != (c.want != "") {
			t.Errorf("%s: reasons %+v", name, result.Reasons)
		}
	}
	if waited := (ProfileResult{Source: outside}).Waited(); waited != "" { // of a recording without the length
		t.Errorf("of an unknown length: %q", waited)
	}
}

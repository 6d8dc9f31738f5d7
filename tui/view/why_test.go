package view

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/tuitest"
)

func TestFoldKeepsProfilesAndWhatIsAside(t *testing.T) {
	state := folded(tuitest.Profiled()...)
	why := state.Why("expressjs")
	if got, want := why.Headline(), "41 % of the loop: createHash in etag()"; got != want {
		t.Errorf("the headline is %q, want %q", got, want)
	}
	if refused := state.Why("golang"); refused.Has() || refused.Drawable() || refused.Headline() != "" || len(refused.Taken.Result.Missing) != 1 {
		t.Errorf("a refusal is %+v", refused.Taken.Result)
	}
	if state.Why("another").Has() {
		t.Error("another contender has one")
	}
	asides := state.Track("expressjs").Asides
	if len(asides) != 1 || asides[0].From < 7.19 || asides[0].To < 9.69 || !slices.Equal(asides, state.Now.Asides) {
		t.Errorf("aside are %v and %v", asides, state.Now.Asides)
	}
	if _, to := state.Now.Span(state.At); to < asides[0].To {
		t.Errorf("charts end at %v, before what is aside", to)
	}
	plain := folded(tuitest.Article()...)
	if plain.Now.Totals.OK != state.Now.Totals.OK {
		t.Error("what is aside is in the totals")
	}
	if state.Clone().Why("expressjs") != why {
		t.Error("a paused screen has another profile")
	}
}

func TestRefusalTakesNoProfileAway(t *testing.T) {
	state := folded(tuitest.Profiled()...)
	state.Fold(stream.Event{Contender: "expressjs", Body: stream.ProfileTaken{}})
	if !state.Why("expressjs").Has() {
		t.Error("the profile is gone")
	}
}

// What one function took is told beside its name, not all that a rule explains.
func TestHeadlineTellsTheShareOfTheFunctionItNames(t *testing.T) {
	var build profile.Builder
	thread := build.Thread(profile.Thread{PID: 7, ID: 7, Loop: true})
	page := build.Frame(profile.Frame{Function: "page", File: "/srv/app.js", Line: 3, Kind: profile.Own})
	for _, one := range []struct {
		name   string
		weight time.Duration
	}{{"JSON.parse", 40}, {"JSON.stringify", 30}, {"writev", 30}} {
		frame := build.Frame(profile.Frame{Function: one.name, Kind: profile.Runtime})
		build.Add(profile.Sample{Stack: []int{frame, page}, Thread: thread, Count: 30, Weight: one.weight * time.Millisecond})
	}
	taken := build.Profile(profile.Profile{})
	if got, want := headlineOf(stream.ProfileResultOf(taken, nil), taken), "40 % of the loop: JSON.parse in page()"; got != want {
		t.Errorf("the headline is %q, want %q", got, want)
	}
}

// The hottest function of a server that waits is what puts its threads to sleep: that is not
// why it is slow, unless it has no more CPU than that.
func TestHeadlineOfAServerThatWaitsSaysSo(t *testing.T) {
	var build profile.Builder
	frame := build.Frame(profile.Frame{Function: "finish_task_switch", Kind: profile.Kernel})
	build.Add(profile.Sample{Stack: []int{frame}, Thread: -1, Count: 58, Weight: 120 * time.Millisecond})
	taken := stream.ProfileTaken{Result: stream.ProfileResultOf(build.Profile(profile.Profile{Source: "perf_event_open", Duration: 2 * time.Second}), nil)}
	for id, want := range map[diagnosis.ID]string{
		diagnosis.HostBusy:     "it used 6 % of a core while the profile was taken: most of its time does not go to the CPU",
		diagnosis.CPUSaturated: "100 % of the CPU time: finish_task_switch()",
	} {
		state := State{Now: &Measuring{Facts: stream.ContenderFacts{ID: "x"}, Findings: []Finding{{ID: string(id)}}}}
		state.Fold(stream.Event{Contender: "x", Body: taken})
		if got := state.Why("x").Headline(); got != want {
			t.Errorf("with %s: %q, want %q", id, got, want)
		}
	}
}

// What own code called counts as its own where no rule knows it; what hardly was seen is not told.
func TestHeadlineTellsWhatTheSamplesCarry(t *testing.T) {
	own := func(name string) profile.Frame {
		return profile.Frame{Function: name, File: "/srv/timer.js", Line: 4, Kind: profile.Own}
	}
	native := func(name string) profile.Frame {
		return profile.Frame{Function: name, Kind: profile.Runtime, Module: "node"}
	}
	for _, c := range []struct {
		stacks map[int][]profile.Frame // by percent, the leaf first
		of     int                     // samples in all
		want   string
	}{
		{map[int][]profile.Frame{26: {own("refresh")}, 63: {native("get"), own("refresh")}, 11: {native("start")}}, 1000, "89 % of the loop: refresh() and what it calls"},
		{map[int][]profile.Frame{4: {native("runtime.gcBgMarkWorker")}, 3: {native("runtime.gcDrain")}, 93: {native("start")}}, 1000, "7 % of the loop: garbage collection"},
		{map[int][]profile.Frame{20: {native("runtime.gcDrain")}, 80: {native("start")}}, 40, "80 % of the CPU time: start()"},
		{map[int][]profile.Frame{40: {own("refresh")}, 60: {native("start")}}, 10, "no function stands out in 10 samples"},
	} {
		var build profile.Builder
		thread := build.Thread(profile.Thread{PID: 7, ID: 7, Loop: true})
		for percent, frames := range c.stacks {
			var stack []int
			for _, frame := range frames {
				stack = append(stack, build.Frame(frame))
			}
			build.Add(profile.Sample{Stack: stack, Thread: thread, Count: percent * c.of / 100, Weight: time.Duration(percent) * 10 * time.Millisecond})
		}
		taken := build.Profile(profile.Profile{})
		if got := headlineOf(stream.ProfileResultOf(taken, nil), taken); got != c.want {
			t.Errorf("the headline is %q, want %q", got, c.want)
		}
	}
}

// Where worker threads have most of the time, the loop's is not what the server is busy with.
func TestHeadlineIsOfTheLoopOnlyWhereThatHasMostOfTheTime(t *testing.T) {
	for want, workers := range map[string]time.Duration{
		"100 % of the loop: busy()":      30 * time.Millisecond,
		"90 % of the CPU time: resize()": 900 * time.Millisecond,
		"100 % of the loop: busy() ":     0,
	} {
		var build profile.Builder
		for i, one := range []struct {
			name   string
			weight time.Duration
		}{{"busy", 100 * time.Millisecond}, {"resize", workers}} {
			if one.weight == 0 {
				continue
			}
			thread := build.Thread(profile.Thread{PID: 7, ID: 7 + i, Loop: i == 0})
			frame := build.Frame(profile.Frame{Function: one.name, File: "/srv/app.js", Line: 3, Kind: profile.Own})
			build.Add(profile.Sample{Stack: []int{frame}, Thread: thread, Count: 30, Weight: one.weight})
		}
		taken := build.Profile(profile.Profile{})
		if got := headlineOf(stream.ProfileResultOf(taken, nil), taken); got != strings.TrimSpace(want) {
			t.Errorf("the headline is %q, want %q", got, want)
		}
	}
}

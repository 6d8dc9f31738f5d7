package run

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/diagnosis"
	prof "github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// What goes on is the same load, without an end.
func TestLoadGoesOnAsItWas(t *testing.T) {
	for _, test := range []struct {
		name     string
		load     traffic.Load
		capacity float64
		want     traffic.Load
	}{
		{"closed", traffic.Load{Model: traffic.Closed, Connections: 8, Requests: 100}, 0,
			traffic.Load{Model: traffic.Closed, Connections: 8}},
		{"a rate", traffic.Load{Model: traffic.Rate, Connections: 8, Rate: 50, Duration: time.Second}, 0,
			traffic.Load{Model: traffic.Rate, Connections: 8, Rate: 50}},
		{"a ramp, at its end", traffic.Load{Model: traffic.Ramp, Connections: 8, Rate: 10, RateTo: 500, Duration: time.Second}, 0,
			traffic.Load{Model: traffic.Rate, Connections: 8, Rate: 500}},
		{"what a search found", traffic.Load{Model: traffic.Rate, Connections: 8}, 700,
			traffic.Load{Model: traffic.Rate, Connections: 8, Rate: 700}},
	} {
		got := againLoad(test.load, test.capacity)
		if got.Duration < profileLength+settling {
			t.Errorf("%s: goes on for %s", test.name, got.Duration)
		}
		got.Duration = 0
		if got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
	users := traffic.Load{Model: traffic.Users, Users: 8000, RampOver: 5 * time.Second, Repeat: 4}
	if again := againLoad(users, 0); again != users { // no more than there are descriptors for
		t.Errorf("users: %+v", again)
	}
}

// Why there is no profile at all, and the one command that mends it, stand apart.
func TestRefusedProfileSaysWhatMendsIt(t *testing.T) {
	s := &server{contender: frameworks.Contender{URL: "http://127.0.0.1:1/"}}
	taken, err := s.takeProfile(t.Context(), Plan{}, 0)
	missing := stream.ProfileResultOf(taken, err).Missing
	want := stream.MissingResult{Lacks: "a profile: the processes behind http://127.0.0.1:1/ are not known", Fix: "name the server's process by --pid"}
	if len(missing) != 1 || missing[0] != want {
		t.Errorf("%+v, want %+v", missing, want)
	}
}

// A Node server's workers and its pool may take more CPU than its loop, and V8 does not see them.
func TestEvidenceSaysOfWhichTimeItIs(t *testing.T) {
	for _, test := range []struct {
		name, finding string
		loops         []bool
		want          string
	}{
		{"a loop alone", diagnosis.CPUSaturated, []bool{true}, "of the loop's time 100 % in busy (app.js:3)"},
		{"a loop among others", diagnosis.CPUSaturated, []bool{true, false}, "of the server's CPU time 100 % in busy (app.js:3)"},
		{"the finding is about the loop", diagnosis.EventLoopSaturated, []bool{true, false}, "of the loop's time 100 % in busy (app.js:3)"},
		{"no loop", diagnosis.CPUSaturated, []bool{false}, "of the server's CPU time 100 % in busy (app.js:3)"},
	} {
		var build prof.Builder
		frame := build.Frame(prof.Frame{Function: "busy", File: "/srv/app.js", Line: 3, Kind: prof.Own})
		for i, loop := range test.loops {
			thread := build.Thread(prof.Thread{PID: 7, ID: 7 + i, Loop: loop})
			build.Add(prof.Sample{Stack: []int{frame}, Thread: thread, Count: 10, Weight: time.Second})
		}
		evidence, _ := explanation(diagnosis.Finding{ID: test.finding}, build.Profile(prof.Profile{}))
		if !slices.Equal(evidence, []string{test.want}) {
			t.Errorf("%s: %q, want %q", test.name, evidence, test.want)
		}
	}
}

func TestOwnNodeServerWithoutProbeIsToldHowToHaveIt(t *testing.T) {
	probed := frameworks.Manifest{Probes: []string{frameworks.NodeEventLoop}}
	for name, test := range map[string]struct {
		contender frameworks.Contender
		plan      Plan
		want      string
		pauses    string // what has it tell of its pauses; "": the same
	}{
		"a command":              {frameworks.Contender{Origin: frameworks.OriginCommand}, Plan{}, "--probe node-event-loop", ""},
		"a command, no probes":   {frameworks.Contender{Origin: frameworks.OriginCommand}, Plan{NoProbes: true}, "--probe node-event-loop instead of --no-probes", ""},
		"a manifest":             {frameworks.Contender{Origin: "a/contender.yaml"}, Plan{}, "probes: [node-event-loop] in its manifest", ""},
		"one that would have it": {frameworks.Contender{Origin: frameworks.OriginEmbedded, Manifest: probed}, Plan{NoProbes: true}, "leave out --no-probes", "leaving out --no-probes"},
	} {
		if got := howToProbe(test.contender, test.plan); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		if got, want := probeWords(test.contender, test.plan), cmp.Or(test.pauses, test.want); got != want {
			t.Errorf("%s tells of its pauses by %q, want %q", name, got, want)
		}
	}
}

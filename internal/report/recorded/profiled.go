package recorded

import (
	"bytes"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/report"
	"github.com/benchtui/benchtui/internal/stream"
)

// Profiled is a document of one contender whose profile has a function of its own that
// took so many of 100 samples, and a name that would harm a page that lets it.
func Profiled(t testing.TB, id string, busy int) report.Document {
	t.Helper()
	var b profile.Builder
	thread := b.Thread(profile.Thread{PID: 1, ID: 1, Name: "event loop", Loop: true})
	root := b.Frame(profile.Frame{Function: "handler", File: "/srv/app.js", Line: 14, Kind: profile.Own})
	own := b.Frame(profile.Frame{Function: "busy", File: "/srv/app.js", Line: 5, Kind: profile.Own})
	crypto := b.Frame(profile.Frame{Function: "pbkdf2Sync", File: "node:internal/crypto/pbkdf2", Line: 62, Kind: profile.Library})
	odd := b.Frame(profile.Frame{Function: "</script><script>bad()</script>", Kind: profile.Unknown})
	for _, one := range []struct{ frame, count int }{{own, 10 * busy}, {crypto, 900 - 10*busy}, {odd, 100}} {
		b.Add(profile.Sample{Stack: []int{one.frame, root}, Thread: thread, Count: one.count, Weight: time.Duration(one.count) * time.Millisecond})
	}
	b.Note(profile.Note{Lacks: "what the kernel did", Fix: "sudo sysctl kernel.perf_event_paranoid=1"})
	whole := b.Profile(profile.Profile{Source: "node:inspector", Start: 4 * time.Second, Duration: 2 * time.Second, Period: time.Millisecond})
	var pprof bytes.Buffer
	if err := profile.WritePprof(&pprof, whole); err != nil {
		t.Fatal(err)
	}
	document := Scaled(id, 1)
	result := stream.ProfileResultOf(whole, nil)
	result.Round = 1
	document.Result.Contenders[0].Profile = &result
	document.Timelines = []*report.Timeline{{ID: id, Round: 1, Profile: &stream.ProfileTaken{Result: result, Pprof: pprof.Bytes()}}}
	return document
}

//go:build linux

package run

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// nodeBusy is a server that spends its time in one function of its own.
const nodeBusy = `
function busy() {
  let sum = 0;
  for (const until = performance.now() + 3; performance.now() < until;) sum++;
  return sum;
}
require('http').createServer(function handler(request, reply) {
  reply.end('ok' + (busy() < 0));
}).listen(Number(process.argv[2]), '127.0.0.1');`

// counted is how many replies the load samples tell that count.
func (r told) counted() (replies uint64, aside int) {
	for _, event := range r.events {
		if sample, ok := event.Body.(stream.LoadSample); ok {
			if sample.Counts() {
				replies += sample.Measures.OK + sample.Measures.KO
			}
			if sample.Aside {
				aside++
			}
		}
	}
	return replies, aside
}

func (r told) profile(t *testing.T) stream.ProfileTaken {
	t.Helper()
	for _, event := range r.events {
		if taken, ok := event.Body.(stream.ProfileTaken); ok {
			return taken
		}
	}
	t.Fatal("no profile was told")
	return stream.ProfileTaken{}
}

// profiled has a profile taken whatever is found.
func profiled(plan *Plan) { plan.Profiling = ProfileAlways }

// The finding says in which function, file and line the loop's time goes, and nothing
// of the time in which that was found out is in the figures.
func TestSaturatedLoopIsToldToTheLine(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	r := measured(t, nodeServer(t, nodeBusy), closed(16, 4*time.Second), "", profiled)
	taken := r.profile(t)
	whole := taken.Profile()
	if whole == nil || taken.Result.Source == "" || len(taken.Result.Hottest) == 0 {
		t.Fatalf("told: %+v", taken.Result)
	}
	hottest := taken.Result.Hottest[0]
	if hottest.Function != "busy" || !strings.HasSuffix(hottest.File, "server.js") || hottest.Line < 2 || hottest.Line > 6 || hottest.Kind != "own code" || hottest.Total < 0.5 {
		t.Errorf("the hottest function is %+v", hottest)
	}
	told := false
	for _, finding := range r.result.Findings {
		if finding.ID == diagnosis.EventLoopSaturated {
			told = true
			if evidence := strings.Join(finding.Evidence, "\n"); !strings.Contains(evidence, "in busy (server.js:") || !strings.Contains(evidence, "of the loop's time") {
				t.Errorf("the finding says\n%s", evidence)
			}
		}
	}
	if !told && r.otherCPU() < 30 { // others may have had the CPU
		t.Errorf("told: %v", r.result.Findings)
	}
	if counted, aside := r.counted(); counted != r.result.Requests.Total || aside == 0 {
		t.Errorf("%d replies count, the result has %d; %d intervals are told apart", counted, r.result.Requests.Total, aside)
	}
	if over := r.result.RPS.OverS; over < 3.9 || over > 4.1 {
		t.Errorf("the rates are over %.2f s", over)
	}
	if r.result.Profile == nil || r.result.Profile.Samples == 0 {
		t.Errorf("the result has %+v", r.result.Profile)
	}
}

// What is built into V8 has a name of its own, and a caller.
func TestJSONOnTheLoopIsToldWithItsCaller(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	r := measured(t, nodeServer(t, `
const big = { items: Array.from({ length: 4000 }, (_, id) => ({ id, name: 'item ' + id })) };
require('http').createServer(function handler(request, reply) {
  for (const until = performance.now() + 2; performance.now() < until;);
  reply.end(JSON.stringify(big).slice(0, 100));
}).listen(Number(process.argv[2]), '127.0.0.1');`), closed(16, 4*time.Second), "", profiled)
	found := false
	for _, reason := range r.profile(t).Result.Reasons {
		if reason.Rule == "json" {
			found = reason.Share > 0.05 && strings.Contains(reason.Evidence, "in JSON.stringify, called from handler (server.js:")
		}
	}
	if !found {
		t.Errorf("told: %+v", r.profile(t).Result.Reasons)
	}
}

// A file that is read on the loop is told, too.
func TestFileReadOnTheLoopIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	r := measured(t, nodeServer(t, `
const { readFileSync } = require('fs');
function load() { let all = 0; for (let i = 0; i < 40; i++) all += readFileSync(__filename).length; return all; }
require('http').createServer(function handler(request, reply) { reply.end('ok' + load()); }).listen(Number(process.argv[2]), '127.0.0.1');`),
		closed(16, 4*time.Second), "", profiled)
	for _, reason := range r.profile(t).Result.Reasons {
		if reason.Rule == "file" && strings.Contains(reason.Evidence, "in readFileSync") && strings.Contains(reason.Evidence, "called from load (server.js:") {
			return
		}
	}
	t.Errorf("told: %+v", r.profile(t).Result.Reasons)
}

func TestNoProfileIsTakenUnasked(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	// None where none is wanted, whatever is found.
	r := measured(t, nodeServer(t, nodeBusy), closed(16, 3*time.Second), "", func(plan *Plan) { plan.Profiling = ProfileNever })
	if r.result.Profile != nil {
		t.Errorf("a profile was taken: %+v", r.result.Profile)
	}
	// None without a reason.
	r = measured(t, serverOf(t, servertest.Waits, servertest.Options{For: 20 * time.Millisecond}), closed(4, time.Second), "")
	if r.result.Profile != nil {
		t.Errorf("a profile was taken of a server that has time to spare: %+v", r.result.Profile)
	}
}

func TestProfileIsTakenWhereItIsAskedFor(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	r := measured(t, serverOf(t, servertest.Waits, servertest.Options{For: 5 * time.Millisecond}), closed(4, time.Second), "", profiled)
	if r.result.Profile == nil {
		t.Fatal("the result tells of none")
	}
	if r.result.Profile.Source == "" && len(r.result.Profile.Missing) == 0 {
		t.Error("there is none, and not why")
	}
}

// A profile that is taken while the load runs is left out of every figure.
func TestProfileDuringTheLoadIsLeftOutOfTheFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	var seen told
	var once sync.Once
	var run *Run
	began := make(chan struct{})
	plan := Plan{
		Contenders: []frameworks.Contender{nodeServer(t, nodeBusy)},
		Workload:   plan.Workload{Name: "test", Load: closed(16, 6*time.Second)},
		Grace:      200 * time.Millisecond, StartTimeout: 20 * time.Second, Profiling: ProfileNever,
	}
	run = Start(t.Context(), plan, Tools{Builder: build.NewBuilder(t.TempDir(), os.Args[0])}, func(event stream.Event) {
		seen.events = append(seen.events, event)
		if sample, ok := event.Body.(stream.LoadSample); ok && sample.Measures.To > time.Second {
			once.Do(func() { close(began) })
		}
	})
	<-began
	if !run.Profile() {
		t.Fatal("nobody is under load")
	}
	seen.result = run.Wait().Contenders[0]
	if taken := seen.profile(t); len(taken.Result.Hottest) == 0 || taken.Result.Hottest[0].Function != "busy" || taken.To <= taken.From {
		t.Errorf("told: %+v", taken.Result)
	}
	counted, aside := seen.counted()
	if counted != seen.result.Requests.Total || aside < 10 {
		t.Errorf("%d replies count, the result has %d; %d intervals are told apart", counted, seen.result.Requests.Total, aside)
	}
	if over := seen.result.RPS.OverS; over > 4.5 || over < 1 {
		t.Errorf("the rates are over %.2f s of 6, of which at least 2 were left out", over)
	}
	// 3 ms a reply: what was left out is in no figure per request, either.
	if cpu := seen.result.Process.CPUUSPerRequest; cpu == nil || *cpu < 300 || *cpu > 6000 {
		t.Errorf("%v µs of CPU per request", cpu)
	}
	if run.Profile() {
		t.Error("a profile can be taken of a run that has ended")
	}
}

// Users come again and again until the profile is taken.
func TestUsersGoOnComing(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	users := traffic.Load{Model: traffic.Users, Users: 20, RampOver: 200 * time.Millisecond, Repeat: 2}
	r := measured(t, nodeServer(t, nodeBusy), users, "", profiled)
	if taken := r.profile(t); len(taken.Result.Hottest) == 0 || taken.Result.Hottest[0].Function != "busy" {
		t.Errorf("told: %+v", taken.Result)
	}
	if r.result.Requests.Total != 40 {
		t.Errorf("%d requests count, of 40", r.result.Requests.Total)
	}
}

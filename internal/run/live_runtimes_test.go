//go:build unix

package run

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
)

// runtimeSamples are what a run told of its server's runtimes while the load was on.
func (r told) runtimeSamples() (samples []stream.RuntimeSample) {
	for _, event := range r.events {
		if sample, ok := event.Body.(stream.RuntimeSample); ok && sample.Phase == stream.PhaseLoad {
			samples = append(samples, sample)
		}
	}
	return samples
}

// nodeCollects has the whole of a heap of some 60 MB collected seven times a second.
const nodeCollects = `
require('v8').setFlagsFromString('--expose-gc');
const collect = require('vm').runInNewContext('gc');
const kept = Array.from({ length: 600000 }, (_, i) => ({ i, text: 'x' + i }));
setInterval(collect, 150);
require('http').createServer((request, reply) => reply.end('ok' + (kept[0].i || ''))).listen(Number(process.argv[2]), '127.0.0.1');`

func TestPausesOfNodeAreToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, nodeServer(t, nodeCollects), rate(200, 8*time.Second), diagnosis.GCPauses)
	r.fires(t, diagnosis.GCPauses, "pauses in", "of the time", "the heap holds")
	result := r.result.Process.Runtime
	if result == nil || result.Pauses == nil || *result.Pauses < 3 || result.PauseMSMax == nil || *result.PauseMSMax <= 0 || result.HeapMBMax == nil || *result.HeapMBMax < 20 || result.CompilingPercentMean != nil {
		t.Errorf("the result has %+v", result)
	}
	seen := 0
	for _, sample := range r.runtimeSamples() {
		for _, pause := range sample.Runtime.Pauses {
			seen++
			if began := sample.Began(pause); began > sample.Into || began < -time.Minute {
				t.Errorf("a pause of %s began %s into the load, told at %s", pause.Duration, began, sample.Into)
			}
		}
	}
	if seen == 0 {
		t.Error("no pause is in the stream")
	}
}

func TestPausesThatHarmNobodyAreNoFinding(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, nodeServer(t, `
require('http').createServer((request, reply) => reply.end(JSON.stringify(new Array(500).fill({ a: 1 })))).listen(Number(process.argv[2]), '127.0.0.1');`), rate(300, 4*time.Second), "")
		result := r.result.Process.Runtime
		if result == nil || result.Pauses == nil {
			t.Fatalf("the result has %+v", result)
		}
		if other := r.otherCPU(); other > 50 {
			t.Skipf("NOT CHECKED: pauses that harm nobody; this machine has others, which use %.0f %% of a core", other)
		}
		r.doesNotFire(t, diagnosis.GCPauses)
		r.doesNotFire(t, diagnosis.HeapNearLimit)
	})
}

// nodeKeeps keeps seven eighths of what its heap may hold, and has the whole of it
// collected three times a second.
const nodeKeeps = `
const v8 = require('v8');
v8.setFlagsFromString('--expose-gc');
const collect = require('vm').runInNewContext('gc');
const kept = [];
while (v8.getHeapStatistics().used_heap_size < 0.88 * v8.getHeapStatistics().heap_size_limit) kept.push(new Array(1000).fill(kept.length));
setInterval(collect, 300);
require('http').createServer((request, reply) => reply.end('ok' + kept.length)).listen(Number(process.argv[2]), '127.0.0.1');`

func TestFullHeapIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	contender := nodeServer(t, nodeKeeps)
	contender.Manifest.Run.Env = map[string]string{"NODE_OPTIONS": "--max-old-space-size=48 --max-semi-space-size=1"}
	r := measured(t, contender, rate(100, 10*time.Second), diagnosis.HeapNearLimit)
	r.fires(t, diagnosis.HeapNearLimit, "the heap holds", "of at most", "collected")
}

// javaServer is a Java program as a contender. Without a JDK the test is skipped, and says
// what that leaves open.
func javaServer(t testing.TB, options, file, how string) frameworks.Contender {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		t.Skip("NOT CHECKED: what a JVM tells; there is no java on this machine")
	}
	if out, err := exec.Command(java, "--list-modules").Output(); err != nil || !strings.Contains(string(out), "jdk.compiler") {
		t.Skip("NOT CHECKED: what a JVM tells; java is no JDK from 11 on")
	}
	return command(t, fmt.Sprintf("java='%s' -Dsun.net.httpserver.nodelay=true %s %s {port} %s", java, options, file, how))
}

func TestSmallHeapThatIsCollectedAllTheTimeIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, javaServer(t, "-Xmx32m -XX:+UseSerialGC", "testdata/Collects.java", "constantly"), closed(8, 12*time.Second), diagnosis.GCPauses)
	r.fires(t, diagnosis.GCPauses, "pauses in", "of the time", "of at most")
	result, fewest := r.result.Process.Runtime, 10.0
	if r.otherCPU() > mostOther() { // it had little time to make garbage
		fewest = 1
	}
	if result == nil || len(result.Names) != 1 || !strings.HasPrefix(result.Names[0], "JVM ") || result.Pauses == nil || *result.Pauses < fewest || result.Safepoints == nil || result.CompilingPercentMean == nil ||
		result.HeapLimitMB == nil || result.PauseShare == nil || *result.HeapLimitMB < 25 || *result.HeapLimitMB > 35 || *result.PauseShare <= 0 || *result.PauseShare > 1 {
		t.Errorf("the result has %+v", result)
	}
}

func TestCompilerAtWorkIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, javaServer(t, "-Xmx256m", "testdata/Collects.java", ""), closed(16, 8*time.Second), diagnosis.StillCompiling)
	r.fires(t, diagnosis.StillCompiling, "its compiler took", "in the first second", "of what the server used")
}

func TestJVMThatTellsNothingIsSaid(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, javaServer(t, "-Xmx64m -XX:-UsePerfData", "testdata/Collects.java", ""), rate(50, 4*time.Second), "")
	if process := r.result.Process; process.Runtime != nil || !strings.Contains(process.RuntimeNote, "-XX:-UsePerfData") {
		t.Errorf("the result has %+v, and %q", process.Runtime, process.RuntimeNote)
	}
	if !strings.Contains(strings.Join(r.notices(), "\n"), "no figures of its runtime") {
		t.Errorf("notices: %q", r.notices())
	}
}

func TestGoServerTellsOfItsSchedulerWhenAskedWhy(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	for _, why := range []Profiling{ProfileAlways, ProfileNever} {
		r := measured(t, serverOf(t, servertest.MakesGarbage), closed(16, 2*time.Second), "", func(plan *Plan) { plan.Profiling = why })
		result := r.result.Process.Runtime
		for _, event := range r.events {
			if line, ok := event.Body.(stream.LogLine); ok && (strings.HasPrefix(line.Line, "SCHED ") || strings.HasPrefix(line.Line, "gc ")) {
				t.Errorf("its log has %q", line.Line)
			}
		}
		switch {
		// This program is linked without its debug data, as the tests' all are.
		case why == ProfileNever && (result != nil || r.result.Process.RuntimeNote != "Go tells of its pauses when asked to, by --why" || !strings.HasPrefix(r.result.Process.RunQueueNote, "built without debug data")):
			t.Errorf("unasked it told %+v, and why not: %q, %q", result, r.result.Process.RuntimeNote, r.result.Process.RunQueueNote)
		case why == ProfileAlways && (!strings.Contains(r.result.Process.RuntimeNote, "keeps the thread awake") || r.result.Process.RunQueueNote != ""):
			t.Errorf("of its traces it says %q, of its run queue %q", r.result.Process.RuntimeNote, r.result.Process.RunQueueNote)
		case why == ProfileAlways && (result == nil || result.Names[0] != "Go" || result.Pauses == nil || *result.Pauses == 0 || result.RunQueueMean == nil || result.GCCPUShareMax == nil || result.HeapLimitMB != nil):
			t.Errorf("it told %+v", result)
		}
	}
}

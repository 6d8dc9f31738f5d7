//go:build unix

package run

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// fires checks that a run told of a finding while it was measured, with all of the
// words in its title or evidence.
func (r told) fires(t testing.TB, id string, words ...string) {
	t.Helper()
	change, live := r.finding(id)
	if other := r.otherCPU(); !live && other > mostOther() && slices.Contains(ofTime, id) {
		t.Skipf("NOT CHECKED: that %s is told; this machine has others, which use %.0f %% of a core", id, other)
	}
	if !live {
		t.Fatalf("%s was not told while the load was on; told: %v", id, r.result.Findings)
	}
	text := change.Finding.Title + "\n" + strings.Join(change.Finding.Evidence, "\n")
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not in\n%s", word, text)
		}
	}
}

// ofTime are the findings that rest on times: where others have most of a machine's CPU it
// may give them to the best of servers, and hide them in the worst.
var ofTime = []string{
	diagnosis.AcceptQueueOverflow, diagnosis.ConnectionsUnserved, diagnosis.CPUSaturated, diagnosis.DelayedReplies, diagnosis.EventLoopSaturated, diagnosis.GCPauses,
	diagnosis.GeneratorSaturated, diagnosis.LatencyDrift, diagnosis.RateNotReached, diagnosis.ServerStalled, diagnosis.SlowStart, diagnosis.StillCompiling, diagnosis.TimeoutsHideLatency, diagnosis.WorkersAsleep,
}

// mostOther is how much of the CPU others may have, in percent of a core, where what time
// alone tells is still to be true.
func mostOther() float64 { return 60 * float64(runtime.NumCPU()) }

// doesNotFire checks the near miss.
func (r told) doesNotFire(t testing.TB, id string) {
	t.Helper()
	if other := r.otherCPU(); other > mostOther() && r.told(id) && slices.Contains(ofTime, id) {
		t.Skipf("NOT CHECKED: that %s is not told; this machine has others, which use %.0f %% of a core", id, other)
	}
	if change, told := r.finding(id); told {
		t.Errorf("%s is told of a server without that fault: %q", id, change.Finding.Evidence)
	}
	for _, finding := range r.result.Findings {
		if finding.ID == id {
			t.Errorf("%s is in the result of a server without that fault", id)
		}
	}
}

func closed(connections int, lasts time.Duration) traffic.Load {
	return traffic.Load{Model: traffic.Closed, Connections: connections, Duration: lasts}
}

func rate(perSecond float64, lasts time.Duration) traffic.Load {
	return traffic.Load{Model: traffic.Rate, Rate: perSecond, Connections: 32, Duration: lasts}
}

// nodeSpins is a server whose every reply takes 2 ms of its event loop.
const nodeSpins = `
require('http').createServer((request, reply) => {
  for (const until = performance.now() + 2; performance.now() < until;);
  reply.end('ok');
}).listen(Number(process.argv[2]), '127.0.0.1');`

func TestFullEventLoopIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		r := measured(t, nodeServer(t, nodeSpins), closed(32, 8*time.Second), diagnosis.EventLoopSaturated)
		r.fires(t, diagnosis.EventLoopSaturated, "event loop utilization", "late at p99")
		// 32 replies a turn at least now and then: 64 ms, less the 10 of the sampling.
		loop := r.result.Process.EventLoop
		if loop == nil || loop.UtilizationMax < 0.97 || loop.DelayMSP99Max < 10 || loop.SilentSMax != 0 {
			t.Errorf("the result has %+v", loop)
		}
	})
}

// Seen from outside alone, it is a single thread that has all the work.
func TestFullThreadIsToldLiveWithoutAProbe(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	if runtime.NumCPU() < 2 {
		t.Skip("NOT CHECKED: one full thread; with one core it is the machine that is full")
	}
	r := measured(t, nodeServer(t, nodeSpins), closed(32, 8*time.Second), diagnosis.EventLoopSaturated, func(plan *Plan) { plan.NoProbes = true })
	if other := r.otherCPU(); other > 30 {
		t.Skipf("NOT CHECKED: a full thread; this machine has others, which use %.0f %% of a core", other)
	}
	r.fires(t, diagnosis.EventLoopSaturated, "the hottest thread uses", "the machine has")
	if r.result.Verdict != diagnosis.VerdictServer {
		t.Errorf("the verdict is %s", r.result.Verdict)
	}
}

// A runtime that compiles fills a thread, too, and nobody waits for it.
func TestFullThreadThatNobodyWaitsForIsNoEventLoop(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		r := measured(t, nodeServer(t, `
new (require('worker_threads').Worker)('for (;;);', { eval: true });
require('http').createServer((request, reply) => reply.end('ok')).listen(Number(process.argv[2]), '127.0.0.1');`),
			rate(300, 5*time.Second), "", func(plan *Plan) { plan.NoProbes = true })
		r.doesNotFire(t, diagnosis.EventLoopSaturated)
		process := r.result.Process
		hottest, all := process.HottestThreadPercentMax, process.CPUPercentMean
		// Beside others, or on one core, it gets no core of its own to fill.
		if runtime.NumCPU() > 1 && r.otherCPU() < 30 && (hottest == nil || all == nil || *hottest < 92 || *all > 133) {
			t.Errorf("hottest thread %v, server %v: no near miss", hottest, all)
		}
	})
}

// What is over is told to be over, and when.
func TestFindingThatEndsSaysWhen(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, nodeServer(t, `
const began = performance.now();
require('http').createServer((request, reply) => {
  if (performance.now() - began < 5000) for (const until = performance.now() + 5; performance.now() < until;);
  reply.end('ok');
}).listen(Number(process.argv[2]), '127.0.0.1');`), rate(220, 10*time.Second), "")
		r.fires(t, diagnosis.EventLoopSaturated)
		for _, finding := range r.result.Findings {
			if finding.ID == diagnosis.EventLoopSaturated && (finding.EndedAtS < 3 || finding.EndedAtS > 9) {
				t.Errorf("the loop had time again after 5 s, and the finding ended at %g s", finding.EndedAtS)
			}
		}
	})
}

func TestBusyEventLoopIsNotFull(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, nodeServer(t, nodeSpins), rate(300, 4*time.Second), "")
		if other := r.otherCPU(); other > 60 {
			t.Skipf("NOT CHECKED: a loop with time left; this machine has others, which use %.0f %% of a core", other)
		}
		r.doesNotFire(t, diagnosis.EventLoopSaturated)
		if loop := r.result.Process.EventLoop; loop == nil || loop.UtilizationMax < 0.5 {
			t.Errorf("300 replies of 2 ms a second are no near miss: %+v", loop)
		}
	})
}

func TestBlockedEventLoopIsToldWhileItIsSilent(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, nodeServer(t, `
let requests = 0;
require('http').createServer((request, reply) => {
  requests++;
  if (requests === 200) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6000);
  reply.end('ok');
}).listen(Number(process.argv[2]), '127.0.0.1');`), rate(300, 8*time.Second), diagnosis.EventLoopSaturated)
		r.fires(t, diagnosis.EventLoopSaturated, "blocked", "no word from the loop for")
		if loop := r.result.Process.EventLoop; loop == nil || loop.SilentSMax < 2 || loop.UtilizationMax != 1 || loop.DelayMSP99Max < 2000 {
			t.Errorf("the result has %+v", loop)
		}
		stale := 0
		for _, sample := range r.eventLoops() {
			if sample.Silent > 0 {
				stale++
			}
		}
		if stale < 4 {
			t.Errorf("%d samples say that the loop is silent", stale)
		}
	})
}

func TestLoopThatCantBeHeardIsSaid(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		wellSaid := func(r told, why string) {
			t.Helper()
			if r.result.Process.EventLoop != nil || !strings.Contains(r.result.Process.EventLoopNote, why) {
				t.Errorf("the result has %+v, because %q; want %q", r.result.Process.EventLoop, r.result.Process.EventLoopNote, why)
			}
			if notices := strings.Join(r.notices(), "\n"); strings.Count(notices, why) != 1 {
				t.Errorf("said: %q", notices)
			}
		}
		silent := serverOf(t, servertest.Serves) // no Node
		silent.Manifest.Probes = []string{"node-event-loop"}
		wellSaid(measured(t, silent, closed(2, 300*time.Millisecond), ""), "the probe was not loaded")

		wellSaid(measured(t, nodeServer(t, `
const cluster = require('cluster');
if (cluster.isPrimary) { cluster.fork(); process.on('SIGTERM', () => process.exit(0)); } else {
require('http').createServer((request, reply) => reply.end('ok')).listen(Number(process.argv[2]), '127.0.0.1'); }`),
			closed(2, 2*time.Second), ""), "a cluster of 1 worker")

		wellSaid(measured(t, nodeServer(t, `
require('child_process').spawn(process.execPath, ['-e', `+"`"+`
	require('http').createServer((request, reply) => reply.end('ok')).listen(`+"${process.argv[2]}"+`, '127.0.0.1');`+"`"+`], { stdio: 'inherit' });`),
			closed(2, 2*time.Second), ""), "another process")
	})
}

func TestNoProbesLoadsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, nodeServer(t, `
if (process.env.NODE_OPTIONS) process.exit(1);
require('http').createServer((request, reply) => reply.end('ok')).listen(Number(process.argv[2]), '127.0.0.1');`),
		closed(2, 600*time.Millisecond), "", func(plan *Plan) { plan.NoProbes = true })
	if r.result.Process.EventLoop != nil || r.result.Process.EventLoopNote != "" || len(r.eventLoops()) != 0 || strings.Contains(strings.Join(r.notices(), "\n"), "probe") {
		t.Errorf("with --no-probes there is %+v, %q, %q", r.result.Process.EventLoop, r.result.Process.EventLoopNote, r.notices())
	}
}

func TestServerOutOfCPUIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	ramp := traffic.Load{Model: traffic.Ramp, Rate: 50, RateTo: 400 * float64(runtime.NumCPU()), Connections: 64, Duration: 10 * time.Second}
	r := measured(t, serverOf(t, servertest.Computes, servertest.Options{For: 5 * time.Millisecond}), ramp, diagnosis.CPUSaturated)
	if other := r.otherCPU(); other > 30 {
		t.Skipf("NOT CHECKED: a server that has all CPU; this machine has others, which use %.0f %% of a core", other)
	}
	r.fires(t, diagnosis.CPUSaturated, "the median latency is")
	r.doesNotFire(t, diagnosis.EventLoopSaturated)
}

// A server that uses all there is and answers as fast as before is a good one.
func TestServerThatUsesAllCPUIsNotOutOfIt(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.Computes, servertest.Options{For: 5 * time.Millisecond}), closed(2*runtime.NumCPU(), 5*time.Second), "")
		r.doesNotFire(t, diagnosis.CPUSaturated)
		if mean := r.result.Process.CPUPercentMean; mean == nil || *mean < 50*float64(runtime.NumCPU()) && r.otherCPU() < 30 {
			t.Errorf("CPU %v of %d cores is no near miss", mean, runtime.NumCPU())
		}
	})
}

// connecting lets so many users in, each with a connection of its own.
func connecting(users int, over time.Duration) traffic.Load {
	return traffic.Load{Model: traffic.Users, Users: users, RampOver: over, Repeat: 1, Timeout: 3 * time.Second}
}

func TestOverflowOfTheAcceptQueueIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("NOT CHECKED: the accept queue; only Linux tells its length")
	}
	for _, backlog := range []int{1, 16} {
		r := measured(t, serverOf(t, servertest.AcceptsSlowly, servertest.Options{For: 30 * time.Millisecond, Backlog: backlog}), connecting(800, 4*time.Second), diagnosis.AcceptQueueOverflow)
		r.fires(t, diagnosis.AcceptQueueOverflow, fmt.Sprintf("the limit is %d", backlog))
		if most := r.result.Process.AcceptQueueMax; most == nil || *most < float64(backlog) {
			t.Errorf("the queue stood at %v of %d", most, backlog)
		}
	}
}

func TestQueueThatIsEmptiedInTimeDoesNotOverflow(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.AcceptsSlowly, servertest.Options{For: 3 * time.Millisecond, Backlog: 16}), connecting(240, 3*time.Second), "")
		r.doesNotFire(t, diagnosis.AcceptQueueOverflow)
		if r.result.Requests.OK < 230 {
			t.Errorf("%d of 240 users were served", r.result.Requests.OK)
		}
	})
}

func TestServerThatEndsIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.Crashes, servertest.Options{AtRequest: 1000}), closed(4, 5*time.Second), "")
	r.fires(t, diagnosis.ServerCrashed, "exit code 3")
	why, _, _ := strings.Cut(r.result.StatusDetail, "\n") // where there is room for a line
	if r.result.Status != stream.StatusCrashed || !strings.Contains(r.result.StatusDetail, "out of luck") || strings.HasSuffix(why, ":") {
		t.Errorf("it ended as %s: %q", r.result.Status, r.result.StatusDetail)
	}
}

func TestServerThatDropsConnectionsHasNotEnded(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.Aborts, servertest.Options{Every: 10}), closed(4, time.Second), "")
	r.doesNotFire(t, diagnosis.ServerCrashed)
	requests := r.result.Requests // a dropped GET is sent once more
	if r.result.Status != stream.StatusOK || requests.KO+requests.Retried == 0 {
		t.Errorf("it ended as %s with %d failures and %d sent again: no near miss", r.result.Status, requests.KO, requests.Retried)
	}
}

func TestGrowingMemoryIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	// 8 MB a second, without end.
	r := measured(t, serverOf(t, servertest.Leaks, servertest.Options{KB: 40, MB: 1000}), rate(200, 22*time.Second), diagnosis.MemoryGrowth)
	r.fires(t, diagnosis.MemoryGrowth, "without falling back", "bytes per request")
}

func TestMemoryThatLevelsOffDoesNotGrow(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		// 16 MB a second for 10 s, as a cache fills up, or a heap before its first collection.
		r := measured(t, serverOf(t, servertest.Leaks, servertest.Options{KB: 80, MB: 160}), rate(200, 21*time.Second), "")
		r.doesNotFire(t, diagnosis.MemoryGrowth)
		if p := r.result.Process; p.RSSMBIdle == nil || p.RSSMBMax == nil || *p.RSSMBMax < *p.RSSMBIdle+140 {
			t.Errorf("from %v to %v MB is no near miss", p.RSSMBIdle, p.RSSMBMax)
		}
	})
}

func TestBusyHostIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	beside(t, servertest.BurnsCPU, servertest.Options{Share: 0.9})
	r := measured(t, serverOf(t, servertest.Serves), rate(200, 8*time.Second), diagnosis.HostBusy)
	r.fires(t, diagnosis.HostBusy, "other programs use")
}

func TestQuietNeighbourDoesNotMakeTheHostBusy(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		if runtime.NumCPU() > 8 {
			t.Skip("NOT CHECKED: on many cores a tenth of the machine is more than this neighbour")
		}
		beside(t, servertest.BurnsCPU, servertest.Options{Share: 0.2})
		r := measured(t, serverOf(t, servertest.Serves), rate(200, 5*time.Second), "")
		if other := r.otherCPU(); other > 40 {
			t.Skipf("NOT CHECKED: what a quiet neighbour does; this machine has others, which use %.0f %% of a core", other)
		}
		r.doesNotFire(t, diagnosis.HostBusy)
	})
}

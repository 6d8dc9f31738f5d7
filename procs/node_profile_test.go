//go:build unix

package procs_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
)

// hot is a server with a function that takes most of a core.
const hot = procs.ListeningNode + `
function busy(ms) { for (const until = Date.now() + ms; Date.now() < until;); }
setInterval(() => busy(40), 50);
`

// functions are the names in a profile.
func functions(t *testing.T, profile procs.NodeProfile) (names []string) {
	t.Helper()
	var read struct {
		Nodes []struct {
			CallFrame struct{ FunctionName string } `json:"callFrame"`
		} `json:"nodes"`
		Samples    []int `json:"samples"`
		TimeDeltas []int `json:"timeDeltas"`
	}
	if err := json.Unmarshal(profile.JSON, &read); err != nil {
		t.Fatalf("process %d (%s): %v", profile.PID, profile.Why, err)
	}
	if len(read.Samples) == 0 || len(read.Samples) != len(read.TimeDeltas) {
		t.Fatalf("%d samples and %d times", len(read.Samples), len(read.TimeDeltas))
	}
	for _, node := range read.Nodes {
		names = append(names, node.CallFrame.FunctionName)
	}
	return names
}

// takeProfile asks for one of half a second.
func takeProfile(t *testing.T, child *nodeServer) []procs.NodeProfile {
	t.Helper()
	profiles, err := child.NodeProfile(t.Context(), 500*time.Millisecond, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	return profiles
}

func TestNodeTakesAProfileWhenAsked(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	child := startNode(t, hot)
	child.hear(t, "a report", reports(1))
	for range 2 {
		proctest.Until(t, "a profile with what it does", func() bool { // one may have no sample where the machine stands still
			profiles := takeProfile(t, child)
			if len(profiles) != 1 || profiles[0].PID != child.PID() {
				t.Fatalf("it took %d profiles", len(profiles))
			}
			return slices.Contains(functions(t, profiles[0]), "busy")
		})
	}
	child.hear(t, "a report after the profile", reports(1))
}

func TestWorkersOfAClusterTakeTheirs(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	child := startNode(t, `
const cluster = require('cluster');
if (cluster.isPrimary) {
  for (let i = 0; i < 5; i++) cluster.fork({ MINE: i });
  process.on('SIGTERM', () => process.exit(0));
} else {
  require('http').createServer((q, r) => r.end()).listen(0, '127.0.0.1', () => console.log('worker ' + process.env.MINE + ' ' + (process.env.NODE_OPTIONS ?? 'plain')
    + ' ' + Object.keys(process.env).filter(n => n.startsWith('BENCHTUI_EVENT') || n === 'BENCHTUI_NODE_OPTIONS').length));
  function busyWorker(ms) { for (const until = Date.now() + ms; Date.now() < until;); }
  setInterval(() => busyWorker(5), 50);
}`, "NODE_OPTIONS=--title=mine")
	for _, n := range []string{"0", "1", "2", "3", "4"} {
		child.Await(t, "worker "+n+" --title=mine 0")
	}
	told := 0
	proctest.Until(t, "all workers tell of their heaps", func() bool {
		told = max(told, child.EventLoop().Runtime.Processes)
		return told >= 5
	})
	seen := map[int]bool{} // on a busy machine one may have no core in so short a time
	proctest.Until(t, "the profile of each worker has what it does", func() bool {
		profiles, err := child.NodeProfile(t.Context(), 500*time.Millisecond, time.Millisecond)
		if err != nil {
			return false
		}
		for _, profile := range profiles {
			if profile.PID == child.PID() {
				t.Fatal("the process that started them has a profile, too")
			}
			if strings.Contains(string(profile.JSON), `"functionName":"busyWorker"`) {
				seen[profile.PID] = true
			}
		}
		return len(seen) == 5
	})
}

func TestServerThatEndsMidProfileLeavesWhatItHas(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	for _, c := range []struct {
		name, handler string
		signal        syscall.Signal
		left          bool
	}{
		{"by itself", "process.on('SIGUSR2', () => { const used = () => process.cpuUsage().user; for (const until = used() + 1e5; used() < until;) busy(5); process.exit(0); });", syscall.SIGUSR2, true},
		{"killed", "", syscall.SIGKILL, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			child := startNode(t, hot+c.handler)
			child.hear(t, "a report", reports(1))
			go func() {
				for !child.TakesProfile() {
					select {
					case <-t.Context().Done():
						return
					case <-time.After(5 * time.Millisecond):
					}
				}
				_ = syscall.Kill(child.PID(), c.signal)
			}()
			profiles, err := child.NodeProfile(t.Context(), time.Minute, time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			if len(profiles) != 1 {
				t.Fatalf("%+v", profiles)
			}
			if c.left && !slices.Contains(functions(t, profiles[0]), "busy") {
				t.Errorf("it left no profile of what it did: %.300s", profiles[0].JSON)
			}
			if !c.left && (profiles[0].JSON != nil || !strings.Contains(profiles[0].Why, "it ended")) {
				t.Errorf("of one that was killed: %q", profiles[0].Why)
			}
		})
	}
}

func TestNodeThatMayNotSaysSo(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	child := startNode(t, hot+`
require('module').prototype.require = ((plain) => function (name) { return plain.call(this, name); })(require('module').prototype.require);
require('inspector').Session = class { connect() { throw Object.assign(new Error('Access to this API has been restricted'), { code: 'ERR_ACCESS_DENIED' }); } disconnect() {} };
`)
	child.hear(t, "a report", reports(1))
	profiles := takeProfile(t, child)
	if len(profiles) != 1 || profiles[0].JSON != nil || !strings.Contains(profiles[0].Why, "ERR_ACCESS_DENIED") {
		t.Errorf("%+v", profiles)
	}
	child.hear(t, "a report after the refusal", reports(1))
}

func TestOnlyNodeIsAskedForNodesProfile(t *testing.T) {
	child := proctest.StartCommand(t, procs.Command{Path: "/bin/sh", Args: []string{"-c", "sleep 60"}, EventLoop: true})
	if _, err := child.NodeProfile(t.Context(), time.Second, time.Millisecond); !errors.Is(err, procs.ErrNoNodeProbe) {
		t.Error(err)
	}
}

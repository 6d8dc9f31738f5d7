//go:build unix

package procs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/measure/measuretest"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
)

// nodeServer is a program for Node, with the probe.
type nodeServer struct {
	*proctest.Child
	file string
}

// startNode starts a program for Node, with the probe.
func startNode(t testing.TB, program string, env ...string) *nodeServer {
	t.Helper()
	file := filepath.Join(t.TempDir(), "server.js")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	return &nodeServer{file: file, Child: proctest.StartCommand(t, procs.Command{Path: procs.NodeForTest(t), Args: []string{file}, Env: env, EventLoop: true})}
}

// hear collects what the loop tells until it holds.
func (r *nodeServer) hear(t testing.TB, what string, holds func(procs.EventLoopWord) bool) procs.EventLoopWord {
	t.Helper()
	var all procs.EventLoopWord
	proctest.Until(t, what, func() bool {
		word := r.EventLoop()
		word.Loops = append(all.Loops, word.Loops...)
		all = word
		return holds(all)
	})
	return all
}

func reports(n int) func(procs.EventLoopWord) bool {
	return func(word procs.EventLoopWord) bool { return len(word.Loops) >= n }
}

func TestIdleLoopIsNeitherBusyNorLate(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	child := startNode(t, procs.ListeningNode)
	// The first has the start in it, and in others the machine may have stood still.
	word := child.hear(t, "a report of an idle loop", func(word procs.EventLoopWord) bool {
		return slices.ContainsFunc(word.Loops, func(calm measure.EventLoop) bool {
			return calm.Utilization < 0.5 && calm.DelayP50MS < 5 && calm.Over >= 200*time.Millisecond
		})
	})
	if !strings.HasPrefix(word.Node, "v") {
		t.Errorf("the version of node is %q", word.Node)
	}
}

// A loop that turns every 40 ms, and has nothing to wait for.
func TestBusyLoopIsSeenFullAndLate(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	measuretest.Undisturbed(t, 100*time.Millisecond, func(t testing.TB) {
		child := startNode(t, procs.ListeningNode+`
const turn = () => { for (const until = Date.now() + 40; Date.now() < until;); setImmediate(turn); };
turn();`)
		word := child.hear(t, "four reports", reports(4))
		full := word.Loops[len(word.Loops)-1]
		// A timer of 10 ms that is looked at every 40 comes 30 late, and one of 50 later still.
		if full.Utilization < 0.95 || full.DelayP50MS < 25 || full.DelayP99MS < full.DelayP50MS || full.DelayMaxMS < full.DelayP99MS {
			t.Errorf("a full loop tells %+v", full)
		}
	})
}

// The histogram that Node offers forgets, at each reset, the delay that is under
// way: all that this loop has.
func TestLoopThatTurnsLessOftenThanItReportsIsLate(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	measuretest.Undisturbed(t, 100*time.Millisecond, func(t testing.TB) {
		child := startNode(t, procs.ListeningNode+`
const turn = () => { for (const until = Date.now() + 600; Date.now() < until;); setImmediate(turn); };
setTimeout(turn, 300);`)
		word := child.hear(t, "four reports", reports(4))
		slow := word.Loops[len(word.Loops)-1]
		if slow.DelayP99MS < 200 || slow.Utilization < 0.95 {
			t.Errorf("a loop whose turns take 600 ms tells %+v", slow)
		}
	})
}

func TestBlockedLoopIsSilent(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	measuretest.Undisturbed(t, 100*time.Millisecond, func(t testing.TB) {
		child := startNode(t, procs.ListeningNode+`
setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500), 600);`)
		word := child.hear(t, "a silence of a second", func(word procs.EventLoopWord) bool { return word.Silent > time.Second })
		heard := len(word.Loops)
		if heard == 0 {
			t.Fatal("silent without having said a word")
		}
		word = child.hear(t, "a word after the silence", reports(1))
		if word.Silent > 500*time.Millisecond {
			t.Errorf("it told %+v and is said to be silent for %s", word.Loops, word.Silent)
		}
		if back := word.Loops[0]; back.DelayMaxMS < 800 || back.Over < time.Second {
			t.Errorf("after 1.5 s in one call the loop tells %+v", back)
		}
	})
}

func TestServersChildrenDoNotInheritTheProbe(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	const tells = procs.ListeningNode + `
const seen = () => JSON.stringify([process.env.NODE_OPTIONS ?? null, Object.keys(process.env).filter(n => n.startsWith('BENCHTUI_') && !n.startsWith('BENCHTUI_CHILD_'))]);
console.log('own ' + seen());
const child = require('child_process').spawn(process.execPath, ['-e', 'console.log(require("fs").readdirSync("/dev/fd").length > 0 && JSON.stringify([process.env.NODE_OPTIONS ?? null, process.env.BENCHTUI_EVENT_LOOP_FD ?? null]))']);
child.stdout.on('data', (data) => console.log('child ' + data.toString().trim()));`
	for _, c := range []struct {
		name, set  string
		own, child string
	}{
		{"with none", "", `own [null,[]]`, `child [null,null]`},
		{"beside one", "--max-old-space-size=64 --title=\"a b\"", `own ["--max-old-space-size=64 --title=\"a b\"",[]]`, `child ["--max-old-space-size=64 --title=\"a b\"",null]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var env []string
			if c.set != "" {
				env = append(env, "NODE_OPTIONS="+c.set)
			}
			child := startNode(t, tells, env...)
			child.Await(t, c.own)
			child.Await(t, c.child)
			child.hear(t, "a report", reports(1))
		})
	}
}

func TestOptionsBesideTheProbeHold(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	child := startNode(t, procs.ListeningNode+`console.log('title ' + process.title);`, `NODE_OPTIONS=--title="a b"`)
	child.Await(t, "title a b")
	child.hear(t, "a report", reports(1))
}

func TestScriptIsFoundInAFolderWithABlank(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	folder := filepath.Join(t.TempDir(), `with a blank, a "quote" and a \`)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", folder)
	child := startNode(t, procs.ListeningNode)
	child.hear(t, "a report", reports(1))
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Fatalf("the script is not in %s: this test shows nothing", folder)
	}
	if err := child.Stop(t.Context(), proctest.Patience); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("%v is left behind", left)
	}
}

func TestProbeKeepsNothingAlive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	child := startNode(t, `setTimeout(() => console.log('over'), 300);`)
	child.AwaitEnd(t)
	if exit := child.Exit(); exit.Code != 0 || exit.Signal != "" {
		t.Errorf("a program that is over ended with %s: %q", exit, child.Lines())
	}
	if word := child.EventLoop(); word.Node == "" || len(word.Loops) != 0 {
		t.Errorf("a program that does not listen is no server, but told %+v", word)
	}
}

func TestServerOutlivesAClosedOrTakenPipe(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	for name, tampers := range map[string]string{
		"closed": `require('fs').closeSync(3);`,
		// The number is then a file of the server's own.
		"taken": `const fs = require('fs'); fs.closeSync(3); const own = fs.openSync(process.argv[1] + '.own', 'w'); if (own !== 3) throw new Error('got ' + own);`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			measuretest.Undisturbed(t, 100*time.Millisecond, func(t testing.TB) {
				child := startNode(t, procs.ListeningNode+`
setTimeout(() => { `+tampers+` }, 600);
setTimeout(() => console.log('still here'), 1300);`)
				child.Await(t, "still here")
				select {
				case <-child.Done():
					t.Fatalf("it ended: %s", child.Exit())
				default:
				}
				word := child.EventLoop()
				if len(word.Loops) == 0 || len(word.Loops) > 3 {
					t.Errorf("of 0.6 s with the pipe and 0.7 s without it told %+v", word)
				}
				if word.Silent != 0 {
					t.Errorf("a closed pipe is told as a loop that is blocked for %s", word.Silent)
				}
				own, err := os.ReadFile(child.file + ".own")
				if name == "taken" && (err != nil || len(own) != 0) {
					t.Errorf("the probe wrote %q into the server's file (%v)", own, err)
				}
			})
		})
	}
}

func TestWorkersOfAClusterAreTold(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	child := startNode(t, `
const cluster = require('cluster');
if (cluster.isPrimary) {
  cluster.fork(); cluster.fork();
  process.on('SIGTERM', () => process.exit(0));
} else {
  require('http').createServer((q, r) => r.end()).listen(0, '127.0.0.1', () => console.log('worker ' + (process.env.NODE_OPTIONS ?? 'plain')));
}`)
	child.Await(t, "worker plain")
	word := child.hear(t, "a word of the cluster", func(word procs.EventLoopWord) bool { return word.Workers > 0 })
	if word.Workers != 2 || len(word.Loops) != 0 {
		t.Errorf("a cluster of two that answers by its workers tells %+v", word)
	}
}

func TestWorkerThreadsDoNotReport(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	child := startNode(t, procs.ListeningNode+`
const { Worker } = require('worker_threads');
new Worker('setInterval(() => {}, 1000); require("worker_threads").parentPort.postMessage("up");', { eval: true })
  .on('message', (text) => console.log('worker ' + text)).on('error', (e) => console.log(e)).unref();`)
	child.Await(t, "worker up")
	word := child.hear(t, "three reports", reports(3))
	if !slices.ContainsFunc(word.Loops, func(l measure.EventLoop) bool { return l.Utilization < 0.5 }) {
		t.Errorf("%+v", word)
	}
}

func TestProbeThroughAShell(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	file := filepath.Join(t.TempDir(), "server.js")
	if err := os.WriteFile(file, []byte(procs.ListeningNode), 0o600); err != nil {
		t.Fatal(err)
	}
	child := &nodeServer{Child: proctest.StartCommand(t, procs.Command{Path: "/bin/sh", Args: []string{"-c", `"$0" -e 0; "$0" "$1"; exit`, procs.NodeForTest(t), file}, EventLoop: true})}
	child.hear(t, "a report", reports(2))
}

// npm and its like are Node, too: the server is what they start.
func TestServerBelowAStarterTellsOfItsLoop(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	server := filepath.Join(t.TempDir(), "server.js")
	if err := os.WriteFile(server, []byte(procs.ListeningNode+`
console.log('server ' + process.pid + ' ' + (process.env.NODE_OPTIONS ?? 'plain') + ' ' + Object.keys(process.env).filter(n => n.startsWith('BENCHTUI_EVENT') || n === 'BENCHTUI_NODE_OPTIONS').length);`), 0o600); err != nil {
		t.Fatal(err)
	}
	starter := filepath.Join(t.TempDir(), "npm-cli.js")
	if err := os.WriteFile(starter, []byte(`require('child_process').spawn('sh', ['-c', '"$0" "$1"; exit', process.execPath, process.argv[2]], { stdio: 'inherit' });`), 0o600); err != nil {
		t.Fatal(err)
	}
	child := &nodeServer{Child: proctest.StartCommand(t, procs.Command{Path: procs.NodeForTest(t), Args: []string{starter, server}, Env: []string{"NODE_OPTIONS=--title=mine"}, EventLoop: true})}
	word := child.hear(t, "a report of what npm started", reports(1))
	said := strings.Join(child.LastLines(5), "\n")
	if word.Node == "" || !strings.Contains(said, " --title=mine 0") || strings.Contains(said, fmt.Sprintf("server %d ", child.PID())) {
		t.Errorf("heard %+v of a server that said %q", word, said)
	}
}

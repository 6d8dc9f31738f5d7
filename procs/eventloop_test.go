//go:build unix

package procs

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// node finds Node, or skips the test and says what that leaves open.
func node(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		t.Skip("NOT CHECKED: the event-loop probe; there is no node on this machine")
	}
	return path
}

// startNode starts a program for Node, with the probe.
func startNode(t testing.TB, program string, env ...string) *run {
	t.Helper()
	file := filepath.Join(t.TempDir(), "server.js")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	return startWith(t, Command{Path: node(t), Args: []string{file}, Env: env, EventLoop: true})
}

// listening is a server that does nothing, and says what it finds in its environment.
const listening = `
const server = require('http').createServer((q, r) => r.end()).listen(0, '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => server.close());
`

// hear collects what the loop tells until it holds.
func (r *run) hear(t testing.TB, what string, holds func(EventLoopWord) bool) EventLoopWord {
	t.Helper()
	var all EventLoopWord
	until(t, what, func() bool {
		word := r.EventLoop()
		word.Loops = append(all.Loops, word.Loops...)
		all = word
		return holds(all)
	})
	return all
}

func reports(n int) func(EventLoopWord) bool {
	return func(word EventLoopWord) bool { return len(word.Loops) >= n }
}

func TestIdleLoopIsNeitherBusyNorLate(t *testing.T) {
	child := startNode(t, listening)
	word := child.hear(t, "three reports", reports(3))
	if !strings.HasPrefix(word.Node, "v") {
		t.Errorf("the version of node is %q", word.Node)
	}
	calm := word.Loops[len(word.Loops)-1] // the first has the start in it
	if calm.Utilization > 0.5 || calm.DelayP50MS > 5 || calm.Over < 200*time.Millisecond {
		t.Errorf("an idle loop tells %+v", calm)
	}
}

// A loop that turns every 40 ms, and has nothing to wait for.
func TestBusyLoopIsSeenFullAndLate(t *testing.T) {
	child := startNode(t, listening+`
const turn = () => { for (const until = Date.now() + 40; Date.now() < until;); setImmediate(turn); };
turn();`)
	word := child.hear(t, "four reports", reports(4))
	full := word.Loops[len(word.Loops)-1]
	// A timer of 10 ms that is looked at every 40 comes 30 late, and one of 50 later still.
	if full.Utilization < 0.95 || full.DelayP50MS < 25 || full.DelayP99MS < full.DelayP50MS || full.DelayMaxMS < full.DelayP99MS {
		t.Errorf("a full loop tells %+v", full)
	}
}

// The histogram that Node offers forgets, at each reset, the delay that is under
// way: all that this loop has.
func TestLoopThatTurnsLessOftenThanItReportsIsLate(t *testing.T) {
	child := startNode(t, listening+`
const turn = () => { for (const until = Date.now() + 600; Date.now() < until;); setImmediate(turn); };
setTimeout(turn, 300);`)
	word := child.hear(t, "four reports", reports(4))
	slow := word.Loops[len(word.Loops)-1]
	if slow.DelayP99MS < 200 || slow.Utilization < 0.95 {
		t.Errorf("a loop whose turns take 600 ms tells %+v", slow)
	}
}

func TestBlockedLoopIsSilent(t *testing.T) {
	t.Parallel() // it mostly waits
	child := startNode(t, listening+`
setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500), 600);`)
	word := child.hear(t, "a silence of a second", func(word EventLoopWord) bool { return word.Silent > time.Second })
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
}

func TestServersChildrenDoNotInheritTheProbe(t *testing.T) {
	const tells = listening + `
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
			child.await(t, c.own)
			child.await(t, c.child)
			child.hear(t, "a report", reports(1))
		})
	}
}

func TestOptionsBesideTheProbeHold(t *testing.T) {
	child := startNode(t, listening+`console.log('title ' + process.title);`, `NODE_OPTIONS=--title="a b"`)
	child.await(t, "title a b")
	child.hear(t, "a report", reports(1))
}

func TestScriptIsFoundInAFolderWithABlank(t *testing.T) {
	folder := filepath.Join(t.TempDir(), `with a blank, a "quote" and a \`)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", folder)
	child := startNode(t, listening)
	child.hear(t, "a report", reports(1))
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Fatalf("the script is not in %s: this test shows nothing", folder)
	}
	if err := child.Stop(t.Context(), patience); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("%v is left behind", left)
	}
}

func TestProbeKeepsNothingAlive(t *testing.T) {
	t.Parallel() // it mostly waits
	child := startNode(t, `setTimeout(() => console.log('over'), 300);`)
	child.awaitEnd(t)
	if exit := child.Exit(); exit.Code != 0 || exit.Signal != "" {
		t.Errorf("a program that is over ended with %s: %q", exit, child.lines())
	}
	if word := child.EventLoop(); word.Node == "" || len(word.Loops) != 0 {
		t.Errorf("a program that does not listen is no server, but told %+v", word)
	}
}

func TestServerOutlivesAClosedOrTakenPipe(t *testing.T) {
	for name, tampers := range map[string]string{
		"closed": `require('fs').closeSync(3);`,
		// The number is then a file of the server's own.
		"taken": `const fs = require('fs'); fs.closeSync(3); const own = fs.openSync(process.argv[1] + '.own', 'w'); if (own !== 3) throw new Error('got ' + own);`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			child := startNode(t, listening+`
setTimeout(() => { `+tampers+` }, 600);
setTimeout(() => console.log('still here'), 1300);`)
			child.await(t, "still here")
			if child.ended() {
				t.Fatalf("it ended: %s", child.Exit())
			}
			word := child.EventLoop()
			if len(word.Loops) == 0 || len(word.Loops) > 3 {
				t.Errorf("of 0.6 s with the pipe and 0.7 s without it told %+v", word)
			}
			if word.Silent != 0 {
				t.Errorf("a closed pipe is told as a loop that is blocked for %s", word.Silent)
			}
			own, err := os.ReadFile(child.cmd.Args[1] + ".own")
			if name == "taken" && (err != nil || len(own) != 0) {
				t.Errorf("the probe wrote %q into the server's file (%v)", own, err)
			}
		})
	}
}

func TestFullPipeNeverHoldsUpTheServer(t *testing.T) {
	t.Parallel() // it mostly waits
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	probe := &eventLoopProbe{reader: reader, writer: writer, script: filepath.Join(t.TempDir(), "probe.js")}
	if err := os.WriteFile(probe.script, eventLoopScript, 0o600); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(node(t), "-e", listening+`
setTimeout(() => { console.log('turned'); process.exit(0); }, 900);`)
	server.Env = os.Environ()
	probe.give(server)
	var out bytes.Buffer
	server.Stdout, server.Stderr = &out, &out
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	probe.neverWaits()
	raw, err := writer.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	fill := bytes.Repeat([]byte("x"), 1<<16) // what a pipe holds
	_ = raw.Control(func(fd uintptr) { fillUp(int(fd), fill) })
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	select {
	case err := <-ended:
		if err != nil || !strings.Contains(out.String(), "turned") {
			t.Errorf("it ended with %v and said %q", err, out.String())
		}
	case <-time.After(patience):
		_ = server.Process.Kill()
		t.Error("the server waits for somebody to read what the probe writes")
	}
}

func fillUp(fd int, with []byte) {
	for len(with) > 0 {
		n, err := syscall.Write(fd, with)
		if err != nil { // EAGAIN: it is full; then to the last byte
			with = with[:len(with)/2]
			continue
		}
		with = with[n:]
	}
}

func TestWorkersOfAClusterAreTold(t *testing.T) {
	t.Parallel() // it mostly waits
	child := startNode(t, `
const cluster = require('cluster');
if (cluster.isPrimary) {
  cluster.fork(); cluster.fork();
  process.on('SIGTERM', () => process.exit(0));
} else {
  require('http').createServer((q, r) => r.end()).listen(0, '127.0.0.1', () => console.log('worker ' + (process.env.NODE_OPTIONS ?? 'plain')));
}`)
	child.await(t, "worker plain")
	word := child.hear(t, "a word of the cluster", func(word EventLoopWord) bool { return word.Workers > 0 })
	if word.Workers != 2 || len(word.Loops) != 0 {
		t.Errorf("a cluster of two that answers by its workers tells %+v", word)
	}
}

func TestWorkerThreadsDoNotReport(t *testing.T) {
	t.Parallel() // it mostly waits
	child := startNode(t, listening+`
const { Worker } = require('worker_threads');
new Worker('setInterval(() => {}, 1000); require("worker_threads").parentPort.postMessage("up");', { eval: true })
  .on('message', (text) => console.log('worker ' + text)).on('error', (e) => console.log(e)).unref();`)
	child.await(t, "worker up")
	word := child.hear(t, "three reports", reports(3))
	if !slices.ContainsFunc(word.Loops, func(l measure.EventLoop) bool { return l.Utilization < 0.5 }) {
		t.Errorf("%+v", word)
	}
}

func TestProbeThroughAShell(t *testing.T) {
	t.Parallel() // it mostly waits
	file := filepath.Join(t.TempDir(), "server.js")
	if err := os.WriteFile(file, []byte(listening), 0o600); err != nil {
		t.Fatal(err)
	}
	child := startWith(t, Command{Path: "/bin/sh", Args: []string{"-c", `"$0" -e 0; "$0" "$1"; exit`, node(t), file}, EventLoop: true})
	child.hear(t, "a report", reports(2))
}

func TestLinesThatAreNotTheProbesAreNotTaken(t *testing.T) {
	p := &eventLoopProbe{}
	now := time.Now()
	for _, line := range []string{
		"", "loop", "hello x y", "loop 7 250 0.5 1 2 3", // nobody said hello
		"hello 7 v20.1.0",
		"loop 8 250 0.5 1 2 3", // of another process
		"loop 7 250 0.5 1 2", "loop 7 250 NaN 1 2 3", "loop 7 250 -1 1 2 3", "loop 7 250 0.5 1 2 x", "loop 7 1e300 0.5 1 2 3",
		"loop 7 251.5 1.0001 1.25 2 3",
	} {
		p.take(line, now)
	}
	word := p.since(now.Add(1400 * time.Millisecond))
	want := measure.EventLoop{Over: 251500 * time.Microsecond, Utilization: 1, DelayP50MS: 1.25, DelayP99MS: 2, DelayMaxMS: 3}
	if word.Node != "v20.1.0" || len(word.Loops) != 1 || word.Loops[0] != want || word.Silent != 1400*time.Millisecond {
		t.Errorf("%+v; want only %+v", word, want)
	}
	if again := p.since(now); len(again.Loops) != 0 {
		t.Errorf("told twice: %+v", again)
	}
}

package profile

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure/measuretest"
	prof "github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/system"
)

// nodeServer starts a program for Node with the probe, and waits for its first report.
func nodeServer(t testing.TB, program string) (*procs.Child, string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("NOT CHECKED: profiles of node; there is none on this machine")
	}
	file := filepath.Join(t.TempDir(), "server.js")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	child, err := procs.Start(procs.Command{Path: node, Args: []string{file}, EventLoop: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Stop(context.WithoutCancel(t.Context()), 0) })
	for limit := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if child.EventLoop().Runtime.Processes > 0 {
			return child, file
		}
		if time.Now().After(limit) {
			t.Fatalf("the probe says nothing; the server: %q", child.LastLines(10))
		}
	}
}

func askNode(child *procs.Child) func(context.Context, time.Duration, time.Duration) ([]V8, error) {
	return func(ctx context.Context, length, interval time.Duration) ([]V8, error) {
		told, err := child.NodeProfile(ctx, length, interval)
		all := make([]V8, len(told))
		for i, one := range told {
			all[i] = V8(one)
		}
		return all, err
	}
}

func TestHotFunctionOfANodeServerComesFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	for _, c := range []struct {
		name, program string
		first, place  string
		kind          prof.Kind
		from          string
	}{
		{"its own", "function busy(ms) { for (const until = Date.now() + ms; Date.now() < until;); }\nsetInterval(() => busy(40), 50);\n",
			"busy", "server.js:1", prof.Own, ""},
		{"a file", "const fs = require('fs');\nfunction handler() { for (const until = Date.now() + 40; Date.now() < until;) fs.readFileSync(__filename); }\nsetInterval(handler, 50);\n",
			"", "", prof.Unknown, "handler"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			measuretest.Undisturbed(t, 100*time.Millisecond, func(t testing.TB) { // V8 tells the time that it stood still as one sample's
				child, _ := nodeServer(t, "require('http').createServer((q, r) => r.end()).listen(0, '127.0.0.1');\n"+c.program)
				p, err := TakeServer(t.Context(), Server{Target: Target{Roots: []int{child.PID()}, Duration: 700 * time.Millisecond}, Own: true, Node: askNode(child)})
				if err != nil || p.Count() == 0 {
					t.Fatalf("%+v: %v", p, err)
				}
				source := NodeSource
				if p.OfThreads(func(one prof.Thread) bool { return !one.Loop }).Count() > 0 { // V8 collects and compiles on threads of its own
					source += ", perf_event_open"
				}
				if p.Source != source || len(p.Notes) != 0 || p.Processes[0].PID != child.PID() {
					t.Errorf("by %s of %v, with notes %+v", p.Source, p.Processes, p.Notes)
				}
				hot := p.Hottest(prof.OwnFirst)[0]
				if c.first != "" && (hot.Name != c.first || !strings.HasPrefix(hot.Place(), "server.js:2") || hot.Kind != c.kind || hot.SelfShare < 0.5) {
					t.Errorf("the hottest is %+v at %s", hot, hot.Place())
				}
				if c.from != "" {
					reads := p.Hottest(prof.ByTotal)
					found := false
					for _, one := range reads {
						if one.Name == "readFileSync" && one.TotalShare > 0.3 {
							callers := p.CalledFrom(one.Function)
							found = len(callers) > 0 && callers[0].Function == c.from
						}
					}
					if !found {
						t.Errorf("readFileSync called from %s is not to be seen: %+v", c.from, reads[:min(8, len(reads))])
					}
				}
			})
		})
	}
}

// nodeHabits is a server that has all the habits that a Node server can have in turn.
const nodeHabits = `const fs = require('fs'), crypto = require('crypto'), zlib = require('zlib');
const text = 'name: item, '.repeat(5000), list = text.split(' ');
let kept = [];
function signs() {
  return crypto.pbkdf2Sync('a', 'b', 500, 20, 'sha1'); // 5
}
function packs() {
  return zlib.gzipSync(text); // 8
}
function reads() {
  return fs.readFileSync(__filename); // 11
}
function writes() {
  console.log('a request came', { path: '/', id: 5 }); // 14
}
function prints() {
  return JSON.stringify(list); // 17
}
function matches() {
  return /^(a+)+$/.test('a'.repeat(14) + '!'); // 20
}
function fills() {
  kept = Array.from({ length: 20000 }, (_, i) => ({ i, text: 'x' + i }));
}
function busy() {
  let sum = 0;
  for (let i = 0; i < 100000; i++) {
    sum += Math.sqrt(i) % 7; // 28
  }
  return sum;
}
function compares() {
  return require('util').isDeepStrictEqual(list, text.split(' ')); // 33
}
setInterval(() => {
  for (const habit of [signs, packs, reads, writes, prints, matches, fills, busy, compares]) {
    for (const until = performance.now() + 6; performance.now() < until;) habit();
  }
}, 50);
`

// Each rule that knows a Node server's habits has one that has them, and says the line.
func TestRulesKnowTheHabitsOfANodeServer(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	child, _ := nodeServer(t, nodeHabits+"require('http').createServer((q, r) => r.end()).listen(0, '127.0.0.1');\n")
	if probeFolder != procs.EventLoopScript {
		t.Errorf("the probe's folder is taken for %s", probeFolder)
	}
	missing := map[string]string{
		"crypto": "in pbkdf2Sync (node:internal/crypto/pbkdf2:", "compression": "in gzipSync (node:zlib:", "file": "in readFileSync (node:fs:", "log": "in console.log",
		"json": "in JSON.stringify", "regexp": "in RegExp (server.js:20)", "gc": "in garbage collector", "": "in busy (server.js:28)", "what no rule knows": "in compares (server.js:33) and what it calls, ",
	}
	callers := map[string]string{"crypto": "signs (server.js:5)", "compression": "packs (server.js:8)", "file": "reads (server.js:11)", "log": "writes (server.js:14)",
		"json": "prints (server.js:17)", "regexp": "matches (server.js:20)"}
	var told []string
	for range 10 { // where others have the CPU, one of them may be less than is told
		p, err := TakeServer(t.Context(), Server{Target: Target{Roots: []int{child.PID()}, Duration: 700 * time.Millisecond}, Own: true, Node: askNode(child)})
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(p.Frames, ofProbe) {
			t.Error("what the probe does stands in the profile")
		}
		told = nil
		for _, reason := range p.Reasons() {
			evidence := reason.Evidence("the loop's time")
			told = append(told, reason.Rule.ID+": "+evidence)
			id := reason.Rule.ID
			if id == "" && reason.PassesOn() {
				id = "what no rule knows"
			}
			if strings.Contains(evidence, missing[id]) && strings.HasSuffix(evidence, callers[id]) {
				delete(missing, id)
			}
		}
		if len(missing) == 0 {
			return
		}
	}
	t.Errorf("not told: %q; told at last:\n%s", missing, strings.Join(told, "\n"))
}

// Where somebody wrote it is told of compiled code, of a bundle and of a minified file, and
// of worker threads as of the loop.
func TestCodeOfANodeServerIsToldWhereItWasWritten(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	folder := t.TempDir()
	beside := func(name string) string { return filepath.Join(folder, name) }
	writeFile(t, beside("dist/shop.js"), compiled+"//# sourceMappingURL=shop.js.map\n")
	writeFile(t, beside("dist/shop.js.map"), mapText(t, []string{"../src/shop.ts"}, []string{"busy"}, ofCompiled()...))
	const spins = "(e){for(const t=Date.now()+e;Date.now()<t;);}"
	const bundle = "exports.a=function a" + spins + ";exports.b=function b" + spins
	second := strings.LastIndex(bundle, "b(")
	ofBundle := mapText(t, []string{"webpack://shop/./src/cart.ts", "webpack://shop/./node_modules/etag/index.js"}, []string{"total", "etag"},
		[]position{{0, 0, 4, 0, -1}, {strings.Index(bundle, "a("), 0, 5, 9, 0}, {strings.Index(bundle, "a(") + 1, 0, 5, 20, -1}, {second, 1, 90, 9, 1}, {second + 1, 1, 90, 13, -1}})
	writeFile(t, beside("bundle.js"), bundle+"\n//# sourceMappingURL=data:application/json;base64,"+base64.StdEncoding.EncodeToString([]byte(ofBundle)))
	writeFile(t, beside("crunch.js"), `const text = JSON.stringify(Array.from({ length: 20000 }, (_, id) => ({ id })));
function crunch(ms) { for (const until = Date.now() + ms; Date.now() < until;); }
function parses(ms) {
  for (const until = Date.now() + ms; Date.now() < until;) JSON.parse(text); // 4
}
setInterval(() => { crunch(10); parses(10); }, 40);
`)
	program := "const s=require('" + beside("dist/shop.js") + "'),c=require('" + beside("bundle.js") + "');new (require('worker_threads').Worker)('" + beside("crunch.js") + "');" +
		"require('http').createServer((q,r)=>r.end()).listen(0,'127.0.0.1');function one" + spins + "function two" + spins + "setInterval(()=>{one(6);two(6);s.busy(6);c.a(6);c.b(6)},50)"
	column := func(name string) string {
		return fmt.Sprint(strings.Index(program, "function "+name) + len("function "+name) + 1)
	}
	child, _ := nodeServer(t, program)
	missing := map[string]string{
		"one": "O server.js:1:" + column("one") + " ", "two": "O server.js:1:" + column("two") + " ",
		"busy": "O shop.ts ", "total": "O cart.ts:5 ", "etag": "L index.js:90 etag",
		"crunch": "O crunch.js:2 ", "JSON.parse": "L  ",
	}
	var p *prof.Profile
	for range 6 { // where others have the CPU, one of them may not be seen
		var err error
		if p, err = TakeServer(t.Context(), Server{Target: Target{Roots: []int{child.PID()}, Duration: 500 * time.Millisecond}, Own: true, Node: askNode(child)}); err != nil {
			t.Fatal(err)
		}
		for _, hot := range p.Hottest(prof.BySelf) {
			place := hot.Place()
			if place == "shop.ts:15" || place == "shop.ts:16" { // its loop
				place = "shop.ts"
			}
			if missing[hot.Name] == hot.Kind.Letter()+" "+place+" "+hot.Module {
				delete(missing, hot.Name)
			}
		}
		if len(missing) == 0 {
			break
		}
	}
	if len(missing) > 0 {
		t.Errorf("not told: %q%s", missing, told(p))
	}
	for _, thread := range p.Threads {
		_, err := os.Stat(fmt.Sprintf("/proc/%d/task/%d", child.PID(), thread.ID))
		if strings.HasPrefix(thread.Name, "worker") && (err != nil || thread.Loop || !strings.Contains(thread.Name, "crunch.js")) {
			t.Errorf("the worker thread is %+v: %v", thread, err)
		}
	}
	of := map[string]int{} // samples of what has the worker's number
	seen := slices.IndexFunc(p.Threads, func(one prof.Thread) bool { return strings.Contains(one.Name, "crunch.js") })
	for _, sample := range p.Samples {
		if thread := p.Threads[sample.Thread]; seen >= 0 && thread.ID == p.Threads[seen].ID {
			of[thread.Name] += sample.Count
		}
	}
	if hasNote(p, lacksJIT) {
		t.Errorf("notes: %+v", p.Notes)
	}
	if len(of) != 1 || of["worker 1, crunch.js"] == 0 {
		t.Errorf("samples of the worker thread: %v; threads %+v", of, p.Threads)
	}
}

// What a Node server has its pool of threads compute is no part of what V8 sees.
func TestThreadsOfNodeBesideItsLoopAreSeen(t *testing.T) {
	requireProfiles(t)
	t.Parallel() // it mostly waits
	child, _ := nodeServer(t, "require('http').createServer((q, r) => r.end()).listen(0, '127.0.0.1');\n"+
		"const { pbkdf2 } = require('crypto');\n(function again() { pbkdf2('a', 'b', 20000, 20, 'sha1', again); })();\n")
	p := sampled(t, Server{Target: Target{Roots: []int{child.PID()}, Duration: 700 * time.Millisecond}, Own: true, Node: askNode(child)},
		func(p *prof.Profile) bool {
			return p.OfThreads(func(one prof.Thread) bool { return !one.Loop }).Count() > 0
		})
	if !strings.HasPrefix(p.Source, NodeSource) {
		t.Errorf("by %s%s", p.Source, told(p))
	}
	for _, thread := range p.Threads {
		if thread.PID == child.PID() && thread.ID == thread.PID && !thread.Loop {
			t.Errorf("its loop is seen twice: %+v", p.Threads)
		}
	}
}

func TestHotMethodOfAVirtualMachineComesFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	java, err := exec.LookPath("java")
	if err != nil {
		t.Skip("NOT CHECKED: profiles of a JVM; there is no java on this machine")
	}
	if out, err := exec.Command(java, "--list-modules").Output(); err != nil || !strings.Contains(string(out), "jdk.compiler") {
		t.Skip("NOT CHECKED: profiles of a JVM; java is no JDK from 11 on")
	}
	cmd := exec.Command(java, "-Xmx64m", filepath.Join("testdata", "Hot.java"))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(line, err)
	}
	server := Server{Target: Target{Roots: []int{cmd.Process.Pid}, Duration: time.Second}, Own: true}
	var p *prof.Profile
	const enough = 20              // samples, for shares and the line of the loop to show
	for ; ; server.Duration *= 3 { // on a busy machine it may have no core for a while
		if p, err = TakeServer(t.Context(), server); err != nil {
			t.Fatal(err)
		}
		if p.Count() >= enough {
			break
		}
		if server.Duration > 30*time.Second {
			t.Fatalf("by %s: %d samples; notes %+v", p.Source, p.Count(), p.Notes)
		}
	}
	hot := p.Hottest(prof.OwnFirst)[0]
	if p.Source != JFRSource || hot.Name != "Hot.work" || hot.Place() != "Hot.java:7" || hot.SelfShare < 0.8 || !slices.ContainsFunc(p.Threads, func(one prof.Thread) bool { return one.Loop }) {
		t.Errorf("by %s: the hottest is %+v; threads %+v, notes %+v", p.Source, hot, p.Threads, p.Notes)
	}
	server.Own, server.Duration = false, time.Second // then it is seen from outside, if the kernel lets us
	p, err = TakeServer(t.Context(), server)
	switch {
	case err != nil && !strings.Contains(err.Error(), "was not started by benchtui"):
		t.Error(err)
	case err == nil && strings.Contains(p.Source, JFRSource):
		t.Error("a JVM of somebody else's was told to record")
	}
	// One that ends in the middle leaves what it recorded.
	var ending sync.WaitGroup
	defer ending.Wait()
	ending.Go(func() {
		used := func() float64 {
			stat, _ := system.ReadStat(cmd.Process.Pid)
			return stat.User / system.TicksPerSecond
		}
		until := math.Inf(1)
		for used() < until && t.Context().Err() == nil {
			if math.IsInf(until, 1) && records(cmd.Process.Pid) {
				until = used() + 1 // second of CPU, of which there are samples
			}
			time.Sleep(10 * time.Millisecond)
		}
		_, _ = io.WriteString(stdin, "\n")
	})
	server.Own, server.Duration = true, time.Minute
	p, err = TakeServer(t.Context(), server)
	if err != nil {
		t.Fatal(err)
	}
	if hot := p.Hottest(prof.OwnFirst); len(hot) == 0 || hot[0].Name != "Hot.work" {
		t.Errorf("of one that ended the hottest are %+v; notes %+v", hot, p.Notes)
	}
}

// A tool that hangs is waited for as long as is said, and told of as that.
func TestRecordingThatTakesForEverToReadIsTold(t *testing.T) {
	t.Setenv(roleVariable, "hangs")
	if _, err := (jdk{jfr: "/proc/self/exe"}).read(t.Context(), 50*time.Millisecond, "none", 7); err == nil || !strings.HasSuffix(err.Error(), ": exe did not end within 50ms") {
		t.Error(err)
	}
}

// records says whether a JVM's Flight Recorder runs: then it has a file of its open.
func records(pid int) bool {
	open, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	return slices.ContainsFunc(open, func(link string) bool {
		to, err := os.Readlink(link)
		return err == nil && strings.HasSuffix(to, ".jfr")
	})
}

// sampled takes a profile of a server that has samples of what is wanted: one that is short
// may have none where others leave the server little of the cores.
func sampled(t *testing.T, server Server, has func(*prof.Profile) bool) *prof.Profile {
	t.Helper()
	for range 20 {
		p, err := TakeServer(t.Context(), server)
		if err != nil {
			t.Fatal(err)
		}
		if has(p) {
			return p
		}
		t.Log(told(p))
	}
	t.Fatal("there is no sample in any of 20 profiles")
	return nil
}

// A server that is no Node lacks nothing if it was asked for Node's probe.
func TestNoProbeIsMissedWhereThereIsNoNode(t *testing.T) {
	requireProfiles(t)
	ctx, stop := context.WithCancel(t.Context())
	var burning sync.WaitGroup
	burning.Go(func() {
		for sum := 0; ctx.Err() == nil; sum++ {
		}
	})
	defer func() { stop(); burning.Wait() }()
	none := func(context.Context, time.Duration, time.Duration) ([]V8, error) { return nil, ErrNoProbe }
	server := Server{Target: Target{Roots: []int{os.Getpid()}, Duration: 300 * time.Millisecond}, Own: true, Node: none}
	if p := sampled(t, server, func(p *prof.Profile) bool { return len(p.Samples) > 0 }); hasNote(p, "no probe") {
		t.Error(told(p))
	}
}

// Whoever starts Node knows a better way to its names than its flag.
func TestNodeWithoutNamesIsToldWhatItsStarterKnows(t *testing.T) {
	for knows, want := range map[string]string{"": "node --perf-basic-prof-only-functions …", "load the probe": "load the probe"} {
		s := &sampling{target: Target{NodeNames: knows}, order: []int{7}, processes: map[int]*process{7: {exe: "/usr/bin/node"}}}
		if got := (&resolver{sampling: s}).jitFix(); got != want {
			t.Errorf("%q: %q", knows, got)
		}
	}
}

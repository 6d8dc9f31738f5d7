//go:build unix

package run

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

const okReply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// playFault is the servers, and the generator, that fail in a way of their own. It
// returns if it knows none of that name.
func playFault(role string, args []string) {
	switch role {
	case "pools": // so many connections at a time, the others wait
		workers, _ := strconv.Atoi(args[1])
		listener := listens(args[0])
		for range workers {
			go func() {
				for {
					if c, err := listener.Accept(); err == nil {
						answers(c, func(uint64) bool { return true })
					}
				}
			}()
		}
		select {}
	case "ignores": // every request of a number that the second argument divides, for good
		nth, _ := strconv.ParseUint(args[1], 10, 64)
		var requests atomic.Uint64
		accepts(args[0], -1, func(c net.Conn) {
			answers(c, func(uint64) bool {
				if requests.Add(1)%nth == 0 {
					_, _ = io.Copy(io.Discard, c)
					return false
				}
				return true
			})
		})
	case "answers": // so many requests, and from then on none
		first, _ := strconv.ParseUint(args[1], 10, 64)
		var requests atomic.Uint64
		accepts(args[0], -1, func(c net.Conn) {
			answers(c, func(uint64) bool {
				if requests.Add(1) > first {
					_, _ = io.Copy(io.Discard, c)
					return false
				}
				return true
			})
		})
	case "accepts-few": // connections, and then no more
		most, _ := strconv.Atoi(args[1])
		accepts(args[0], most, func(c net.Conn) { answers(c, func(uint64) bool { return true }) })
	case "resets": // every request but the first
		var requests atomic.Uint64
		accepts(args[0], -1, func(c net.Conn) {
			answers(c, func(uint64) bool {
				if requests.Add(1) == 1 {
					return true
				}
				_ = c.(*net.TCPConn).SetLinger(0)
				return false
			})
		})
	case "closes": // after each reply, without a word of it
		accepts(args[0], -1, func(c net.Conn) { answers(c, func(nth uint64) bool { return nth < 2 }) })
	case "lacks-descriptors": // has so many, which connections use up
		most, _ := strconv.ParseUint(args[1], 10, 64)
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: most, Max: most})
		accepts(args[0], -1, func(c net.Conn) { answers(c, func(uint64) bool { return true }) })
	case "shakes-hands": // by TLS, for each reply anew; it tells its address
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "close")
			fmt.Fprint(w, "ok")
		}))
		server.TLS = &tls.Config{SessionTicketsDisabled: true}
		server.StartTLS()
		fmt.Println(server.URL)
		select {}
	case "generates": // a load on the url, and tells its result
		generate(args)
	}
}

func listens(port string) net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	return listener
}

// accepts so many connections, -1 for all, each served on its own.
func accepts(port string, most int, serve func(net.Conn)) {
	listener := listens(port)
	defer listener.Close() // one that nothing refers to is closed by the garbage collector
	for n := 0; most < 0 || n < most; n++ {
		c, err := listener.Accept()
		if err != nil { // out of descriptors: they may come back
			time.Sleep(10 * time.Millisecond)
			continue
		}
		go serve(c)
	}
	select {}
}

// answers the requests of a connection, as long as before lets it.
func answers(c net.Conn, before func(nth uint64) bool) {
	defer c.Close()
	reader := bufio.NewReader(c)
	for nth := uint64(1); ; nth++ {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		if !before(nth) {
			return
		}
		if _, err := io.WriteString(c, okReply); err != nil {
			return
		}
	}
}

// generate is a generator in a process of its own, so that a test can stop it or take
// from it what it needs. Its arguments are a url, a load, and what it is to lack.
func generate(args []string) {
	fail := func(err error) {
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	contender, err := frameworks.URL(args[0])
	fail(err)
	plan := Plan{Contenders: []frameworks.Contender{contender}, Workload: plan.Workload{Name: "test"}}
	if args[2] == "ports" { // in a network of its own, and the server with it
		fail(narrowPorts(8))
		port := args[0][strings.LastIndexByte(args[0], ':')+1:]
		go accepts(port, -1, func(c net.Conn) { answers(c, func(uint64) bool { return true }) })
	}
	fail(json.Unmarshal([]byte(args[1]), &plan.Workload.Load))
	fail(plan.Check())
	loading := make(chan struct{}, 1)
	run := Start(context.Background(), plan, Tools{Builder: build.NewBuilder(os.TempDir(), os.Args[0])}, func(event stream.Event) {
		if phase, ok := event.Body.(stream.PhaseChanged); ok && phase.Phase == stream.PhaseLoad {
			fmt.Println("loading")
			loading <- struct{}{}
		}
	})
	<-loading
	if args[2] == "descriptors" { // once the load is on: one that cannot fit is refused before
		time.Sleep(300 * time.Millisecond)
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 3, Max: 3})
	}
	fail(json.NewEncoder(os.Stdout).Encode(run.Wait()))
	os.Exit(0)
}

// generator is such a process, and what it has found once it has ended.
type generator struct {
	t   *testing.T
	cmd *exec.Cmd
	out *bufio.Reader
}

func generates(t *testing.T, url string, load traffic.Load, lacks string) generator {
	t.Helper()
	return generatesIn(t, nil, url, load, lacks)
}

func generatesIn(t *testing.T, place *syscall.SysProcAttr, url string, load traffic.Load, lacks string) generator {
	t.Helper()
	text, err := json.Marshal(load)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], url, string(text), lacks)
	cmd.Env, cmd.SysProcAttr = append(os.Environ(), roleVariable+"=generates"), place
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		if place != nil {
			t.Skipf("NOT CHECKED: a generator in a network of its own: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	g := generator{t, cmd, bufio.NewReader(out)}
	if line, err := g.out.ReadString('\n'); line != "loading\n" {
		t.Fatalf("the generator says %q: %v", line, err)
	}
	return g
}

func (g generator) told() (stream.Result, told) {
	g.t.Helper()
	var result stream.Result
	if err := json.NewDecoder(g.out).Decode(&result); err != nil || len(result.Contenders) != 1 {
		g.t.Fatalf("the generator told no result: %v", err)
	}
	return result, told{result: result.Contenders[0]}
}

// apart starts a role as a server that is no child of the run, and returns its port.
func apart(t *testing.T, name string, args ...string) (port string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ = net.SplitHostPort(listener.Addr().String())
	listener.Close()
	beside(t, name, append([]string{port}, args...)...)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			c.Close()
			return port
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func within(d time.Duration) func(*Plan) {
	return func(plan *Plan) { plan.Workload.Load.Timeout = d }
}

// A server that starves, drops or resets its connections is what limits the run, even
// where the few that it serves are as fast as the generator can be. docs/method.md has
// a row for each.
func TestVerdictIsTheServersWhateverBecomesOfTheRequests(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	burst := traffic.Load{Model: traffic.Users, Users: 1500, RampOver: time.Second, Repeat: 2}
	cases := []struct {
		name, role, args string
		load             traffic.Load
		timeout          time.Duration
		says             string
	}{
		{"four threads, one connection each, for sixteen", "pools", "4", closed(16, 1500*time.Millisecond), 2 * time.Second, "never had a reply"},
		{"the same for eight", "pools", "4", closed(8, 1500*time.Millisecond), 2 * time.Second, "4 of 8 connections never had a reply"},
		{"never answers every fourth request", "ignores", "4", closed(16, 1500*time.Millisecond), 2 * time.Second, "connections waited for the server"},
		{"never answers every four hundredth", "ignores", "400", closed(16, 1500*time.Millisecond), 2 * time.Second, "connections waited for the server"},
		{"out of descriptors", "lacks-descriptors", "12", closed(32, 1500*time.Millisecond), 2 * time.Second, "connections never had a reply"},
		{"stops accepting", "accepts-few", "6", closed(32, 1500*time.Millisecond), 2 * time.Second, "connections never had a reply"},
		{"resets", "resets", "", closed(16, 1500*time.Millisecond), 2 * time.Second, "connections waited for the server"},
		{"stops listening", "deafens", "600ms 1m", traffic.Load{Model: traffic.Users, Users: 400, RampOver: 1500 * time.Millisecond, Repeat: 1}, time.Second, ""},
		{"accepts slowly under a burst", "accepts", "2ms 20", burst, 3 * time.Second, ""},
		{"hangs from the second request on", "answers", "1",
			traffic.Load{Model: traffic.Rate, Rate: 20, Connections: 4, Duration: 2 * time.Second}, 500 * time.Millisecond, "4 connections"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // whose turn it was does not depend on who else has the CPU
			r := measured(t, role(t, c.role, c.args), c.load, "", within(c.timeout))
			if r.result.Verdict != diagnosis.VerdictServer || !strings.Contains(r.result.VerdictWhy, c.says) {
				t.Errorf("%s: %s; want the server, and %q", r.result.Verdict, r.result.VerdictWhy, c.says)
			}
			if r.told(diagnosis.GeneratorSaturated) {
				t.Errorf("the generator is blamed: %+v", r.result.Findings)
			}
		})
	}
}

// told says whether a finding stands in the result.
func (r told) told(id string) bool {
	return slices.ContainsFunc(r.result.Findings, func(f stream.FindingResult) bool { return f.ID == id })
}

func TestVerdictIsTheServersWhereEachReplyCostsAHandshake(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"=shakes-hands")
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
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	contender, err := frameworks.URL(strings.TrimSpace(address))
	if err != nil {
		t.Fatal(err)
	}
	r := measured(t, contender, closed(16, 1500*time.Millisecond), "", func(plan *Plan) { plan.Insecure = true })
	if r.result.Verdict != diagnosis.VerdictServer || !strings.Contains(r.result.VerdictWhy, "for the connection itself") {
		t.Errorf("%s: %s; want the server, for the connections themselves", r.result.Verdict, r.result.VerdictWhy)
	}
	if r.result.Requests.KO == 0 && strings.Contains(r.result.VerdictWhy, "never had a reply") {
		t.Errorf("every request was answered: %s", r.result.VerdictWhy)
	}
}

// Time that others' time-outs take is not the generator's lateness.
func TestWaitBehindTimeoutsIsNotToldAsLateness(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	port := apart(t, "answers", "1")
	load := traffic.Load{Model: traffic.Rate, Rate: 20, Connections: 4, Duration: 2 * time.Second, Timeout: 500 * time.Millisecond}
	result, _ := generates(t, "http://127.0.0.1:"+port, load, "").told()
	if late := result.Generator.LatenessMS.Max; late > 300 { // the wait is up to 1.5 s
		t.Errorf("the generator is told to have sent %.0f ms late", late)
	}
}

// A generator that is stopped for moments is late by as much, though the burst after
// each of them uses up all connections.
func TestGeneratorThatIsStoppedForMomentsIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	port := apart(t, "pools", "16")
	g := generates(t, "http://127.0.0.1:"+port, traffic.Load{Model: traffic.Rate, Rate: 500, Connections: 8, Duration: 4 * time.Second}, "")
	for range 6 {
		time.Sleep(400 * time.Millisecond)
		_ = g.cmd.Process.Signal(syscall.SIGSTOP)
		time.Sleep(150 * time.Millisecond)
		_ = g.cmd.Process.Signal(syscall.SIGCONT)
	}
	result, r := g.told()
	if late := result.Generator.LatenessMS; late.P99 < 50 || late.Max < 100 {
		t.Errorf("it was late by %+v; want about 130 ms at p99", late)
	}
	if r.result.Verdict == diagnosis.VerdictServer {
		t.Errorf("these figures are not the server's: %s", r.result.VerdictWhy)
	}
	if !r.told(diagnosis.GeneratorSaturated) {
		t.Errorf("nothing tells of it: %s: %s; %+v", r.result.Verdict, r.result.VerdictWhy, r.result.Findings)
	}
}

// What the generator lacks itself is never the server's doing, however fast the replies.
func TestVerdictIsTheGeneratorsWhereItLacksDescriptors(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	port := apart(t, "closes")
	g := generates(t, "http://127.0.0.1:"+port, traffic.Load{Model: traffic.Closed, Connections: 8, Duration: 1500 * time.Millisecond}, "descriptors")
	_, r := g.told()
	r.rules(t, diagnosis.VerdictGenerator, "found the generator out of what it needs: generator: no file descriptors")
	if !r.told(diagnosis.GeneratorExhausted) {
		t.Errorf("no finding tells of it: %+v", r.result.Findings)
	}
}

//go:build unix

package run

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/testrole"
	"github.com/benchtui/benchtui/internal/traffic"
)

// generating is what a generator in a process of its own is told.
type generating struct {
	URL              string
	Load             traffic.Load
	LacksDescriptors bool // as soon as the load is on, for good
	LocalPorts       int  // that there are; 0: as many as the network has. It serves URL then itself
}

const (
	generatorVariable testrole.Variable = "BENCHTUI_TEST_GENERATOR"
	generatesLoad     testrole.Role     = "generates-load" // and tells the result
)

// generate is a generator in a process of its own, so that a test can stop it or take
// from it what it needs.
func generate(o generating) {
	fail := func(err error) {
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	contender, err := frameworks.URL(o.URL)
	fail(err)
	plan := Plan{Contenders: []frameworks.Contender{contender}, Workload: plan.Workload{Name: "test", Load: o.Load}}
	if o.LocalPorts > 0 { // in a network of its own, and the server with it
		fail(narrowPorts(o.LocalPorts))
		listener, err := net.Listen("tcp", strings.TrimPrefix(o.URL, "http://"))
		fail(err)
		go func() {
			fail(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })))
		}()
	}
	fail(plan.Check())
	loading := make(chan struct{}, 1)
	run := Start(context.Background(), plan, Tools{Builder: build.NewBuilder(os.TempDir(), os.Args[0])}, func(event stream.Event) {
		if phase, ok := event.Body.(stream.PhaseChanged); ok && phase.Phase == stream.PhaseLoad {
			fmt.Println("loading")
			loading <- struct{}{}
		}
	})
	<-loading
	if o.LacksDescriptors { // once the load is on: one that cannot fit is refused before
		time.Sleep(300 * time.Millisecond)
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 3, Max: 3})
	}
	fail(json.NewEncoder(os.Stdout).Encode(run.Wait()))
	os.Exit(0)
}

// generator is such a process, and what it has found once it has ended.
type generator struct {
	t   testing.TB
	cmd *exec.Cmd
	out *bufio.Reader
}

func generates(t testing.TB, o generating) generator {
	t.Helper()
	return generatesIn(t, nil, o)
}

func generatesIn(t testing.TB, place *syscall.SysProcAttr, o generating) generator {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.SysProcAttr = append(os.Environ(), testrole.As(generatorVariable, generatesLoad, o)), place
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

// apart starts a server that is no child of the run, and returns its URL.
func apart(t testing.TB, role servertest.Role, options servertest.Options) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().(*net.TCPAddr)
	listener.Close()
	beside(t, role, options, strconv.Itoa(address.Port))
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		c, err := net.Dial("tcp", address.String())
		if err == nil {
			c.Close()
			return "http://" + address.String()
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
	overflow := ""
	if runtime.GOOS == "linux" { // which alone tells of the queue
		overflow = diagnosis.AcceptQueueOverflow
	}
	burst := traffic.Load{Model: traffic.Users, Users: 1500, RampOver: time.Second, Repeat: 2}
	cases := []struct {
		name    string
		role    servertest.Role
		options servertest.Options
		load    traffic.Load
		timeout time.Duration
		says    string
		finds   string // "": anything, or nothing
	}{
		{"four threads, one connection each, for sixteen", servertest.AcceptsAtATime, servertest.Options{Connections: 4}, closed(16, 1500*time.Millisecond), 2 * time.Second, "never had a reply", ""},
		{"the same for eight", servertest.AcceptsAtATime, servertest.Options{Connections: 4}, closed(8, 1500*time.Millisecond), 2 * time.Second, "4 of 8 connections never had a reply", ""},
		{"never answers every fourth request", servertest.Hangs, servertest.Options{Every: 4}, closed(16, 1500*time.Millisecond), 2 * time.Second, "connections waited for the server", diagnosis.TimeoutsHideLatency},
		{"never answers every hundredth", servertest.Hangs, servertest.Options{Every: 100}, closed(16, 1500*time.Millisecond), 2 * time.Second, "connections waited for the server", diagnosis.TimeoutsHideLatency},
		{"out of descriptors", servertest.LacksDescriptors, servertest.Options{Descriptors: 12}, closed(32, 1500*time.Millisecond), 2 * time.Second, "connections never had a reply", ""},
		{"stops accepting", servertest.AcceptsFew, servertest.Options{Connections: 6}, closed(32, 1500*time.Millisecond), 2 * time.Second, "connections never had a reply", ""},
		{"resets", servertest.ResetsAllButOne, servertest.Options{}, closed(16, 1500*time.Millisecond), 2 * time.Second, "connections waited for the server", ""},
		{"stops listening", servertest.StopsListening, servertest.Options{After: 600 * time.Millisecond, For: time.Minute}, traffic.Load{Model: traffic.Users, Users: 400, RampOver: 1500 * time.Millisecond, Repeat: 1}, time.Second, "", diagnosis.ConnectionsRefused},
		{"accepts slowly under a burst", servertest.AcceptsSlowly, servertest.Options{For: 2 * time.Millisecond, Backlog: 20}, burst, 3 * time.Second, "", overflow},
		{"hangs from the second request on", servertest.AnswersFirst, servertest.Options{Requests: 1},
			traffic.Load{Model: traffic.Rate, Rate: 20, Connections: 4, Duration: 2 * time.Second}, 500 * time.Millisecond, "4 connections", diagnosis.TimeoutsHideLatency},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // whose turn it was does not depend on who else has the CPU
			undisturbed(t, func(t testing.TB) {
				r := measured(t, serverOf(t, c.role, c.options), c.load, "", within(c.timeout))
				if r.result.Verdict != diagnosis.VerdictServer || !strings.Contains(r.result.VerdictWhy, c.says) {
					t.Errorf("%s: %s; want the server, and %q", r.result.Verdict, r.result.VerdictWhy, c.says)
				}
				if c.finds != "" && !r.told(c.finds) {
					t.Errorf("%s is not told: %+v", c.finds, r.result.Findings)
				}
				if r.told(diagnosis.GeneratorSaturated) {
					t.Errorf("the generator is blamed: %+v", r.result.Findings)
				}
			})
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
	undisturbed(t, func(t testing.TB) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), servertest.As(servertest.RenewsTLS))
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
	})
}

// Time that others' time-outs take is not the generator's lateness.
func TestWaitBehindTimeoutsIsNotToldAsLateness(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		url := apart(t, servertest.AnswersFirst, servertest.Options{Requests: 1})
		load := traffic.Load{Model: traffic.Rate, Rate: 20, Connections: 4, Duration: 2 * time.Second, Timeout: 500 * time.Millisecond}
		result, _ := generates(t, generating{URL: url, Load: load}).told()
		if late := result.Generator.LatenessMS.Max; late > 300 { // the wait is up to 1.5 s
			t.Errorf("the generator is told to have sent %.0f ms late", late)
		}
	})
}

// A generator that is stopped for moments is late by as much, though the burst after
// each of them uses up all connections.
func TestGeneratorThatIsStoppedForMomentsIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		g := generates(t, generating{
			URL:  apart(t, servertest.AcceptsAtATime, servertest.Options{Connections: 16}),
			Load: traffic.Load{Model: traffic.Rate, Rate: 500, Connections: 8, Duration: 4 * time.Second},
		})
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
	})
}

// What the generator lacks itself is never the server's doing, however fast the replies.
func TestVerdictIsTheGeneratorsWhereItLacksDescriptors(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		_, r := generates(t, generating{
			URL:  apart(t, servertest.DropsSecond, servertest.Options{}),
			Load: traffic.Load{Model: traffic.Closed, Connections: 8, Duration: 1500 * time.Millisecond}, LacksDescriptors: true,
		}).told()
		r.rules(t, diagnosis.VerdictGenerator, "found the generator out of what it needs: generator: no file descriptors")
		if !r.told(diagnosis.GeneratorExhausted) {
			t.Errorf("no finding tells of it: %+v", r.result.Findings)
		}
	})
}

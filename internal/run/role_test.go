//go:build unix

package run

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// roleVariable makes a run of the test binary a server of one of the kinds below.
const roleVariable = "SESSION_TEST_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		play(role, os.Args[1:])
		return
	}
	// Those that run at the same time mostly wait, whatever the number of cores.
	flag.Parse()
	if err := flag.Set("test.parallel", "6"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m) // no test leaves a goroutine behind
}

// play is what the children of the tests do. A server's first argument is its port.
func play(role string, args []string) {
	var requests atomic.Uint64
	switch role {
	case "well":
		serve(args[0], func() {})
	case "spins": // as much CPU for each request as its second argument says
		most, _ := time.ParseDuration(args[1])
		serve(args[0], func() { spin(most) })
	case "crashes": // at the request that its second argument says
		last, _ := strconv.ParseUint(args[1], 10, 64)
		serve(args[0], func() {
			if requests.Add(1) == last {
				fmt.Fprintln(os.Stderr, "out of luck")
				os.Exit(3)
			}
		})
	case "crashes-in-start": // of the number that its second argument says, at its fiftieth request; its third is a file to count them in
		file, err := os.OpenFile(args[2], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = file.WriteString(".")
		}
		starts, failed := os.ReadFile(args[2])
		if err != nil || failed != nil {
			fmt.Println(err, failed)
			os.Exit(1)
		}
		serve(args[0], func() {
			if strconv.Itoa(len(starts)) == args[1] && requests.Add(1) == 50 {
				fmt.Fprintln(os.Stderr, "not this time")
				os.Exit(3)
			}
		})
	case "ends": // at once
		os.Exit(4)
	case "panics": // in every tenth request, which ends its connection but not the server
		serve(args[0], func() {
			if requests.Add(1)%10 == 0 {
				panic(http.ErrAbortHandler)
			}
		})
	case "leaks": // so many KB with each request, at most as many MB as its third argument says
		each, _ := strconv.Atoi(args[1])
		most, _ := strconv.Atoi(args[2])
		var kept [][]byte
		turn := make(chan struct{}, 1)
		serve(args[0], func() {
			turn <- struct{}{}
			if len(kept)*each < most*1000 {
				block := make([]byte, each*1000)
				for i := range block {
					block[i] = byte(i)
				}
				kept = append(kept, block)
			}
			<-turn
		})
	case "allocates": // garbage for each request
		serve(args[0], func() { garbage.Store(new([1 << 20]byte)) })
	case "accepts": // a connection at a time, after the pause that its second argument says; as many may wait as the third
		pause, _ := time.ParseDuration(args[1])
		backlog, _ := strconv.Atoi(args[2])
		acceptSlowly(args[0], pause, backlog)
	case "burns": // the share of a core that its argument says
		share, _ := strconv.ParseFloat(args[0], 64)
		const turn = 20 * time.Millisecond
		for {
			busy := time.Duration(share * float64(turn))
			spin(busy)
			time.Sleep(turn - busy)
		}
	default:
		playUnderLoad(role, args)
		playWaiting(role, args)
		playOddly(role, args)
		playFault(role, args)
		fmt.Println("no such role:", role)
		os.Exit(1)
	}
}

func serve(port string, work func()) {
	err := http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		work()
		_, _ = w.Write([]byte("ok"))
	}))
	fmt.Println(err)
	os.Exit(1)
}

func spin(most time.Duration) {
	for began := time.Now(); time.Since(began) < most; {
	}
}

// acceptSlowly serves one request per connection.
func acceptSlowly(port string, pause time.Duration, backlog int) {
	fail := func(err error) {
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	number, err := strconv.Atoi(port)
	fail(err)
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	fail(err)
	fail(syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1))
	fail(syscall.Bind(socket, &syscall.SockaddrInet4{Port: number, Addr: [4]byte{127, 0, 0, 1}}))
	fail(syscall.Listen(socket, backlog))
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	go func() { <-term; os.Exit(0) }()
	for {
		connection, _, err := syscall.Accept(socket)
		if err != nil {
			continue
		}
		request := make([]byte, 4096)
		_, _ = syscall.Read(connection, request)
		_, _ = syscall.Write(connection, []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"))
		_ = syscall.Close(connection)
		time.Sleep(pause)
	}
}

// garbage keeps what a role allocates from being left out.
var garbage atomic.Pointer[[1 << 20]byte]

// role is a contender that this binary plays.
func role(t *testing.T, name, args string) frameworks.Contender {
	t.Helper()
	return command(t, fmt.Sprintf("%s=%s=%s GORACE=atexit_sleep_ms=0 '%s' {port} %s", name, roleVariable, name, os.Args[0], args))
}

func command(t *testing.T, spec string) frameworks.Contender {
	t.Helper()
	contender, err := frameworks.Command(spec)
	if err != nil {
		t.Fatal(err)
	}
	return contender
}

// nodeServer is a Node program as a contender, with the probe. Without node the
// test is skipped, and says what that leaves open.
func nodeServer(t *testing.T, program string) frameworks.Contender {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("NOT CHECKED: what a Node server's event loop tells; there is no node on this machine")
	}
	file := t.TempDir() + "/server.js"
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	contender := command(t, fmt.Sprintf("node='%s' '%s' {port}", node, file))
	contender.Manifest.Probes = []string{frameworks.NodeEventLoop}
	return contender
}

// told is a run as a test sees it.
type told struct {
	events []stream.Event
	result stream.ContenderResult
}

// finding is the first that a run told of while its load was under way.
func (r told) finding(id string) (found stream.FindingChanged, live bool) {
	phase := stream.Phase("")
	for _, event := range r.events {
		switch body := event.Body.(type) {
		case stream.PhaseChanged:
			phase = body.Phase
		case stream.FindingChanged:
			if body.Finding.ID == id && phase == stream.PhaseLoad {
				return body, true
			}
		}
	}
	return stream.FindingChanged{}, false
}

func (r told) notices() (texts []string) {
	for _, event := range r.events {
		if notice, ok := event.Body.(stream.Notice); ok {
			texts = append(texts, notice.Text)
		}
	}
	return texts
}

func (r told) eventLoops() (samples []stream.EventLoopSample) {
	for _, event := range r.events {
		if sample, ok := event.Body.(stream.EventLoopSample); ok {
			samples = append(samples, sample)
		}
	}
	return samples
}

// otherCPU is the mean of what neither server nor generator used of the CPU while
// the load was on, in percent of a core.
func (r told) otherCPU() float64 {
	var other, over float64
	generator := 0.0
	for _, event := range r.events {
		switch body := event.Body.(type) {
		case stream.LoadSample:
			generator = body.GeneratorCPUPercentOfCore
		case stream.ProcessSample:
			if body.Phase != stream.PhaseLoad || len(body.Sample.HostCPUPercent) == 0 {
				continue
			}
			used := -generator - body.Sample.CPUPercentOfCore.Value
			for _, core := range body.Sample.HostCPUPercent {
				used += core
			}
			other += used * body.Sample.Over.Seconds()
			over += body.Sample.Over.Seconds()
		}
	}
	if over == 0 {
		return 0
	}
	return other / over
}

// measured runs a contender under a load. When a finding with the id until is told,
// the run is stopped: what is live must not wait for the end.
func measured(t *testing.T, contender frameworks.Contender, load traffic.Load, until string, change ...func(*Plan)) told {
	t.Helper()
	plan := Plan{
		Contenders: []frameworks.Contender{contender},
		Workload:   plan.Workload{Name: "test", Load: load},
		Grace:      200 * time.Millisecond, StartTimeout: 20 * time.Second,
	}
	for _, change := range change {
		change(&plan)
	}
	if err := plan.Check(); err != nil {
		t.Fatal(err)
	}
	var seen told
	found := make(chan struct{}, 1)
	run := Start(t.Context(), plan, Tools{Builder: build.NewBuilder(t.TempDir(), os.Args[0])}, func(event stream.Event) {
		seen.events = append(seen.events, event)
		if finding, ok := event.Body.(stream.FindingChanged); ok && until != "" && finding.Finding.ID == until {
			select {
			case found <- struct{}{}:
			default:
			}
		}
	})
	select {
	case <-found:
		run.Stop()
	case <-run.Done():
	}
	seen.result = run.Wait().Contenders[0]
	if seen.result.Requests.Total == 0 {
		t.Fatalf("nothing was measured: %s: %s", seen.result.Status, seen.result.StatusDetail)
	}
	return seen
}

// beside starts a process of a role that is no part of the run.
func beside(t *testing.T, role string, args ...string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

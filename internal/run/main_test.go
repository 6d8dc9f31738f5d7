//go:build unix

package run

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/measure/measuretest"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/testrole"
	"github.com/benchtui/benchtui/internal/traffic"
)

func TestMain(m *testing.M) {
	servertest.Play()
	if testrole.Play(generatorVariable, map[testrole.Role]func(generating){generatesLoad: generate}) {
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

// serverOf is a contender that this binary plays, with the role as its id.
func serverOf(t testing.TB, role servertest.Role, options ...servertest.Options) frameworks.Contender {
	t.Helper()
	return named(t, string(role), role, options...)
}

func named(t testing.TB, id string, role servertest.Role, options ...servertest.Options) frameworks.Contender {
	t.Helper()
	return command(t, servertest.Command(id, role, options...))
}

func command(t testing.TB, spec string) frameworks.Contender {
	t.Helper()
	contender, err := frameworks.Command(spec)
	if err != nil {
		t.Fatal(err)
	}
	return contender
}

// nodeServer is a Node program as a contender, with the probe. Without node the
// test is skipped, and says what that leaves open.
func nodeServer(t testing.TB, program string) frameworks.Contender {
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

// mostStop is how long a machine may stand still in a run that is to show that something
// is not told, or when.
const mostStop = 150 * time.Millisecond

func undisturbed(t *testing.T, test func(t testing.TB)) {
	t.Helper()
	measuretest.Undisturbed(t, mostStop, test)
}

// measured runs a contender under a load. When a finding with the id until is told,
// the run is stopped: what is live must not wait for the end. It can be told: on a machine
// that stood still, or that others had just then, it is where it is tried again.
func measured(t testing.TB, contender frameworks.Contender, load traffic.Load, until string, change ...func(*Plan)) (seen told) {
	t.Helper()
	for range 3 {
		seen = measuredOnce(t, contender, load, until, change...)
		if _, found := seen.finding(until); until == "" || found {
			break
		}
		t.Logf("%s was not told; others used %.0f %% of a core: %s: %s", until, seen.otherCPU(), seen.result.Verdict, seen.result.VerdictWhy)
	}
	return seen
}

func measuredOnce(t testing.TB, contender frameworks.Contender, load traffic.Load, until string, change ...func(*Plan)) told {
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

// beside starts a process of a role that is no part of the run; a server's argument is its
// port.
func beside(t testing.TB, role servertest.Role, options servertest.Options, args ...string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), servertest.As(role, options))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

//go:build linux

package e2e

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
)

// Every kind of server that can spoil a run is followed by one that is well: the
// run goes on, and nothing of either is left (which newBench checks).
func TestRunGoesOnAfterEveryKindOfServer(t *testing.T) {
	load := []string{"-w", "rate", "-q", "1000", "-c", "8", "-z", "2s", "--warmup", "0s"}
	for id, c := range map[string]struct {
		server string // its --cmd
		args   []string
		status stream.Status
		says   []string // in the status's detail
		check  func(*testing.T, stream.ContenderResult)
	}{
		"forks": {server: serverOf(servertest.Forks), status: stream.StatusOK, check: func(t *testing.T, one stream.ContenderResult) {
			tree, machine := one.Process.Tree, one.Process.Machine
			if tree == nil || tree.ProcessesMax != 4 || len(tree.RSSMBByProcess) != 4 || tree.FileDescriptorsMax == nil || tree.ContextSwitchesPerS == nil {
				t.Fatalf("of a server and its three helpers it tells %+v", tree)
			}
			sum := 0.0
			for _, process := range tree.RSSMBByProcess {
				sum += *process.RSSMB
			}
			if most := *one.Process.RSSMBMax; math.Abs(sum-most) > 1e-6 {
				t.Errorf("they hold %v MB each by each, and %v MB together", sum, most)
			}
			if machine == nil || len(machine.CPUPercentByCoreMean) != runtime.NumCPU() || machine.ListenOverflows == nil || machine.SYNRetransmits == nil {
				t.Errorf("of the machine it tells %+v", machine)
			}
		}},
		"leaks": {server: serverOf(servertest.Leaks, servertest.Options{KB: 20}), status: stream.StatusOK, check: func(t *testing.T, one stream.ContenderResult) {
			idle, most := one.Process.RSSMBIdle, one.Process.RSSMBMax
			if idle == nil || most == nil || *most < *idle+20 {
				t.Errorf("it keeps 20 KB of each of %d requests; memory at idle %v, at most %v", one.Requests.Total, idle, most)
			}
		}},
		"crashes": {server: serverOf(servertest.Crashes, servertest.Options{AtRequest: 1000}), status: stream.StatusCrashed, says: []string{"during the load", "exit code 3", "out of luck"}, check: func(t *testing.T, one stream.ContenderResult) {
			if one.Requests.OK < 900 || one.Requests.OK > 999 { // the first good reply was the readiness
				t.Errorf("%d replies were OK, of 998 that it gave", one.Requests.OK)
			}
		}},
		"ignores-term": {server: serverOf(servertest.IgnoresTerm), status: stream.StatusOK},
		// What answers on the port is the server, whoever started it.
		"daemonizes": {server: serverOf(servertest.Daemonizes), status: stream.StatusOK, check: func(t *testing.T, one stream.ContenderResult) {
			process := one.Process
			if process == nil || process.StarterOnly || process.CPUPercentMean == nil || !strings.Contains(process.FiguresOf, "which listens on port") {
				t.Errorf("of a server in the background it tells %+v", process)
			}
			for _, finding := range one.Findings {
				if finding.ID == "server_crashed" || finding.ID == "starter_measured" {
					t.Errorf("a server that answers is told to be %s", finding.ID)
				}
			}
		}},
		"finds-port-taken": {server: serverOf(servertest.FindsPortTaken), status: stream.StatusStartFailed, says: []string{"exit code 1", "address already in use"}},
		"never-listens": {server: serverOf(servertest.NeverListens), args: []string{"--start-timeout", "7s"}, status: stream.StatusStartFailed,
			says: []string{"within 7 s", "waiting for the database", "--start-timeout"}},
		"says": {server: serverOf(servertest.Says, servertest.Options{Text: "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}), args: []string{"--start-timeout", "30s"},
			status: stream.StatusStartFailed, says: []string{"status 404"}},
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"run", "--plain", "--json", "-", "--cmd", c.server, "--cmd", serverOf(servertest.Serves), "--expect-status", "200"}, load...)
			b := newBench(t, append(args, c.args...)...)
			want := cli.ExitNotMeasured
			if c.status == stream.StatusOK {
				want = cli.ExitDone
			}
			if code := b.run(t); code != want {
				t.Errorf("exit code %d, want %d\n%s", code, want, b.stderr.String())
			}
			for _, one := range decode(t, b.stdout.Bytes()).Contenders {
				switch one.ID {
				case id:
					if one.Status != c.status {
						t.Errorf("%s: %s; want %s", one.Status, one.StatusDetail, c.status)
					}
					for _, word := range c.says {
						if !strings.Contains(one.StatusDetail, word) {
							t.Errorf("%q is not in: %s", word, one.StatusDetail)
						}
					}
					if c.check != nil {
						c.check(t, one)
					}
				case string(servertest.Serves):
					if one.Status != stream.StatusOK || one.Requests.OK != 2000 {
						t.Errorf("the next one: %s: %s, %+v", one.Status, one.StatusDetail, one.Requests)
					}
				}
			}
		})
	}
}

// However benchtui ends, and whatever kind of server it had, nothing is left.
func TestNothingIsLeftHoweverBenchtuiEnds(t *testing.T) {
	plain := []string{"--plain"}
	closeTerminal := func(t *testing.T, s *screenRun) {
		if err := s.terminal.Close(); err != nil {
			t.Error(err)
		}
	}
	send := func(sent syscall.Signal) func(*testing.T, *screenRun) {
		return func(_ *testing.T, s *screenRun) { _ = s.Process.Signal(sent) }
	}
	ends := map[string]struct {
		args []string
		how  func(*testing.T, *screenRun)
		kept bool // what was measured is written
	}{
		"SIGKILL":                  {nil, send(syscall.SIGKILL), false},
		"SIGKILL, plain":           {plain, send(syscall.SIGKILL), false},
		"SIGTERM":                  {nil, send(syscall.SIGTERM), true},
		"SIGHUP, plain":            {plain, send(syscall.SIGHUP), true},
		"terminal closed":          {nil, closeTerminal, true},
		"terminal closed, plain":   {plain, closeTerminal, true},
		"SIGQUIT, as from Ctrl-\\": {plain, send(syscall.SIGQUIT), false},
	}
	for _, server := range []struct {
		role      servertest.Role
		options   servertest.Options
		processes int
		loaded    bool
	}{
		{servertest.Forks, servertest.Options{}, 4, true},
		{servertest.Leaks, servertest.Options{KB: 20}, 1, true},
		{servertest.IgnoresTerm, servertest.Options{}, 1, true},
		{servertest.Daemonizes, servertest.Options{Stays: true}, 2, true},
		{servertest.NeverListens, servertest.Options{}, 1, false},
	} {
		for name, end := range ends {
			t.Run(string(server.role)+", "+name, func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), "result.json")
				args := []string{"run", "--cmd", serverOf(server.role, server.options), "-w", "rate", "-q", "200", "-z", "60s", "--warmup", "0s", "--json", file}
				s := newScreenRun(t, append(args, end.args...)...)
				await(t, "all of the server", func() bool { return s.playing() >= server.processes })
				if server.loaded {
					await(t, "load", func() bool {
						shown := s.shown.String()
						return strings.Contains(shown, "1.0 s") || strings.Contains(shown, "LOAD")
					})
				}
				end.how(t, s)
				began := time.Now()
				s.exitCode(t)
				if took := time.Since(began); took > time.Minute {
					t.Errorf("it took %s to end", took)
				}
				s.nothingIsLeft(t)
				if end.kept {
					data, err := os.ReadFile(file)
					if err != nil {
						t.Fatal(err)
					}
					if one := only(t, decode(t, data)); one.Status != stream.StatusAborted {
						t.Errorf("the result tells %s: %s", one.Status, one.StatusDetail)
					}
				}
			})
		}
	}
}

// playing is how many processes of the server run.
func (b *bench) playing() (number int) {
	for _, one := range b.descendants() {
		if strings.Contains(one, ".test ") {
			number++
		}
	}
	return number
}

// A run that is over and can't get rid of its result yet is asked to end.
func TestSignalWhileTheResultIsWrittenLosesNothing(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	capacity, err := unix.FcntlInt(writer.Fd(), unix.F_SETPIPE_SZ, 4096)
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, "run", "--cmd", serverOf(servertest.Serves), "-w", "rate", "-q", "100", "-z", "300ms", "--warmup", "0s", "--plain", "--json", "-")
	b.Stdout = writer
	if err := b.Start(); err != nil {
		t.Fatal(err)
	}
	writer.Close()
	await(t, "a pipe full of result", func() bool {
		waiting, err := unix.IoctlGetInt(int(reader.Fd()), unix.TIOCINQ)
		return err == nil && waiting == capacity
	})
	b.Process.Signal(syscall.SIGTERM)
	data, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	if code := b.exitCode(t); code != cli.ExitDone {
		t.Errorf("exit code %d\n%s", code, b.stderr.String())
	}
	if one := only(t, decode(t, data)); one.Status != stream.StatusOK {
		t.Errorf("the result tells %s: %s", one.Status, one.StatusDetail)
	}
}

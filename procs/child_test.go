//go:build unix

package procs_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
)

func TestEndIsToldWithItsLastLines(t *testing.T) {
	child := proctest.Start(t, proctest.ExitsWith3)
	child.AwaitEnd(t)
	if exit := child.Exit(); exit.Code != 3 || exit.String() != "exit code 3" {
		t.Errorf("it ended with %+v, in words %q; want exit code 3", exit, exit)
	}
	last := child.LastLines(5)
	slices.Sort(last) // two streams, no order between them
	if !slices.Equal(last, []string{"no configuration", "reading the configuration"}) {
		t.Errorf("its last lines are %q", last)
	}
	if one := child.LastLines(1); len(one) != 1 {
		t.Errorf("asked for one line, got %q", one)
	}
}

func TestSignalThatEndedItIsTold(t *testing.T) {
	child := proctest.Start(t, proctest.KillsItself)
	child.AwaitEnd(t)
	if exit := child.Exit(); exit.Signal != "SIGKILL" || exit.String() != "killed by SIGKILL" {
		t.Errorf("it ended with %+v, in words %q; want SIGKILL", exit, exit)
	}
}

func TestStopGivesTheChildTimeToEndByItself(t *testing.T) {
	child := proctest.Start(t, proctest.WaitsForTerm)
	child.Await(t, "ready")
	if err := child.Stop(t.Context(), proctest.Patience); err != nil {
		t.Fatal(err)
	}
	if exit := child.Exit(); exit.Signal != "" || exit.Code != 0 {
		t.Errorf("a server that heeds SIGTERM ended with %s", exit)
	}
}

func TestStopEndsTheWholeTree(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	for _, c := range []struct {
		role    proctest.Role
		options proctest.Options
		grown   int // the processes it tells of, itself included
	}{
		{proctest.IgnoresTerm, proctest.Options{}, 1},
		{proctest.Forks, proctest.Options{Workers: 3}, 4},
		{proctest.KeepsDaemon, proctest.Options{}, 3},
	} {
		t.Run(string(c.role), func(t *testing.T) {
			child := proctest.Start(t, c.role, c.options)
			child.Await(t, "ready")
			if grown := len(child.PIDs()); grown != c.grown {
				t.Fatalf("%d processes instead of %d: %q", grown, c.grown, child.Lines())
			}
			if err := child.Stop(t.Context(), 50*time.Millisecond); err != nil {
				t.Fatal(err)
			}
			for _, pid := range child.PIDs() {
				if proctest.Running(pid) {
					t.Errorf("process %d still runs", pid)
				}
			}
		})
	}
}

func TestDaemonDoesNotHoldUpTheEndOfItsParent(t *testing.T) {
	child := proctest.Start(t, proctest.LeavesDaemon) // the daemon's own output is another pipe
	began := time.Now()
	child.AwaitEnd(t)
	if took := time.Since(began); took > proctest.Patience/2 {
		t.Errorf("its end was told after %s", took)
	}
	daemon := child.PIDs()[1]
	if !proctest.Running(daemon) {
		t.Fatal("there is no daemon: this test shows nothing")
	}
	if err := child.Stop(t.Context(), 10*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if proctest.Running(daemon) {
		t.Error("the daemon outlived Stop")
	}
}

func TestOutputHeldOpenDoesNotHoldUpTheEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	child := proctest.StartCommand(t, procs.Command{Path: "/bin/sh", Args: []string{"-c", "sleep 300 & echo pid $!"}})
	began := time.Now()
	child.AwaitEnd(t)
	if took := time.Since(began); took > procs.OutputAfterDeath+proctest.Patience/2 {
		t.Errorf("its end was told after %s", took)
	}
	if pids := child.PIDs(); len(pids) != 2 || !proctest.Running(pids[1]) {
		t.Fatalf("no process holds the output open: %q", child.Lines())
	}
}

// A machine that stands still as a child ends takes nothing from what is waited for.
func TestLastLinesAreHeardWhereTheMachineStoodStill(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	child := proctest.Start(t, proctest.StandsStill)
	child.AwaitEnd(t)
	if said := child.LastLines(1); !slices.Equal(said, []string{"[first last]"}) {
		t.Errorf("of a child that said first and last it heard %q", said)
	}
}

func TestStopTwiceAndAfterTheEnd(t *testing.T) {
	child := proctest.Start(t, proctest.ExitsWith3)
	child.AwaitEnd(t)
	for range 2 {
		if err := child.Stop(t.Context(), proctest.Patience); err != nil {
			t.Error(err)
		}
	}
}

func TestImpatientStopHurriesThePatientOne(t *testing.T) {
	child := proctest.Start(t, proctest.IgnoresTerm)
	child.Await(t, "ready")
	var patient sync.WaitGroup
	began := time.Now()
	patient.Go(func() {
		if err := child.Stop(context.Background(), time.Minute); err != nil {
			t.Error(err)
		}
	})
	now, cancel := context.WithCancel(context.Background())
	cancel()
	if err := child.Stop(now, time.Minute); err != nil {
		t.Error(err)
	}
	patient.Wait()
	if took := time.Since(began); took > proctest.Patience/2 {
		t.Errorf("both took %s", took)
	}
}

func TestCancelledStopSkipsTheGrace(t *testing.T) {
	child := proctest.Start(t, proctest.IgnoresTerm)
	child.Await(t, "ready")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	began := time.Now()
	if err := child.Stop(ctx, time.Minute); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > proctest.Patience/2 {
		t.Errorf("it took %s", took)
	}
	if child.Exit().Signal != "SIGKILL" {
		t.Errorf("it ended with %s", child.Exit())
	}
}

func TestNothingIsLeftWhenWeAreKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGHUP, syscall.SIGTERM} {
		for _, child := range []proctest.Options{{Role: proctest.WaitsForTerm}, {Role: proctest.Forks, Workers: 2}, {Role: proctest.KeepsDaemon}} {
			t.Run(signal.String()+" "+string(child.Role), func(t *testing.T) {
				if child.Role == proctest.KeepsDaemon && !marksAreSeen {
					t.Skip("here a daemon is out of reach of the guard")
				}
				benchtui := proctest.Start(t, proctest.IsBenchtui, child)
				benchtui.Await(t, "ready")
				proctest.Until(t, "the child's pid", func() bool { return slices.Contains(benchtui.Lines(), "ready") && len(benchtui.PIDs()) > 1 })
				pids := benchtui.PIDs()[1:]
				guarded(t, benchtui.PID())
				for _, pid := range pids {
					if !proctest.Running(pid) && child.Role != proctest.KeepsDaemon { // its middle one ends by itself
						t.Errorf("process %d ended before its time", pid)
					}
				}
				if err := syscall.Kill(benchtui.PID(), signal); err != nil {
					t.Fatal(err)
				}
				benchtui.AwaitEnd(t)
				for _, pid := range pids {
					proctest.Until(t, "the end of its child", func() bool { return !proctest.Running(pid) })
				}
			})
		}
	}
}

func TestStartSaysWhatToDo(t *testing.T) {
	directory := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(directory, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		command procs.Command
		want    string
	}{
		{procs.Command{Path: "no-such-program"}, "start no-such-program: not found in PATH; install it, or give its path"},
		{procs.Command{Path: "./server", Dir: directory}, "start ./server: not found; is the path right, and is it built?"},
		{procs.Command{Path: "true", Dir: filepath.Join(directory, "none")}, "/none is not there; is it built?"},
		{procs.Command{Path: write("plain", "text", 0o644)}, "chmod +x it"},
		{procs.Command{Path: write("orphan.sh", "#!/no/such/shell\n", 0o755)}, "the interpreter or loader that it names is not found"},
		{procs.Command{Path: write("noise", "\x00\x01\x02", 0o755)}, "is it built for another one"},
		{procs.Command{Path: "true", LogFile: filepath.Join(directory, "none", "log")}, "open its log"},
	} {
		child, err := procs.Start(c.command)
		if err == nil {
			_ = child.Stop(context.Background(), 0)
			t.Errorf("%+v started", c.command)
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q does not say %q", err, c.want)
		}
	}
}

func TestRelativeProgramIsSoughtInItsDirectory(t *testing.T) {
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "server"), []byte("#!/bin/sh\necho here: $1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	child := proctest.StartCommand(t, procs.Command{Path: "./server", Dir: directory, Args: []string{"and now"}})
	child.Await(t, "here: and now")
}

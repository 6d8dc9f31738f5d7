//go:build unix

package procs

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
)

func TestEndIsToldWithItsLastLines(t *testing.T) {
	child := start(t, "exits")
	child.awaitEnd(t)
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
	child := start(t, "dies")
	child.awaitEnd(t)
	if exit := child.Exit(); exit.Signal != "SIGKILL" || exit.String() != "killed by SIGKILL" {
		t.Errorf("it ended with %+v, in words %q; want SIGKILL", exit, exit)
	}
}

func TestStopGivesTheChildTimeToEndByItself(t *testing.T) {
	child := start(t, "quiet")
	child.await(t, "ready")
	if err := child.Stop(t.Context(), patience); err != nil {
		t.Fatal(err)
	}
	if exit := child.Exit(); exit.Signal != "" || exit.Code != 0 {
		t.Errorf("a server that heeds SIGTERM ended with %s", exit)
	}
}

func TestStopEndsTheWholeTree(t *testing.T) {
	for _, c := range []struct {
		role  string
		args  []string
		grown int // the processes it tells of, itself included
	}{
		{"stubborn", nil, 1},
		{"forks", []string{"3"}, 4},
		{"keeps-daemon", nil, 3},
	} {
		t.Run(c.role, func(t *testing.T) {
			child := start(t, c.role, c.args...)
			child.await(t, "ready")
			if grown := len(child.pids()); grown != c.grown {
				t.Fatalf("%d processes instead of %d: %q", grown, c.grown, child.lines())
			}
			if err := child.Stop(t.Context(), 50*time.Millisecond); err != nil {
				t.Fatal(err)
			}
			for _, pid := range child.pids() {
				if running(pid) {
					t.Errorf("process %d still runs", pid)
				}
			}
		})
	}
}

func TestDaemonDoesNotHoldUpTheEndOfItsParent(t *testing.T) {
	child := start(t, "daemonizes") // the daemon's own output is another pipe
	began := time.Now()
	child.awaitEnd(t)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("its end was told after %s", took)
	}
	daemon := child.pids()[1]
	if !running(daemon) {
		t.Fatal("there is no daemon: this test shows nothing")
	}
	if err := child.Stop(t.Context(), 10*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if running(daemon) {
		t.Error("the daemon outlived Stop")
	}
}

func TestOutputHeldOpenDoesNotHoldUpTheEnd(t *testing.T) {
	child := startWith(t, Command{Path: "/bin/sh", Args: []string{"-c", "sleep 300 & echo pid $!"}})
	began := time.Now()
	child.awaitEnd(t)
	if took := time.Since(began); took > outputAfterDeath+5*time.Second {
		t.Errorf("its end was told after %s", took)
	}
	if pids := child.pids(); len(pids) != 2 || !running(pids[1]) {
		t.Fatalf("no process holds the output open: %q", child.lines())
	}
}

func TestStopTwiceAndAfterTheEnd(t *testing.T) {
	child := start(t, "exits")
	child.awaitEnd(t)
	for range 2 {
		if err := child.Stop(t.Context(), patience); err != nil {
			t.Error(err)
		}
	}
}

func TestImpatientStopHurriesThePatientOne(t *testing.T) {
	child := start(t, "stubborn")
	child.await(t, "ready")
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
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("both took %s", took)
	}
}

func TestCancelledStopSkipsTheGrace(t *testing.T) {
	child := start(t, "stubborn")
	child.await(t, "ready")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	began := time.Now()
	if err := child.Stop(ctx, time.Minute); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	if child.Exit().Signal != "SIGKILL" {
		t.Errorf("it ended with %s", child.Exit())
	}
}

func TestNothingIsLeftWhenWeAreKilled(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGHUP, syscall.SIGTERM} {
		for _, role := range [][]string{{"quiet"}, {"forks", "2"}, {"keeps-daemon"}} {
			t.Run(signal.String()+" "+role[0], func(t *testing.T) {
				if role[0] == "keeps-daemon" && !marksAreSeen {
					t.Skip("here a daemon is out of reach of the guard")
				}
				benchtui := start(t, "benchtui", role...)
				benchtui.await(t, "ready")
				until(t, "the child's pid", func() bool { return slices.Contains(benchtui.lines(), "ready") && len(benchtui.pids()) > 1 })
				pids := benchtui.pids()[1:]
				guarded(t, benchtui.PID())
				for _, pid := range pids {
					if !running(pid) && role[0] != "keeps-daemon" { // its middle one ends by itself
						t.Errorf("process %d ended before its time", pid)
					}
				}
				if err := syscall.Kill(benchtui.PID(), signal); err != nil {
					t.Fatal(err)
				}
				benchtui.awaitEnd(t)
				for _, pid := range pids {
					until(t, "the end of its child", func() bool { return !running(pid) })
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
		command Command
		want    string
	}{
		{Command{Path: "no-such-program"}, "start no-such-program: not found in PATH; install it, or give its path"},
		{Command{Path: "./server", Dir: directory}, "start ./server: not found; is the path right, and is it built?"},
		{Command{Path: "true", Dir: filepath.Join(directory, "none")}, "/none is not there; is it built?"},
		{Command{Path: write("plain", "text", 0o644)}, "chmod +x it"},
		{Command{Path: write("orphan.sh", "#!/no/such/shell\n", 0o755)}, "the interpreter or loader that it names is not found"},
		{Command{Path: write("noise", "\x00\x01\x02", 0o755)}, "is it built for another one"},
		{Command{Path: "true", LogFile: filepath.Join(directory, "none", "log")}, "open its log"},
	} {
		child, err := Start(c.command)
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
	child := startWith(t, Command{Path: "./server", Dir: directory, Args: []string{"and now"}})
	child.await(t, "here: and now")
}

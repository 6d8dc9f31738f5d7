//go:build unix

package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/contenders/golang/server"
)

// blockingScript tells its process and group, leaves a child behind it and waits.
const blockingScript = `echo half > "{out}/server"; sleep 600 & echo "pids $$ $!"; wait; `

// pidsIn reads the processes of a blockingScript from its line.
func pidsIn(line string) (pids []int) {
	words := strings.Fields(line)
	if len(words) != 3 || words[0] != "pids" {
		return nil
	}
	for _, word := range words[1:] {
		pid, err := strconv.Atoi(word)
		if err != nil {
			return nil
		}
		pids = append(pids, pid)
	}
	return pids
}

// waitGone waits until a process has ended; a zombie that nobody has waited for
// yet has.
func waitGone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return
		}
		if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && strings.Contains(string(stat), ") Z ") {
			return
		}
	}
	t.Errorf("process %d still runs", pid)
}

func TestInterruptedBuildLeavesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	c := shellContender(t, blockingScript+makeServer, makeServer)
	dir := t.TempDir()
	builder := NewBuilder(dir, "self")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var pids []int
	_, err := builder.Build(ctx, c, func(line string) {
		if found := pidsIn(line); found != nil {
			pids = found
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want that it was cancelled", err)
	}
	if len(pids) != 2 {
		t.Fatal("the step never began")
	}
	for _, pid := range pids {
		waitGone(t, pid)
	}
	assertNothingBuilt(t, dir)
	if state := builder.State(t.Context(), c); state.Kind != CanBeBuilt {
		t.Errorf("state %v, want that it can be built: an interrupt is no failure", state)
	}
}

func assertNothingBuilt(t *testing.T, cacheDir string) {
	t.Helper()
	err := filepath.WalkDir(cacheDir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !strings.HasSuffix(name, ".log") && !strings.HasSuffix(name, ".lock") {
			t.Errorf("%s is left", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestMain lets the test binary be the benchtui that is killed during a build,
// and the one that serves golang from itself.
func TestMain(m *testing.M) {
	if os.Getenv(serveVariable) != "" {
		port, err := strconv.Atoi(os.Getenv("PORT"))
		if err == nil {
			err = server.Serve(port)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if dir := os.Getenv("FRAMEWORKS_TEST_BUILD_IN"); dir != "" {
		c := killedContender()
		_, err := NewBuilder(dir, "self").Build(context.Background(), c, func(line string) { fmt.Println(line) })
		fmt.Println("ended", err)
		os.Exit(1)
	}
	goleak.VerifyTestMain(m) // no test leaves a goroutine behind
}

// killedContender's build blocks unless the environment says go on.
func killedContender() frameworks.Contender {
	return frameworks.Contender{
		Manifest: frameworks.Manifest{ID: "killed", Name: "Killed", Language: "sh", Artifact: "{out}/server",
			Build: []frameworks.Step{{Name: "block", Run: []string{"sh", "-c", `test -n "$GO_ON" || { echo half > "{out}/half"; echo "pids $$ $$"; exec sleep 600; }; ` + makeServer}}},
			Run:   frameworks.Run{Command: []string{"{artifact}"}}},
		Source: fstest.MapFS{"main.txt": {}},
		Origin: frameworks.OriginEmbedded,
	}
}

func TestKilledBuildIsNotTakenForWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds, or starts what was built")
	}
	if runtime.GOOS != "linux" {
		t.Skip("NOT CHECKED: only Linux ends a build's processes when benchtui is killed")
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FRAMEWORKS_TEST_BUILD_IN="+dir)
	told := make(chan string, 64)
	shown := &buildLog{file: nullFile(t), output: func(line Line) { told <- line.Text }}
	cmd.Stdout, cmd.Stderr = shown, shown
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pids []int
	for timeout := time.After(time.Minute); pids == nil; {
		select {
		case line := <-told:
			pids = pidsIn(line)
		case <-timeout:
			_ = cmd.Process.Kill()
			t.Fatal("the step never began")
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed, as it should be
	waitGone(t, pids[0])

	builder := NewBuilder(dir, "self")
	builder.machine.environ = append(builder.machine.environ, "GO_ON=1")
	if state := builder.State(t.Context(), killedContender()); state.Kind != CanBeBuilt {
		t.Errorf("state %v after the kill", state)
	}
	built, err := builder.Build(t.Context(), killedContender(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(built.Artifact), "half")); err == nil {
		t.Error("what the killed build left is in the next one")
	}
}

func nullFile(t *testing.T) *os.File {
	t.Helper()
	file, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

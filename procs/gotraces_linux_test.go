package procs_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
	"github.com/benchtui/benchtui/procs/runtimes"
)

// Traces of the scheduler change what a server's requests cost: only who can't tell of it
// otherwise is asked for them.
func TestGoServerIsAskedForTheTracesThatItNeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds programs")
	}
	if !runtimes.ReadsMemoryOfDescendants() {
		t.Skip("NOT CHECKED: this system does not let memory of processes be read")
	}
	for flags, want := range map[string]string{"": "http2client=0,gctrace=1", "-s": "http2client=0,gctrace=1,schedtrace=250"} {
		folder := t.TempDir()
		build := exec.Command("go", "build", "-ldflags="+flags, "-o", filepath.Join(folder, "crowd"), "./runtimes/testdata/crowd")
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, out)
		}
		command := procs.Command{Path: "./crowd", Dir: folder, Env: []string{"GODEBUG=http2client=0", "GOMAXPROCS=1"}, GoTraces: true, Programs: &runtimes.Programs{}}
		command.Learn()
		child := proctest.StartCommand(t, command)
		child.Await(t, "ready")
		environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", child.PID()))
		if err != nil {
			t.Fatal(err)
		}
		var debug []byte
		for _, one := range bytes.Split(environment, []byte{0}) {
			if value, ok := bytes.CutPrefix(one, []byte("GODEBUG=")); ok {
				debug = value
			}
		}
		if string(debug) != want {
			t.Errorf("with -ldflags=%s its GODEBUG is %q, want %q", flags, debug, want)
		}
	}
	if path, err := exec.LookPath("go"); err == nil && new(runtimes.Programs).TellsInMemory(path) {
		t.Error("what go run starts is taken for a program with its debug data")
	}
}

//go:build linux

package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/recording"
)

// smallDisk is a file system of its own with so much room.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("NOT CHECKED: no small file system to be had: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func contentOf(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func put(t *testing.T, path string, data []byte) string {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whatever names a file twice, nothing of it may be lost.
func TestFileThatIsNamedTwiceIsRefusedAndStays(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	demo := contentOf(t, demoFile)
	recording := put(t, path("run.btr"), demo)
	result := path("result.json")
	if code := newBench(t, "report", recording, "--json", result).run(t); code != cli.ExitDone {
		t.Fatal(code)
	}
	manifest := put(t, path("contender.yaml"), []byte("id: mine\nname: Mine\nlanguage: Go\nlink: http://x\nrun: {command: [sleep, \"9\"]}\n"))
	before := map[string][]byte{recording: demo, result: contentOf(t, result), manifest: contentOf(t, manifest)}
	symbolic, hard, dangling := path("symbolic"), path("hard"), path("dangling")
	for _, err := range []error{os.Symlink("run.btr", symbolic), os.Link(recording, hard), os.Symlink("new", dangling), os.Symlink(".", path("folder"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"report", recording, "--json", recording},
		{"report", recording, "--html", symbolic},
		{"report", symbolic, "--md", hard},
		{"report", result, "--svg", dir + "/./result.json"},
		{"report", recording, "--csv", path("folder/run.btr")},
		{"report", recording, "--json", path("new"), "--md", dangling},
		{"report", recording, "--json", path("new"), "--md", path("folder/new")},
		{"report", recording, "--debug-log", recording},
		{"compare", result, recording, "--json", result},
		{"compare", result, recording, "--md", hard},
		{"compare", result, recording, "--json", path("new"), "--md", path("new")},
		{"run", "golang", "--record", recording, "--json", recording},
		{"run", "golang", "--record", path("new"), "--html", dangling},
		{"run", "golang", "-D", result, "--json", result},
		{"run", "golang", "-D", result, "--record", result},
		{"run", manifest, "--md", manifest},
	} {
		b := newBench(t, args...)
		if code := b.run(t); code != cli.ExitUsage || b.stderr.Len() == 0 || strings.Count(b.stderr.String(), "\n") != 1 {
			t.Errorf("%v: exit %d\n%s", args, code, b.stderr.String())
		}
	}
	for name, want := range before {
		if !bytes.Equal(contentOf(t, name), want) {
			t.Errorf("%s was changed", name)
		}
	}
	if _, err := os.Stat(path("new")); err == nil {
		t.Error("a file was left by what was refused")
	}
	if code := newBench(t, "report", recording, "--json", "/dev/null", "--md", "/dev/null").run(t); code != cli.ExitDone {
		t.Errorf("two reports to /dev/null: exit %d", code)
	}
}

// A disk without room costs neither the report nor the recording that was there.
func TestFullDiskLeavesWhatWasThere(t *testing.T) {
	disk := smallDisk(t, "64k")
	path := func(name string) string { return filepath.Join(disk, name) }
	old := []byte(strings.Repeat("old ", 1000))
	report, recorded := put(t, path("report.html"), old), put(t, path("run.btr"), old)
	_ = os.WriteFile(path("fill"), make([]byte, 1<<20), 0o644)
	for _, args := range [][]string{
		{"report", demoFile, "--html", report},
		serving("-w", "rate", "-q", "200", "-z", "300ms", "--record", recorded),
	} {
		b := newBench(t, args...)
		if code := b.run(t); code == cli.ExitDone || !strings.Contains(b.stderr.String(), "no space left") {
			t.Errorf("%v: exit %d\n%s", args, code, b.stderr.String())
		}
	}
	if !bytes.Equal(contentOf(t, report), old) || !bytes.Equal(contentOf(t, recorded), old) {
		t.Error("what was there is gone")
	}
	if entries, _ := os.ReadDir(disk); len(entries) != 3 {
		t.Errorf("left on the disk: %v", entries)
	}

	// Room for the beginning: what was there stays beside what came.
	if err := os.Truncate(path("fill"), 48<<10); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, serving("-w", "rate", "-q", "2000", "-z", "4s", "--quiet", "--record", recorded, "--json", path("none.json"))...)
	b.Args = append(b.Args, "--md", "/dev/full")
	code := b.run(t)
	said := b.stderr.String()
	if code != cli.ExitNotMeasured || !strings.Contains(said, recorded+".part") || !bytes.Equal(contentOf(t, recorded), old) {
		t.Errorf("exit %d\n%s", code, said)
	}
	if !strings.Contains(said, "--md: write /dev/full") || !strings.Contains(said, "--json: ") {
		t.Errorf("not every failure is told:\n%s", said)
	}
	part, err := os.Open(recorded + ".part")
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	if read, _ := recording.Load(part); read == nil || read.Len() == 0 {
		t.Error("of what was recorded until then nothing is there")
	}
}

// A disk that is full from the start leaves no recording, and one that a crash left
// empty is not the newest.
func TestEmptyRecordingIsNotTheNewest(t *testing.T) {
	data := smallDisk(t, "256k")
	dir := filepath.Join(data, "benchtui", "recordings")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	one := withData(t, newBench(t, serving("-w", "rate", "-q", "200", "-z", "300ms")...), data)
	if code := one.run(t); code != cli.ExitDone {
		t.Fatal(code, one.stderr.String())
	}
	_ = os.WriteFile(filepath.Join(data, "fill"), make([]byte, 1<<20), 0o644)
	full := withData(t, newBench(t, serving("-w", "rate", "-q", "200", "-z", "300ms")...), data)
	if code := full.run(t); code != cli.ExitDone || !strings.Contains(full.stdout.String(), "not recorded") {
		t.Errorf("exit %d\n%s%s", code, full.stdout.String(), full.stderr.String())
	}
	if found := recordings(t, data); len(found) != 1 {
		t.Errorf("recordings: %v", found)
	}
	if err := os.Remove(filepath.Join(data, "fill")); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	for name, content := range map[string][]byte{
		"empty": nil, "zeros": make([]byte, 100), "head": contentOf(t, recordings(t, data)[0])[:15],
	} {
		path := put(t, filepath.Join(dir, name+".btr"), content)
		if err := os.Chtimes(path, later, later); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"replay"}, {"report"}} {
		b := withData(t, newBench(t, args...), data)
		if code := b.run(t); code != cli.ExitDone || !strings.Contains(b.stdout.String(), "mine") {
			t.Errorf("%v: exit %d\n%s", args, code, b.stderr.String())
		}
	}
}

// Of two runs that record into one file one is refused, and the other's is whole.
func TestTwoRunsDoNotShareARecording(t *testing.T) {
	for name, before := range map[string][]byte{"a new file": nil, "one that is there": []byte("old")} {
		path := filepath.Join(t.TempDir(), "run.btr")
		if before != nil {
			put(t, path, before)
		}
		first := newBench(t, serving("-w", "rate", "-q", "200", "-z", "60s", "--record", path)...)
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		writing := path
		if before != nil {
			writing += ".part"
		}
		await(t, "the first recording", func() bool {
			info, err := os.Stat(writing)
			return err == nil && info.Size() > 500
		})
		second := newBench(t, serving("-w", "rate", "-q", "200", "-z", "300ms", "--record", path)...)
		if code := second.run(t); code != cli.ExitUsage || !strings.Contains(second.stderr.String(), "another run is writing it") {
			t.Errorf("%s: exit %d\n%s", name, code, second.stderr.String())
		}
		_ = first.Process.Signal(syscall.SIGINT)
		if code := first.exitCode(t); code != cli.ExitInterrupted {
			t.Errorf("%s: exit %d\n%s", name, code, first.stderr.String())
		}
		replay := newBench(t, "replay", path)
		if code := replay.run(t); code != cli.ExitDone {
			t.Errorf("%s: exit %d\n%s", name, code, replay.stderr.String())
		}
		if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
			t.Errorf("%s: left: %v", name, entries)
		}
	}
}

// A wait for the other end of a pipe, or a body that never ends, is left by Ctrl-C.
func TestEveryWaitForAFileEndsOnInterrupt(t *testing.T) {
	for name, c := range map[string]struct {
		args  func(pipe string) []string
		begun string // is said once it waits
	}{
		"replay":          {func(pipe string) []string { return []string{"replay", pipe} }, ""},
		"report":          {func(pipe string) []string { return []string{"report", pipe} }, ""},
		"compare":         {func(pipe string) []string { return []string{"compare", pipe, demoFile} }, ""},
		"result to write": {func(pipe string) []string { return []string{"report", demoFile, "--json", pipe} }, ""},
		"body":            {func(pipe string) []string { return []string{"run", "golang", "-D", pipe} }, ""},
		"manifest":        {func(pipe string) []string { return []string{"run", pipe} }, ""},
		"recording":       {func(pipe string) []string { return serving("-w", "rate", "-q", "200", "-z", "300ms", "--record", pipe) }, ""},
		"result of the run": {func(pipe string) []string {
			return serving("-w", "rate", "-q", "200", "-z", "300ms", "--no-record", "--json", pipe)
		}, "leaderboard"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pipe := filepath.Join(t.TempDir(), "pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			b := newBench(t, c.args(pipe)...)
			said := &syncBuffer{}
			b.Stdout = said
			if err := b.Start(); err != nil {
				t.Fatal(err)
			}
			await(t, "the wait", func() bool { return sleeps(b.Process.Pid) && strings.Contains(said.String(), c.begun) })
			_ = b.Process.Signal(syscall.SIGINT)
			if code := b.exitCode(t); code != cli.ExitInterrupted && code != cli.ExitNotMeasured {
				t.Errorf("exit %d\n%s", code, b.stderr.String())
			}
		})
	}
}

// sleeps says that a thread of a process waits to open a pipe.
func sleeps(pid int) bool {
	waits, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/wchan")
	for _, path := range waits {
		if where, err := os.ReadFile(path); err == nil && (strings.Contains(string(where), "fifo") || strings.Contains(string(where), "wait_for_partner")) {
			return true
		}
	}
	return false
}

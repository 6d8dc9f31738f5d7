//go:build linux

package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/demo"
	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/measure/measuretest"
	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/stream"
)

// withData gives a start of the program a data directory of its own.
func withData(t *testing.T, b *bench, dir string) *bench {
	t.Helper()
	b.Env = append(b.Env, "XDG_DATA_HOME="+dir)
	return b
}

// recordings are the files in such a directory.
func recordings(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "benchtui", "recordings", "*.btr"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// serving is a run of this very program's server, which needs no build.
func serving(args ...string) []string {
	return append([]string{"run", "--plain", "--cmd", "mine=" + program + " serve-golang --port {port}", "--path", "/hello", "--warmup", "0s"}, args...)
}

func TestEveryRunIsRecordedAndReplayed(t *testing.T) {
	data := t.TempDir()
	run := withData(t, newBench(t, serving("-w", "rate", "-q", "200", "-z", "1s")...), data)
	if code := run.run(t); code != cli.ExitDone {
		t.Fatalf("exit code %d\n%s", code, run.stderr.String())
	}
	found := recordings(t, data)
	if len(found) != 1 {
		t.Fatalf("recordings: %q", found)
	}
	if !strings.Contains(run.stderr.String(), found[0]) {
		t.Errorf("the path %s is not told: %s", found[0], run.stderr.String())
	}
	for _, args := range [][]string{{"replay"}, {"replay", "1"}, {"replay", filepath.Base(found[0])}, {"replay", found[0]}} {
		replay := withData(t, newBench(t, args...), data)
		if code := replay.run(t); code != cli.ExitDone || replay.stdout.String() != run.stdout.String() {
			t.Errorf("%v: exit code %d %s\n%s\nthe run printed\n%s", args, code, replay.stderr.String(), replay.stdout.String(), run.stdout.String())
		}
	}
	list := withData(t, newBench(t, "replay", "--list"), data)
	if code := list.run(t); code != cli.ExitDone || !strings.Contains(list.stdout.String(), filepath.Base(found[0])) || !strings.Contains(list.stdout.String(), "mine") {
		t.Errorf("the list: exit code %d\n%s", code, list.stdout.String())
	}

	none := withData(t, newBench(t, serving("-w", "rate", "-q", "200", "-z", "300ms", "--no-record")...), data)
	if code := none.run(t); code != cli.ExitDone || len(recordings(t, data)) != 1 || strings.Contains(none.stderr.String(), "recorded") {
		t.Errorf("--no-record: exit code %d, %d recordings\n%s", code, len(recordings(t, data)), none.stderr.String())
	}
}

// TestKilledRunIsRecordedUpToTheLastSecond kills the program as nothing can be kept
// from doing.
func TestKilledRunIsRecordedUpToTheLastSecond(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.btr")
	b := newBench(t, serving("-w", "rate", "-q", "500", "-z", "60s", "--record", path)...)
	if err := b.Start(); err != nil {
		t.Fatal(err)
	}
	loaded := func() *recording.Recording {
		file, err := os.Open(path)
		if err != nil {
			return nil
		}
		defer file.Close()
		read, err := recording.Load(file)
		if read != nil && !errors.Is(err, recording.ErrCutOff) {
			t.Fatalf("a recording under way reads with %v", err)
		}
		return read
	}
	// A server may take seconds to start, of which a recording tells, too.
	var ready time.Duration
	await(t, "two seconds of load in the recording", func() bool {
		recording, load := loaded(), time.Duration(0)
		for i := 0; recording != nil && i < recording.Len(); i++ {
			switch event := recording.Event(i); body := event.Body.(type) {
			case stream.Ready:
				ready = event.At
			case stream.LoadSample:
				load = body.Measures.To
			}
		}
		return load > 2*time.Second
	})
	// What was just written says nothing of how often that is done.
	stops := measuretest.WatchStops(t)
	<-time.After(1700 * time.Millisecond)
	killed := time.Now()
	if err := b.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = b.Wait()
	recording := loaded()
	run, ok := recording.Event(0).Body.(stream.RunStarted)
	if !ok {
		t.Fatalf("the recording begins with %+v", recording.Event(0))
	}
	if lost := killed.Sub(run.Started.Add(recording.Length())); lost > 1500*time.Millisecond+stops.Sum() {
		t.Errorf("of the run up to the kill the last %s are lost", lost)
	}
	replay := newBench(t, "replay", path)
	if code := replay.run(t); code != cli.ExitNotMeasured || !strings.Contains(replay.stderr.String(), "cut off") {
		t.Errorf("exit code %d: %s", code, replay.stderr.String())
	}
	if len(intervalLine.FindAllString(replay.stdout.String(), 2)) < 2 {
		t.Errorf("the replay does not come to the second second:\n%s", replay.stdout.String())
	}
	at := int(ready.Seconds()) + 1 // in the first second of the load
	from := newBench(t, "replay", path, "--at", fmt.Sprintf("%ds", at))
	from.run(t)
	if text := from.stdout.String(); strings.Contains(text, "ready after") || !strings.Contains(text, fmt.Sprintf("from %d s on", at)) || !strings.Contains(text, "req/s OK") {
		t.Errorf("from %d s on:\n%s", at, text)
	}
}

// TestFullDiskEndsTheRecordingOnly runs on a real file system without room, and with
// little.
func TestFullDiskEndsTheRecordingOnly(t *testing.T) {
	full := newBench(t, serving("-w", "rate", "-q", "200", "-z", "300ms", "--record", "/dev/full")...)
	if code := full.run(t); code != cli.ExitUsage || !strings.Contains(full.stderr.String(), "no space left") {
		t.Errorf("a disk without room from the start: exit code %d: %s", code, full.stderr.String())
	}

	data := t.TempDir()
	if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=8k"); err != nil {
		t.Skipf("NOT CHECKED: no small file system to be had: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(data, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	run := withData(t, newBench(t, serving("-w", "rate", "-q", "2000", "-z", "4s")...), data)
	if code := run.run(t); code != cli.ExitDone {
		t.Errorf("exit code %d\n%s\n%s", code, run.stdout.String(), run.stderr.String())
	}
	if text := run.stdout.String(); !strings.Contains(text, "the recording ends here, the run goes on") || !strings.Contains(text, "OK 8,000") {
		t.Errorf("the run, or the notice, is not whole:\n%s", text)
	}
	if !strings.Contains(run.stderr.String(), "ended early") {
		t.Errorf("at the end nothing is said: %s", run.stderr.String())
	}
	replay := withData(t, newBench(t, "replay"), data)
	if code := replay.run(t); code != cli.ExitNotMeasured || !strings.Contains(replay.stdout.String(), "ready after") {
		t.Errorf("exit code %d\n%s\n%s", code, replay.stdout.String(), replay.stderr.String())
	}
}

// Where there is no place to record, runs go on without.
func TestRunWithoutAPlaceToRecordGoesOn(t *testing.T) {
	data := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(data, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	b := withData(t, newBench(t, serving("-w", "rate", "-q", "200", "-z", "300ms")...), data)
	if code := b.run(t); code != cli.ExitDone || !strings.Contains(b.stdout.String(), "not recorded") {
		t.Errorf("exit code %d\n%s", code, b.stdout.String())
	}
}

func TestReplayRefusesWhatItCannotPlay(t *testing.T) {
	data, notOne := t.TempDir(), filepath.Join(t.TempDir(), "text.btr")
	if err := os.WriteFile(notOne, []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		says string
		args []string
	}{
		{"no recording yet", []string{"replay"}},
		{"no recording yet", []string{"replay", "1"}},
		{"no such file", []string{"replay", "nothing.btr"}},
		{"no recording", []string{"replay", notOne}},
		{"takes one recording", []string{"replay", "a", "b"}},
		{"--speed", []string{"replay", "--speed", "0"}},
		{"--at", []string{"demo", "--at", "-1s"}},
		{"benchtui replay x.btr", []string{"demo", "x.btr"}},
		{"contradict", serving("--record", "x.btr", "--no-record")},
	} {
		b := withData(t, newBench(t, c.args...), data)
		if code := b.run(t); code != cli.ExitUsage || !strings.Contains(b.stderr.String(), c.says) {
			t.Errorf("%v: exit code %d, %s; want %q", c.args, code, b.stderr.String(), c.says)
		}
	}
}

func TestDemoIsARealRunMarkedAsReplay(t *testing.T) {
	b := newBench(t, "demo", "--plain")
	if code := b.run(t); code != cli.ExitDone || !strings.Contains(b.stdout.String(), "leaderboard") || !strings.Contains(b.stdout.String(), "⚑") {
		t.Errorf("exit code %d\n%s", code, b.stdout.String())
	}
	s := newScreenRun(t, "demo", "--speed", "8")
	s.shows(t, "REPLAY")
	s.shows(t, "recorded 20")
	s.shows(t, "leaderboard")
	s.press(t, "\r")
	s.shows(t, "percentiles, ms")
	s.press(t, "q")
	if code := s.exitCode(t); code != cli.ExitDone {
		t.Errorf("exit code %d", code)
	}
	s.isWhole(t)
}

func TestDemoIsSmall(t *testing.T) {
	const most = 700_000
	if len(demo.Recording) > most {
		t.Errorf("the demo takes %d bytes of the program, more than %d", len(demo.Recording), most)
	}
	if events, err := recording.Read(strings.NewReader(string(demo.Recording))); err != nil || len(events) == 0 {
		t.Error(fmt.Errorf("the demo reads as %d events and %w", len(events), err))
	}
}

package recording

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/stream/streamtest"
)

func TestRunIsRecordedIntoItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.btr")
	file, err := RecordTo(path, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	events := streamtest.OneOfEach()
	for _, event := range events {
		file.Emit(event)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Read(bytes.NewReader(data))
	if err != nil || !reflect.DeepEqual(events, back) {
		t.Errorf("read %d events of %d, and %v", len(back), len(events), err)
	}
}

// disk is a file on a disk with so much room; what it holds can be read meanwhile.
type disk struct {
	data  bytes.Buffer
	room  int
	wrote chan int
}

var errFull = errors.New("no space left on device")

func (d *disk) Write(data []byte) (int, error) {
	defer func() { d.wrote <- d.data.Len() }()
	if len(data) > d.room {
		n, _ := d.data.Write(data[:d.room])
		d.room = 0
		return n, errFull
	}
	d.room -= len(data)
	return d.data.Write(data)
}

func (d *disk) Close() error { return nil }

// TestWhatWasWrittenIsReadableAtEveryTick is what a killed run leaves behind: all up
// to the last tick.
func TestWhatWasWrittenIsReadableAtEveryTick(t *testing.T) {
	ticks := make(chan time.Time)
	to := &disk{room: 1 << 20, wrote: make(chan int, 100)}
	file, err := recordAt(to, "", "", ticks, func() {})
	if err != nil {
		t.Fatal(err)
	}
	events := streamtest.OneOfEach()
	for i, event := range events {
		file.Emit(event)
		ticks <- time.Time{}
		ticks <- time.Time{} // is taken once the one before has been written
		back, err := Read(bytes.NewReader(to.data.Bytes()))
		if !errors.Is(err, ErrCutOff) || !reflect.DeepEqual(back, events[:i+1]) {
			t.Fatalf("after %d events and a tick: %d are readable, and %v", i+1, len(back), err)
		}
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
}

func TestFullDiskEndsTheRecordingAndTellsOnce(t *testing.T) {
	to := &disk{room: 3000, wrote: make(chan int, 1000)}
	ticks := make(chan time.Time)
	file, err := recordAt(to, "", "", ticks, func() {})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		for _, event := range streamtest.OneOfEach() {
			event.Contender = fmt.Sprint(i)
			file.Emit(event)
		}
		ticks <- time.Time{}
	}
	select {
	case err := <-file.Failed():
		if !errors.Is(err, errFull) {
			t.Errorf("told %v", err)
		}
	default:
		t.Error("nothing was told of the full disk")
	}
	if err := file.Close(); !errors.Is(err, errFull) {
		t.Errorf("closed with %v", err)
	}
	back, err := Read(bytes.NewReader(to.data.Bytes()))
	if !errors.Is(err, ErrCutOff) || len(back) < len(streamtest.OneOfEach()) {
		t.Errorf("%d events are readable, and %v", len(back), err)
	}
}

func TestDiskThatIsFullFromTheStartIsToldAtOnce(t *testing.T) {
	if _, err := recordAt(&disk{wrote: make(chan int, 10)}, "", "", nil, func() {}); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

// A server that logs every request must not make the recording larger than what was measured.
func TestOnlyTheNewestLinesOfAFloodAreRecorded(t *testing.T) {
	var events []stream.Event
	for i := range 1000 {
		if i%100 == 0 {
			events = append(events, stream.Event{Body: stream.Ready{Port: i}})
		}
		events = append(events, stream.Event{Body: stream.LogLine{Line: fmt.Sprint(i)}})
	}
	kept := newestLines(slices.Clone(events), 200)
	var lines []string
	others := 0
	for _, event := range kept {
		if line, ok := event.Body.(stream.LogLine); ok {
			lines = append(lines, line.Line)
		} else {
			others++
		}
	}
	if others != 10 || len(lines) != 201 || lines[1] != "800" || lines[200] != "999" || !strings.Contains(lines[0], "800 lines") {
		t.Errorf("%d others and %d lines: %q … %q", others, len(lines), lines[:2], lines[len(lines)-1])
	}
	if few := newestLines(events[:50], 200); len(few) != 50 {
		t.Errorf("of few lines %d are kept, want 50", len(few))
	}
}

func TestRecordingsAreNamedAndListed(t *testing.T) {
	kept := Folder{Dir: filepath.Join(t.TempDir(), "not", "there")}
	if list, err := kept.List(); err != nil || len(list) != 0 {
		t.Errorf("a folder that is not there: %v, %v", list, err)
	}
	now := time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC)
	for i, ids := range [][]string{{"golang"}, {"golang"}, {"a/b", "ü", "c", "d", "e"}} {
		file, err := kept.Record("burst", ids, "1.2.3", now)
		if err != nil {
			t.Fatal(err)
		}
		file.Emit(streamtest.OneOfEach()[0])
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		at := now.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(file.Path(), at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(kept.Dir, "broken.btr"), []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(filepath.Join(kept.Dir, "broken.btr"), now.Add(-time.Hour), now.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	list, err := kept.List()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, one := range list {
		names = append(names, filepath.Base(one.Path))
		if broken := filepath.Base(one.Path) == "broken.btr"; (one.Err != nil) != broken || !broken && one.Run.Plan.Workload.Name != "burst" {
			t.Errorf("%s: %v, %+v", one.Path, one.Err, one.Run)
		}
	}
	want := []string{
		"20261123-010203-burst-a_b+_+c+2-more.btr", "20261123-010203-burst-golang.2.btr", "20261123-010203-burst-golang.btr", "broken.btr",
	}
	if !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	if newest, err := kept.Newest(); err != nil || filepath.Base(newest) != want[0] {
		t.Errorf("the newest is %s, %v", newest, err)
	}
}

func TestOldRecordingsArePruned(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		most  int
		bytes int64
		left  []string
	}{
		"by number":          {3, 1 << 30, []string{"0", "1", "2"}},
		"by size":            {100, 250, []string{"0", "1"}},
		"all but the newest": {0, 0, []string{"0"}},
		"none":               {100, 1 << 30, []string{"0", "1", "2", "3", "4"}},
	} {
		kept := Folder{Dir: t.TempDir()}
		write := func(name string, age time.Duration) {
			path := filepath.Join(kept.Dir, name)
			if err := os.WriteFile(path, make([]byte, 100), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 5 {
			write(fmt.Sprintf("20261123-01020%d-burst-golang.btr", i), time.Duration(i+1)*time.Hour)
		}
		write("mine.btr", 100*time.Hour)
		write("notes.txt", 100*time.Hour)
		kept.prune(c.most, c.bytes, now)
		entries, err := os.ReadDir(kept.Dir)
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, entry := range entries {
			if rest, ours := strings.CutPrefix(entry.Name(), "20261123-01020"); ours {
				left = append(left, rest[:1])
			}
		}
		if !slices.Equal(left, c.left) || len(entries) != len(left)+2 {
			t.Errorf("%s: left %v and %d others, want %v and what is not ours", name, left, len(entries)-len(left), c.left)
		}
	}
}

func TestRecordingUnderWayIsNotPruned(t *testing.T) {
	now := time.Now()
	kept := Folder{Dir: t.TempDir()}
	for _, name := range []string{"20261123-010203-burst-a.btr", "20261123-010203-burst-b.btr"} {
		if err := os.WriteFile(filepath.Join(kept.Dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept.prune(0, 0, now)
	if files, err := kept.files(); err != nil || len(files) != 2 {
		t.Errorf("%d of 2 recordings that are being written are left (%v)", len(files), err)
	}
}

package recording

import (
	"errors"
	"io"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/stream"
)

const (
	// writeEvery is how often a recording is written: what a killed run loses of it.
	writeEvery = 500 * time.Millisecond
	// recordedWaiting is how many samples and lines may wait for a disk that does not
	// answer, before samples are merged and the older lines dropped.
	recordedWaiting = 1 << 16
	// linesAtOnce is how many log and build lines one writing takes, the newest of
	// them: a server that logs every request would otherwise make the run record
	// more than it measures. Its own log file has them all.
	linesAtOnce = 200
)

// File records a run into a file, beside the run: the run hands events over
// and never waits for the disk. Its errors end the recording and nothing else.
type File struct {
	path   string
	file   io.WriteCloser
	queue  *stream.Queue
	ticks  <-chan time.Time
	stop   func()
	failed chan error
	done   chan struct{}
	err    error // after done
}

// RecordTo begins the recording of a run into a file at a path, by a version of this
// program. A file that is there already stays until the recording is whole.
func RecordTo(path, program string) (*File, error) {
	file, err := files.Grow(path)
	if err != nil {
		return nil, err
	}
	return recordInto(file, path, program)
}

func recordInto(file io.WriteCloser, path, program string) (*File, error) {
	ticker := time.NewTicker(writeEvery)
	return recordAt(file, path, program, ticker.C, ticker.Stop)
}

// recordAt writes whenever ticks says so.
func recordAt(file io.WriteCloser, path, program string, ticks <-chan time.Time, stop func()) (*File, error) {
	recorder, err := NewRecorder(file, program)
	if err == nil {
		err = recorder.Flush() // a disk that is full already is told before the run
	}
	if err != nil {
		stop()
		return nil, leave(file, err, false)
	}
	f := &File{
		path: path, file: file, queue: stream.NewQueue(recordedWaiting), ticks: ticks, stop: stop,
		failed: make(chan error, 1), done: make(chan struct{}),
	}
	crash.Go(func() { f.write(recorder) })
	return f, nil
}

// Path is where the file is.
func (f *File) Path() string { return f.path }

// Emit takes a run's next event; it is a Sink.
func (f *File) Emit(event stream.Event) { f.queue.Emit(event) }

// Failed delivers the error that ended the recording before the run, if one does.
func (f *File) Failed() <-chan error { return f.failed }

// Close writes what is left and returns the error that the recording ended with.
func (f *File) Close() error {
	f.queue.Close()
	<-f.done
	return f.err
}

// leave ends a file that is not whole, and returns why it is not; holds says that it
// has events.
func leave(file io.WriteCloser, why error, holds bool) error {
	if growing, ok := file.(*files.Growing); ok {
		return growing.Abandon(why, holds)
	}
	return errors.Join(why, file.Close())
}

// write takes what has come at every tick: a few wakes a second are all that the
// run feels of it.
func (f *File) write(recorder *Recorder) {
	defer close(f.done)
	defer f.stop()
	holds := false
	for open := true; open; {
		select {
		case <-f.ticks:
		case <-f.queue.Closed():
		}
		var events []stream.Event
		events, open = f.queue.Take()
		if f.err == nil {
			if f.err = f.record(recorder, events); f.err != nil {
				f.failed <- f.err
			}
			holds = holds || f.err == nil && len(events) > 0
		}
	}
	if f.err == nil {
		f.err = recorder.Close()
	}
	if f.err != nil {
		f.err = leave(f.file, f.err, holds)
	} else {
		f.err = f.file.Close()
	}
}

func (f *File) record(recorder *Recorder, events []stream.Event) error {
	for _, event := range newestLines(events, linesAtOnce) {
		if err := recorder.Record(event); err != nil {
			return err
		}
	}
	return recorder.Flush()
}

// newestLines leaves out all but the newest log and build lines, and says how many.
func newestLines(events []stream.Event, most int) []stream.Event {
	lines := 0
	for _, event := range events {
		if isLine(event) {
			lines++
		}
	}
	surplus := lines - most
	if surplus <= 0 {
		return events
	}
	kept := make([]stream.Event, 0, len(events)-surplus+1)
	for left := surplus; len(events) > 0; events = events[1:] {
		event := events[0]
		if isLine(event) && left > 0 {
			if left--; left > 0 {
				continue
			}
			told := "… " + figure.Plural(surplus, "line is", "lines are") + " not in the recording"
			if output, build := event.Body.(stream.BuildOutput); build {
				output.Line = told
				event.Body = output
			} else {
				event.Body = stream.LogLine{Line: told}
			}
		}
		kept = append(kept, event)
	}
	return kept
}

func isLine(event stream.Event) bool {
	switch event.Body.(type) {
	case stream.LogLine, stream.BuildOutput:
		return true
	}
	return false
}

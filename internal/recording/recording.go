package recording

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// ErrCutOff tells that a recording ends in the middle; what was read up to there holds.
var ErrCutOff = errors.New("the recording is cut off")

// longestRecorded is how long an event may be in a recording, bytes of JSON. The
// largest real one is a run's result.
const longestRecorded = 16 << 20

// How much a recording may hold in all, bytes of JSON: of an hour's it is 200 MB, in
// events of some kB each. A few kB of gzip may claim a thousand times as much.
const (
	mostRecorded      = 768 << 20
	largeEvent        = 1 << 20
	mostRecordedLarge = 48 << 20 // in events that are large
)

// MostResultObjects is how many JSON objects a result may have: {} takes three bytes, and
// as a contender two thousand times as much once it is read. Of four contenders a
// result has a hundred; an hour's recording has 200,000 in other events.
const (
	MostResultObjects   = 200_000
	mostRecordedObjects = 20_000_000
)

var errTooMuch = errors.New("it holds more than a recording of a run does")

// Recording is a recording that was read. Its events are kept as they were written
// and decoded when they are asked for: decoded, an hour of them takes four times the memory.
type Recording struct {
	Program string // the version of benchtui that recorded; "" of the first ones
	Cut     bool   // it ends in the middle
	events  []stream.Raw
}

// Load reads a recording. Kinds of events that this version does not know
// are left out, and a Notice stands where the first of each stood. With a recording
// that was cut off it returns what there is up to the cut, and ErrCutOff.
func Load(r io.Reader) (*Recording, error) {
	lines, err := newRecordingReader(r)
	if err != nil {
		return nil, err
	}
	recording := &Recording{Program: foreign.Line(lines.head.Program)}
	unknown := map[string]bool{}
	var at time.Duration
	for {
		event, err := lines.next()
		if errors.Is(err, io.EOF) {
			return recording, nil
		}
		if err != nil {
			recording.Cut = true
			return recording, fmt.Errorf("%w after %d events: %w", ErrCutOff, len(recording.events), err)
		}
		at = max(at, event.At) // time goes on, whatever a file says
		event.At = at
		if !stream.KnownKind(event.Kind) {
			if unknown[event.Kind] {
				continue
			}
			unknown[event.Kind] = true
			event = recording.noticeOf(event)
		}
		recording.events = append(recording.events, event)
	}
}

// noticeOf stands for an event whose kind is not known.
func (r *Recording) noticeOf(event stream.Raw) stream.Raw {
	by := "a newer benchtui"
	if r.Program != "" {
		by = "benchtui " + r.Program
	}
	text := fmt.Sprintf("the recording, made by %s, holds events of the kind %q, which this version does not know: they are left out", by, event.Kind)
	body, _ := json.Marshal(stream.Notice{Text: text}) // a string always can be
	return stream.Raw{Seq: event.Seq, At: event.At, Kind: stream.KindOf(stream.Notice{}), Body: body}
}

// Len is how many events there are.
func (r *Recording) Len() int { return len(r.events) }

// At is when event i was, since the run started. Times do not fall.
func (r *Recording) At(i int) time.Duration { return r.events[i].At }

// Length is how long the recording is: until its last event.
func (r *Recording) Length() time.Duration {
	if len(r.events) == 0 {
		return 0
	}
	return r.events[len(r.events)-1].At
}

// IsKind says that event i is of the same kind as a body, without decoding it.
func (r *Recording) IsKind(i int, body stream.Body) bool {
	return r.events[i].Kind == stream.KindOf(body)
}

// Contender is whose event i is.
func (r *Recording) Contender(i int) string { return r.events[i].Contender }

// Event is event i. One that can't be read is a Notice that says so.
func (r *Recording) Event(i int) stream.Event {
	event, err := r.events[i].Decode()
	if err != nil { // more may stand behind the body
		var around stream.Raw
		if json.Unmarshal(slices.Concat([]byte(`{"body":`), r.events[i].Body, []byte("}")), &around) == nil {
			wire := r.events[i]
			wire.Body = around.Body
			event, err = wire.Decode()
		}
	}
	if err != nil {
		event.Body = foreign.Value(stream.Notice{Text: fmt.Sprintf("the recording holds what this version can't read: %v; it is left out", err)})
	}
	return event
}

// Events are all of them, decoded.
func (r *Recording) Events() []stream.Event {
	if len(r.events) == 0 {
		return nil
	}
	events := make([]stream.Event, len(r.events))
	for i := range events {
		events[i] = r.Event(i)
	}
	return events
}

// Read reads a recording's events in order, as Load does.
func Read(r io.Reader) ([]stream.Event, error) {
	recording, err := Load(r)
	if recording == nil {
		return nil, err
	}
	return recording.Events(), err
}

// recordingReader reads a recording event by event.
type recordingReader struct {
	lines *bufio.Reader
	line  []byte
	head  recordingHead
	all   int // bytes read so far
	large int // of them in large events

	objects   int // of JSON, read so far
	ofResults int // of them in results
}

func newRecordingReader(r io.Reader) (*recordingReader, error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("no recording: %w", err)
	}
	reader := &recordingReader{lines: bufio.NewReaderSize(zip, 64<<10)}
	line, err := reader.nextLine()
	if err != nil {
		return nil, fmt.Errorf("no recording: %w", err)
	}
	if err := json.Unmarshal(line, &reader.head); err != nil {
		return nil, fmt.Errorf("no recording: %w", err)
	}
	if reader.head.Format != Format {
		return nil, fmt.Errorf("the recording's format is %q; this version reads %s: a newer benchtui may read it", reader.head.Format, Format)
	}
	return reader, nil
}

// next is the next event, undecoded; io.EOF after the last one, another error where
// the recording is cut off or damaged.
func (r *recordingReader) next() (stream.Raw, error) {
	line, err := r.nextLine()
	if err != nil {
		return stream.Raw{}, err
	}
	event, plain := envelope(line)
	if !plain {
		event = stream.Raw{}
		err = json.Unmarshal(line, &event)
	}
	objects := bytes.Count(line, []byte("{"))
	if event.Kind == stream.KindOf(stream.ContenderDone{}) || event.Kind == stream.KindOf(stream.RunDone{}) {
		r.ofResults += objects
	}
	if r.objects += objects; r.ofResults > MostResultObjects || r.objects > mostRecordedObjects {
		return stream.Raw{}, errTooMuch
	}
	event.Contender = foreign.Line(event.Contender)
	return event, err
}

// envelope reads an event's line as Event.appendJSON writes it, without going over
// the body, which is read when it is asked for; plain is false for any other line.
func envelope(line []byte) (event stream.Raw, plain bool) {
	number := func(field string) (value int64, ok bool) {
		rest, found := bytes.CutPrefix(line, []byte(field))
		digits := 0
		for digits < len(rest) && digits < 18 && rest[digits] >= '0' && rest[digits] <= '9' {
			value = value*10 + int64(rest[digits]-'0')
			digits++
		}
		line = rest[digits:]
		return value, found && digits > 0
	}
	word := func(field string) (value string, ok bool) {
		rest, found := bytes.CutPrefix(line, []byte(field))
		if !found {
			return "", false
		}
		end := bytes.IndexAny(rest, "\"\\")
		if end < 0 || rest[end] != '"' || !utf8.Valid(rest[:end]) {
			return "", false
		}
		line = rest[end+1:]
		return string(rest[:end]), true
	}
	seq, ok1 := number(`{"seq":`)
	at, ok2 := number(`,"at_ns":`)
	contender, _ := word(`,"contender":"`)
	kind, ok3 := word(`,"kind":"`)
	body, ok4 := bytes.CutPrefix(line, []byte(`,"body":`))
	body, ok5 := bytes.CutSuffix(body, []byte("}\n"))
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 {
		return event, false
	}
	return stream.Raw{Seq: uint64(seq), At: time.Duration(at), Contender: contender, Kind: kind, Body: bytes.Clone(body)}, true
}

// nextLine is valid until the next call. A line without an end was not written whole.
func (r *recordingReader) nextLine() ([]byte, error) {
	r.line = r.line[:0]
	for {
		piece, err := r.lines.ReadSlice('\n')
		r.line = append(r.line, piece...)
		switch {
		case err == nil:
			if r.all += len(r.line); len(r.line) > largeEvent {
				r.large += len(r.line)
			}
			if r.all > mostRecorded || r.large > mostRecordedLarge {
				return nil, errTooMuch
			}
			return r.line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			if errors.Is(err, io.EOF) && len(r.line) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		case len(r.line) > longestRecorded:
			return nil, fmt.Errorf("an event is longer than %d MB", longestRecorded>>20)
		}
	}
}

// TellCut says at the end of a recording that was cut off that it was.
func (r *Recording) TellCut() {
	if !r.Cut {
		return
	}
	body, _ := json.Marshal(stream.Notice{Text: "the recording ends here: it was cut off, as when benchtui is killed or the disk is full"})
	r.events = append(r.events, stream.Raw{Seq: uint64(len(r.events) + 1), At: r.Length(), Kind: stream.KindOf(stream.Notice{}), Body: body})
}

package recording

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
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
	mostKept          = 80 << 20 // compressed, as it is kept
)

// MostResultMemory is how much memory a result may take once it is read, in bytes as
// foreign.Weight reckons them: a few bytes of JSON may become thousands.
// Of four contenders it takes 100 kB.
const MostResultMemory = 32 << 20

// How many things a recording may hold; an hour's has 200,000 JSON objects. Of what is
// kept of each for as long as it is shown, there are fewer.
const (
	mostRecordedObjects    = 2_000_000
	mostRecordedLoads      = 5_000   // contenders that were begun, in all rounds
	mostRecordedChanges    = 400_000 // events that are no samples
	mostRecordedContenders = 2_000
	mostUnknownKinds       = 20 // that are told of
)

// How many lines of logs and builds are kept of a recording: all, up to a number, and then
// some in each second. Of a server that logs each request there are 1.5 million in an hour.
const (
	mostLines       = 400_000
	mostLineBytes   = 64 << 20
	furtherLines    = 20 // a second
	furtherLineSize = 4 << 10
)

var errTooMuch = errors.New("it holds more than a recording of a run does")

// Recording is a recording that was read. Its events are kept as they were written,
// compressed where they are many, and decoded when they are asked for: decoded, an hour
// of them takes twenty times the memory.
type Recording struct {
	Program string // the version of benchtui that recorded; "" of the first ones
	Cut     bool   // it ends in the middle
	events  packedEvents
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
	defer recording.events.seal()
	unknown := map[string]bool{}
	var thin thinning
	var at time.Duration
	for {
		event, err := lines.next()
		if errors.Is(err, io.EOF) {
			return recording, nil
		}
		if err == nil && recording.events.bytes > mostKept {
			err = errTooMuch
		}
		if err != nil {
			recording.Cut = true
			return recording, fmt.Errorf("%w after %d events: %w", ErrCutOff, recording.Len(), err)
		}
		at = max(at, event.At) // time goes on, whatever a file says
		event.At = at
		if !stream.KnownKind(event.Kind) {
			if unknown[event.Kind] || len(unknown) == mostUnknownKinds {
				continue
			}
			unknown[event.Kind] = true
			event = recording.noticeOf(event)
		}
		switch kept, first := thin.keeps(event); {
		case first:
			recording.events.add(noticeAt(event, fmt.Sprintf("the recording holds more lines of logs and builds than are kept of one: of those from here on, up to %d a second are there", furtherLines)))
		case kept:
			recording.events.add(event)
		}
	}
}

// thinning leaves out lines of logs and builds where there are too many.
type thinning struct {
	lines, bytes int           // so far
	second       time.Duration // that is under way, once there are too many
	inSecond     int           // of them in it
}

// keeps says whether an event is kept; first: it is the first that is not.
func (t *thinning) keeps(event stream.Raw) (kept, first bool) {
	if !isLineKind(event.Kind) {
		return true, false
	}
	if t.lines <= mostLines && t.bytes <= mostLineBytes {
		t.lines, t.bytes = t.lines+1, t.bytes+len(event.Body)
		kept = t.lines <= mostLines && t.bytes <= mostLineBytes
		return kept, !kept
	}
	if second := event.At.Truncate(time.Second); second != t.second {
		t.second, t.inSecond = second, 0
	}
	t.inSecond++
	return t.inSecond <= furtherLines && len(event.Body) <= furtherLineSize, false
}

// isLineKind says that events of a kind are lines of logs or builds.
func isLineKind(kind string) bool {
	return kind == stream.KindOf(stream.LogLine{}) || kind == stream.KindOf(stream.BuildOutput{})
}

// noticeOf stands for an event whose kind is not known.
func (r *Recording) noticeOf(event stream.Raw) stream.Raw {
	by := "a newer benchtui"
	if r.Program != "" {
		by = "benchtui " + r.Program
	}
	text := fmt.Sprintf("the recording, made by %s, holds events of the kind %q, which this version does not know: they are left out", by, event.Kind)
	return noticeAt(event, text)
}

// noticeAt is a notice in an event's place.
func noticeAt(event stream.Raw, text string) stream.Raw {
	body, _ := json.Marshal(stream.Notice{Text: text}) // a string always can be
	return stream.Raw{Seq: event.Seq, At: event.At, Kind: stream.KindOf(stream.Notice{}), Body: body}
}

// Len is how many events there are.
func (r *Recording) Len() int { return r.events.length }

// At is when event i was, since the run started. Times do not fall.
func (r *Recording) At(i int) time.Duration { return r.events.at(i).At }

// Length is how long the recording is: until its last event.
func (r *Recording) Length() time.Duration { return r.events.last }

// IsKind says that event i is of the same kind as a body, without decoding it.
func (r *Recording) IsKind(i int, body stream.Body) bool {
	return r.events.at(i).Kind == stream.KindOf(body)
}

// Contender is whose event i is.
func (r *Recording) Contender(i int) string { return r.events.at(i).Contender }

// Event is event i. One that can't be read is a Notice that says so.
func (r *Recording) Event(i int) stream.Event {
	raw := r.events.at(i)
	event, err := raw.Decode()
	if err != nil { // more may stand behind the body
		var around stream.Raw
		if json.Unmarshal(slices.Concat([]byte(`{"body":`), raw.Body, []byte("}")), &around) == nil {
			wire := *raw
			wire.Body = around.Body
			event, err = wire.Decode()
		}
	}
	if err != nil {
		event.Body = foreign.Value(stream.Notice{Text: fmt.Sprintf("the recording holds what this version can't read: %v; it is left out", err)})
	}
	return event
}

// All are all of them in order, each decoded when it is its turn.
func (r *Recording) All() iter.Seq[stream.Event] {
	return func(yield func(stream.Event) bool) {
		for i := range r.Len() {
			if !yield(r.Event(i)) {
				return
			}
		}
	}
}

// Events are all of them, decoded: of a long recording they take twenty times its memory.
func (r *Recording) Events() []stream.Event { return slices.Collect(r.All()) }

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

	objects int // of JSON, read so far
	loads   int // contenders that were begun
	changes int // events that are no samples
	results int // bytes of memory that results take

	contenders map[string]bool // that events are of
}

func newRecordingReader(r io.Reader) (*recordingReader, error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("no recording: %w", err)
	}
	reader := &recordingReader{lines: bufio.NewReaderSize(zip, 64<<10), contenders: map[string]bool{}}
	line, err := reader.nextLine()
	if err != nil {
		return nil, fmt.Errorf("no recording: %w", err)
	}
	if err := json.Unmarshal(line, &reader.head); err != nil {
		return nil, fmt.Errorf("no recording: %w", err)
	}
	if reader.head.Format != Format {
		return nil, fmt.Errorf("the recording's format is %.60q; this version reads %s: a newer benchtui may read it", reader.head.Format, Format)
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
	if err == nil && r.isTooMuch(event, line) {
		err = errTooMuch
	}
	event.Contender = foreign.Line(event.Contender)
	return event, err
}

// isTooMuch counts what an event holds, and says whether it is more than all may.
func (r *recordingReader) isTooMuch(event stream.Raw, line []byte) bool {
	const small = 64 << 10 // bytes, which can't become much
	r.contenders[event.Contender] = true
	switch event.Kind {
	case stream.KindOf(stream.LogLine{}), stream.KindOf(stream.BuildOutput{}): // left out where there are too many
		return len(r.contenders) > mostRecordedContenders || len(line) > small && event.Weight() > MostResultMemory
	case stream.KindOf(stream.LoadSample{}), stream.KindOf(stream.ProcessSample{}), stream.KindOf(stream.EventLoopSample{}), stream.KindOf(stream.RuntimeSample{}):
	case stream.KindOf(stream.ContenderDone{}), stream.KindOf(stream.RunDone{}), stream.KindOf(stream.ProfileTaken{}), stream.KindOf(stream.RunStarted{}):
		r.results += event.Weight()
		r.changes++
	case stream.KindOf(stream.ContenderStarted{}):
		r.loads++
		r.changes++
	default:
		r.changes++
	}
	r.objects += max(1, bytes.Count(line, []byte("{")))
	return len(r.contenders) > mostRecordedContenders || r.objects > mostRecordedObjects ||
		r.loads > mostRecordedLoads || r.changes > mostRecordedChanges || r.results > MostResultMemory ||
		len(line) > small && event.Weight() > MostResultMemory
}

// envelope reads an event's line as Event.appendJSON writes it, without going over
// the body, which is read when it is asked for and valid as long as the line; plain is
// false for any other line.
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
	return stream.Raw{Seq: uint64(seq), At: time.Duration(at), Contender: contender, Kind: kind, Body: body}, true
}

// nextLine is valid until the next call. A line without an end was not written whole.
func (r *recordingReader) nextLine() ([]byte, error) {
	if r.line = r.line[:0]; cap(r.line) > largeEvent {
		r.line = nil
	}
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
	last := stream.Raw{Seq: uint64(r.Len() + 1), At: r.Length()}
	r.events.add(noticeAt(last, "the recording ends here: it was cut off, as when benchtui is killed or the disk is full"))
	r.events.seal()
}

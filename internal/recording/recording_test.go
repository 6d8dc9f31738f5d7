package recording

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/oracle"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/stream/streamtest"
)

// flushedEvery is after how many events these tests flush.
const flushedEvery = 50

func record(t testing.TB, events []stream.Event) []byte {
	t.Helper()
	var buffer bytes.Buffer
	recorder, err := NewRecorder(&buffer, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	for i, event := range events {
		if err := recorder.Record(event); err != nil {
			t.Fatal(err)
		}
		if i%flushedEvery == flushedEvery-1 {
			if err := recorder.Flush(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// zipped is a recording with lines of its own.
func zipped(t testing.TB, lines ...string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	zip := gzip.NewWriter(&buffer)
	for _, line := range lines {
		if _, err := io.WriteString(zip, line+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func TestRecordingHoldsEveryEvent(t *testing.T) {
	events := streamtest.OneOfEach()
	recording, err := Load(bytes.NewReader(record(t, events)))
	if err != nil {
		t.Fatal(err)
	}
	if back := recording.Events(); !reflect.DeepEqual(events, back) {
		t.Errorf("read %d events, or others, of %d", len(back), len(events))
	}
	if recording.Program != "1.2.3" || recording.Cut || recording.Length() != events[len(events)-1].At {
		t.Errorf("got program %q, cut %t, length %s", recording.Program, recording.Cut, recording.Length())
	}
}

// A run that was killed leaves a recording that reads up to the cut.
func TestRecordingThatIsCutOffReadsUpToTheCut(t *testing.T) {
	t.Parallel()
	var events []stream.Event
	for len(events) < 5*flushedEvery {
		events = append(events, streamtest.OneOfEach()...)
	}
	recording := record(t, events)
	var last *Recording
	for cut := 0; cut < len(recording); cut += 5 { // wherever, also within a compressed block
		back, err := Load(bytes.NewReader(recording[:cut]))
		if err == nil {
			t.Fatalf("cut at %d of %d: no error", cut, len(recording))
		}
		if back == nil {
			back = &Recording{}
		}
		if last != nil && back.Len() < last.Len() {
			t.Fatalf("cut at %d: %d events, fewer than the %d before", cut, back.Len(), last.Len())
		}
		if back.Len() > 0 && !errors.Is(err, ErrCutOff) {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		last = back
	}
	if last.Len() < len(events)-flushedEvery {
		t.Errorf("all but the last byte gives %d of %d events", last.Len(), len(events))
	}
	whole, err := Load(bytes.NewReader(recording))
	if err != nil {
		t.Fatal(err)
	}
	if back := last.Events(); !reflect.DeepEqual(back, whole.Events()[:len(back)]) {
		t.Error("what stands before the cut is read as something else")
	}
}

// A disk may hand back other bytes than it was given.
func TestRecordingThatIsDamagedReadsUpToTheDamage(t *testing.T) {
	var events []stream.Event
	for len(events) < 5*flushedEvery {
		events = append(events, streamtest.OneOfEach()...)
	}
	recording := record(t, events)
	for at := len(recording) / 2; at < len(recording)/2+16; at++ {
		recording[at] ^= 0x5a
	}
	back, err := Read(bytes.NewReader(recording))
	if !errors.Is(err, ErrCutOff) || len(back) == 0 || len(back) >= len(events) {
		t.Errorf("read %d of %d events, and %v", len(back), len(events), err)
	}
}

// The recording was made by the first version that recorded (commit f6d46f3), by
//
//	benchtui run golang expressjs -w article --users 400 --ramp 2s --warmup 500ms --record FILE
//
// which then printed 1,600 requests of each, and Express's 304 replies. (Since then its
// paths were shortened, and it was packed anew.)
func TestRecordingOfTheFirstVersionIsRead(t *testing.T) {
	file, err := os.Open("testdata/recording-v1-of-f6d46f3.btr")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	recording, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if recording.Program != "" {
		t.Errorf("program %q; it did not say", recording.Program)
	}
	replies, phases := map[string]uint64{}, map[string]int{}
	var result stream.Result
	for i := range recording.Len() {
		event := recording.Event(i)
		switch body := event.Body.(type) {
		case stream.Notice:
			t.Errorf("at %s: %s", event.At, body.Text)
		case stream.LoadSample:
			if !body.Warmup {
				replies[event.Contender] += body.Measures.ResponseOK.Count() + body.Measures.ResponseKO.Count()
			}
		case stream.PhaseChanged:
			phases[event.Contender]++
		case stream.RunDone:
			result = body.Result
		}
	}
	if want := map[string]uint64{"golang": 1600, "expressjs": 1600}; !reflect.DeepEqual(replies, want) {
		t.Errorf("replies in its histograms: %v, want %v", replies, want)
	}
	if phases["golang"] != 5 || phases["expressjs"] != 5 {
		t.Errorf("phases %v; each went through build, start, warm-up, load and stop", phases)
	}
	if len(result.Contenders) != 2 || result.Contenders[1].Requests.KO != 1200 {
		t.Errorf("the result holds %d contenders, the second with %d KO", len(result.Contenders), result.Contenders[1].Requests.KO)
	}
}

// What a later version adds must not keep this one from reading the rest.
func TestRecordingOfALaterVersionIsReadWithANotice(t *testing.T) {
	recording, err := Load(bytes.NewReader(zipped(t,
		`{"format":"benchtui/recording/v1","program":"9.9","compressed_by":"magic"}`,
		`{"seq":1,"at_ns":0,"kind":"run_started","body":{"plan":{"workload":{"name":"burst","colour":"red"}}}}`,
		`{"seq":2,"at_ns":5,"kind":"quantum","body":{"spin":0.5}}`,
		`{"seq":3,"at_ns":6,"kind":"quantum","body":{"spin":0.7}}`,
		`{"seq":4,"at_ns":7,"contender":"golang","kind":"ready","body":"soon"}`,
		`{"seq":5,"at_ns":3,"contender":"golang","kind":"log","body":{},"mood":"good"}`,
	)))
	if err != nil {
		t.Fatal(err)
	}
	events := recording.Events()
	if len(events) != 4 {
		t.Fatalf("got %d events, want 4: %+v", len(events), events)
	}
	if started := events[0].Body.(stream.RunStarted); started.Plan.Workload.Name != "burst" {
		t.Errorf("got %+v", started)
	}
	for i, words := range map[int][]string{1: {`"quantum"`, "benchtui 9.9"}, 2: {"event 4 (ready)"}} {
		notice, ok := events[i].Body.(stream.Notice)
		for _, word := range words {
			if !ok || !strings.Contains(notice.Text, word) {
				t.Errorf("event %d is %+v, want a notice that says %s", i, events[i].Body, word)
			}
		}
	}
	if _, ok := events[3].Body.(stream.LogLine); !ok {
		t.Errorf("what stands behind a body keeps it from being read: %+v", events[3].Body)
	}
	if events[3].At != 7 {
		t.Errorf("time goes back to %d", events[3].At)
	}
}

func TestWhatIsNoRecordingIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"empty":       {nil, "no recording"},
		"text":        {[]byte("hello, this is text"), "no recording"},
		"other":       {zipped(t, "hello"), "no recording"},
		"other JSON":  {zipped(t, `{"schema":"benchtui/result/v1"}`), "format"},
		"next format": {zipped(t, `{"format":"benchtui/recording/v2"}`), "newer benchtui"},
	} {
		_, err := Load(bytes.NewReader(c.data))
		if err == nil || errors.Is(err, ErrCutOff) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want an error that says %s", name, err, c.says)
		}
	}
}

// FuzzReadRecording looks that no file breaks the reader, and that what was read
// can be written and read again.
func FuzzReadRecording(f *testing.F) {
	f.Add(record(f, streamtest.OneOfEach()))
	f.Add([]byte("not a recording"))
	f.Add(zipped(f, `{"format":"benchtui/recording/v1"}`, `{"seq":1,"at_ns":-4,"kind":"load","body":{"measures":{"response_ok":[1,-1]}}}`, `null`))
	f.Add(zipped(f, `{"format":"benchtui/recording/v1"}`, `{"seq":1,"seq":2,"at_ns":NaN,"kind":"log","body":{"line":"\u001b[2J"}}`, strings.Repeat("[", 100)))
	f.Fuzz(readAndWriteAgain)
}

// Bombs are held to the same bounds; as seeds they would slow every try.
func TestBombsAreNoRecordings(t *testing.T) {
	const head = `{"format":"benchtui/recording/v1"}`
	readAndWriteAgain(t, zipped(t, head, `{"seq":1,"at_ns":1,"kind":"log","body":{"line":"`+strings.Repeat("x", 20<<20)+`"}}`))
	readAndWriteAgain(t, zipped(t, head, strings.Repeat("[", 4<<20)))
}

func readAndWriteAgain(t *testing.T, data []byte) {
	var recording *Recording
	var err error
	oracle.Bounded(t, func() { recording, err = Load(bytes.NewReader(data)) })
	if err != nil {
		oracle.Harmless(t, "the error", foreign.Line(err.Error()))
	}
	if err != nil && !errors.Is(err, ErrCutOff) {
		return
	}
	var last time.Duration
	for i := range recording.Len() {
		event := recording.Event(i)
		if event.At < last {
			t.Fatalf("event %d is at %s, after %s", i, event.At, last)
		}
		last = event.At
		text, err := json.Marshal(event)
		if err != nil {
			t.Fatalf("event %d can't be written again: %v", i, err)
		}
		var back stream.Event
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("event %d can't be read again: %v\n%s", i, err, text)
		}
	}
}

// The quick way through an event's line must come to what JSON says it is.
func TestEnvelopeIsReadAsJSONReadsIt(t *testing.T) {
	lines := []string{
		`{"seq":1,"at_ns":5,"kind":"log","body":{"line":"a \"quoted\" line","body":{}}}`,
		`{"seq":18446744073709551615,"at_ns":5,"contender":"x","kind":"log","body":{}}`,
		`{"at_ns":5,"seq":7,"kind":"log","body":{}}`,
		`{"seq":7,"at_ns":-5,"contender":"a\u0062\"c","kind":"log","body":{}}`,
		`{"seq":7,"at_ns":5,"contender":"ü","kind":"log","body":{}}`,
		`{ "seq": 7, "at_ns": 5, "kind": "log" }`,
	}
	plains := 0
	for _, event := range streamtest.OneOfEach() {
		text, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(text))
	}
	for _, line := range lines {
		got, plain := envelope([]byte(line + "\n"))
		if !plain {
			continue
		}
		plains++
		var want stream.Raw
		if err := json.Unmarshal([]byte(line), &want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n  is read as %+v\n  JSON has it as %+v, %v", line, got, want, err)
		}
	}
	if plains < len(streamtest.OneOfEach()) {
		t.Errorf("only %d of %d lines of ours go the quick way", plains, len(streamtest.OneOfEach()))
	}
}

package session

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// RecordingFormat heads every recording, so that later versions can tell.
const RecordingFormat = "benchtui/recording/v1"

type recordingHead struct {
	Format string `json:"format"`
}

// flushEvery is after how many events a recording is made readable up to there.
const flushEvery = 50

// Recorder writes a run's events as gzipped JSON lines. What was written before a
// crash can be read.
type Recorder struct {
	zip     *gzip.Writer
	encoder *json.Encoder
	since   int
}

// NewRecorder begins a recording.
func NewRecorder(w io.Writer) (*Recorder, error) {
	zip := gzip.NewWriter(w)
	recorder := &Recorder{zip: zip, encoder: json.NewEncoder(zip)}
	if err := recorder.encoder.Encode(recordingHead{RecordingFormat}); err != nil {
		return nil, fmt.Errorf("begin the recording: %w", err)
	}
	return recorder, nil
}

// Record appends an event.
func (r *Recorder) Record(event Event) error {
	if err := r.encoder.Encode(event); err != nil {
		return fmt.Errorf("record event %d: %w", event.Seq, err)
	}
	r.since++
	if r.since >= flushEvery {
		r.since = 0
		return r.zip.Flush()
	}
	return nil
}

// Close ends the recording; the writer below stays open.
func (r *Recorder) Close() error { return r.zip.Close() }

// ErrCutOff tells that a recording ends in the middle; what was read up to there holds.
var ErrCutOff = errors.New("the recording is cut off")

// ReadRecording reads a recording's events in order. With a recording that was
// cut off it returns the events up to the cut and ErrCutOff.
func ReadRecording(r io.Reader) ([]Event, error) {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("no recording: %w", err)
	}
	decoder := json.NewDecoder(bufio.NewReader(zip))
	var head recordingHead
	if err := decoder.Decode(&head); err != nil {
		return nil, fmt.Errorf("no recording: %w", err)
	}
	if head.Format != RecordingFormat {
		return nil, fmt.Errorf("the recording's format is %q; this version reads %s", head.Format, RecordingFormat)
	}
	var events []Event
	for {
		var event Event
		switch err := decoder.Decode(&event); {
		case errors.Is(err, io.EOF):
			return events, nil
		case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, gzip.ErrChecksum):
			return events, ErrCutOff
		case err != nil:
			return events, fmt.Errorf("recording, after event %d: %w", len(events), err)
		}
		events = append(events, event)
	}
}

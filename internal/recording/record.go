package recording

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"

	"github.com/benchtui/benchtui/internal/stream"
)

// Format heads every recording, so that later versions can tell.
const Format = "benchtui/recording/v1"

// recordingHead is the first line of a recording. What a version does not know of
// it, or misses in it, does no harm.
type recordingHead struct {
	Format  string `json:"format"`
	Program string `json:"program,omitempty"` // the version of benchtui that recorded
}

// Recorder writes a run's events as gzipped JSON lines: zcat shows them, and what
// was flushed before a crash can be read. Of an article's run they are 4 kB of JSON
// and 400 bytes on disk each. (Go's own gzip makes them 6 % smaller and takes twelve
// times as long, which the run would feel.)
type Recorder struct {
	zip     *gzip.Writer
	line    []byte
	waiting bool // something is not flushed yet
}

// NewRecorder begins a recording by a version of this program.
func NewRecorder(w io.Writer, program string) (*Recorder, error) {
	zip := gzip.NewWriter(w)
	recorder := &Recorder{zip: zip, waiting: true}
	if err := json.NewEncoder(zip).Encode(recordingHead{Format, program}); err != nil {
		return nil, fmt.Errorf("begin the recording: %w", err)
	}
	return recorder, nil
}

// Record appends an event.
func (r *Recorder) Record(event stream.Event) error {
	r.waiting = true
	var err error
	if r.line, err = event.AppendJSON(r.line[:0]); err == nil {
		_, err = r.zip.Write(append(r.line, '\n'))
	}
	if err != nil {
		return fmt.Errorf("record event %d: %w", event.Seq, err)
	}
	return nil
}

// Flush makes all that was recorded so far readable, whatever happens next.
func (r *Recorder) Flush() error {
	if !r.waiting {
		return nil
	}
	r.waiting = false
	if err := r.zip.Flush(); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	return nil
}

// Close ends the recording; the writer below stays open.
func (r *Recorder) Close() error { return r.zip.Close() }

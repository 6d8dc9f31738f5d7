// Package recordingtest writes the recordings of tests.
package recordingtest

import (
	"bytes"
	"testing"

	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/stream"
)

// Of is a recording of events as --record writes them.
func Of(t testing.TB, events []stream.Event) []byte {
	t.Helper()
	var file bytes.Buffer
	recorder, err := recording.NewRecorder(&file, "test")
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range events {
		if err := recorder.Record(event); err != nil {
			t.Fatal(err)
		}
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

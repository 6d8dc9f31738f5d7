package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/stream"
)

// Document is what reports are made from: a run's result and, from a recording,
// how it went.
type Document struct {
	Result    stream.Result
	Timelines []*Timeline // of each measured load, in the order of measuring; nil: not recorded
	CutOff    bool        // the recording ends in the middle
}

// gzipMagic begins every recording.
var gzipMagic = []byte{0x1f, 0x8b}

// ReadDocument reads a recording or a JSON result; which of them it is, its first
// bytes tell.
func ReadDocument(r io.Reader) (Document, error) {
	in := bufio.NewReader(r)
	first, err := in.Peek(len(gzipMagic))
	switch {
	case errors.Is(err, io.EOF):
		return Document{}, errors.New("neither a recording nor a result: it is empty")
	case err != nil:
		return Document{}, err
	}
	if bytes.Equal(first, gzipMagic) {
		events, err := recording.Read(in)
		if err != nil && !errors.Is(err, recording.ErrCutOff) {
			return Document{}, err
		}
		return DocumentOf(events)
	}
	return readResult(in)
}

// DocumentOf is the document that a run's events tell, as far as they go.
func DocumentOf(events []stream.Event) (Document, error) {
	result, err := recording.ResultOf(events)
	if err != nil {
		return Document{}, err
	}
	var timelines Timelines
	for _, event := range events {
		timelines.Fold(event)
	}
	document := Document{Result: result, Timelines: timelines.All}
	_, whole := events[len(events)-1].Body.(stream.RunDone)
	document.CutOff = !whole
	return document, nil
}

func readResult(r io.Reader) (Document, error) {
	var document Document
	const most = 16 << 20 // bytes: what never ends is no result
	text, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return document, err
	}
	if bytes.Count(text, []byte("{")) > recording.MostResultObjects {
		return document, fmt.Errorf("it holds more than a result does: over %d objects", recording.MostResultObjects)
	}
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&document.Result); err != nil {
		return document, fmt.Errorf("neither a recording nor a result in JSON: %w", err)
	}
	if schema := document.Result.Schema; schema != stream.ResultSchema {
		return document, fmt.Errorf("its schema is %q; this version reads %s, and recordings", schema, stream.ResultSchema)
	}
	document.Result = foreign.Value(document.Result)
	return document, nil
}

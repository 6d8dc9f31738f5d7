package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"

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
		recorded, err := recording.Load(in)
		if recorded == nil || err != nil && !errors.Is(err, recording.ErrCutOff) {
			return Document{}, err
		}
		whole := false
		if last := recorded.Len() - 1; last >= 0 {
			_, whole = recorded.Event(last).Body.(stream.RunDone)
		}
		return documentOf(recorded.All(), whole)
	}
	return readResult(in)
}

// DocumentOf is the document that a run's events tell, as far as they go.
func DocumentOf(events []stream.Event) (Document, error) {
	whole := false
	if len(events) > 0 {
		_, whole = events[len(events)-1].Body.(stream.RunDone)
	}
	return documentOf(slices.Values(events), whole)
}

// documentOf goes over the events once; whole says that the last of them is the run's end.
func documentOf(events iter.Seq[stream.Event], whole bool) (Document, error) {
	outcome := recording.NewOutcome(whole)
	var timelines Timelines
	for event := range events {
		outcome.Fold(event)
		timelines.Fold(event)
	}
	result, err := outcome.Result()
	if err != nil {
		return Document{}, err
	}
	return Document{Result: result, Timelines: timelines.All, CutOff: !whole}, nil
}

func readResult(r io.Reader) (Document, error) {
	var document Document
	const most = 16 << 20 // bytes: what never ends is no result
	text, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return document, err
	}
	if foreign.Weight(text, reflect.TypeFor[stream.Result]()) > recording.MostResultMemory {
		return document, fmt.Errorf("it holds more than a result does: read, it would take over %d MB", recording.MostResultMemory>>20)
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

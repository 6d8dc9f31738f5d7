package tui

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/stream"
)

// hourRecording is an hour of one load: the contender's measured seconds of a real
// recording, the demo's, over and over.
func hourRecording(tb testing.TB, contender string) []byte {
	tb.Helper()
	data, err := os.ReadFile("../demo/demo.btr")
	if err != nil {
		tb.Fatal(err)
	}
	events, err := recording.Read(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	var file bytes.Buffer
	recorder, err := recording.NewRecorder(&file, "test")
	if err != nil {
		tb.Fatal(err)
	}
	write := func(event stream.Event) {
		if err := recorder.Record(event); err != nil {
			tb.Fatal(err)
		}
	}
	var load []stream.Event
	var began, length time.Duration
	for _, event := range events {
		loads := event.Contender == contender && began > 0
		switch body := event.Body.(type) {
		case stream.PhaseChanged:
			if event.Contender == contender && body.Phase == stream.PhaseLoad {
				began = event.At
			} else if loads && body.Phase == stream.PhaseStop {
				length = event.At - began
			}
		case stream.LoadSample, stream.ProcessSample, stream.EventLoopSample, stream.FindingChanged:
			if loads && length == 0 {
				load = append(load, event)
			}
			continue
		}
		if length == 0 {
			write(event)
		}
	}
	for passed := time.Duration(0); passed < time.Hour; passed += length {
		for _, event := range load {
			event.At += passed
			switch body := event.Body.(type) {
			case stream.LoadSample:
				body.Measures.From += passed
				body.Measures.To += passed
				event.Body = body
			case stream.ProcessSample:
				body.Into += passed
				event.Body = body
			case stream.EventLoopSample:
				body.Into += passed
				event.Body = body
			}
			write(event)
		}
	}
	if err := recorder.Close(); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// BenchmarkHour is what an hour's recording costs to read, to go through once, and
// to jump about in.
func BenchmarkHour(b *testing.B) {
	file := hourRecording(b, "expressjs")
	load := func(b *testing.B) *recording.Recording {
		recording, err := recording.Load(bytes.NewReader(file))
		if err != nil {
			b.Fatal(err)
		}
		return recording
	}
	before := heap()
	recording := load(b)
	b.Logf("%.1f MB on disk, %.0f MB in memory, %d events", float64(len(file))/1e6, float64(heap()-before)/1e6, recording.Len())
	through := func(p *player) {
		for p.behind() {
			p.fold(time.Now)
		}
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			load(b)
		}
	})
	b.Run("to its end", func(b *testing.B) {
		for b.Loop() {
			p := newPlayer(Replay{Recording: recording}, time.Time{})
			p.seek(p.length())
			through(p)
		}
	})
	b.Run("back", func(b *testing.B) {
		p := newPlayer(Replay{Recording: recording}, time.Time{})
		p.seek(p.length())
		through(p)
		b.Logf("its %d kept states are %.0f MB, with the recording", len(p.keyframes), float64(heap()-before)/1e6)
		for step := 0; b.Loop(); step++ {
			p.seek(p.length() * time.Duration(97-step*7%90) / 100)
			through(p)
		}
	})
}

package main

import (
	"errors"
	"fmt"
	"math"
	"os"

	"github.com/spf13/cobra"

	"github.com/benchtui/benchtui/report"
	"github.com/benchtui/benchtui/session"
)

// recording writes every event of a run to a file, off the run's path.
type recording struct {
	file  *os.File
	queue *session.Queue
	done  chan struct{}
	err   error // after done
}

// record begins the recording of --record; nil if none is asked for.
func record(path string) (*recording, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("--record: %w", err)
	}
	recorder, err := session.NewRecorder(file, version)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("--record: %w", err)
	}
	r := &recording{file: file, queue: session.NewQueue(math.MaxInt), done: make(chan struct{})}
	go r.write(recorder)
	return r, nil
}

func (r *recording) write(recorder *session.Recorder) {
	defer close(r.done)
	for range r.queue.Ready() {
		events, open := r.queue.Take()
		for _, event := range events {
			if r.err == nil { // a full disk ends the recording, not the run
				r.err = recorder.Record(event)
			}
		}
		if !open {
			break
		}
	}
	r.err = errors.Join(r.err, recorder.Close(), r.file.Close())
}

// sinks is the recording as a consumer of events; none for none.
func (r *recording) sinks() []session.Sink {
	if r == nil {
		return nil
	}
	return []session.Sink{r.queue.Emit}
}

// finish ends the recording once the run has ended.
func (r *recording) finish() error {
	if r == nil {
		return nil
	}
	r.queue.Close()
	<-r.done
	if r.err != nil {
		return fmt.Errorf("--record: %w", r.err)
	}
	return nil
}

func replayCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "replay FILE",
		Short: "Print a recording of --record as text, as it was",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(errors.New("replay takes one recording: benchtui replay FILE"))
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			file, err := os.Open(args[0])
			if err != nil {
				return usage(err)
			}
			defer file.Close()
			events, err := session.ReadRecording(file)
			if err != nil && !errors.Is(err, session.ErrCutOff) {
				return usage(fmt.Errorf("%s: %w", args[0], err))
			}
			plain := report.NewPlain(command.OutOrStdout(), report.PlainOptions{})
			for _, event := range events {
				if err := plain.Emit(event); err != nil {
					return exitError{exitNotMeasured, err}
				}
			}
			if err != nil {
				return exitError{exitNotMeasured, fmt.Errorf("%s: %w; this is what it holds", args[0], err)}
			}
			return nil
		},
	}
}

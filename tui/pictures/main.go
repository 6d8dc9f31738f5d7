package main

import (
	"errors"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"

	"github.com/benchtui/benchtui/session"
)

func main() {
	recording := flag.String("recording", "", "the recording to play")
	out := flag.String("out", "docs/screens", "the folder for the pictures")
	only := flag.String("only", "", "only the picture of this name")
	film := flag.String("film", "", "the file for the animated picture; none if empty")
	flag.Parse()
	if err := run(*recording, *out, *only, *film); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func run(recording, out, only, film string) error {
	events, err := read(recording)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, scene := range scenesOf(events) {
		if only != "" && only != scene.name {
			continue
		}
		if err := scene.take(events, filepath.Join(out, scene.name+".png")); err != nil {
			return fmt.Errorf("picture %s: %w", scene.name, err)
		}
	}
	if film == "" {
		return nil
	}
	if err := shoot(events, storyboard(events), film); err != nil {
		return fmt.Errorf("film %s: %w", film, err)
	}
	return nil
}

func read(path string) ([]session.Event, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	events, err := session.ReadRecording(file)
	if err != nil && !errors.Is(err, session.ErrCutOff) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(measured(events)) == 0 {
		return nil, fmt.Errorf("%s: nothing is measured in it; record one with benchtui run … --record FILE", path)
	}
	return events, nil
}

// take brings a scene about and writes its picture.
func (s scene) take(events []session.Event, path string) error {
	frame, err := s.frame(events)
	if err != nil {
		return err
	}
	cell := s.cell
	if cell == 0 {
		cell = 10
	}
	paper, err := newPaper(cell, 2*cell, s.look.Light)
	if err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(file, paletted(paper.draw(frame)))
	return errors.Join(err, file.Close())
}

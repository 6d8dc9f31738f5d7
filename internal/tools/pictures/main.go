package main

import (
	"errors"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/internal/recording"
)

func main() {
	recording := flag.String("recording", "", "the recording to play")
	out := flag.String("out", "docs/screens", "the folder for the pictures")
	only := flag.String("only", "", "only the pictures of these names, with commas between; none: all; -: none")
	without := flag.String("without", "", "the names of pictures to leave out")
	film := flag.String("film", "", "the file for the animated picture; none if empty")
	flag.Parse()
	if err := run(*recording, *out, names(*only), names(*without), *film); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

// names are those between commas.
func names(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

func run(path, out string, only, without []string, film string) error {
	recording, err := read(path)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	events := recording.Events()
	for _, scene := range scenesOf(events) {
		if len(only) > 0 && !slices.Contains(only, scene.name) || slices.Contains(without, scene.name) {
			continue
		}
		if err := scene.take(recording, filepath.Join(out, scene.name+".png")); err != nil {
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

func read(path string) (*recording.Recording, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	played, err := recording.Load(file)
	if err != nil && !errors.Is(err, recording.ErrCutOff) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(measured(played.Events())) == 0 {
		return nil, fmt.Errorf("%s: nothing is measured in it; record one with benchtui run … --record FILE", path)
	}
	return played, nil
}

// take brings a scene about and writes its picture.
func (s scene) take(recording *recording.Recording, path string) error {
	frame, err := s.frame(recording)
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

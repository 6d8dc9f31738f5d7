package main

import (
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/benchtui/benchtui/tui"
)

const recording = "../testdata/run.btr"

// TestEveryPictureIsOfItsScreen makes all pictures and looks at their sizes.
func TestEveryPictureIsOfItsScreen(t *testing.T) {
	out := t.TempDir()
	film := filepath.Join(out, "film.gif")
	if err := run(recording, out, "", film); err != nil {
		t.Fatal(err)
	}
	events, err := read(recording)
	if err != nil {
		t.Fatal(err)
	}
	for _, scene := range scenesOf(events) {
		file, err := os.Open(filepath.Join(out, scene.name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		config, err := png.DecodeConfig(file)
		file.Close()
		if want := scene.look.W*10 + 10; err != nil || config.Width != want {
			t.Errorf("%s is %d pixels wide, want %d (%v)", scene.name, config.Width, want, err)
		}
	}
	file, err := os.Open(film)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	moving, err := gif.DecodeAll(file)
	if err != nil || len(moving.Image) < 30 {
		t.Errorf("the film has %d frames: %v", len(moving.Image), err)
	}
}

// TestSignsAreDrawn draws what no font is asked for, and sees that something is there.
func TestSignsAreDrawn(t *testing.T) {
	paper, err := newPaper(10, 20, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, sign := range "─│╭╯━┃┏┛╌╎┊█▄▌▐░▒▓▚⣿⠁⢸⚑⚠✓✗●○▸▲▼‖◆⚡🥇🥈🥉🏅aÄµ→×…" {
		frame := tui.Frame{W: 2, H: 1, Cells: []tui.FrameCell{{Text: string(sign), Width: 2}, {}}}
		inked := false
		picture := paper.draw(frame)
		for at := 0; at < len(picture.Pix); at += 4 {
			inked = inked || picture.Pix[at] != darkBackground.R
		}
		if !inked {
			t.Errorf("%c leaves nothing on the paper", sign)
		}
	}
}

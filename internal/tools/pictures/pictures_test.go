package main

import (
	"image/gif"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/tui/term"
)

const recorded = "../../../tui/testdata/run.btr"

// TestEverySceneIsBroughtAbout plays to every picture, and writes two of them.
func TestEverySceneIsBroughtAbout(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	for path, wanted := range map[string]string{recorded: "", "../../../docs/why.btr": "why-"} {
		played, err := read(path)
		if err != nil {
			t.Fatal(err)
		}
		drawn := 0
		for _, scene := range scenesOf(played.Events()) {
			if !strings.HasPrefix(scene.name, wanted) {
				continue
			}
			drawn++
			frame, err := scene.frame(played)
			if err != nil {
				t.Errorf("%s: %v", scene.name, err)
			} else if frame.W != scene.look.W || frame.H != scene.look.H || len(strings.TrimSpace(frame.Text())) < 100 {
				t.Errorf("%s shows nearly nothing:\n%s", scene.name, frame.Text())
			}
		}
		if drawn < 4 {
			t.Errorf("of %s there are %d pictures", path, drawn)
		}
	}
	out := t.TempDir()
	for _, name := range []string{"live-small", "leaderboard"} {
		if err := run(recorded, out, []string{name}, nil, ""); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(filepath.Join(out, name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if config, err := png.DecodeConfig(file); err != nil || config.Width < 800 {
			t.Errorf("%s is %d pixels wide (%v)", name, config.Width, err)
		}
	}
}

// TestFilmMoves plays a second of the storyboard's load.
func TestFilmMoves(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	played, err := read(recorded)
	if err != nil {
		t.Fatal(err)
	}
	events := played.Events()
	if steps := storyboard(events); len(steps) < 10 {
		t.Errorf("the storyboard has %d steps", len(steps))
	}
	path := filepath.Join(t.TempDir(), "film.gif")
	star := starOf(events)
	steps := []step{
		{hold: time.Second}, {keys: []string{"enter"}},
		{from: loading(star, 3*time.Second), to: loading(star, 4*time.Second), speed: 1},
	}
	if err := shoot(events, steps, path); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	moving, err := gif.DecodeAll(file)
	if err != nil || len(moving.Image) < 5 {
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
		frame := term.Frame{W: 2, H: 1, Cells: []term.FrameCell{{Text: string(sign), Width: 2}, {}}}
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

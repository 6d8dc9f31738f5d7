package main

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"os"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui"
)

// step is what happens next in the animated picture: a jump, keys, and then the run
// goes on or the picture stands still.
type step struct {
	from, to moment // nil: where the run is
	speed    float64
	keys     []string
	hold     time.Duration
}

// every is how long a frame of the animated picture stands.
const every = 200 * time.Millisecond

// largestFilm is what a page may ask a reader to load, in bytes.
const largestFilm = 3_000_000

// shot is a frame and how long it stands.
type shot struct {
	picture *image.RGBA
	stands  time.Duration
}

// shoot makes the animated picture.
func shoot(events []stream.Event, steps []step, path string) error {
	look := tui.FilmLook{W: 120, H: 36}
	film, err := tui.NewFilm(events, offerOf(events), look)
	if err != nil {
		return err
	}
	paper, err := newPaper(8, 16, false)
	if err != nil {
		return err
	}
	var shots []shot
	take := func(stands time.Duration) { shots = append(shots, shot{paper.draw(film.Frame()), stands}) }
	at := time.Duration(0)
	for i, step := range steps {
		if err := step.play(film, events, &at, take); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return write(path, shots)
}

func (s step) play(film *tui.Film, events []stream.Event, at *time.Duration, take func(time.Duration)) error {
	if s.from != nil {
		to, err := s.from(events)
		if err != nil {
			return err
		}
		*at = to
		if err := film.PlayTo(to); err != nil {
			return err
		}
	}
	if err := film.Press(s.keys...); err != nil {
		return err
	}
	if s.hold > 0 {
		take(s.hold)
	}
	if s.to == nil {
		return nil
	}
	to, err := s.to(events)
	if err != nil {
		return err
	}
	for *at < to {
		*at = min(to, *at+time.Duration(s.speed*float64(every)))
		if err := film.PlayTo(*at); err != nil {
			return err
		}
		take(every)
	}
	return nil
}

// write encodes the shots; of each only what differs from the one before.
func write(path string, shots []shot) error {
	var sample []*image.RGBA
	for i := 0; i < len(shots); i += 4 {
		sample = append(sample, shots[i].picture)
	}
	palette := paletteOf(sample...)
	palette = append(palette[:min(len(palette), most-1)], color.RGBA{}) // the last is what stays as it was
	out := &gif.GIF{Config: image.Config{ColorModel: palette, Width: shots[0].picture.Rect.Dx(), Height: shots[0].picture.Rect.Dy()}}
	var before *image.Paletted
	for _, shot := range shots {
		now := withPalette(shot.picture, palette)
		changed := difference(before, now)
		before = now
		if changed == nil && len(out.Delay) > 0 {
			out.Delay[len(out.Delay)-1] += int(shot.stands / (10 * time.Millisecond))
			continue
		}
		out.Image = append(out.Image, changed)
		out.Delay = append(out.Delay, int(shot.stands/(10*time.Millisecond)))
		out.Disposal = append(out.Disposal, gif.DisposalNone)
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(gif.EncodeAll(file, out), file.Close()); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d frames, %.1f MB\n", path, len(out.Image), float64(info.Size())/1e6)
	if info.Size() > largestFilm {
		return fmt.Errorf("it has %d bytes; at most %d: shorten the storyboard", info.Size(), largestFilm)
	}
	return nil
}

// difference is the part of a picture that has changed, transparent where it has
// not; nil if nothing has.
func difference(before, now *image.Paletted) *image.Paletted {
	if before == nil {
		return now
	}
	var changed image.Rectangle
	for y := range now.Rect.Dy() {
		for x := range now.Rect.Dx() {
			if now.Pix[y*now.Stride+x] != before.Pix[y*now.Stride+x] {
				changed = changed.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if changed.Empty() {
		return nil
	}
	part := image.NewPaletted(changed, now.Palette)
	same := uint8(len(now.Palette) - 1)
	for y := changed.Min.Y; y < changed.Max.Y; y++ {
		for x := changed.Min.X; x < changed.Max.X; x++ {
			i := now.Pix[y*now.Stride+x]
			if before.Pix[y*now.Stride+x] == i {
				i = same
			}
			part.SetColorIndex(x, y, i)
		}
	}
	return part
}

// storyboard is the animated picture: from choosing to the leaderboard.
func storyboard(events []stream.Event) []step {
	const beat = 700 * time.Millisecond
	steps := []step{
		{hold: 2 * time.Second},
		{keys: []string{"down"}, hold: beat}, {keys: []string{"down"}, hold: beat}, {keys: []string{"tab"}, hold: beat},
		{keys: []string{"shift+tab"}, hold: beat},
		{keys: []string{"enter"}},
	}
	if at, err := building(events); err == nil && at > time.Second {
		steps = append(steps, step{from: building, hold: 2 * time.Second})
	}
	ids := measured(events)
	star, racer := starOf(events), ""
	for _, id := range ids[1:] {
		if id != star {
			racer = id
		}
	}
	load := func(id string, speed float64, keys ...string) step {
		return step{from: loading(id, 100*time.Millisecond), to: loading(id, 4900*time.Millisecond), speed: speed, keys: keys}
	}
	for i, id := range ids {
		switch {
		case id == star:
			steps = append(steps, load(id, 1))
		case id == racer:
			steps = append(steps, load(id, 1.5, "r"), step{keys: []string{"r"}})
		case i == 0:
			steps = append(steps, load(id, 2))
		}
	}
	return append(steps,
		step{from: ended, hold: 3 * time.Second},
		step{keys: []string{"end"}, hold: 2 * time.Second},
		step{keys: []string{"enter"}, hold: 4 * time.Second},
		step{keys: []string{"esc", "p"}, hold: 3 * time.Second})
}

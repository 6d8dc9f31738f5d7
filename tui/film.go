package tui

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/benchtui/benchtui/tui/screen"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
)

// Film shows the screens of a recorded run without a terminal: events, keys and a
// clock of its own go in, frames come out. What it shows is what the program shows,
// for both are the same model. Pictures and tests are made with it.
type Film struct {
	model  *model
	look   FilmLook
	events []stream.Event
	next   int
	queue  *stream.Queue
	now    time.Time
	at     time.Duration // of the run
	quit   bool
}

// FilmLook is what a film's terminal is like.
type FilmLook struct {
	W, H    int
	Light   bool // has a light background
	NoColor bool
	ASCII   bool
}

// filmed is a run of which only the events are left: nothing of it can be stopped.
type filmed struct{ queue *stream.Queue }

func (f filmed) Events() *stream.Queue { return f.queue }
func (f filmed) Skip()                 {}
func (f filmed) Profile() bool         { return false }
func (f filmed) Stop()                 {}

// NewFilm begins with what is offered, or without choices with the run.
func NewFilm(events []stream.Event, choices *Choices, look FilmLook) (*Film, error) {
	f := &Film{look: look, events: events, now: time.Unix(0, 0)}
	return f, f.begin(Options{Choices: choices, Begin: func(Selection) (LiveRun, error) {
		f.queue, f.next, f.at = stream.NewQueue(len(events)+1), 0, 0
		return filmed{f.queue}, nil
	}})
}

// NewReplayFilm shows a recording as replay does, held at a time since the run began.
func NewReplayFilm(recording *recording.Recording, at time.Duration, look FilmLook) (*Film, error) {
	f := &Film{look: look, now: time.Unix(0, 0)}
	if err := f.begin(Options{Replay: &Replay{Recording: recording, At: at}}); err != nil {
		return nil, err
	}
	f.model.player.paused = true
	for f.model.player.behind() { // what is far into the run takes its time
		f.model.showPlayed()
	}
	f.model.showPlayed()
	return f, nil
}

func (f *Film) begin(options Options) error {
	profile := termenv.TrueColor
	if f.look.NoColor {
		profile = termenv.Ascii
	}
	f.model = newModel(options, term.NewTheme(profile, !f.look.Light), func() time.Time { return f.now })
	f.model.surface.SetASCII(f.look.ASCII)
	if err := f.send(tea.WindowSizeMsg{Width: f.look.W, Height: f.look.H}); err != nil {
		return err
	}
	return f.run(f.model.Init())
}

// send gives the model a message.
func (f *Film) send(msg tea.Msg) error { return f.run(f.model.take(msg)) }

// run does at once what the program does beside its loop.
func (f *Film) run(cmd tea.Cmd) error {
	if cmd != nil {
		switch msg := cmd().(type) {
		case nil:
		case tea.QuitMsg:
			f.quit = true
		case tea.BatchMsg:
			for _, cmd := range msg {
				if err := f.run(cmd); err != nil {
					return err
				}
			}
		default:
			return f.send(msg)
		}
	}
	return f.model.err
}

// Press presses keys by their names, such as "a", "enter", "shift+left".
func (f *Film) Press(names ...string) error {
	for _, name := range names {
		msg, ok := screen.KeyNamed(name)
		if !ok {
			return fmt.Errorf("there is no key %q", name)
		}
		if err := f.send(msg); err != nil {
			return fmt.Errorf("key %q: %w", name, err)
		}
		f.model.draw() // keys mean what is shown
	}
	return nil
}

// PlayTo plays the run on to a time since it began, and its end when that is past
// the last event.
func (f *Film) PlayTo(at time.Duration) error {
	if f.queue == nil {
		return errors.New("no run has begun")
	}
	f.now, f.at = f.now.Add(max(0, at-f.at)), at
	end := f.next + upTo(f.events[f.next:], at)
	for _, event := range f.events[f.next:end] {
		f.queue.Emit(event)
	}
	f.next = end
	if end == len(f.events) {
		f.queue.Close()
	}
	f.model.ticking = true
	err := f.send(tickMsg{f.model.tick})
	f.model.draw()
	return err
}

// upTo is how many events there are up to a time.
func upTo(events []stream.Event, at time.Duration) int {
	n, _ := slices.BinarySearchFunc(events, at, func(e stream.Event, at time.Duration) int {
		return cmp.Or(cmp.Compare(e.At, at), -1) // past those of the same time
	})
	return n
}

// Frame is what the terminal shows now.
func (f *Film) Frame() term.Frame {
	f.model.draw()
	return f.model.surface.Picture(!f.look.Light, !f.look.NoColor)
}

package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/tui/term"
)

// Options is what a screen needs.
type Options struct {
	// Choices is what there is to choose; nil begins at once with an empty Selection.
	Choices *Choices
	// Begin starts a run. It may take its time: it is not called on the screen's loop.
	Begin func(Selection) (LiveRun, error)
	// Replay is played in the place of all that; nil for real runs.
	Replay *Replay
	// NoColor leaves colours out, as the environment's NO_COLOR does.
	NoColor bool
	// ASCII leaves out every character beyond ASCII.
	ASCII bool
	// NoMouse leaves the mouse to the terminal.
	NoMouse bool
	// Input and Output replace the terminal of this process; nil: stdin and stdout.
	Input  io.Reader
	Output io.Writer
}

// ErrForced is returned when the person would not wait for a run to stop.
var ErrForced = errors.New("left by force while the run was stopping")

// ErrTerminalGone is returned when there is no terminal to show anything on any more.
var ErrTerminalGone = errors.New("the terminal is gone")

// Run shows the screens until the person quits, the run they stopped has ended,
// or ctx ends (then with its error). It owns the terminal and gives it back whole,
// also when our own code panics. A run that is still going when Run returns was
// told to Stop; waiting for it is the caller's.
func Run(ctx context.Context, options Options) error {
	terminal := term.Background{Dark: true}
	if options.Input == nil && options.Output == nil {
		terminal = term.ReadBackground(os.Stdin, os.Stdout, os.Getenv)
	}
	model := newModel(options, term.DetectTheme(options.NoColor, terminal.Dark), time.Now)
	model.surface.SetASCII(options.ASCII)
	program := []tea.ProgramOption{
		tea.WithAltScreen(),
		tea.WithFPS(60),            // the first frame waits for a turn of it; who has nothing new to show writes nothing
		tea.WithoutSignalHandler(), // signals are main's; they come as ctx
	}
	if !options.NoMouse {
		program = append(program, tea.WithMouseCellMotion())
	}
	if options.Input != nil {
		program = append(program, tea.WithInput(options.Input))
	}
	if options.Output != nil {
		program = append(program, tea.WithOutput(options.Output))
	}
	pause := make(chan struct{}, 1)
	program = append(program, tea.WithFilter(func(model tea.Model, msg tea.Msg) tea.Msg {
		if terminal.Unanswered {
			msg = term.WithoutAnswers(model, msg)
		}
		if key, ok := msg.(tea.KeyMsg); ok && key.Type == tea.KeyCtrlZ {
			select {
			case pause <- struct{}{}:
			default:
			}
			return nil
		}
		return msg
	}))
	running := tea.NewProgram(model, program...)
	if typed := terminal.Keys(); len(typed) > 0 {
		crash.Go(func() { // Send waits for the program to run, and returns when it has ended
			for _, key := range typed {
				running.Send(key)
			}
		})
	}
	// Not tea.WithContext: a program that is killed does not wait for its reader
	// of the keyboard, which then races with giving back the terminal.
	ended := make(chan struct{})
	freed := make(chan struct{})
	release := context.AfterFunc(ctx, crash.Guarded(func() {
		crash.Go(func() {
			defer close(freed)
			if options.Output == nil {
				dropUnread(os.Stdout, ended)
			}
		})
		running.Quit()
	}))
	keeper := keep(running, !options.NoMouse, pause, func(text string) { running.Send(pausedMsg(text)) })
	_, err := running.Run()
	close(ended)
	crash.Await()
	gone := keeper.end()
	if !release() {
		<-freed
	}
	model.leave()
	switch {
	case gone:
		return ErrTerminalGone
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case model.err != nil:
		return model.err
	case err != nil:
		return fmt.Errorf("show the screens: %w", err)
	}
	return nil
}

// pausedMsg says that the program, and what it measures with, stood still.
type pausedMsg string

package tui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/teatest"
	"github.com/creack/pty"
	"github.com/muesli/termenv"
	xterm "golang.org/x/term"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// TestFromChoosingToTheLeaderboard goes the whole way in real time, sped up.
func TestFromChoosingToTheLeaderboard(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	run := newPlayedRun(tuitest.Article())
	run.scenes = []func(stream.Event) bool{tuitest.BuildLine("expressjs", 2), tuitest.LoadOf("golang", time.Second), tuitest.LoadOf("expressjs", 5*time.Second)}
	options := Options{Choices: screentest.ArticleChoices(), Begin: func(Selection) (LiveRun, error) {
		go run.play(15)
		return run, nil
	}}
	tm := teatest.NewTestModel(t, newModel(options, term.NewTheme(termenv.Ascii, true), time.Now), teatest.WithInitialTermSize(120, 36))
	wait := func(text string) {
		t.Helper()
		teatest.WaitFor(t, tm.Output(), func(out []byte) bool { return bytes.Contains(out, []byte(text)) },
			teatest.WithDuration(time.Minute), teatest.WithCheckInterval(20*time.Millisecond))
	}
	wait("choose what to measure")
	tm.Send(keyOf("enter"))
	for _, text := range []string{"log of ", "● LOAD", "cached replies"} {
		wait(text)
		run.seen <- struct{}{}
	}
	wait("leaderboard")
	tm.Send(keyOf("enter"))
	wait("times, ms")
	tm.Send(keyOf("esc"))
	wait("ranked by")
	tm.Send(keyOf("q"))
	tm.WaitFinished(t, teatest.WithFinalTimeout(time.Minute))
	if model := tm.FinalModel(t).(*model); model.err != nil {
		t.Error(model.err)
	}
}

// terminal is a real pseudo-terminal and what was written to it.
type terminal struct {
	master, tty *os.File
	mu          sync.Mutex
	out         bytes.Buffer
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	screen := &terminal{master: master, tty: tty}
	var reading sync.WaitGroup
	reading.Go(func() {
		buffer := make([]byte, 4096)
		for {
			n, err := master.Read(buffer)
			screen.mu.Lock()
			screen.out.Write(buffer[:n])
			screen.mu.Unlock()
			if err != nil {
				return
			}
		}
	})
	t.Cleanup(func() {
		tty.Close()
		master.Close()
		reading.Wait()
	})
	return screen
}

func (screen *terminal) written() string {
	screen.mu.Lock()
	defer screen.mu.Unlock()
	return screen.out.String()
}

func (screen *terminal) waitFor(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(screen.written(), text); {
		if time.Now().After(deadline) {
			t.Fatalf("%q never came on the terminal", text)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestTerminalIsWholeAfterwards(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	broken := errors.New("terminated")
	cases := []struct {
		name string
		end  func(t *testing.T, screen *terminal, cancel context.CancelCauseFunc)
		want func(error) bool
	}{
		{"quit", func(t *testing.T, screen *terminal, _ context.CancelCauseFunc) {
			screen.waitFor(t, "choose what to measure")
			io.WriteString(screen.master, "q")
		}, func(err error) bool { return err == nil }},
		{"interrupt while it runs", func(t *testing.T, screen *terminal, _ context.CancelCauseFunc) {
			screen.waitFor(t, "choose what to measure")
			io.WriteString(screen.master, "\r")
			screen.waitFor(t, "LOAD")
			io.WriteString(screen.master, "\x03")
		}, func(err error) bool { return err == nil }},
		{"context", func(t *testing.T, screen *terminal, cancel context.CancelCauseFunc) {
			screen.waitFor(t, "choose what to measure")
			cancel(broken)
		}, func(err error) bool { return errors.Is(err, broken) }},
		{"panic", func(t *testing.T, screen *terminal, _ context.CancelCauseFunc) {
			screen.waitFor(t, "choose what to measure")
			io.WriteString(screen.master, "a\r") // Begin breaks
		}, func(err error) bool { return err != nil && strings.Contains(err.Error(), "broke") }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			terminal := newTerminal(t)
			fd := int(terminal.tty.Fd()) // asked for once: the program's reader asks for it too
			before, err := xterm.GetState(fd)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var played sync.WaitGroup
			defer played.Wait()
			options := Options{Choices: screentest.ArticleChoices(), Input: terminal.tty, Output: terminal.tty, Begin: func(Selection) (LiveRun, error) {
				if c.name == "panic" {
					panic("broken on purpose")
				}
				run := newPlayedRun(tuitest.Article())
				run.scenes = []func(stream.Event) bool{tuitest.LoadOf("golang", time.Second)} // there it is ended
				played.Go(func() { run.play(10) })
				return run, nil
			}}
			ended := make(chan error, 1)
			go func() { ended <- Run(ctx, options) }()
			c.end(t, terminal, cancel)
			select {
			case err = <-ended:
			case <-time.After(time.Minute):
				t.Fatal("Run does not return")
			}
			if !c.want(err) {
				t.Errorf("Run returned %v", err)
			}
			after, stateErr := xterm.GetState(fd)
			if stateErr != nil || *after != *before {
				t.Errorf("the terminal's modes are not what they were (%v)", stateErr)
			}
			for _, sequence := range []string{"\x1b[?1049l", "\x1b[?25h", "\x1b[?1002l"} {
				terminal.waitFor(t, sequence)
			}
		})
	}
}

var _ tea.Model = (*model)(nil)

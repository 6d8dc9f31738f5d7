package tui

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/choose"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// bench is a model on a bench: its clock and its messages come from the test.
type bench struct {
	t     testing.TB
	model *model
	began *playedRun
	now   time.Time
	fresh bool // each run begins anew
}

func newBench(t testing.TB, choices *Choices, w, h int) *bench {
	b := &bench{t: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	options := Options{Choices: choices, Begin: func(Selection) (LiveRun, error) {
		if b.fresh {
			b.began = newPlayedRun(nil)
		}
		return b.began, nil
	}}
	b.began = newPlayedRun(nil)
	b.model = newModel(options, term.NewTheme(termenv.Ascii, true), func() time.Time { return b.now })
	b.send(tea.WindowSizeMsg{Width: w, Height: h})
	if choices != nil && choices.CheckMachine != nil {
		b.send(b.model.Init()())
	}
	return b
}

// send gives the model a message, late enough that it draws at once.
func (b *bench) send(msg tea.Msg) {
	b.t.Helper()
	b.now = b.now.Add(drawEvery)
	b.model.Update(msg)
	if b.model.err != nil && !errors.Is(b.model.err, ErrForced) {
		b.t.Fatalf("after %#v: %v", msg, b.model.err)
	}
}

// keys presses keys by their names.
func (b *bench) keys(names ...string) {
	b.t.Helper()
	for _, name := range names {
		b.send(keyOf(name))
	}
}

func keyOf(name string) tea.KeyMsg {
	msg, ok := screen.KeyNamed(name)
	if !ok {
		panic("there is no key " + name)
	}
	return msg
}

// begin starts the run with its queue.
func (b *bench) begin() {
	b.t.Helper()
	b.began = newPlayedRun(nil)
	b.model.beginning = true
	b.send(begunMsg{run: b.began})
}

// events gives the model events, as one tick would.
func (b *bench) events(events ...stream.Event) {
	b.t.Helper()
	for _, event := range events {
		b.began.queue.Emit(event)
	}
	b.tick()
}

func (b *bench) tick() {
	b.t.Helper()
	b.model.ticking = true
	b.send(tickMsg{b.model.tick})
}

// end closes the queue of the run.
func (b *bench) end() {
	b.t.Helper()
	b.began.queue.Close()
	b.tick()
}

func (b *bench) frame() string { return ansi.Strip(b.model.View()) }

// play brings a scene about.
func (b *bench) play(name string) {
	b.t.Helper()
	scene := sceneOf(b.t, name)
	if scene.Choices != nil && scene.Looking && b.model.options.Choices != nil { // other choices than the bench's
		b.model.screens[0] = choose.New(scene.Choices, b.model.options.Begin)
		b.model.at = b.model.screens[0]
	}
	if scene.Events != nil {
		b.begin()
	}
	if len(scene.Events) > 0 {
		b.events(scene.Events...)
	}
	if scene.Ended {
		b.end()
	}
	for range scene.Ticks {
		b.tick()
	}
	b.keys(scene.Before...)
	if scene.Open != "" {
		b.keys(scene.Open)
	}
	b.keys(scene.Keys...)
}

// at is which screen is shown, or would be without what stands over it.
func (b *bench) at() screen.Name { return b.model.at.About().Name }

// ofProgram are scenes that show what the program draws itself: the help, and that a
// run is stopping.
var ofProgram = map[string]func() screentest.Scene{
	"choose-help": func() screentest.Scene { return screentest.Scene{Keys: []string{"?"}} },
	"live-help":   more("live-express", "?"),
	"live-stopping": func() screentest.Scene {
		return screentest.Scene{Events: tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 2*time.Second)), Keys: []string{"q"}}
	},
	"race-help": more("race", "?"),
}

// more is a scene of a screen with more keys.
func more(name string, keys ...string) func() screentest.Scene {
	return func() screentest.Scene {
		scene := screentest.Scenes[name]()
		scene.Keys = append(scene.Keys, keys...)
		return scene
	}
}

func sceneOf(t testing.TB, name string) screentest.Scene {
	if scene, ok := ofProgram[name]; ok {
		return scene()
	}
	return screentest.SceneOf(t, name)
}

// sceneNames are all scenes but those of many contenders and rounds.
func sceneNames() []string {
	names := slices.DeleteFunc(screentest.SceneNames(), func(name string) bool {
		return strings.Contains(name, "18") || strings.HasPrefix(name, "round")
	})
	return append(names, slices.Sorted(maps.Keys(ofProgram))...)
}

func TestScreens(t *testing.T) {
	for name := range ofProgram {
		for _, size := range screentest.Sizes {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				b := newBench(t, screentest.ArticleChoices(), size[0], size[1])
				b.play(name)
				tuitest.CompareGolden(t, b.frame()+"\n")
				if !b.model.help {
					tuitest.CheckFrame(t, b.frame(), size[0], size[1])
				}
			})
		}
	}
}

// TestScreensAreTheSameInTheProgram holds the screens on a bench of their own, which
// their golden files are made on, against what the program shows.
func TestScreensAreTheSameInTheProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	for _, name := range screentest.SceneNames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scene := sceneOf(t, name)
			choices := screentest.ArticleChoices()
			if scene.Alone {
				choices = nil
			}
			b := newBench(t, choices, 120, 36)
			b.play(name)
			var shown screen.Screen
			for _, one := range allScreens(Options{Choices: cmp.Or(scene.Choices, screentest.ArticleChoices())}) {
				if one.About().Name == b.model.shown().About().Name {
					shown = one
				}
			}
			alone := screentest.NewBench(t, shown, 120, 36).Play(scene)
			if got, want := alone.Frame(), b.frame(); got != want {
				t.Errorf("alone\n%s\nin the program\n%s", got, want)
			}
		})
	}
}

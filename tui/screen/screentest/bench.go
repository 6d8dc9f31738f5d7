package screentest

import (
	"slices"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
	"github.com/benchtui/benchtui/tui/view"
)

// Frame is how long the program waits between two frames.
const Frame = 100 * time.Millisecond

// Bench is one screen on a bench: what it may know, its keys and its size come from the
// test, as they come from the program otherwise.
type Bench struct {
	T       testing.TB
	Screen  screen.Screen
	Context screen.Context
	Surface *term.Surface
	Theme   *term.Theme
	W, H    int
	Did     []screen.Action // what it asked for, if anything

	state    view.State
	settings screen.Settings
}

// NewBench puts a screen on a bench.
func NewBench(t testing.TB, s screen.Screen, w, h int) *Bench {
	b := &Bench{T: t, Screen: s, Surface: term.NewSurface(w, h), Theme: term.NewTheme(termenv.Ascii, true), W: w, H: h}
	b.Context = screen.Context{
		State: &b.state, Settings: &b.settings, Keys: screen.NewKeys(),
		CanChoose: true, Below: s.About().Name, Openers: openersOf(s.About().Name, false),
	}
	return b
}

// openersOf are the keys that open other screens from one, for a contender that has a
// profile or has none.
func openersOf(name screen.Name, profiled bool) (openers []key.Binding) {
	if name == screen.Leaderboard {
		openers = append(openers, screen.Bind("enter", "detail", "enter"))
	}
	if profiled && (name == screen.Leaderboard || name == screen.Live || name == screen.Detail) {
		openers = append(openers, screen.Bind("w", "why: flame graph", "w"))
	}
	if name == screen.Leaderboard || name == screen.Live {
		openers = append(openers, screen.Bind("r", "race", "r"))
	}
	if name == screen.Leaderboard || name == screen.Live || name == screen.Race {
		openers = append(openers, screen.Bind("p", "stage", "p"))
	}
	return openers
}

// Play brings a scene about.
func (b *Bench) Play(scene Scene) *Bench {
	b.T.Helper()
	b.Context.CanChoose = !scene.Alone
	if !scene.Looking {
		b.Start()
	}
	if scene.Events != nil {
		b.Events(scene.Events...)
	}
	b.Wait(time.Duration(scene.Ticks+len(scene.Before)) * Frame)
	if scene.Ended {
		b.Context.Now, b.Context.Running = b.state.At, false
	}
	if scene.Open != "" {
		b.Context.Contender, b.Context.Below = scene.Contender, screen.Live
		if scene.Ended {
			b.Context.Below = screen.Leaderboard
		} else {
			b.Wait(Frame)
		}
	}
	if opener, ok := b.Screen.(screen.Opener); ok && !opener.Open(&b.Context) {
		b.T.Fatal("there is nothing to show")
	}
	b.Draw()
	b.Keys(scene.Keys...)
	b.Draw()
	return b
}

// Start lets the screen look around as the program does when it starts, until it has
// nothing more to do.
func (b *Bench) Start() {
	b.T.Helper()
	if starter, ok := b.Screen.(screen.Starter); ok {
		b.run(starter.Start())
	}
	b.Draw()
}

func (b *Bench) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, cmd := range msg {
			b.run(cmd)
		}
	case screen.Broken:
		b.T.Fatal(msg.Err)
	default:
		b.run(b.Screen.(screen.Listener).Take(msg, &b.Context).Cmd)
	}
}

// Events are told at once; the clock stands where the last of them came.
func (b *Bench) Events(events ...stream.Event) {
	b.T.Helper()
	queue := stream.NewQueue(1000) // which sums up what is not taken in time
	for _, event := range events {
		queue.Emit(event)
	}
	events, _ = queue.Take()
	for _, event := range events {
		b.state.Fold(event)
	}
	b.Context.Now, b.Context.Running = b.state.At, true
	b.Draw()
}

// Wait lets the clock go on.
func (b *Bench) Wait(d time.Duration) {
	if b.Context.Running {
		b.Context.Now += d
	}
}

// Keys presses keys by their names.
func (b *Bench) Keys(names ...string) {
	b.T.Helper()
	for _, name := range names {
		msg, ok := screen.KeyNamed(name)
		if !ok {
			b.T.Fatalf("there is no key %q", name)
		}
		b.Wait(Frame)
		action := b.Screen.Key(msg, &b.Context)
		if action.Do != screen.Nothing || action.Begin != nil || action.Cmd != nil {
			b.Did = append(b.Did, action)
		}
		b.Draw()
	}
}

// Click clicks at a cell.
func (b *Bench) Click(x, y int) {
	b.Context.Clicked(x, y)
	b.Draw()
}

// Draw draws the screen and its last line.
func (b *Bench) Draw() {
	b.Context.ForgetClicks()
	b.Context.Colours = b.Theme.Heat
	if pointer, ok := b.Screen.(screen.Pointer); ok {
		b.Context.Contender = pointer.Contender(&b.Context)
	}
	b.Context.Openers = openersOf(b.Screen.About().Name, b.state.Why(b.Context.Contender).Drawable())
	b.Surface.Reset(b.W, b.H)
	area, footer := b.Surface.Bounds().CutBottom(1)
	b.Screen.Draw(b.Surface, area, &b.Context)
	b.Screen.Keys(&b.Context).Draw(b.Surface, footer)
}

// Frame is what is seen, without colours.
func (b *Bench) Frame() string { return ansi.Strip(b.Surface.Encode(b.Theme)) }

// Golden holds scenes of a screen in the sizes that matter against its golden files.
func Golden(t *testing.T, make func(Scene) screen.Screen, names ...string) {
	t.Helper()
	for _, name := range names {
		GoldenIn(t, make, name, Sizes...)
	}
}

// Sizes are those that golden files have.
var Sizes = [][2]int{{80, 24}, {120, 36}, {200, 60}}

// GoldenIn is the same of one scene in other sizes.
func GoldenIn(t *testing.T, make func(Scene) screen.Screen, name string, sizes ...[2]int) {
	t.Helper()
	for _, size := range sizes {
		golden(t, make, name, "", size)
	}
}

// GoldenASCII is the same with nothing beyond ASCII.
func GoldenASCII(t *testing.T, make func(Scene) screen.Screen, name string, sizes ...[2]int) {
	t.Helper()
	for _, size := range sizes {
		golden(t, make, name, "-ascii", size)
	}
}

func golden(t *testing.T, make func(Scene) screen.Screen, name, kind string, size [2]int) {
	t.Helper()
	t.Run(sized(name+kind, size), func(t *testing.T) {
		scene := SceneOf(t, name)
		b := NewBench(t, make(scene), size[0], size[1])
		b.Surface.SetASCII(kind != "")
		b.Play(scene)
		tuitest.CompareGolden(t, b.Frame()+"\n")
		if kind == "" {
			tuitest.CheckFrame(t, b.Frame(), size[0], size[1])
		}
	})
}

// SceneOf is a scene by its name.
func SceneOf(t testing.TB, name string) Scene {
	t.Helper()
	scene, ok := Scenes[name]
	if !ok {
		t.Fatalf("there is no scene %q", name)
	}
	return scene()
}

// SceneNames are the names of all, sorted.
func SceneNames() (names []string) {
	for name := range Scenes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

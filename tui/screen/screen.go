package screen

import (
	"fmt"
	"runtime/debug"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// Screen is one of the program's screens: its state, its keys and its drawing. What it
// shows comes from the context, and from what its own keys have changed in it.
type Screen interface {
	// About is what the program must know of it; it is the same every time.
	About() About
	// Key takes a key, and returns what that asks of the program.
	Key(msg tea.KeyMsg, ctx *Context) Action
	// Draw draws it into a rectangle, which is the terminal without its last line.
	Draw(s *term.Surface, in term.Rect, ctx *Context)
	// Keys are those that work on it now; the last line and the help are made of them.
	Keys(ctx *Context) Shortcuts
}

// Name names a screen.
type Name string

// The screens that others are opened from.
const (
	Live        Name = "live"
	Race        Name = "race"
	Leaderboard Name = "leaderboard"
	Detail      Name = "detail"
)

// About is what the program must know of a screen besides its methods.
type About struct {
	Name  Name
	Shows When        // the part of a run that it is shown for unasked; Never: it is opened by its key
	Opens key.Binding // opens it
	From  []Name      // on these screens
	Stays bool        // once opened, it stays while contenders come and go under load
	Over  bool        // it stands over the screen that it was opened from, and over what comes after that
	Signs [][2]string // the signs on it with what they mean, for the help
}

// When is a part of a run.
type When int

// The parts of a run, in their order.
const (
	Never When = iota
	Choosing
	Building
	UnderLoad
	AtEnd
)

// Action is what a screen asks of the program; the zero value asks nothing.
type Action struct {
	Do    Verb
	Begin func() (Run, error) // starts a run, if not nil; it may take its time
	Cmd   tea.Cmd             // to be done beside the program's loop; see OffLoop
	// Redraw says that what is shown has changed; after a key, that goes without saying.
	Redraw bool
}

// Verb is what the program is to do.
type Verb int

// What a screen can ask for.
const (
	Nothing Verb = iota
	Back         // go back to where it was opened from; from the end of a run, to what there is to choose
	Pause        // hold what is shown, or go on
	Skip         // go on with the next contender, or without the builds under way
	Profile      // take a profile of the server under load
)

// Run is a run as the screens see it.
type Run interface {
	// Events is the run's queue. It is closed when the run has ended, after RunDone.
	Events() *stream.Queue
	// Skip stops the contender under load, or the builds under way; the run goes on
	// with the next.
	Skip()
	// Profile takes a profile of the server under load at once; false if there is none.
	Profile() bool
	// Stop ends the run; what was measured stays and comes as the last event.
	Stop()
}

// Opener is a screen that prepares itself when it is opened, but not when another one
// is left for it; ok is false where there is nothing to show.
type Opener interface {
	Open(ctx *Context) (ok bool)
}

// Conditional is a screen whose key is only there while it has something to show.
type Conditional interface {
	Available(ctx *Context) bool
}

// Pointer is a screen on which one contender is pointed at: screens that show one are
// opened for it.
type Pointer interface {
	Contender(ctx *Context) (id string)
}

// Typist is a screen into which text may be typed: then every key but ctrl+c is its own.
type Typist interface {
	Typing() bool
}

// Starter is a screen that has something to do when the program starts.
type Starter interface {
	Start() tea.Cmd
}

// Listener is a screen that is told of more than keys: Began and Failed, and what the
// commands of screens return.
type Listener interface {
	Take(msg tea.Msg, ctx *Context) Action
}

// Began says that a run has begun.
type Began struct{}

// Failed says that no run could be begun, or that it ended with nothing.
type Failed struct{ Err error }

// Context is what a screen may know of the program. It is filled anew for each key and
// each frame.
type Context struct {
	State *view.State   // what the events have told; as it was when the screen was paused
	Now   time.Duration // since the run began; it goes on between events

	Keys     Keys
	Settings *Settings
	Colours  bool // there are enough for a heatmap's ramp

	Running   bool          // what is shown goes on: a run, or a recording of one before its end
	Paused    bool          // it goes on, but the screen holds
	Beginning bool          // a run is about to begin
	CanChoose bool          // there is something to choose before a run
	Contender string        // the one that the screen is opened for
	Below     Name          // the screen that this one stands over, or the screen itself
	Openers   []key.Binding // the keys that open other screens from this one
	Replay    *Replay       // nil: it is a run

	Pointer struct{ X, Y int } // where the click was, while it is taken
	hits    []hit
}

// Settings are what a person has chosen on one screen and others go by.
type Settings struct {
	Pace   view.Pace // the figure that contenders are raced by
	Picked string    // the contender that is picked out of the race; "": none
	Order  []string  // the contenders' ids as the leaderboard is sorted; nil: by rank
}

// Replay is a recording that is shown in the place of a run.
type Replay struct {
	Made string // when and on which machine
	// Sum is the histogram of the replies in a stretch of the load that is shown, in
	// seconds since it began, OK and KO.
	Sum func(measuring *view.Measuring, from, to float64) (ok, ko measure.Histogram)
}

// hit is a part of the screen that does something when clicked.
type hit struct {
	in term.Rect
	do func()
}

// Click makes a part of the frame that is being drawn do something.
func (c *Context) Click(in term.Rect, do func()) { c.hits = append(c.hits, hit{in, do}) }

// ForgetClicks begins a new frame.
func (c *Context) ForgetClicks() { c.hits = c.hits[:0] }

// Clicked does what a click at a cell does; false if that is nothing.
func (c *Context) Clicked(x, y int) bool {
	for _, hit := range c.hits {
		if hit.in.Contains(x, y) {
			c.Pointer.X, c.Pointer.Y = x, y
			hit.do()
			return true
		}
	}
	return false
}

// Broken says that our own code panicked.
type Broken struct{ Err error }

// OffLoop does what may take its time beside the program's loop.
func OffLoop(do func() tea.Msg) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if broken := recover(); broken != nil {
				msg = Broken{BrokenError(broken)}
			}
		}()
		return do()
	}
}

// BrokenError tells of a panic of ours.
func BrokenError(broken any) error {
	return fmt.Errorf("the screen broke, please report this: %v\n%s", broken, debug.Stack())
}

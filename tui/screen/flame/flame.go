// Package flame is the screen of a profile's flame graph: what called what, and how much
// of the server's CPU time each took.
package flame

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/view"
)

// Screen shows a contender's profile as an icicle that grows down from all of its time.
type Screen struct {
	keys      keys
	contender string
	why       *view.Why

	root     *cell
	zoom     *cell   // has the whole width
	before   []*cell // what had it before, the latest last
	selected *cell
	callers  map[profile.Function][]profile.Caller // of those that were selected
	search   search

	top     int // the first level that is shown
	columns int // as last drawn
}

// New makes it.
func New() *Screen { return &Screen{keys: newKeys()} }

// About says that it is opened for a contender, and stays while others are measured.
func (f *Screen) About() screen.About {
	return screen.About{
		Name: "flame", Stays: true,
		Opens: f.keys.Flame, From: []screen.Name{screen.Live, screen.Leaderboard, screen.Detail},
		Signs: [][2]string{
			{"width", "share of the CPU time, with all that was called"},
			part.KindSigns,
			{"▸ ◆", "the one that is pointed at; found"},
		},
	}
}

// Available says that the contender has a profile.
func (f *Screen) Available(ctx *screen.Context) bool {
	return ctx.State.Why(ctx.Contender).Drawable()
}

// Open reads the contender's profile.
func (f *Screen) Open(ctx *screen.Context) bool {
	why := ctx.State.Why(ctx.Contender)
	if !why.Drawable() {
		return false
	}
	taken := why.Profile()
	if taken == nil || taken.Total() <= 0 {
		return false
	}
	*f = *New()
	f.contender, f.why = ctx.Contender, why
	f.root = cellsOf(taken.Tree())
	f.zoom = f.root
	f.callers = map[profile.Function][]profile.Caller{}
	f.point(f.root)
	return true
}

// keys are the screen's own.
type keys struct {
	Flame, Left, Right, Zoom, Out, Search, Next, Previous key.Binding
}

func newKeys() keys {
	bind := screen.Bind
	return keys{
		Flame:    bind("w", "why: flame graph", "w"),
		Left:     bind("←/h", "left", "left", "h"),
		Right:    bind("→/l", "right", "right", "l"),
		Zoom:     bind("enter", "zoom", "enter"),
		Out:      bind("bksp", "zoom out", "backspace"),
		Search:   bind("/", "search", "/"),
		Next:     bind("n", "next found", "n"),
		Previous: bind("N", "the one found before", "N"),
	}
}

// Keys are those that move; while a word is typed, those that end that.
func (f *Screen) Keys(ctx *screen.Context) screen.Shortcuts {
	k, common := f.keys, ctx.Keys
	if f.search.typing {
		return screen.Shortcuts{Footer: []key.Binding{
			screen.Bind("enter", "to what was found", "enter"), screen.Bind("esc", "no search", "esc"),
		}}
	}
	footer := []key.Binding{common.Help, common.Back, k.Zoom}
	if f.zoom != f.root {
		footer = append(footer, k.Out)
	}
	footer = append(footer, k.Search)
	if f.search.words != "" {
		footer = append(footer, k.Next)
	}
	footer = append(footer, common.Up, common.Down, k.Left, k.Right)
	top := screen.Bind("g", "all", common.Top.Keys()...)
	return screen.Shortcuts{
		Footer: append(footer, common.Out(ctx.Running)),
		More:   []key.Binding{k.Out, k.Next, k.Previous, top, k.Flame},
	}
}

// Typing says that a word to look for is typed.
func (f *Screen) Typing() bool { return f.search.typing }

// Key moves, zooms and searches.
func (f *Screen) Key(msg tea.KeyMsg, ctx *screen.Context) screen.Action {
	k, common := f.keys, ctx.Keys
	switch {
	case f.root == nil:
		return screen.Action{Do: screen.Back}
	case f.search.typing:
		f.typeKey(msg)
	case key.Matches(msg, k.Search):
		f.search = search{typing: true}
		f.find()
	case key.Matches(msg, common.Back) && f.search.words != "":
		f.search = search{}
		f.find()
	case key.Matches(msg, common.Back, k.Out) && f.zoom != f.root:
		f.zoomOut()
	case key.Matches(msg, common.Back, k.Flame):
		return screen.Action{Do: screen.Back}
	case key.Matches(msg, k.Zoom):
		f.zoomTo(f.selected)
	case key.Matches(msg, k.Next):
		f.next(1)
	case key.Matches(msg, k.Previous):
		f.next(-1)
	case key.Matches(msg, common.Top):
		f.zoom, f.before, f.top = f.root, nil, 0
		f.point(f.root)
	case key.Matches(msg, common.Up):
		if f.selected.parent != nil {
			f.point(f.selected.parent)
		}
	case key.Matches(msg, common.Down):
		f.down()
	case key.Matches(msg, k.Left):
		f.aside(-1)
	case key.Matches(msg, k.Right):
		f.aside(1)
	}
	return screen.Action{}
}

// point selects a cell, and looks up who calls it.
func (f *Screen) point(at *cell) {
	f.selected = at
	function := at.node.Function
	if _, known := f.callers[function]; known || at.parent == nil {
		return
	}
	f.callers[function] = f.why.Profile().CalledFrom(function)
}

// zoomTo gives a cell the whole width.
func (f *Screen) zoomTo(at *cell) {
	if at == f.zoom {
		return
	}
	f.before = append(f.before, f.zoom)
	f.zoom = at
	f.showFrom(at)
}

// zoomOut goes back to what had the width before, and keeps pointing at what had it.
func (f *Screen) zoomOut() {
	last := len(f.before) - 1
	if last < 0 {
		f.zoom = f.root
	} else {
		f.zoom, f.before = f.before[last], f.before[:last]
	}
	f.showFrom(f.zoom)
	if f.columnsOf(f.selected) == 0 {
		f.point(f.zoom)
	}
}

// showFrom begins with a few of those that a cell was called by.
func (f *Screen) showFrom(at *cell) {
	const callers = 3
	f.top = max(0, at.depth-callers)
}

// down points at what a cell calls most, or on the way to what has the width.
func (f *Screen) down() {
	if f.selected != f.zoom && f.zoom.within(f.selected) {
		to := f.zoom
		for to.parent != f.selected {
			to = to.parent
		}
		f.point(to)
		return
	}
	if children := f.selected.children; len(children) > 0 && f.columnsOf(children[0]) > 0 {
		f.point(children[0])
	}
}

// aside points at the next cell on the same level that can be seen.
func (f *Screen) aside(by int) {
	row := f.row(f.selected.depth)
	for i, one := range row {
		if one == f.selected && i+by >= 0 && i+by < len(row) {
			f.point(row[i+by])
			return
		}
	}
}

package screen

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/tui/term"
)

// Keys are those that several screens have, or the program itself; the keys of one
// screen are in its folder.
type Keys struct {
	Up, Down, PageUp, PageDown, Top, Bottom key.Binding

	Pause, Skip, SkipBuilds key.Binding // of what goes on
	Back                    key.Binding
	Help, Quit, Stop        key.Binding // Stop is Quit while something runs
}

// Bind makes a binding: how its key is written, what it does, and the keys it has.
func Bind(help, does string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
}

// NewKeys makes the bindings.
func NewKeys() Keys {
	return Keys{
		Up:       Bind("↑/k", "up", "up", "k"),
		Down:     Bind("↓/j", "down", "down", "j"),
		PageUp:   Bind("pgup", "a page up", "pgup", "ctrl+b"),
		PageDown: Bind("pgdn", "a page down", "pgdown", "ctrl+f"),
		Top:      Bind("g", "first", "home", "g"),
		Bottom:   Bind("G", "last", "end", "G"),

		Pause:      Bind("space", "pause", " "),
		Skip:       Bind("s", "skip", "s"),
		SkipBuilds: Bind("s", "go on without these builds", "s"),
		Back:       Bind("esc", "back", "esc"),

		Help: Bind("?", "help", "?"),
		Quit: Bind("q", "quit", "q", "ctrl+c"),
		Stop: Bind("q", "stop", "q", "ctrl+c"),
	}
}

// Moves are the keys that go through a list.
func (k Keys) Moves() []key.Binding { return append([]key.Binding{k.Up, k.Down}, k.Jumps()...) }

// Jumps are those of them that go far.
func (k Keys) Jumps() []key.Binding {
	return []key.Binding{k.PageUp, k.PageDown, k.Top, k.Bottom}
}

// Out is the key that leaves the program, or stops what runs.
func (k Keys) Out(running bool) key.Binding {
	if running {
		return k.Stop
	}
	return k.Quit
}

// Shortcuts are the keys that work on a screen: those of its last line, and those that
// only the help tells of besides.
type Shortcuts struct {
	Footer, More []key.Binding
	Note         string // at the right end of the last line
}

// All is what the help lists, each key with what it does once.
func (s Shortcuts) All() []key.Binding {
	all := slices.Clone(s.Footer)
	for _, binding := range s.More {
		if !slices.ContainsFunc(all, func(listed key.Binding) bool { return listed.Help() == binding.Help() }) {
			all = append(all, binding)
		}
	}
	return all
}

// Draw writes the last line: as many keys as there is room for, the ways to help and
// out always among them.
func (s Shortcuts) Draw(surface *term.Surface, in term.Rect) {
	items := make([][]term.Span, 0, len(s.Footer))
	must := 0
	for _, binding := range s.Footer {
		item := []term.Span{term.Say(" "+binding.Help().Key, term.RoleKey), term.Say(" "+binding.Help().Desc+" ", term.RoleDim)}
		items = append(items, item)
		if IsWayOut(binding) {
			must += term.SpansWidth(item)
		}
	}
	room := in.W - must - ansi.StringWidth(s.Note)
	for i, item := range items {
		if IsWayOut(s.Footer[i]) {
			continue
		}
		if room -= term.SpansWidth(item); room < 0 {
			items[i] = nil
		}
	}
	surface.Spans(in, slices.Concat(items...)...)
	surface.TextRight(in, s.Note, term.RoleDim)
}

// IsWayOut says that the key must be in every last line.
func IsWayOut(binding key.Binding) bool {
	return slices.Contains(binding.Keys(), "q") || slices.Contains(binding.Keys(), "?")
}

// KeyNamed is the message of a key by the name that bindings have for it.
func KeyNamed(name string) (msg tea.KeyMsg, ok bool) {
	if name == " " {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}, true
	}
	if kind, ok := namedKeys[name]; ok {
		return tea.KeyMsg{Type: kind}, true
	}
	runes := []rune(name)
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: runes}, len(runes) == 1
}

var namedKeys = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "backspace": tea.KeyBackspace,
	"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
	"shift+left": tea.KeyShiftLeft, "shift+right": tea.KeyShiftRight, "shift+up": tea.KeyShiftUp, "shift+down": tea.KeyShiftDown,
	"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd, "delete": tea.KeyDelete,
	"ctrl+b": tea.KeyCtrlB, "ctrl+c": tea.KeyCtrlC, "ctrl+d": tea.KeyCtrlD, "ctrl+f": tea.KeyCtrlF, "ctrl+u": tea.KeyCtrlU,
}

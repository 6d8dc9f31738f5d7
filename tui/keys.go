package tui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
)

// Keys is every key of the program, in one place; the footers and the help are
// made from it.
type Keys struct {
	Up, Down, PageUp, PageDown, Top, Bottom key.Binding

	Select, All, Language, Filter, Workload, WorkloadBack, Go key.Binding // choose
	Pause, Skip, SkipBuilds, Log                              key.Binding // live
	Focus, FocusBack, Enlarge, Switch                         key.Binding // its panels
	Earlier, Later, MuchEarlier, MuchLater, Drop              key.Binding // its cursor; Drop also leaves what is enlarged
	Race, Figure, Present, Next, Previous                     key.Binding // the race, and the stage
	Sort, Turn, Costs, Detail, Back                           key.Binding // leaderboard
	Accept, Cancel, Edit                                      key.Binding // typing a filter, or figures
	Help, Quit, Stop                                          key.Binding

	// A recording. Seek, SeekFar and Speed stand in footers for two keys each.
	Play, Seek, SeekFar, Speed, FromStart    key.Binding
	SeekBack, SeekOn, SeekFarBack, SeekFarOn key.Binding
	Slower, Faster                           key.Binding
	NextFinding, PreviousFinding             key.Binding
	NextContender, PreviousContender         key.Binding
	Window                                   key.Binding
}

// NewKeys makes the bindings.
func NewKeys() Keys {
	bind := func(help, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, does))
	}
	return Keys{
		Up:       bind("↑/k", "up", "up", "k"),
		Down:     bind("↓/j", "down", "down", "j"),
		PageUp:   bind("pgup", "a page up", "pgup", "ctrl+b"),
		PageDown: bind("pgdn", "a page down", "pgdown", "ctrl+f"),
		Top:      bind("g", "first", "home", "g"),
		Bottom:   bind("G", "last", "end", "G"),

		Select:       bind("space", "select", " "),
		All:          bind("a", "all", "a"),
		Language:     bind("A", "all of a language", "A"),
		Filter:       bind("/", "filter", "/"),
		Workload:     bind("tab", "workload", "tab", "right", "l", "w"),
		WorkloadBack: bind("←", "workload before", "shift+tab", "left", "h", "W"),
		Go:           bind("enter", "go", "enter"),

		Pause: bind("space", "pause", " "),
		Skip:  bind("s", "skip", "s"),

		SkipBuilds: bind("s", "go on without these builds", "s"),
		Log:        bind("l", "log", "l"),

		Focus:       bind("tab", "focus", "tab"),
		FocusBack:   bind("shift+tab", "focus the panel before", "shift+tab"),
		Enlarge:     bind("e", "enlarge", "e"),
		Switch:      bind("1–9", "panels", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		Earlier:     bind("←/→", "read", "left"),
		Later:       bind("→", "read later", "right"),
		MuchEarlier: bind("shift+←", "the cursor far back", "shift+left"),
		MuchLater:   bind("shift+→", "the cursor far on", "shift+right"),
		Drop:        bind("esc", "back", "esc"),

		Race:     bind("r", "race", "r"),
		Figure:   bind("m", "another figure", "m", "tab"),
		Present:  bind("p", "stage", "p"),
		Next:     bind("space/→", "next", " ", "right", "pgdown", "n", "enter", "down", "j"),
		Previous: bind("←", "before", "left", "pgup", "backspace", "up", "k"),

		Sort:   bind("s", "sort by", "s"),
		Turn:   bind("S", "sort the other way", "S"),
		Costs:  bind("e", "efficiency", "e"),
		Detail: bind("enter", "detail", "enter"),
		Back:   bind("esc", "back", "esc"),

		Accept: bind("enter", "keep", "enter"),
		Cancel: bind("esc", "clear", "esc"),
		Edit:   bind("e", "figures", "e"),

		Help: bind("?", "help", "?"),
		Quit: bind("q", "quit", "q", "ctrl+c"),
		Stop: bind("q", "stop", "q", "ctrl+c"),

		Play:              bind("space", "pause", " "),
		Seek:              bind(",/.", "seek", ",", "."),
		SeekFar:           bind("</>", "30 s back and on", "<", ">"),
		Speed:             bind("-/+", "speed", "-", "+", "="),
		FromStart:         bind("0", "from the start", "0"),
		SeekBack:          bind(",", "5 s back", ","),
		SeekOn:            bind(".", "5 s on", "."),
		SeekFarBack:       bind("<", "30 s back", "<"),
		SeekFarOn:         bind(">", "30 s on", ">"),
		Slower:            bind("-", "slower", "-"),
		Faster:            bind("+", "faster", "+", "="),
		NextFinding:       bind("f", "finding", "f"),
		PreviousFinding:   bind("F", "the finding before", "F"),
		NextContender:     bind("c", "contender", "c"),
		Window:            bind("v", "percentiles from here", "v"),
		PreviousContender: bind("C", "the contender before", "C"),
	}
}

// shortcuts are the keys that work on a screen: those of its footer, and those
// that only the help tells of besides.
type shortcuts struct{ footer, more []key.Binding }

// all is what the help lists.
func (s shortcuts) all() []key.Binding { return slices.Concat(s.footer, s.more) }

func (k Keys) moves() []key.Binding {
	return []key.Binding{k.Up, k.Down, k.PageUp, k.PageDown, k.Top, k.Bottom}
}

func (k Keys) choose() shortcuts {
	return shortcuts{
		footer: []key.Binding{k.Go, k.Select, k.All, k.Filter, k.Workload, k.Edit, k.Help, k.Quit},
		more:   append(k.moves(), k.Language, k.WorkloadBack),
	}
}

func (k Keys) filtering() shortcuts {
	return shortcuts{footer: []key.Binding{k.Accept, k.Cancel}}
}

func (k Keys) editing() shortcuts {
	next, leave := k.Focus, k.Cancel
	next.SetHelp("tab/↓", "next figure")
	leave.SetHelp("esc", "leave it")
	return shortcuts{footer: []key.Binding{k.Accept, next, leave}, more: []key.Binding{k.FocusBack}}
}

func (k Keys) build() shortcuts {
	return shortcuts{footer: []key.Binding{k.Help, k.Up, k.Down, k.SkipBuilds, k.Stop}, more: k.moves()[2:]}
}

// live are its keys; back says that there is something that esc leaves.
func (k Keys) live(back bool) shortcuts {
	footer := []key.Binding{k.Help, k.Pause, k.Skip, k.Race, k.Present, k.Focus, k.Enlarge, k.Earlier, k.Switch, k.Log, k.Stop}
	if back {
		footer = slices.Insert(footer, 1, k.Drop)
	}
	return shortcuts{footer: footer, more: []key.Binding{k.MuchEarlier, k.MuchLater, k.FocusBack}}
}

// race are its keys; running says that a contender is under load.
func (k Keys) race(running bool) shortcuts {
	footer := []key.Binding{k.Help, k.Race, k.Figure, k.Up, k.Down}
	out := k.Quit
	if running {
		footer = append(footer, k.Pause, k.Skip)
		out = k.Stop
	}
	return shortcuts{footer: append(footer, k.Present, k.Back, out), more: k.moves()[2:]}
}

// presenting are the keys of the stage.
func (k Keys) presenting(running bool) shortcuts {
	out := k.Quit
	if running {
		out = k.Stop
	}
	return shortcuts{footer: []key.Binding{k.Help, k.Next, k.Previous, k.Back, out}, more: []key.Binding{k.Present}}
}

func (k Keys) leaderboard(canGoBack bool) shortcuts {
	keys := []key.Binding{k.Help, k.Up, k.Down, k.Sort, k.Detail, k.Race, k.Present, k.Costs}
	if canGoBack {
		keys = append(keys, k.Back)
	}
	return shortcuts{footer: append(keys, k.Quit), more: append(k.moves()[2:], k.Turn)}
}

func (k Keys) detail() shortcuts {
	return shortcuts{footer: []key.Binding{k.Help, k.Back, k.Up, k.Down, k.Quit}, more: k.moves()[2:]}
}

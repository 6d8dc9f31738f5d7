package choose

import (
	"github.com/charmbracelet/bubbles/key"

	"github.com/benchtui/benchtui/tui/screen"
)

// keys are the screen's own.
type keys struct {
	Go, Select, All, Language, Filter, Workload, WorkloadBack, Edit key.Binding

	Accept, Cancel         key.Binding // typing a filter, or figures
	NextFigure, LastFigure key.Binding
}

func newKeys() keys {
	bind := screen.Bind
	return keys{
		Go:           bind("enter", "go", "enter"),
		Select:       bind("space", "select", " "),
		All:          bind("a", "all", "a"),
		Language:     bind("A", "all of a language", "A"),
		Filter:       bind("/", "filter", "/"),
		Workload:     bind("tab", "workload", "tab", "right", "l", "w"),
		WorkloadBack: bind("←", "workload before", "shift+tab", "left", "h", "W"),
		Edit:         bind("e", "figures", "e"),

		Accept:     bind("enter", "keep", "enter"),
		Cancel:     bind("esc", "clear", "esc"),
		NextFigure: bind("tab/↓", "next figure", "tab"),
		LastFigure: bind("shift+tab", "focus the panel before", "shift+tab"),
	}
}

// Keys are other ones while something is typed.
func (c *Screen) Keys(ctx *screen.Context) screen.Shortcuts {
	k, common := c.keys, ctx.Keys
	switch {
	case c.filtering:
		return screen.Shortcuts{Footer: []key.Binding{k.Accept, k.Cancel}}
	case c.editor.on:
		leave := k.Cancel
		leave.SetHelp("esc", "leave it")
		return screen.Shortcuts{Footer: []key.Binding{k.Accept, k.NextFigure, leave}, More: []key.Binding{k.LastFigure}}
	}
	return screen.Shortcuts{
		Footer: []key.Binding{k.Go, k.Select, k.All, k.Filter, k.Workload, k.Edit, common.Help, common.Quit},
		More:   append(common.Moves(), k.Language, k.WorkloadBack),
	}
}

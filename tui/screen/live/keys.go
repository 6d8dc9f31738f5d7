package live

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/tui/screen"
)

// keys are the screen's own.
type keys struct {
	Log, Hottest, Focus, FocusBack, Enlarge, Switch key.Binding // its panels
	Earlier, Later, MuchEarlier, MuchLater          key.Binding // its cursor
	Drop                                            key.Binding // leaves what is enlarged, and the cursor
	Window                                          key.Binding // of a recording
	Profile                                         key.Binding // of a run
}

func newKeys() keys {
	bind := screen.Bind
	return keys{
		Log:         bind("l", "log", "l"),
		Hottest:     bind("h", "where the CPU goes", "h"),
		Focus:       bind("tab", "focus", "tab"),
		FocusBack:   bind("shift+tab", "focus the panel before", "shift+tab"),
		Enlarge:     bind("e", "enlarge", "e"),
		Switch:      bind("1–9", "panels", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		Earlier:     bind("←/→", "read", "left"),
		Later:       bind("→", "read later", "right"),
		MuchEarlier: bind("shift+←", "the cursor far back", "shift+left"),
		MuchLater:   bind("shift+→", "the cursor far on", "shift+right"),
		Drop:        bind("esc", "back", "esc"),
		Window:      bind("v", "percentiles from here", "v"),
		Profile:     bind("y", "why: profile now", "y"),
	}
}

// Keys are those of the panels and of what goes on; esc is among them where there is
// something to leave.
func (l *Screen) Keys(ctx *screen.Context) screen.Shortcuts {
	k, common := l.keys, ctx.Keys
	footer := []key.Binding{common.Help}
	if l.away() {
		footer = append(footer, k.Drop)
	}
	footer = append(footer, common.Pause, common.Skip)
	footer = append(footer, ctx.Openers...)
	footer = append(footer, k.Focus, k.Enlarge, k.Earlier)
	if ctx.Replay != nil {
		footer = append(footer, k.Window)
	} else {
		footer = append(footer, k.Profile)
	}
	return screen.Shortcuts{
		Footer: append(footer, k.Switch, k.Log, common.Stop),
		More:   []key.Binding{k.Hottest, k.MuchEarlier, k.MuchLater, k.FocusBack},
	}
}

// Key holds what goes on, skips it, or is about panels and the cursor.
func (l *Screen) Key(msg tea.KeyMsg, ctx *screen.Context) screen.Action {
	switch {
	case ctx.Replay != nil && key.Matches(msg, l.keys.Window):
		l.toggleWindow(ctx)
	case ctx.Replay != nil && key.Matches(msg, l.keys.Drop) && l.window.on:
		l.window.on = false
	case ctx.Replay == nil && key.Matches(msg, l.keys.Profile):
		return screen.Action{Do: screen.Profile}
	case key.Matches(msg, ctx.Keys.Pause):
		return screen.Action{Do: screen.Pause}
	case key.Matches(msg, ctx.Keys.Skip):
		return screen.Action{Do: screen.Skip}
	default:
		l.panelKey(msg, ctx)
	}
	return screen.Action{}
}

// panelKey takes a key that is about panels or the cursor.
func (l *Screen) panelKey(msg tea.KeyMsg, ctx *screen.Context) {
	const far = 10 // columns
	move := func(columns int) {
		if ctx.State.Now != nil {
			l.cursor.move(ctx.State.Now, columns, ctx.Now)
		}
	}
	switch {
	case key.Matches(msg, l.keys.Focus):
		l.moveFocus(1)
	case key.Matches(msg, l.keys.FocusBack):
		l.moveFocus(-1)
	case key.Matches(msg, l.keys.Enlarge):
		l.enlarge()
	case key.Matches(msg, l.keys.Switch, l.keys.Log, l.keys.Hottest):
		l.toggle(panelOfKey(msg.String()))
	case key.Matches(msg, l.keys.Earlier):
		move(-1)
	case key.Matches(msg, l.keys.Later):
		move(1)
	case key.Matches(msg, l.keys.MuchEarlier):
		move(-far)
	case key.Matches(msg, l.keys.MuchLater):
		move(far)
	case key.Matches(msg, l.keys.Drop):
		l.back()
	}
}

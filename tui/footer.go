package tui

import (
	"time"

	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
)

// screenKeys are the keys that work on the screen that is shown.
func (m *model) screenKeys() screen.Shortcuts {
	keys := m.shown().Keys(m.seen())
	if m.player != nil {
		return m.replayed(keys)
	}
	return keys
}

// drawFooter writes the last line: how far a recording is, and the keys that work now.
func (m *model) drawFooter(in term.Rect) {
	if in.Empty() {
		return
	}
	if m.player != nil {
		in = m.drawTransport(in)
	}
	if m.stopping {
		m.surface.Text(in, " stopping … what was measured is kept · q again leaves at once", term.RoleWarn)
		return
	}
	const stays = 4 * time.Second
	if m.said != "" && m.clock().Sub(m.saidAt) < stays {
		m.surface.Text(in, " "+m.said, term.RoleWarn)
		return
	}
	m.screenKeys().Draw(m.surface, in)
}

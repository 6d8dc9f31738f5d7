package tui

import (
	"slices"

	"github.com/benchtui/benchtui/tui/term"
)

// drawHelp lays the keys of the screen over it, and what its signs mean; the keys in
// two columns where there are not lines enough.
func (m *model) drawHelp(area term.Rect) {
	bindings := m.screenKeys().All()
	signs := slices.Clone(m.at.About().Signs)
	if m.player != nil && m.player.made != "" {
		signs = append(signs, [2]string{"REPLAY", m.player.made})
	}
	below := 0
	if len(signs) > 0 {
		below = len(signs) + 1
	}
	rows, columns, width := len(bindings), 1, 72
	if rows+below+2 > area.H {
		rows, columns, width = (rows+1)/2, 2, 78
	}
	if room := area.H - rows - 2; below > room { // the keys come first
		if below = max(0, room); below < 2 {
			below = 0
		}
	}
	box := area.Centre(width, rows+below+2)
	m.surface.Fill(box, term.RoleText)
	in := m.surface.Box(box, term.RoleKey, term.Say("keys", term.RoleTitle))
	line := func(row term.Rect, key, does string, keyRole, role term.Role) {
		const keys = 11
		m.surface.TextRight(term.Rect{X: row.X, Y: row.Y, W: min(keys, row.W), H: row.H}, key, keyRole)
		m.surface.Text(row.From(keys+2), does, role)
	}
	keys, rest := in.CutTop(rows)
	for i, binding := range bindings {
		column := keys.Columns(1, 1)[i/rows]
		if columns == 1 {
			column = keys
		}
		line(column.Row(i%rows), binding.Help().Key, binding.Help().Desc, term.RoleKey, term.RoleText)
	}
	for i, sign := range signs[:max(0, below-1)] {
		line(rest.Row(i+1), sign[0], sign[1], term.RoleTitle, term.RoleDim)
	}
}

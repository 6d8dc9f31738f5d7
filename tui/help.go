package tui

import "github.com/benchtui/benchtui/tui/term"

// screenKeys are the keys that work on the screen that is shown.
func (m *model) screenKeys() shortcuts {
	keys := m.ownKeys()
	if m.player != nil {
		return m.replayed(keys)
	}
	return keys
}

// ownKeys are the screen's own.
func (m *model) ownKeys() shortcuts {
	if m.presenting() {
		return m.keys.presenting(m.running())
	}
	switch m.screen {
	case ScreenRace:
		return m.keys.race(m.running())
	case ScreenChoose:
		return m.keys.choose()
	case ScreenLive:
		return m.keys.live(m.live.away())
	case ScreenLeaderboard:
		return m.keys.leaderboard(m.options.Offer != nil)
	case ScreenDetail:
		return m.keys.detail()
	default:
		return m.keys.build()
	}
}

// drawHelp lays the keys of the screen over it, and what its signs mean; the keys in
// two columns where there are not lines enough.
func (m *model) drawHelp(area term.Rect) {
	bindings := m.screenKeys().all()
	signs := m.signs()
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
	if rows+below+2 > area.H { // the keys come first
		below = 0
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

// signs are the signs of the screen that is shown, with what they mean.
func (m *model) signs() [][2]string {
	switch m.screen {
	case ScreenChoose:
		return [][2]string{
			{"● ○ ✗", "ready, can be built, cannot be measured here"},
		}
	case ScreenLive:
		return [][2]string{
			{"p99", "99 of 100 replies were at least as fast"},
			{"KO", "replies that failed; in the latency chart: their p50"},
			{"heatmap", "brighter: more of its moment's replies took so long"},
			{"1–9", "a panel on or off by the number in its border"},
			{"⚑ ╎", "a finding, at the second it began"},
			{"┊", "the warm-up ends, measuring begins"},
			{"lateness", "how late we sent; it counts in the latencies"},
			{"reading", "how long replies lay unread by us; not in the latencies"},
		}
	case ScreenLeaderboard:
		return [][2]string{
			{"🥇🥈🥉🏅", "tiers; the rule stands under the table"},
			{"*", "ranked in spite of failures"},
			{"=", "tied: the difference may be noise"},
			{"⚠", "the load generator was the limit, not this server"},
			{"▲ ▼", "sorted by, rising or falling; a click sorts, another turns"},
		}
	}
	return nil
}

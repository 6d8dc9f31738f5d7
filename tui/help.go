package tui

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

// drawHelp lays the keys of the screen over it, and what its signs mean.
func (m *model) drawHelp(area Rect) {
	bindings := m.screenKeys().all()
	signs := m.signs()
	h := len(bindings) + 2
	if m.player != nil && m.player.made != "" {
		signs = append(signs, [2]string{"REPLAY", m.player.made})
	}
	if len(signs) > 0 {
		h += len(signs) + 1
	}
	box := area.Centre(64, h)
	m.surface.Fill(box, RoleText)
	in := m.surface.Box(box, RoleKey, Span{"keys", RoleTitle})
	for i, binding := range bindings {
		row := in.Row(i)
		m.surface.TextRight(Rect{row.X, row.Y, min(12, row.W), row.H}, binding.Help().Key, RoleKey)
		m.surface.Text(Rect{row.X + 14, row.Y, row.W - 14, row.H}, binding.Help().Desc, RoleText)
	}
	for i, sign := range signs {
		row := in.Row(len(bindings) + 1 + i)
		m.surface.TextRight(Rect{row.X, row.Y, min(12, row.W), row.H}, sign[0], RoleTitle)
		m.surface.Text(Rect{row.X + 14, row.Y, row.W - 14, row.H}, sign[1], RoleDim)
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
			{"KO", "replies that failed; in the latency chart their median"},
			{"heatmap", "brighter: more of that moment's replies took so long"},
			{"1–9", "a panel on or off by the number in its border"},
			{"⚑ ╎", "a finding, at the second it began"},
			{"┊", "the warm-up ends, measuring begins"},
			{"lateness", "how late we sent: above 1 ms, doubt the rest"},
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

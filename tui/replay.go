package tui

import (
	"slices"
	"strconv"
	"time"

	"github.com/benchtui/benchtui/tui/screen"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/words"
)

// play goes on with the recording.
func (m *model) play() tea.Cmd {
	p := m.player
	p.advance(m.clock())
	m.showPlayed()
	return nil
}

// showPlayed shows where the recording is, on the screen that a run would show then.
func (m *model) showPlayed() {
	p := m.player
	p.fold(m.clock)
	m.dirty = true
	ended := m.state.Result != nil
	m.state = p.state
	shows := m.at.About().Shows
	switch {
	case m.state.Result == nil:
		m.follow()
	case !ended || shows == screen.Building || shows == screen.UnderLoad:
		m.open(m.shownFor(screen.AtEnd))
	}
}

// running says that what is shown goes on: a run, or a recording of one before its end.
func (m *model) running() bool {
	return m.run != nil || m.player != nil && m.state.Result == nil
}

// paused says that the screen stands still though what it shows goes on.
func (m *model) paused() bool {
	return m.frozen != nil || m.player != nil && m.player.paused
}

// How far keys go through a recording.
const seekStep, seekFar = 5 * time.Second, 30 * time.Second

// takeReplayKey takes a key that moves through a recording; false if it is none.
// The stage keeps its own keys, which are those of presenters' remotes.
func (m *model) takeReplayKey(msg tea.KeyMsg) bool {
	p, k := m.player, m.replay
	p.advance(m.clock())
	goesOn := m.running() && !m.presenting()
	switch {
	case key.Matches(msg, k.Play) && goesOn:
		p.paused = !p.paused
	case key.Matches(msg, k.SeekBack):
		p.skip(-seekStep)
	case key.Matches(msg, k.SeekOn):
		p.skip(seekStep)
	case key.Matches(msg, k.SeekFarBack):
		p.skip(-seekFar)
	case key.Matches(msg, k.SeekFarOn):
		p.skip(seekFar)
	case key.Matches(msg, k.FromStart):
		p.seek(0)
	case key.Matches(msg, k.Faster):
		p.faster()
	case key.Matches(msg, k.Slower):
		p.slower()
	case key.Matches(msg, k.NextFinding):
		p.nextOf(p.findings)
	case key.Matches(msg, k.PreviousFinding):
		p.previousOf(p.findings)
	case key.Matches(msg, k.NextContender), key.Matches(msg, m.context.Keys.Skip) && goesOn:
		if !p.nextOf(p.contenders) {
			p.seek(p.length()) // behind the last one comes the leaderboard
		}
	case key.Matches(msg, k.PreviousContender):
		if !p.previousOf(p.contenders) {
			p.seek(0)
		}
	default:
		return false
	}
	m.showPlayed()
	return true
}

// replayed are the shown screen's keys where it shows a recording: there is nothing
// to pause or to stop but the recording. Where it goes on, its keys come first.
func (m *model) replayed(keys screen.Shortcuts) screen.Shortcuts {
	k, common := m.replay, m.context.Keys
	play := k.Play
	if m.player.paused {
		play.SetHelp(play.Help().Key, "play")
	}
	own := slices.DeleteFunc(slices.Clone(keys.Footer), func(binding key.Binding) bool {
		help := binding.Help()
		return screen.IsWayOut(binding) || help == common.Pause.Help() || help == common.Skip.Help() || help == common.SkipBuilds.Help()
	})
	ours := []key.Binding{k.Seek, k.Speed, k.NextFinding, k.NextContender}
	footer := []key.Binding{common.Help}
	if m.running() && !m.presenting() {
		footer = append(append(append(footer, play), ours...), own...)
	} else {
		footer = append(append(footer, own...), ours...)
	}
	more := append([]key.Binding{k.PreviousFinding, k.PreviousContender, k.SeekFar, k.FromStart}, keys.More...)
	keys.Footer, keys.More = append(footer, common.Quit), more
	return keys
}

// drawTransport writes how far the recording is at the left of a line, and returns
// what is left of it.
func (m *model) drawTransport(in term.Rect) (rest term.Rect) {
	p := m.player
	sign := "▶"
	switch {
	case p.behind():
		sign = "»"
	case p.atEnd():
		sign = "■"
	case p.paused:
		sign = "‖"
	}
	spans := []term.Span{term.Say(" REPLAY ", term.RoleCursor), term.Say(" "+sign+" ", term.RoleWarn)}
	if in.W >= 60 {
		spans = append(spans, term.Say("×"+strconv.FormatFloat(p.speed, 'g', 3, 64)+" ", term.RoleStrong))
	}
	spans = append(spans, term.Say(words.Clock(p.shownAt(), false), term.RoleStrong), term.Say("/"+words.Clock(p.length(), false)+" ", term.RoleDim))
	taken := m.surface.Spans(in, spans...)
	if width := min(48, in.W/4); in.W >= 96 {
		m.drawTrackbar(term.Rect{X: in.X + taken, Y: in.Y, W: width, H: 1})
		taken += width + 1
	}
	return term.Rect{X: in.X + taken, Y: in.Y, W: max(0, in.W-taken), H: in.H}
}

// drawTrackbar draws the recording from its beginning to its end, with what keys
// jump to. A click goes there.
func (m *model) drawTrackbar(in term.Rect) {
	p := m.player
	column := func(at time.Duration) int {
		if p.length() <= 0 {
			return in.X
		}
		return in.X + min(in.W-1, int(float64(in.W)*float64(at)/float64(p.length())))
	}
	here := column(p.shownAt())
	for x := in.X; x < in.X+in.W; x++ {
		r, role := '─', term.RoleTrough
		if x < here {
			r, role = '━', term.RolePhase
		}
		m.surface.Set(x, in.Y, r, role)
	}
	for _, at := range p.contenders {
		m.surface.Set(column(at), in.Y, '┊', term.RoleText)
	}
	for _, at := range p.findings {
		m.surface.Set(column(at), in.Y, '⚑', term.RoleWarn)
	}
	m.surface.Set(here, in.Y, '●', term.RolePhase)
	m.context.Click(in, func() {
		share := (float64(m.context.Pointer.X-in.X) + 0.5) / float64(in.W)
		p.advance(m.clock())
		p.seek(time.Duration(share * float64(p.length())))
		m.showPlayed()
	})
}

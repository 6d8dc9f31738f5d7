package tui

import (
	"fmt"
	"math"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// drawRaceBars draws a bar per contender, which grows as its load goes on; those
// who ran before show how far they were at the same second, and faintly their end.
// With room to spare the bars are thick and stand apart.
func (m *model) drawRaceBars(box term.Rect, standings view.Standings, pace view.Pace) {
	if box.Empty() {
		return
	}
	words := pace.Words()
	title := []term.Span{term.Say(words.SoFar, term.RoleTitle)}
	if !math.IsInf(standings.Second, 1) {
		title = term.Fitting(box.W-6, title, []term.Span{term.Say(fmt.Sprintf("  all at %.1f s", standings.Second), term.RolePhase)})
	}
	shown := standings.Rows(box.H-2, m.race.chosen)
	if hidden := len(standings.Runners) - len(shown); hidden > 0 {
		title = term.Fitting(box.W-6, title, []term.Span{term.Say(fmt.Sprintf("  %d more", hidden), term.RoleDim)})
	}
	in := m.surface.Frame(box, term.RoleBorder, title...)
	defer m.surface.Clip(in)() // a few columns cut a line, no border
	lane := raceLane{pace: pace, each: min(3, max(1, in.H/max(1, len(shown))))}
	for _, r := range standings.Runners {
		lane.name = max(lane.name, ansi.StringWidth(r.Track.Facts.ID))
		for _, value := range []float64{r.Value, r.Final} {
			if !math.IsNaN(value) && (!r.Fails || words.Higher) {
				lane.most = max(lane.most, value)
			}
		}
	}
	lane.name = min(lane.name, max(8, in.W/3))
	for i, at := range shown {
		r := standings.Runners[at]
		row := term.Rect{X: in.X, Y: in.Y + i*lane.each, W: in.W, H: max(1, lane.each-1)}
		m.drawRunner(row, r, lane, r.Track.Facts.ID == standings.Running)
		if r.Track.Facts.ID == m.race.chosen {
			m.surface.Set(row.X, row.Y, '▸', term.RoleKey)
		}
		m.click(row, func() {
			if m.race.chosen == r.Track.Facts.ID {
				m.race.chosen = ""
				return
			}
			m.race.chosen = r.Track.Facts.ID
		})
	}
}

// raceLane is what the bars of a race have in common.
type raceLane struct {
	pace view.Pace
	each int     // lines for each, the gap between two among them
	name int     // columns
	most float64 // what the longest bar stands for
}

// drawRunner writes "▸ 2 B expressjs ███████░░░ 212".
func (m *model) drawRunner(row term.Rect, r view.Runner, lane raceLane, running bool) {
	const valueWidth = 9
	place := "–"
	if r.Place > 0 {
		place = fmt.Sprint(r.Place)
	}
	text, role := term.RoleText, laneRole(r)
	if running {
		text = term.RoleStrong
	}
	m.surface.TextRight(term.Rect{X: row.X + 1, Y: row.Y, W: 2, H: 1}, place, text)
	x := row.X + 4
	m.surface.Set(x, row.Y, r.Track.Letter(), role)
	taken := m.surface.Text(term.Rect{X: x + 2, Y: row.Y, W: lane.name, H: 1}, r.Track.Facts.ID, text)
	if r.Track.Limited {
		m.surface.Set(x+2+taken, row.Y, '⚠', term.RoleWarn)
	}
	x += lane.name + 3
	bar := term.Rect{X: x, Y: row.Y, W: max(0, row.X+row.W-x-valueWidth-1), H: row.H}
	told := lane.pace.Words()
	switch {
	case r.Standing() == 2 && running && !r.Track.Ended:
		m.surface.Text(bar, "starting …", term.RolePhase)
		return
	case r.Standing() == 2:
		m.surface.Text(term.Rect{X: x, Y: row.Y, W: row.X + row.W - x, H: 1}, "✗ "+words.OrElse(r.Track.Cause, "no reply"), term.RoleBad)
		return
	case r.Fails && !told.Higher:
		m.surface.Text(bar, "✗ "+words.Join(" ", words.Percent(r.Point.KO)+" KO:", r.Track.MainCause()), term.RoleBad)
	case lane.most > 0 && bar.W > 0:
		for i := range bar.H {
			chart.GhostBar(m.surface, bar.Row(i), r.Value/lane.most, r.Final/lane.most, role)
		}
	}
	value := term.Rect{X: row.X + row.W - valueWidth - 1, Y: row.Y, W: valueWidth, H: 1}
	m.surface.TextRight(value, told.Write(r.Value), text)
}

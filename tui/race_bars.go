package tui

import (
	"fmt"
	"math"
	"slices"

	"github.com/charmbracelet/x/ansi"
)

// drawRaceBars draws a bar per contender, which grows as its load goes on; those
// who ran before show how far they were at the same second, and faintly their end.
// With room to spare the bars are thick and stand apart.
func (m *model) drawRaceBars(box Rect, standings standings, pace Pace) {
	if box.Empty() {
		return
	}
	words := pace.words()
	title := []Span{{words.soFar, RoleTitle}}
	if !math.IsInf(standings.second, 1) {
		title = fitting(box.W-6, title, []Span{{fmt.Sprintf("  all at %.1f s", standings.second), RolePhase}})
	}
	shown := standings.rows(box.H-2, m.race.chosen)
	if hidden := len(standings.runners) - len(shown); hidden > 0 {
		title = fitting(box.W-6, title, []Span{{fmt.Sprintf("  %d more", hidden), RoleDim}})
	}
	in := m.surface.Frame(box, RoleBorder, title...)
	defer m.surface.Clip(in)() // a few columns cut a line, no border
	lane := raceLane{pace: pace, each: min(3, max(1, in.H/max(1, len(shown))))}
	for _, r := range standings.runners {
		lane.name = max(lane.name, ansi.StringWidth(r.track.Facts.ID))
		for _, value := range []float64{r.value, r.final} {
			if !math.IsNaN(value) && (!r.fails || words.higher) {
				lane.most = max(lane.most, value)
			}
		}
	}
	lane.name = min(lane.name, max(8, in.W/3))
	for i, at := range shown {
		r := standings.runners[at]
		row := Rect{in.X, in.Y + i*lane.each, in.W, max(1, lane.each-1)}
		m.drawRunner(row, r, lane, r.track.Facts.ID == standings.running)
		if r.track.Facts.ID == m.race.chosen {
			m.surface.Set(row.X, row.Y, '▸', RoleKey)
		}
		m.click(row, func() {
			if m.race.chosen == r.track.Facts.ID {
				m.race.chosen = ""
				return
			}
			m.race.chosen = r.track.Facts.ID
		})
	}
}

// raceLane is what the bars of a race have in common.
type raceLane struct {
	pace Pace
	each int     // lines for each, the gap between two among them
	name int     // columns
	most float64 // what the longest bar stands for
}

// rows are the runners to show in so many lines: the best, and always the one
// under load and the one picked out.
func (s standings) rows(lines int, chosen string) []int {
	var must, rest []int
	for at, r := range s.runners {
		if id := r.track.Facts.ID; id == s.running || id == chosen {
			must = append(must, at)
		} else {
			rest = append(rest, at)
		}
	}
	must = must[:min(len(must), max(0, lines))]
	rows := append(must, rest[:min(len(rest), max(0, lines-len(must)))]...)
	slices.Sort(rows)
	return rows
}

// drawRunner writes "▸ 2 B expressjs ███████░░░ 212".
func (m *model) drawRunner(row Rect, r runner, lane raceLane, running bool) {
	const valueWidth = 9
	place := "–"
	if r.place > 0 {
		place = fmt.Sprint(r.place)
	}
	text, role := RoleText, laneRole(r)
	if running {
		text = RoleStrong
	}
	m.surface.TextRight(Rect{row.X + 1, row.Y, 2, 1}, place, text)
	x := row.X + 4
	m.surface.Set(x, row.Y, r.track.letter(), role)
	taken := m.surface.Text(Rect{x + 2, row.Y, lane.name, 1}, r.track.Facts.ID, text)
	if r.track.Limited {
		m.surface.Set(x+2+taken, row.Y, '⚠', RoleWarn)
	}
	x += lane.name + 3
	bar := Rect{x, row.Y, max(0, row.X+row.W-x-valueWidth-1), row.H}
	words := lane.pace.words()
	switch {
	case r.standing() == 2 && running && !r.track.Ended:
		m.surface.Text(bar, "starting …", RolePhase)
		return
	case r.standing() == 2:
		m.surface.Text(Rect{x, row.Y, row.X + row.W - x, 1}, "✗ "+orElse(r.track.Cause, "no reply"), RoleBad)
		return
	case r.fails && !words.higher:
		m.surface.Text(bar, "✗ "+join(" ", percent(r.point.KO)+" KO:", r.track.mainCause()), RoleBad)
	case lane.most > 0 && bar.W > 0:
		for i := range bar.H {
			ghostBar(m.surface, bar.Row(i), r.value/lane.most, r.final/lane.most, role)
		}
	}
	value := Rect{row.X + row.W - valueWidth - 1, row.Y, valueWidth, 1}
	m.surface.TextRight(value, words.write(r.value), text)
}

// ghostBar draws a bar and, if it is longer, faintly how long it became.
func ghostBar(s *Surface, in Rect, share, final float64, role Role) {
	for x := range in.W {
		if !math.IsNaN(final) && float64(x) < final*float64(in.W)-0.5 {
			s.Set(in.X+x, in.Y, '░', RoleTrough)
		}
	}
	valueBar(s, in, share, role)
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

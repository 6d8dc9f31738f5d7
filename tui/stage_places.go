package tui

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/session"
)

// drawPodiumPlaces is the first of the leaderboard.
func (m *model) drawPodiumPlaces(in Rect) {
	b := &m.board
	_, in = in.CutTop(min(1, in.H/20))
	head, in := in.CutTop(2)
	m.surface.Spans(head, Span{b.rankWords(), RoleTitle})
	if told := b.doubt(); told != "" {
		m.surface.TextRight(head, "⚠ "+told, RoleWarn)
	}
	ranked := b.rows[:0:0]
	for _, row := range b.result.Contenders {
		if row.Rank > 0 {
			ranked = append(ranked, row)
		}
	}
	if len(ranked) == 0 {
		m.surface.LargeParagraph(in, "nobody has a place", RoleWarn)
		return
	}
	most := 4
	if in.H < 20 {
		most = 3
	}
	shown := min(len(ranked), most)
	places := b.places(ranked[:shown], in)
	for _, row := range b.result.Contenders { // those who failed, where room is left over
		if row.Rank == 0 && row.Requests.Total > 0 && shown < most {
			if more := b.places(append(ranked[:shown:shown], row), in); more.scale >= min(2, places.scale) {
				places = more
				shown++
				ranked = append(ranked[:shown-1:shown-1], row)
			}
		}
	}
	step := places.step
	for i, row := range ranked[:shown] {
		at := Rect{in.X, in.Y + i*step, in.W, step}
		m.surface.Text(Rect{at.X, at.Y + step/3, medals, 1}, medal(row.Tier), RoleText)
		if step > 1 {
			m.surface.Text(Rect{at.X, at.Y + step/3 + 1, medals, 1}, place(row), RoleDim)
		}
		role, valueRole := tierRole(row.Tier), RoleStrong
		if row.Rank == 0 {
			role, valueRole = RoleDim, RoleBad
		}
		m.surface.Large(Rect{at.X + medals, at.Y, at.W - medals, at.H}, row.ID, role, places.scale)
		width := largeWidth(places.values[i], places.scale)
		if places.scale == 0 {
			width = ansi.StringWidth(places.values[i])
		}
		m.surface.Large(Rect{at.X + at.W - width, at.Y, width, at.H}, places.values[i], valueRole, places.scale)
	}
	if y := step * shown; y < in.H && len(b.rows) > shown {
		m.surface.Text(in.Row(y), fmt.Sprintf("and %d more", len(b.rows)-shown), RoleDim)
	}
}

// medals is how many columns a medal and a place take on the stage.
const medals = 5

// podiumPlaces is how large the places of the stage are written.
type podiumPlaces struct {
	values      []string
	scale, step int
}

// places writes those rows as large as they go into the rectangle.
func (b *board) places(rows []session.ContenderResult, in Rect) podiumPlaces {
	ranking := b.ranking()
	p := podiumPlaces{step: 1}
	var texts []string
	for _, row := range rows {
		value := orNone(ranking.value(row), ranking.write)
		if row.Rank == 0 {
			value = percent(row.Requests.FailureRate) + " KO"
		}
		p.values = append(p.values, value)
		texts = append(texts, row.ID, value)
	}
	height := max(1, min(in.H/len(rows), in.H/3)-1)
	for try := largest(in.W, height, texts...); try > 0 && p.scale == 0; try-- {
		widest := 0
		for i := range rows {
			widest = max(widest, largeWidth(rows[i].ID, try)+largeWidth(p.values[i], try))
		}
		if widest+medals+4 <= in.W {
			p.scale, p.step = try, min(in.H/len(rows), largeHeight(try)+2)
		}
	}
	return p
}

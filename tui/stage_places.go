package tui

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/words"
)

// drawPodiumPlaces is the first of the leaderboard.
func (m *model) drawPodiumPlaces(in term.Rect) {
	b := &m.board
	_, in = in.CutTop(min(1, in.H/20))
	head, in := in.CutTop(2)
	m.surface.Spans(head, term.Say(b.rankWords(), term.RoleTitle))
	if told := b.doubt(); told != "" {
		m.surface.TextRight(head, "⚠ "+told, term.RoleWarn)
	}
	ranked := b.rows[:0:0]
	for _, row := range b.result.Contenders {
		if row.Rank > 0 {
			ranked = append(ranked, row)
		}
	}
	if len(ranked) == 0 {
		m.surface.LargeParagraph(in, "nobody has a place", term.RoleWarn)
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
		at := term.Rect{X: in.X, Y: in.Y + i*step, W: in.W, H: step}
		m.surface.Text(term.Rect{X: at.X, Y: at.Y + step/3, W: medals, H: 1}, words.Medal(row.Tier), term.RoleText)
		if step > 1 {
			m.surface.Text(term.Rect{X: at.X, Y: at.Y + step/3 + 1, W: medals, H: 1}, words.Place(row), term.RoleDim)
		}
		role, valueRole := term.TierRole(row.Tier), term.RoleStrong
		if row.Rank == 0 {
			role, valueRole = term.RoleDim, term.RoleBad
		}
		m.surface.Large(term.Rect{X: at.X + medals, Y: at.Y, W: at.W - medals, H: at.H}, row.ID, role, places.scale)
		width := term.LargeWidth(places.values[i], places.scale)
		if places.scale == 0 {
			width = ansi.StringWidth(places.values[i])
		}
		m.surface.Large(term.Rect{X: at.X + at.W - width, Y: at.Y, W: width, H: at.H}, places.values[i], valueRole, places.scale)
	}
	if y := step * shown; y < in.H && len(b.rows) > shown {
		m.surface.Text(in.Row(y), fmt.Sprintf("and %d more", len(b.rows)-shown), term.RoleDim)
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
func (b *board) places(rows []stream.ContenderResult, in term.Rect) podiumPlaces {
	ranking := b.ranking()
	p := podiumPlaces{step: 1}
	var texts []string
	for _, row := range rows {
		value := words.OrNone(ranking.value(row), ranking.write)
		if row.Rank == 0 {
			value = words.Percent(row.Requests.FailureRate) + " KO"
		}
		p.values = append(p.values, value)
		texts = append(texts, row.ID, value)
	}
	height := max(1, min(in.H/len(rows), in.H/3)-1)
	for try := term.Largest(in.W, height, texts...); try > 0 && p.scale == 0; try-- {
		widest := 0
		for i := range rows {
			widest = max(widest, term.LargeWidth(rows[i].ID, try)+term.LargeWidth(p.values[i], try))
		}
		if widest+medals+4 <= in.W {
			p.scale, p.step = try, min(in.H/len(rows), term.LargeHeight(try)+2)
		}
	}
	return p
}

package leaderboard

import (
	"cmp"
	"slices"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/words"
)

// tableLayout is which figures the table has room for.
type tableLayout struct {
	ties, name, version, bar int
	columns                  []column
	at                       []int // the index of each in board.columns()
}

// mostLetters is how many letters of ties the table has room for: the detail names all
// that a contender is tied with.
const mostLetters = 6

// place is where a column stands when room is given.
func (b *Screen) place(c column, at int) int {
	switch {
	case at == b.sort:
		return -2
	case c.rank == string(b.result.RankedBy()):
		return -1
	}
	return c.room
}

func (b *Screen) layoutTable(width int) tableLayout {
	var l tableLayout
	version := 0
	for _, row := range b.rows {
		l.name = max(l.name, ansi.StringWidth(row.Name+words.StartersMark(row))+2)
		if row.Version != "" {
			version = max(version, ansi.StringWidth(row.Version)+2, len("version")+2)
		}
	}
	l.name = min(max(l.name, 8), max(8, width/3))
	const places, leastBar = 10, 12
	if b.result.Lettered() {
		for _, row := range b.rows {
			l.ties = max(l.ties, min(ansi.StringWidth(row.Letters), mostLetters)+1)
		}
		l.ties = max(l.ties, len("ties "))
	}
	room := width - places - l.ties - l.name
	all := b.columns()
	chosen := map[int]bool{}
	// What matters most comes first; the ranking's own figure above all, and its
	// interval.
	order := make([]int, len(all))
	for at := range all {
		order[at] = at
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(b.place(all[x], x), b.place(all[y], y)) })
	for i, at := range order {
		need := all[at].width
		if i > 0 {
			need += leastBar
		}
		if !chosen[at] && room >= need {
			chosen[at] = true
			room -= all[at].width
		}
	}
	if room >= version+leastBar+20 {
		l.version = version
		room -= version
	}
	l.bar = max(0, min(room-1, 100))
	for at := range all {
		if chosen[at] {
			l.columns, l.at = append(l.columns, all[at]), append(l.at, at)
		}
	}
	return l
}

func (b *Screen) drawTable(ctx *screen.Context, s *term.Surface, box term.Rect) {
	in := box
	lines := len(b.rows)
	if b.belowTheLine() < len(b.rows) {
		lines++
	}
	framed := box.H >= min(lines+3, 6) // else every line is needed
	if framed {
		in = s.Box(box, term.RoleBorder)
	}
	if in.Empty() {
		return
	}
	restore := s.Clip(in) // a table has a least width
	layout := b.layoutTable(in.W)
	rows := in
	if in.H >= 3 || in.H > lines {
		var header term.Rect
		header, rows = in.CutTop(1)
		b.drawHeader(ctx, s, header, layout)
	}
	best := 0.0
	barred := b.barred()
	for _, row := range b.rows {
		if value := barred.value(row); value != nil && row.Rank > 0 {
			best = max(best, *value)
			if interval, ok := row.Intervals[barred.rank]; ok {
				_, high := interval.Ends()
				best = max(best, high)
			}
		}
	}
	below := b.belowTheLine()
	line := below < len(b.rows)
	from, to := b.list.Window(len(b.rows), max(1, rows.H))
	if line && from <= below && to > below { // the line takes a row
		from, to = b.list.Window(len(b.rows), max(1, rows.H-1))
	}
	y := 0
	for i := from; i < to; i++ {
		if i == below {
			at := rows.Row(y)
			for x := range at.W {
				s.Set(at.X+x, at.Y, '╌', term.RoleBorder)
			}
			s.Text(term.Rect{X: at.X + 3, Y: at.Y, W: at.W - 3, H: at.H}, " below the line ", term.RoleDim)
			y++
		}
		row := rows.Row(y)
		b.drawRow(s, row, b.rows[i], layout, best)
		if i == b.list.Cursor {
			s.Set(row.X, row.Y, '▸', term.RoleKey)
		}
		ctx.Click(row, func() { b.list.Cursor = i })
		y++
	}
	restore()
	if framed {
		s.ScrollBar(box, from, to, len(b.rows))
	}
}

func (b *Screen) drawHeader(ctx *screen.Context, s *term.Surface, row term.Rect, layout tableLayout) {
	x := row.X + 10
	if layout.ties > 0 {
		s.Text(term.Rect{X: x, Y: row.Y, W: layout.ties, H: 1}, "ties", term.RoleDim)
		x += layout.ties
	}
	s.Text(term.Rect{X: x, Y: row.Y, W: layout.name, H: 1}, "name", term.RoleDim)
	x += layout.name
	if layout.version > 0 {
		s.Text(term.Rect{X: x, Y: row.Y, W: layout.version, H: 1}, "version", term.RoleDim)
		x += layout.version
	}
	s.Text(term.Rect{X: x, Y: row.Y, W: layout.bar, H: 1}, b.barred().name, term.RoleDim)
	x += layout.bar
	for i, column := range layout.columns {
		text, role := column.name, term.RoleDim
		sorted := layout.at[i] == b.sort || b.sort < 0 && column.rank == string(b.result.RankedBy())
		if sorted {
			text, role = "▼"+column.name, term.RoleKey
			if column.higher == b.turned {
				text = "▲" + column.name
			}
		}
		at := term.Rect{X: x, Y: row.Y, W: column.width, H: 1}
		s.TextRight(at, text, role)
		ctx.Click(at, func() { b.sortBy(ctx, layout.at[i], sorted && !b.turned) })
		x += column.width
	}
}

func (b *Screen) drawRow(s *term.Surface, row term.Rect, result stream.ContenderResult, layout tableLayout, most float64) {
	s.TextRight(term.Rect{X: row.X + 1, Y: row.Y, W: 4, H: 1}, words.Place(result), term.RoleStrong)
	s.Text(term.Rect{X: row.X + 6, Y: row.Y, W: 3, H: 1}, figure.Medal(result.Tier), term.RoleText)
	x := row.X + 10
	if layout.ties > 0 {
		s.Text(term.Rect{X: x, Y: row.Y, W: layout.ties - 1, H: 1}, result.Letters, term.RoleText)
		x += layout.ties
	}
	name := term.RoleStrong
	if result.Rank == 0 {
		name = term.RoleText
	}
	mark := words.StartersMark(result)
	taken := s.Text(term.Rect{X: x, Y: row.Y, W: layout.name - 1 - ansi.StringWidth(mark), H: 1}, result.Name, name)
	taken += s.Text(term.Rect{X: x + taken, Y: row.Y, W: layout.name - 1 - taken, H: 1}, mark, name)
	if result.Verdict == diagnosis.VerdictGenerator {
		s.Set(x+min(taken, layout.name-2), row.Y, '⚠', term.RoleWarn)
	}
	x += layout.name
	if layout.version > 0 {
		s.Text(term.Rect{X: x, Y: row.Y, W: layout.version - 1, H: 1}, result.Version, term.RoleDim)
		x += layout.version
	}
	if result.Requests.Total == 0 { // nothing to show: the reason gets the room
		s.Text(term.Rect{X: x, Y: row.Y, W: row.X + row.W - x, H: 1}, "✗ "+words.Cause(result), term.RoleBad)
		return
	}
	bar := term.Rect{X: x, Y: row.Y, W: layout.bar, H: 1}
	if value := b.barred().value(result); result.Rank > 0 && (value != nil && most > 0 || result.RankNote == "") {
		if value != nil && most > 0 {
			chart.ValueBar(s, bar, *value/most, term.TierRole(result.Tier))
			if interval, ok := result.Intervals[b.barred().rank]; ok {
				low, high := interval.Ends()
				chart.Whiskers(s, bar, low, high, most)
			}
		}
	} else {
		text := "✗ " + words.Cause(result)
		if !term.Fits(text, bar.W) && len(result.Failures) > 0 {
			text = "✗ " + result.Failures[0].Cause // the rate stands in its own column
		}
		s.Text(bar, text, term.RoleBad)
	}
	x += layout.bar
	for _, column := range layout.columns {
		role := term.RoleText
		if column.name == "KO" && result.Requests.KO > 0 || column.name == "retried" {
			role = term.RoleBad
		}
		s.TextRight(term.Rect{X: x, Y: row.Y, W: column.width, H: 1}, column.text(result), role)
		x += column.width
	}
}

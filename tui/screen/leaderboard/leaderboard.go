// Package leaderboard is the screen at the end of a run: who stands where, and why.
package leaderboard

import (
	"cmp"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/words"
)

// Screen is the table of all contenders: who stands where, and why.
type Screen struct {
	keys   keys
	result stream.Result
	rows   []stream.ContenderResult // as sorted
	sort   int                      // a column of columns(); -1: the rank
	turned bool                     // the worst first
	costs  bool                     // the columns are what serving costs
	list   screen.List

	chart  *chart.Chart
	curves map[string][]chart.XY // of each contender's response times, by percentile
}

// New makes it.
func New() *Screen { return &Screen{keys: newKeys(), sort: -1, chart: chart.NewChart()} }

// About says when it is shown: once a run has its result.
func (b *Screen) About() screen.About {
	return screen.About{Name: screen.Leaderboard, Shows: screen.AtEnd, Signs: [][2]string{
		{"🥇🥈🥉🏅", "tiers; the rule stands under the table"},
		{"*", "ranked in spite of failures"},
		{"=", "tied: the difference may be noise"},
		{"⚠", "the load generator was the limit, not this server"},
		{"▲ ▼", "sorted by, rising or falling; a click sorts, another turns"},
	}}
}

// Open takes the result of the run that has ended.
func (b *Screen) Open(ctx *screen.Context) bool {
	result := ctx.State.Result
	if result == nil {
		return false
	}
	*b = *New()
	b.result, b.rows, b.curves = *result, result.Contenders, curvesOf(*result, ctx.State.Tracks)
	b.costs = b.result.RankedBy().TellsEfficiency()
	ctx.Settings.Order = nil
	return true
}

// Contender is the one at the cursor.
func (b *Screen) Contender(*screen.Context) string {
	row, _ := b.selected()
	return row.ID
}

// keys are the screen's own.
type keys struct{ Sort, Turn, Costs key.Binding }

func newKeys() keys {
	return keys{
		Sort:  screen.Bind("s", "sort by", "s"),
		Turn:  screen.Bind("S", "sort the other way", "S"),
		Costs: screen.Bind("e", "efficiency", "e"),
	}
}

// Keys are those of the table; esc leads back to what there is to choose.
func (b *Screen) Keys(ctx *screen.Context) screen.Shortcuts {
	common := ctx.Keys
	footer := []key.Binding{common.Help, common.Up, common.Down, b.keys.Sort}
	footer = append(append(footer, ctx.Openers...), b.keys.Costs)
	if ctx.CanChoose {
		footer = append(footer, common.Back)
	}
	return screen.Shortcuts{Footer: append(footer, common.Quit), More: append(common.Jumps(), b.keys.Turn)}
}

// Key sorts, and turns to what serving costs.
func (b *Screen) Key(msg tea.KeyMsg, ctx *screen.Context) screen.Action {
	switch {
	case key.Matches(msg, ctx.Keys.Back):
		return screen.Action{Do: screen.Back}
	case key.Matches(msg, b.keys.Sort):
		b.sortBy(ctx, (b.sort+2)%(len(b.columns())+1)-1, false)
	case key.Matches(msg, b.keys.Turn):
		b.sortBy(ctx, b.sort, !b.turned)
	case key.Matches(msg, b.keys.Costs):
		b.turnToCosts(ctx)
	default:
		b.list.Key(msg, ctx.Keys, len(b.rows))
	}
	return screen.Action{}
}

func (b *Screen) selected() (stream.ContenderResult, bool) {
	if b.list.Cursor < len(b.rows) {
		return b.rows[b.list.Cursor], true
	}
	return stream.ContenderResult{}, false
}

// belowTheLine is the index of the first row without a rank.
func (b *Screen) belowTheLine() int {
	if at := slices.IndexFunc(b.rows, func(r stream.ContenderResult) bool { return r.Rank == 0 }); at >= 0 {
		return at
	}
	return len(b.rows)
}

// sortBy sorts by a column, the best first or turned; those below the line stay
// there, and what was not measured stays last.
func (b *Screen) sortBy(ctx *screen.Context, at int, turned bool) {
	selected, _ := b.selected()
	b.sort, b.turned = at, turned
	b.rows = slices.Clone(b.result.Contenders)
	ranked := b.rows[:b.belowTheLine()]
	if at < 0 {
		if turned {
			slices.Reverse(ranked)
		}
	} else {
		by := b.columns()[at]
		order := func(x, y stream.ContenderResult) int {
			a, c := by.value(x), by.value(y)
			switch {
			case a == nil && c == nil:
				return 0
			case a == nil:
				return 1
			case c == nil:
				return -1
			case by.higher != turned:
				return cmp.Compare(*c, *a)
			}
			return cmp.Compare(*a, *c)
		}
		slices.SortStableFunc(ranked, order)
		slices.SortStableFunc(b.rows[len(ranked):], order)
	}
	ctx.Settings.Order = nil
	for _, row := range b.rows {
		ctx.Settings.Order = append(ctx.Settings.Order, row.ID)
	}
	b.list.Cursor = max(0, slices.IndexFunc(b.rows, func(r stream.ContenderResult) bool { return r.ID == selected.ID }))
}

// turnToCosts shows what serving costs, the cheapest request first, and back.
func (b *Screen) turnToCosts(ctx *screen.Context) {
	b.costs = !b.costs
	b.sortBy(ctx, slices.IndexFunc(b.columns(), func(c column) bool { return c.rank == b.costed() }), false)
}

// costed is the figure that the view of the costs is about; "" in the other one,
// or where the ranks go by it.
func (b *Screen) costed() string {
	if b.costs && !b.result.RankedBy().TellsEfficiency() {
		return string(leaderboard.CPUPerRequest)
	}
	return ""
}

// wideColumns is from where on the title says what was run.
const wideColumns = 80

// layout is where the parts of the leaderboard are.
type layout struct{ title, table, rules, why term.Rect }

func layoutOf(area term.Rect, lines, rules int) layout {
	var l layout
	l.title, area = area.CutTop(1)
	want := lines + 3 // border and header
	if area.H < 12 {
		l.table = area
		return l
	}
	const why = 9
	l.table, area = area.CutTop(min(want, max(area.H*3/5, area.H-rules-why)))
	l.rules, l.why = area.CutTop(rules)
	if l.why.H < 3 {
		l.why = term.Rect{}
	}
	return l
}

// Draw draws the table, the rules under it, and what stands out about the contender at
// the cursor.
func (b *Screen) Draw(s *term.Surface, area term.Rect, ctx *screen.Context) {
	lines := len(b.rows)
	if b.belowTheLine() < len(b.rows) {
		lines++
	}
	rules := b.rules(area.W)
	layout := layoutOf(area, lines, len(rules))
	right := []term.Span{term.Say(b.result.Workload.Words+" ", term.RoleDim)}
	if area.W < wideColumns {
		right = nil
	}
	if b.result.Interrupted || ctx.State.Interrupted {
		right = append([]term.Span{term.Say("interrupted · ", term.RoleWarn)}, right...)
	}
	ctx.Title(s, layout.title, []term.Span{term.Say("leaderboard", term.RoleStrong)}, right...)
	b.drawTable(ctx, s, layout.table)
	for i, line := range rules[:min(len(rules), layout.rules.H)] {
		s.Spans(layout.rules.Row(i), line...)
	}
	if columns := layout.why.Columns(5, 6); layout.why.W >= curvesColumns && layout.why.H >= curvesRows && len(b.curves) > 0 {
		layout.why = columns[0]
		b.drawCurves(s, columns[1])
	}
	if row, ok := b.selected(); ok && !layout.why.Empty() {
		in := s.Box(layout.why, term.RoleBorder, term.Say(row.Name, term.RoleTitle), term.Say("  "+words.Join(" · ", row.Version, row.Variant), term.RoleDim))
		in = in.Narrow(1)
		for i, line := range part.Summary(row, ctx.State.Why(row.ID), in.W) {
			if i < in.H {
				s.Spans(in.Row(i), line...)
			}
		}
	}
}

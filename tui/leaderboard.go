package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// board is the screen at the end: who stands where, and why.
type board struct {
	result stream.Result
	rows   []stream.ContenderResult // as sorted
	sort   int                      // a column of columns(); -1: the rank
	turned bool                     // the worst first
	costs  bool                     // the columns are what serving costs
	list   list

	chart  *chart.Chart
	curves map[string][]chart.XY // of each contender's response times, by percentile
}

func newBoard(result stream.Result, tracks []*view.Track) board {
	b := board{result: result, rows: result.Contenders, sort: -1, chart: chart.NewChart(), curves: curvesOf(result, tracks)}
	b.costs = leaderboard.Metric(b.rankedBy()).TellsEfficiency()
	return b
}

// column is a figure of the table.
type column struct {
	name   string
	width  int
	rank   string // the --rank-by that it is
	higher bool   // is better
	value  func(stream.ContenderResult) *float64
	write  func(float64) string
	words  func(stream.ContenderResult) string // nil: value, written
	// room says in which order columns get it: those of the lowest number first.
	room int
}

func (c column) text(result stream.ContenderResult) string {
	if c.words != nil {
		return c.words(result)
	}
	return words.OrNone(c.value(result), c.write)
}

// columns are the table's figures from left to right; of several rounds their
// medians, and the interval of what the ranks go by.
func (b *board) columns() []column {
	named := func(name string, width int, figure string, higher bool, write func(float64) string, room int) column {
		value := func(r stream.ContenderResult) *float64 { return r.Figure(figure) }
		return column{name: name, width: width, rank: figure, higher: higher, value: value, write: write, room: room}
	}
	mean := named("mean ms", 9, "mean", false, words.Millis, 1)
	if b.rankedBy() == "mean-all" {
		mean = named("mean all", 10, "mean-all", false, words.Millis, 1)
	}
	memory := stream.MemoryWord(b.result.Contenders)
	var columns []column
	if b.costs {
		mean.room = 9
		columns = []column{
			named("CPU µs/req", 12, "cpu-per-request", false, words.Short, 1),
			named("req/s/core", 12, "rps-per-core", true, words.Thousands, 2),
			named("req/s/MB", 10, "rps-per-mb", true, words.PerMB, 3),
			named("idle MB", 9, "rss-idle", false, words.Short, 6),
			named(memory+" MB", 8, "rss", false, words.Short, 4),
			named("start ms", 10, "startup", false, words.LongMillis, 7),
			mean,
			named("OK/s", 9, "rps", true, words.PerSecond, 8),
			named("KO", 8, "failures", false, words.Percent, 5),
		}
	} else {
		columns = []column{
			mean,
			named("p50 ms", 8, "p50", false, words.Millis, 5),
			named("p99 ms", 8, "p99", false, words.Millis, 2),
			named("OK/s", 9, "rps", true, words.PerSecond, 3),
			named("KO", 8, "failures", false, words.Percent, 4),
			named("CPU µs/req", 12, "cpu-per-request", false, words.Short, 6),
			named(memory+" MB", 8, "rss", false, words.Short, 7),
			named("start ms", 10, "startup", false, words.LongMillis, 8),
		}
	}
	if at := slices.IndexFunc(columns, func(c column) bool { return c.name == "KO" }); b.retries() {
		columns = slices.Insert(columns, at+1, column{name: "retried", width: 9, rank: "retried", write: words.Thousands, room: columns[at].room,
			value: func(r stream.ContenderResult) *float64 {
				if r.Requests.Total == 0 {
					return nil
				}
				retried := float64(r.Requests.Retried)
				return &retried
			}})
	}
	main := cmp.Or(b.costed(), b.rankedBy())
	if at := slices.IndexFunc(columns, func(c column) bool { return c.rank == main }); at >= 0 && b.result.Workload.Rounds > 1 {
		columns = slices.Insert(columns, at+1, intervalColumn(columns[at], b.result.Workload.Rounds))
	}
	return columns
}

// retries says whether any contender had requests sent again.
func (b *board) retries() bool {
	return slices.ContainsFunc(b.result.Contenders, func(r stream.ContenderResult) bool { return r.Requests.Retried > 0 })
}

func (b *board) rankedBy() string {
	for _, row := range b.result.Contenders {
		if row.RankedBy != "" {
			return row.RankedBy
		}
	}
	return "mean"
}

// ranking is the column that the ranks come from.
func (b *board) ranking() column {
	columns := b.columns()
	by := b.rankedBy()
	if i := slices.IndexFunc(columns, func(c column) bool { return c.rank == by }); i >= 0 {
		return columns[i]
	}
	return columns[0]
}

// barred is the column that the bars show: the one that is sorted by.
func (b *board) barred() column {
	if b.sort >= 0 {
		return b.columns()[b.sort]
	}
	return b.ranking()
}

// rankWords says what the ranks go by.
func (b *board) rankWords() string {
	switch b.rankedBy() {
	case "mean":
		return "mean response time of OK replies, lower is better"
	case "mean-all":
		return "mean response time of all replies (OK and KO), lower is better"
	case "p50", "p99":
		return b.rankedBy() + " of the response time of OK replies, lower is better"
	case "rps":
		return "OK replies per second, higher is better"
	case "cpu-per-request":
		return "server CPU per request, lower is better"
	case "rps-per-core":
		return "requests per second for each core of server CPU, higher is better"
	case "rps-per-mb":
		return "OK replies per second for each MB of server memory, higher is better"
	case "rss":
		return "most memory (" + stream.MemoryWord(b.result.Contenders) + "), lower is better"
	case "startup":
		return "time from start to first reply, lower is better"
	}
	return b.rankedBy()
}

func (b *board) takeKey(msg tea.KeyMsg, keys Keys) {
	if key.Matches(msg, keys.Sort) {
		b.sortBy((b.sort+2)%(len(b.columns())+1)-1, false)
		return
	}
	if key.Matches(msg, keys.Turn) {
		b.sortBy(b.sort, !b.turned)
		return
	}
	if key.Matches(msg, keys.Costs) {
		b.turnToCosts()
		return
	}
	b.list.takeKey(msg, keys, len(b.rows))
}

// turnToCosts shows what serving costs, the cheapest request first, and back.
func (b *board) turnToCosts() {
	b.costs = !b.costs
	b.sortBy(slices.IndexFunc(b.columns(), func(c column) bool { return c.rank == b.costed() }), false)
}

// costed is the figure that the view of the costs is about; "" in the other one,
// or where the ranks go by it.
func (b *board) costed() string {
	if b.costs && !leaderboard.Metric(b.rankedBy()).TellsEfficiency() {
		return string(leaderboard.CPUPerRequest)
	}
	return ""
}

// sortBy sorts by a column, the best first or turned; those below the line stay
// there, and what was not measured stays last.
func (b *board) sortBy(at int, turned bool) {
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
	b.list.cursor = max(0, slices.IndexFunc(b.rows, func(r stream.ContenderResult) bool { return r.ID == selected.ID }))
}

func (b *board) selected() (stream.ContenderResult, bool) {
	if b.list.cursor < len(b.rows) {
		return b.rows[b.list.cursor], true
	}
	return stream.ContenderResult{}, false
}

// boardLayout is where the parts of the leaderboard are.
type boardLayout struct{ title, table, rules, why, footer term.Rect }

func layoutBoard(area term.Rect, lines, rules int) boardLayout {
	var l boardLayout
	l.title, area = area.CutTop(1)
	area, l.footer = area.CutBottom(1)
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

func (m *model) drawBoard(area term.Rect) {
	b := &m.board
	lines := len(b.rows)
	if b.belowTheLine() < len(b.rows) {
		lines++
	}
	rules := b.rules(area.W)
	layout := layoutBoard(area, lines, len(rules))
	right := []term.Span{term.Say(b.result.Workload.Words+" ", term.RoleDim)}
	if area.W < liveColumns {
		right = nil
	}
	if b.result.Interrupted || m.state.Interrupted {
		right = append([]term.Span{term.Say("interrupted · ", term.RoleWarn)}, right...)
	}
	m.drawTitle(layout.title, []term.Span{term.Say("leaderboard", term.RoleStrong)}, right...)
	m.drawTable(layout.table)
	for i, line := range rules[:min(len(rules), layout.rules.H)] {
		m.surface.Spans(layout.rules.Row(i), line...)
	}
	if columns := layout.why.Columns(5, 6); layout.why.W >= boardCurvesColumns && layout.why.H >= boardCurvesRows && len(b.curves) > 0 {
		layout.why = columns[0]
		m.drawBoardCurves(columns[1])
	}
	if row, ok := b.selected(); ok && !layout.why.Empty() {
		in := m.surface.Box(layout.why, term.RoleBorder, term.Say(row.Name, term.RoleTitle), term.Say("  "+words.Join(" · ", row.Version, row.Variant), term.RoleDim))
		in = term.Rect{X: in.X + 1, Y: in.Y, W: max(0, in.W-2), H: in.H}
		for i, line := range summaryLines(row, in.W) {
			if i < in.H {
				m.surface.Spans(in.Row(i), line...)
			}
		}
	}
	m.drawFooter(layout.footer, m.keys.leaderboard(m.options.Offer != nil))
}

// belowTheLine is the index of the first row without a rank.
func (b *board) belowTheLine() int {
	if at := slices.IndexFunc(b.rows, func(r stream.ContenderResult) bool { return r.Rank == 0 }); at >= 0 {
		return at
	}
	return len(b.rows)
}

// rules say what the ranks and tiers rest on, and whether the generator can be
// trusted, in lines of so many columns: a rule that is cut off can't be checked.
func (b *board) rules(width int) (lines [][]term.Span) {
	const indent = "  "
	ranked := b.rankWords()
	if n := b.result.Workload.Rounds; n > 1 {
		what, better, _ := strings.Cut(ranked, ", ")
		ranked = fmt.Sprintf("%s, median of %d rounds, %s", what, n, better)
	}
	add := func(label, text string, role term.Role) {
		for _, line := range term.Wrap(text, width-len(indent)-len(label)-1) {
			lines = append(lines, []term.Span{term.Say(indent+label, term.RoleDim), term.Say(line, role)})
			label = strings.Repeat(" ", len(label))
		}
	}
	// Its last words may be cut off: which way is better shows in the order.
	lines = append(lines, []term.Span{term.Say(indent+"ranked by ", term.RoleDim), term.Say(ranked, term.RoleText)})
	for _, rule := range []string{b.result.TierRule, b.result.TieRule} {
		if label, text, labelled := strings.Cut(rule, ": "); labelled {
			add(label+": ", text, term.RoleDim)
		} else if rule != "" {
			add("", rule, term.RoleDim)
		}
	}
	if slices.ContainsFunc(b.result.Contenders, func(one stream.ContenderResult) bool { return words.StartersMark(one) != "" }) {
		add("", "° CPU and memory are those of what started the server, not the server's", term.RoleDim)
	}
	g := b.result.Generator
	figures := fmt.Sprintf("generator %.0f %% CPU at most · %s µs/request · lateness p99 %s ms",
		g.CPUPercentMax, words.Short(g.CPUUSPerRequest), words.Millis(g.LatenessMS.P99))
	if late := g.ReadLatenessMS; late != nil {
		reading := ", of reading " + words.Millis(late.P99) + " ms"
		if ansi.StringWidth(indent+figures+reading)+len(" ✓") <= width { // it is in no latency: the first to go
			figures += reading
		}
	}
	told := b.doubt()
	if told == "" {
		return append(lines, []term.Span{term.Say(indent+figures, term.RoleDim), term.Say(" ✓", term.RoleGood)})
	}
	warning := []term.Span{term.Say(indent+"⚠ "+told, term.RoleWarn)}
	if ansi.StringWidth(warning[0].Text)+ansi.StringWidth(indent+figures) < width {
		return append(lines, append(warning, term.Say(indent+figures, term.RoleDim)))
	}
	lines = append(lines, warning)
	add("", figures, term.RoleDim)
	return lines
}

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
func (b *board) place(c column, at int) int {
	switch {
	case at == b.sort:
		return -2
	case c.rank == b.rankedBy():
		return -1
	}
	return c.room
}

func (b *board) layoutTable(width int) tableLayout {
	var l tableLayout
	version := 0
	for _, row := range b.rows {
		l.name = max(l.name, ansi.StringWidth(row.Name+words.StartersMark(row))+2)
		version = max(version, ansi.StringWidth(row.Version)+2)
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

func (m *model) drawTable(box term.Rect) {
	b := &m.board
	in := box
	lines := len(b.rows)
	if b.belowTheLine() < len(b.rows) {
		lines++
	}
	framed := box.H >= min(lines+3, 6) // else every line is needed
	if framed {
		in = m.surface.Box(box, term.RoleBorder)
	}
	if in.Empty() {
		return
	}
	restore := m.surface.Clip(in) // a table has a least width
	layout := b.layoutTable(in.W)
	rows := in
	if in.H >= 3 || in.H > lines {
		var header term.Rect
		header, rows = in.CutTop(1)
		m.drawTableHeader(header, layout)
	}
	best := 0.0
	barred := b.barred()
	for _, row := range b.rows {
		if value := barred.value(row); value != nil && row.Rank > 0 {
			best = max(best, *value)
			if interval, ok := row.Intervals[barred.rank]; ok {
				_, high := words.Ends(interval)
				best = max(best, high)
			}
		}
	}
	below := b.belowTheLine()
	line := below < len(b.rows)
	from, to := b.list.window(len(b.rows), max(1, rows.H))
	if line && from <= below && to > below { // the line takes a row
		from, to = b.list.window(len(b.rows), max(1, rows.H-1))
	}
	y := 0
	for i := from; i < to; i++ {
		if i == below {
			at := rows.Row(y)
			for x := range at.W {
				m.surface.Set(at.X+x, at.Y, '╌', term.RoleBorder)
			}
			m.surface.Text(term.Rect{X: at.X + 3, Y: at.Y, W: at.W - 3, H: at.H}, " not ranked ", term.RoleDim)
			y++
		}
		row := rows.Row(y)
		m.drawTableRow(row, b.rows[i], layout, best)
		if i == b.list.cursor {
			m.surface.Set(row.X, row.Y, '▸', term.RoleKey)
		}
		m.click(row, func() { b.list.cursor = i })
		y++
	}
	restore()
	if framed {
		m.surface.ScrollBar(box, from, to, len(b.rows))
	}
}

func (m *model) drawTableHeader(row term.Rect, layout tableLayout) {
	b := &m.board
	x := row.X + 10
	if layout.ties > 0 {
		m.surface.Text(term.Rect{X: x, Y: row.Y, W: layout.ties, H: 1}, "ties", term.RoleDim)
		x += layout.ties
	}
	m.surface.Text(term.Rect{X: x, Y: row.Y, W: layout.name, H: 1}, "name", term.RoleDim)
	x += layout.name
	if layout.version > 0 {
		m.surface.Text(term.Rect{X: x, Y: row.Y, W: layout.version, H: 1}, "version", term.RoleDim)
		x += layout.version
	}
	m.surface.Text(term.Rect{X: x, Y: row.Y, W: layout.bar, H: 1}, b.barred().name, term.RoleDim)
	x += layout.bar
	for i, column := range layout.columns {
		text, role := column.name, term.RoleDim
		sorted := layout.at[i] == b.sort || b.sort < 0 && column.rank == b.rankedBy()
		if sorted {
			text, role = "▼"+column.name, term.RoleKey
			if column.higher == b.turned {
				text = "▲" + column.name
			}
		}
		at := term.Rect{X: x, Y: row.Y, W: column.width, H: 1}
		m.surface.TextRight(at, text, role)
		m.click(at, func() { b.sortBy(layout.at[i], sorted && !b.turned) })
		x += column.width
	}
}

func (m *model) drawTableRow(row term.Rect, result stream.ContenderResult, layout tableLayout, most float64) {
	m.surface.TextRight(term.Rect{X: row.X + 1, Y: row.Y, W: 4, H: 1}, words.Place(result), term.RoleStrong)
	m.surface.Text(term.Rect{X: row.X + 6, Y: row.Y, W: 3, H: 1}, words.Medal(result.Tier), term.RoleText)
	x := row.X + 10
	if layout.ties > 0 {
		m.surface.Text(term.Rect{X: x, Y: row.Y, W: layout.ties - 1, H: 1}, result.Letters, term.RoleText)
		x += layout.ties
	}
	name := term.RoleStrong
	if result.Rank == 0 {
		name = term.RoleText
	}
	mark := words.StartersMark(result)
	taken := m.surface.Text(term.Rect{X: x, Y: row.Y, W: layout.name - 1 - ansi.StringWidth(mark), H: 1}, result.Name, name)
	taken += m.surface.Text(term.Rect{X: x + taken, Y: row.Y, W: layout.name - 1 - taken, H: 1}, mark, name)
	if result.Verdict == words.VerdictGenerator {
		m.surface.Set(x+min(taken, layout.name-2), row.Y, '⚠', term.RoleWarn)
	}
	x += layout.name
	if layout.version > 0 {
		m.surface.Text(term.Rect{X: x, Y: row.Y, W: layout.version - 1, H: 1}, result.Version, term.RoleDim)
		x += layout.version
	}
	if result.Requests.Total == 0 { // nothing to show: the reason gets the room
		m.surface.Text(term.Rect{X: x, Y: row.Y, W: row.X + row.W - x, H: 1}, "✗ "+words.Cause(result), term.RoleBad)
		return
	}
	bar := term.Rect{X: x, Y: row.Y, W: layout.bar, H: 1}
	if value := m.board.barred().value(result); result.Rank > 0 && (value != nil && most > 0 || result.RankNote == "") {
		if value != nil && most > 0 {
			chart.ValueBar(m.surface, bar, *value/most, term.TierRole(result.Tier))
			if interval, ok := result.Intervals[m.board.barred().rank]; ok {
				low, high := words.Ends(interval)
				chart.Whiskers(m.surface, bar, low, high, most)
			}
		}
	} else {
		text := "✗ " + words.Cause(result)
		if !term.Fits(text, bar.W) && len(result.Failures) > 0 {
			text = "✗ " + result.Failures[0].Cause // the rate stands in its own column
		}
		m.surface.Text(bar, text, term.RoleBad)
	}
	x += layout.bar
	for _, column := range layout.columns {
		role := term.RoleText
		if column.name == "KO" && result.Requests.KO > 0 || column.name == "retried" {
			role = term.RoleBad
		}
		m.surface.TextRight(term.Rect{X: x, Y: row.Y, W: column.width, H: 1}, column.text(result), role)
		x += column.width
	}
}

// doubt says why the figures of the run are in doubt; "" if they are not.
func (b *board) doubt() string {
	limited := 0
	for _, row := range b.result.Contenders {
		if row.Verdict == words.VerdictGenerator {
			limited++
		}
	}
	g := b.result.Generator
	switch {
	case limited > 0 && limited == len(b.result.Contenders), g.Saturated && limited == 0:
		return "the generator was the limit: these figures are not the servers'"
	case limited > 0:
		return "the generator was the limit of " + words.Plural(limited, "contender")
	case g.LatenessMS.P99 > float64(words.LatenessTolerated.Milliseconds()):
		return "lateness is in the latencies"
	}
	return ""
}

// intervalColumn is a figure's interval over the rounds. Sorting by it sorts by the
// spread, the steadiest first.
func intervalColumn(of column, rounds int) column {
	return column{
		name: words.IntervalName(rounds), width: 18,
		value: func(r stream.ContenderResult) *float64 {
			interval, ok := r.Intervals[of.rank]
			if !ok {
				return nil
			}
			return &interval.Spread
		},
		words: func(r stream.ContenderResult) string {
			interval, ok := r.Intervals[of.rank]
			if !ok {
				return words.NoFigure
			}
			words := words.IntervalWords(interval, of.write)
			if interval.Rounds < rounds {
				words += fmt.Sprintf(" of %d", interval.Rounds)
			}
			return words
		},
	}
}

package tui

import (
	"fmt"
	"math"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// podium is the stage mode: what a screen shows, in few panels and in letters that
// the last row of a hall can read. Panels follow each other as slides do, by the
// keys that presenters' remotes send.
type podium struct {
	on        bool
	atLive    int // the panel that is shown while contenders are under load
	atResults int // and at the end
}

func newPodium() podium { return podium{} }

// slide is a panel of the stage.
type slide func(in term.Rect)

// presenting says that the stage stands in for the screen.
func (m *model) presenting() bool {
	return m.podium.on && (m.screen == ScreenLive || m.screen == ScreenRace || m.screen == ScreenLeaderboard)
}

func (m *model) present() { m.podium.on = true }

// slide is which panel is shown.
func (m *model) slideAt() *int {
	if m.screen == ScreenLeaderboard {
		return &m.podium.atResults
	}
	return &m.podium.atLive
}

func (m *model) takePodiumKey(msg tea.KeyMsg) {
	at := m.slideAt()
	last := len(m.slides()) - 1
	switch {
	case key.Matches(msg, m.keys.Present, m.keys.Back):
		m.podium.on = false
	case key.Matches(msg, m.keys.Next):
		*at = min(*at+1, last)
	case key.Matches(msg, m.keys.Previous):
		*at = max(*at-1, 0)
	case key.Matches(msg, m.keys.Top):
		*at = 0
	case key.Matches(msg, m.keys.Bottom):
		*at = last
	}
}

// slides are the panels there are now.
func (m *model) slides() []slide {
	if m.screen == ScreenLeaderboard {
		slides := []slide{m.drawPodiumPlaces}
		for _, row := range m.board.rows {
			slides = append(slides, func(in term.Rect) { m.drawPodiumResult(in, row) })
		}
		return slides
	}
	return []slide{m.drawPodiumFigures, m.drawPodiumLatency, m.drawPodiumRace, m.drawPodiumFinding}
}

func (m *model) drawPodium(area term.Rect) {
	slides := m.slides()
	at := m.slideAt()
	*at = max(0, min(*at, len(slides)-1))
	area, footer := area.CutBottom(1)
	m.drawFooter(footer, m.keys.presenting(m.running()))
	if !m.stopping {
		m.surface.TextRight(footer, fmt.Sprintf("%d/%d ", *at+1, len(slides)), term.RoleDim)
	}
	in := term.Rect{X: area.X + 1, Y: area.Y, W: max(0, area.W-2), H: area.H}
	if !in.Empty() {
		slides[*at](in)
	}
}

// drawPodiumName writes a contender's name large, what it is doing or how it stands
// beside or below it, and returns what is left.
func (m *model) drawPodiumName(in term.Rect, name, about string, role term.Role) (rest term.Rect) {
	_, in = in.CutTop(min(1, in.H/20))
	scale := term.Largest(in.W, max(1, in.H/5), name)
	taken := m.surface.Large(in, name, term.RoleStrong, scale)
	right := term.LargeWidth(name, scale)
	if scale == 0 {
		right = ansi.StringWidth(name)
	}
	if room := in.W - right - 3; room >= ansi.StringWidth(about) {
		m.surface.TextRight(in.Row(taken-1), about, role)
	} else {
		m.surface.Text(in.Row(taken), about, role)
		taken++
	}
	_, rest = in.CutTop(taken + min(1, in.H/16))
	return rest
}

// sentence writes a finding's sentence below figures, large where it can be, and
// returns what is left for the figures.
func (m *model) sentence(in term.Rect, text string) (rest term.Rect) {
	const ordinary = 3
	rest, below := in.CutBottom(in.H * 2 / 5)
	if in.H < 24 || !m.surface.CanBeLarge(below, text) {
		rest, below = in.CutBottom(min(ordinary, max(2, in.H/4)))
	}
	_, below = below.CutTop(min(1, below.H/4))
	m.surface.LargeParagraph(below, text, term.RoleWarn)
	return rest
}

// largeTime writes a time in ms with its unit, in few letters.
func largeTime(ms float64) (value, unit string) {
	if ms >= stream.MostMS {
		return ">60", "s"
	}
	if ms >= 10_000 {
		return words.TrimZero(ms / 1000), "s"
	}
	return words.Millis(ms), "ms"
}

// largeFigure is a figure with what it says.
type largeFigure struct {
	label, value string
	role         term.Role
}

// drawLargeFigures writes figures side by side or in a square, all as large as the
// widest of them allows.
func (m *model) drawLargeFigures(in term.Rect, figures []largeFigure) {
	if in.Empty() {
		return
	}
	var values []string
	for _, figure := range figures {
		values = append(values, figure.value)
	}
	const gap = 2
	columns, scale := len(figures), 0
	for _, try := range []int{len(figures), 2} { // side by side if that is no smaller
		rows := (len(figures) + try - 1) / try
		if fitting := term.Largest(in.W/try-gap, in.H/rows-2, values...); fitting > scale {
			columns, scale = try, fitting
		}
	}
	rows := (len(figures) + columns - 1) / columns
	height := 1
	if scale > 0 {
		height = term.LargeHeight(scale)
	}
	if scale == 0 && in.H >= len(figures) { // a line each
		for i, figure := range figures {
			m.surface.Spans(in.Row(i), term.Say(figure.value, figure.role), term.Say("  "+figure.label, term.RoleText))
		}
		return
	}
	each := min(in.H/rows, height+5)
	for i, figure := range figures {
		at := term.Rect{X: in.X + in.W/columns*(i%columns), Y: in.Y + each*(i/columns), W: in.W/columns - gap, H: each}
		m.surface.Text(at.Row(0), figure.label, term.RoleTitle)
		m.surface.Large(term.Rect{X: at.X, Y: at.Y + 1, W: at.W, H: at.H - 1}, figure.value, figure.role, scale)
	}
}

// drawPodiumFigures is the contender under load in four figures, and what was
// found last.
func (m *model) drawPodiumFigures(in term.Rect) {
	state, now := m.shown()
	measuring := state.Now
	if measuring == nil {
		return
	}
	rest := m.drawPodiumName(in, measuring.Facts.ID, m.podiumPhase(state, now), term.RolePhase)
	if finding, ok := view.Newest(measuring.Findings); ok {
		rest = m.sentence(rest, finding.Title)
	}
	m.drawLargeFigures(rest, largeFigures(measuring, state.Track(measuring.Facts.ID)))
}

// podiumPhase is "2/18 ● LOAD 00:07", or that the screen is paused.
func (m *model) podiumPhase(state *view.State, now time.Duration) string {
	measuring := state.Now
	phase := "● " + string(measuring.Phase)
	if m.paused() {
		phase = "‖ paused"
	}
	return fmt.Sprintf("%d/%d%s  %s  %s", measuring.Number, measuring.Of, measuring.RoundWords(), phase, words.Clock(now-measuring.PhaseAt, false))
}

// largeFigures are the four that an audience can take in. The 99th percentile is
// of all replies so far, as the result's will be: that of a tenth of a second
// dances too fast to be read.
func largeFigures(m *view.Measuring, track *view.Track) []largeFigure {
	figures := []largeFigure{
		{"p99 so far, ms", words.NoFigure, term.RoleP99},
		{"OK replies per second", words.NoFigure, term.RoleOK},
		{"failed", words.NoFigure, term.RoleGood},
		{"server CPU, % of a core", words.NoFigure, term.RoleCPU},
	}
	if track != nil {
		if point, ok := track.Points.Last(); ok {
			value, unit := largeTime(point.SoFar[view.PaceP99])
			figures[0].value, figures[0].label = value, "p99 so far, "+unit
		}
	}
	if rate, ok := m.RecentRate(); ok {
		figures[1].value = words.PerSecond(rate)
	}
	if m.Totals.Replies() > 0 {
		figures[2].value = words.Percent(m.Totals.FailureRate())
		if m.Totals.KO > 0 {
			figures[2].role = term.RoleBad
		}
		figures[2].label = withRetried(figures[2].label, m.Totals.Retried)
	}
	for i := m.Process.Len() - 1; i >= 0; i-- {
		if point := m.Process.At(i); point.CPU.Known {
			figures[3].value = words.Thousands(point.CPU.Value)
			break
		}
	}
	return figures
}

// withRetried tells beside failures how many requests were sent again, if any were.
func withRetried(label string, retried uint64) string {
	if retried == 0 {
		return label
	}
	return label + " · " + words.Thousands(float64(retried)) + " retried"
}

// drawPodiumLatency is one chart, with the figure that matters beside it.
func (m *model) drawPodiumLatency(in term.Rect) {
	state, now := m.shown()
	measuring := state.Now
	if measuring == nil {
		return
	}
	rest := m.drawPodiumName(in, measuring.Facts.ID, m.podiumPhase(state, now), term.RolePhase)
	view := charts(measuring, now, math.NaN())
	view.placedPanel = placedPanel{panel: PanelLatency, in: rest, labels: labelled(rest.W - 2)}
	m.drawLatency(rest, measuring, view)
}

// drawPodiumRace is the standings of the race in thick bars.
func (m *model) drawPodiumRace(in term.Rect) {
	state, _ := m.shown()
	standings := view.StandingsOf(state, m.race.pace)
	standings.Highlight(m.race.chosen)
	rest := in
	if state.Now != nil {
		rest = m.drawPodiumName(in, state.Now.Facts.ID, "", term.RolePhase)
	}
	var line term.Rect
	line, rest = rest.CutTop(2)
	m.surface.Spans(line.Row(0), headline(standings, state, m.race.pace)...)
	m.drawRaceBars(rest, standings, m.race.pace)
}

// drawPodiumFinding is what was found last, in a sentence, and what proves it.
func (m *model) drawPodiumFinding(in term.Rect) {
	state, now := m.shown()
	measuring := state.Now
	if measuring == nil {
		return
	}
	rest := m.drawPodiumName(in, measuring.Facts.ID, m.podiumPhase(state, now), term.RolePhase)
	finding, ok := view.Newest(measuring.Findings)
	if !ok {
		m.surface.LargeParagraph(rest, "nothing found so far", term.RoleDim)
		return
	}
	if small := in; !m.surface.CanBeLarge(lessLines(rest, 2), finding.Title) { // the sentence matters more than the name
		_, small = small.CutTop(2)
		if m.surface.CanBeLarge(lessLines(small, 2), finding.Title) {
			m.surface.Fill(in, term.RoleText)
			m.surface.Text(in, measuring.Facts.ID, term.RoleStrong)
			m.surface.TextRight(in, m.podiumPhase(state, now), term.RolePhase)
			rest = small
		}
	}
	m.drawLargeFinding(rest, finding.Title, finding.At.Seconds(), finding.Evidence, finding.Advice)
}

// lessLines is the rectangle without its last n lines.
func lessLines(in term.Rect, n int) term.Rect {
	rest, _ := in.CutBottom(n)
	return rest
}

// drawLargeFinding writes a finding's sentence large, and below it in ordinary
// letters when it began, its evidence and what to do.
func (m *model) drawLargeFinding(in term.Rect, title string, at float64, evidence []string, advice string) {
	above, _ := in.CutBottom(min(len(evidence)+3, in.H/3))
	if !m.surface.CanBeLarge(above, title) { // the sentence matters more than what proves it
		above, _ = in.CutBottom(2)
	}
	_, below := in.CutTop(m.surface.LargeParagraph(above, title, term.RoleWarn) + 1)
	m.surface.Text(below.Row(0), fmt.Sprintf("⚑ since %.1f s", at), term.RoleWarn)
	y := 1
	write := func(text string, role term.Role) {
		if y < below.H && text != "" {
			y += m.surface.Paragraph(term.Rect{X: below.X, Y: below.Y + y, W: below.W, H: below.H - y}, text, role)
		}
	}
	for _, text := range evidence {
		write("· "+text, term.RoleText)
	}
	if advice != "" {
		write("→ "+advice, term.RoleStrong)
	}
}

// drawPodiumResult is one contender's result in four figures.
func (m *model) drawPodiumResult(in term.Rect, row stream.ContenderResult) {
	about, role := "not ranked", term.RoleBad
	if row.Rank > 0 {
		about, role = words.Join(" ", words.Medal(row.Tier), "place", words.Place(row)), term.RoleTitle
	}
	if row.Verdict == words.VerdictGenerator {
		about, role = about+" ⚠ the generator was the limit", term.RoleWarn
	}
	rest := m.drawPodiumName(in, row.ID, about, role)
	if row.Requests.Total == 0 {
		m.surface.LargeParagraph(rest, words.Cause(row), term.RoleBad)
		return
	}
	if n := len(row.Findings); n > 0 {
		rest = m.sentence(rest, row.Findings[n-1].Title)
	} else if row.RankNote != "" {
		var below term.Rect
		rest, below = rest.CutBottom(2)
		m.surface.Text(below, "✗ "+row.RankNote, term.RoleBad)
	}
	failed := term.RoleGood
	if row.Requests.KO > 0 {
		failed = term.RoleBad
	}
	p99, unit := words.NoFigure, "ms"
	if value := row.Figure("p99"); value != nil {
		p99, unit = largeTime(*value)
	}
	m.drawLargeFigures(rest, []largeFigure{
		{"p99, " + unit, p99, term.RoleP99},
		{"OK replies per second", words.OrNone(row.Figure("rps"), words.PerSecond), term.RoleOK},
		{withRetried("failed", row.Requests.Retried), words.Percent(row.Requests.FailureRate), failed},
		{"server CPU, % of a core", words.OrNone(row.Figure("cpu-percent"), words.Thousands), term.RoleCPU},
	})
}

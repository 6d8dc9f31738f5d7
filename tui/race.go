package tui

import (
	"math"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// race is the screen on which the loads of all contenders so far lie over each
// other, as if they had begun at the same second.
type race struct {
	chart  *chart.Chart
	pace   view.Pace
	chosen string // the contender that a person picked out; "": none
	back   Screen // where it was entered from
}

func newRace() race { return race{chart: chart.NewChart()} }

func (m *model) enterRace() {
	m.race.back, m.screen = m.screen, ScreenRace
}

// leaveRace goes back to where the race was entered from, as far as it is still there.
func (m *model) leaveRace() {
	m.screen = m.race.back
	if m.running() && m.frozen == nil {
		m.follow()
	}
}

func (m *model) takeRaceKey(msg tea.KeyMsg) {
	switch {
	case key.Matches(msg, m.keys.Race):
		m.leaveRace()
	case key.Matches(msg, m.keys.Back):
		if m.race.chosen != "" {
			m.race.chosen = ""
			return
		}
		m.leaveRace()
	case key.Matches(msg, m.keys.Figure):
		m.race.pace = (m.race.pace + 1) % view.Paces
	case key.Matches(msg, m.keys.Pause, m.keys.Skip) && m.stage != nil, key.Matches(msg, m.keys.Present):
		m.takeLiveKey(msg)
	default:
		m.pickRunner(msg)
	}
}

// pickRunner moves the choice along the standings.
func (m *model) pickRunner(msg tea.KeyMsg) {
	state, _ := m.shown()
	standings := view.StandingsOf(state, m.race.pace)
	if len(standings.Runners) == 0 {
		return
	}
	at := slices.IndexFunc(standings.Runners, func(r view.Runner) bool { return r.Track.Facts.ID == m.race.chosen })
	moving := list{cursor: at, page: 10}
	if at < 0 && key.Matches(msg, m.keys.Up) {
		moving.cursor = len(standings.Runners)
	}
	if moving.takeKey(msg, m.keys, len(standings.Runners)) {
		m.race.chosen = standings.Runners[moving.cursor].Track.Facts.ID
	}
}

// raceLayout is where the parts of the race are; an empty one is left out.
type raceLayout struct{ title, progress, headline, chart, bars, others, footer term.Rect }

func layoutRace(area term.Rect, runners int, running bool) raceLayout {
	var l raceLayout
	l.title, area = area.CutTop(1)
	area, l.footer = area.CutBottom(1)
	if running && area.H > 6 {
		l.progress, area = area.CutTop(1)
	}
	if area.H > 5 {
		l.headline, area = area.CutTop(1)
	}
	switch {
	case area.H < 10 || area.W < 40:
		l.bars = area
	case area.W >= 110:
		columns := area.Columns(4, 3)
		l.chart, l.bars = columns[0], columns[1]
		if rows := max(runners, 3) + 2; l.bars.H >= 2*rows {
			l.bars, l.others = l.bars.CutTop(l.bars.H / 2)
		}
	default:
		l.chart, l.bars = area.CutTop(area.H - min(max(runners, 2)+2, area.H/2))
	}
	return l
}

func (m *model) drawRace(area term.Rect) {
	state, now := m.shown()
	standings := view.StandingsOf(state, m.race.pace)
	standings.Highlight(m.race.chosen)
	running := standings.Running != "" && m.running()
	layout := layoutRace(area, len(standings.Runners), running)
	if running {
		m.drawLiveTitle(layout.title, state, now)
		m.drawProgress(layout.progress, state.Progress(now))
	} else {
		m.drawTitle(layout.title, []term.Span{term.Say(words.Join(" · ", state.Plan.Workload.Name, state.Plan.Workload.Words), term.RoleDim)},
			term.Say("race of "+words.Plural(len(standings.Runners), "contender")+" ", term.RoleStrong))
	}
	m.surface.Spans(layout.headline, append(headline(standings, state, m.race.pace), doubt(standings)...)...)
	m.drawRaceChart(layout.chart, state, standings)
	m.drawRaceBars(layout.bars, standings, m.race.pace)
	if !layout.others.Empty() {
		other := m.race.pace.Other()
		standings := view.StandingsOf(state, other)
		standings.Highlight(m.race.chosen)
		m.drawRaceBars(layout.others, standings, other)
	}
	m.drawFooter(layout.footer, m.keys.race(m.running()))
}

// drawRaceChart lays the lines over each other: the crowd first, the best above
// it, the one under load on top.
func (m *model) drawRaceChart(box term.Rect, state *view.State, standings view.Standings) {
	if box.Empty() {
		return
	}
	pace := m.race.pace
	words := pace.Words()
	in := m.surface.Box(box, term.RoleBorder, term.Say(words.Name, term.RoleTitle))
	if in.Empty() {
		return
	}
	low, high, to := math.Inf(1), 0.0, max(1, state.Plan.Workload.DurationS)
	for _, r := range standings.Runners {
		to = max(to, r.Track.Last())
		for i := range r.Track.Points.Len() {
			if y := r.Track.Points.At(i).Pace[pace]; !math.IsNaN(y) {
				low, high = min(low, y), max(high, y)
			}
		}
	}
	if high == 0 {
		m.surface.TextCentre(in.Row(in.H/2), "no reply so far", term.RoleDim)
		return
	}
	plot := &chart.Plot{}
	columns, rows := plot.GraphSize(in)
	plot.X = chart.TimeAxis(0, to, columns)
	plot.Y = chart.LogAxis(low, high, rows, words.Label)
	if words.Higher {
		plot.Y = chart.LinearAxis(high, rows, words.Label)
	}
	plot.Series = m.raceLines(standings)
	if !math.IsInf(standings.Second, 1) {
		plot.Marks = []chart.Mark{{X: standings.Second, Sign: '▲', Role: term.RolePhase}}
	}
	m.race.chart.Draw(m.surface, in, plot)
	if columns >= chart.MinGraphColumns && rows >= chart.MinGraphRows {
		m.drawLetters(term.Rect{X: in.X + chart.LabelWidth + 1, Y: in.Y, W: columns, H: rows}, plot, standings)
	}
}

func (m *model) raceLines(standings view.Standings) []chart.Series {
	pace := m.race.pace
	points := func(track *view.Track) []chart.XY {
		line := make([]chart.XY, 0, track.Points.Len()+1)
		for i := range track.Points.Len() {
			point := track.Points.At(i)
			line = append(line, chart.XY{X: point.At, Y: point.Pace[pace]})
		}
		return line
	}
	crowd := chart.Series{Role: term.RoleAxis, Stroke: chart.Dotted}
	var lines, front []chart.Series
	for _, r := range slices.Backward(standings.Runners) {
		id := r.Track.Facts.ID
		switch {
		case r.Lane == 0: // all in one line with gaps: a grid of dots each would be dear
			crowd.Points = append(append(crowd.Points, points(r.Track)...), chart.XY{X: math.NaN(), Y: math.NaN()})
		case id == standings.Running || id == m.race.chosen:
			front = append(front, chart.Series{Role: laneRole(r), Stroke: chart.Thick, Points: points(r.Track)})
		default:
			lines = append(lines, chart.Series{Role: laneRole(r), Points: points(r.Track)})
		}
	}
	return slices.Concat([]chart.Series{crowd}, lines, front)
}

// drawLetters marks each line with its letter: at its end, and those that are
// picked out along the way, so that lines can be told apart without colours.
func (m *model) drawLetters(graph term.Rect, plot *chart.Plot, standings view.Standings) {
	const apart = 24 // columns
	for _, r := range slices.Backward(standings.Runners) {
		letter := r.Track.Letter()
		put := func(point view.TrackPoint) {
			y := point.Pace[m.race.pace]
			if math.IsNaN(y) || point.At > plot.X.Max {
				return
			}
			column := chart.Pixel(plot.X.Place(point.At), graph.W*2) / 2
			row := graph.H - 1 - chart.Pixel(plot.Y.Place(y), graph.H*4)/4
			m.surface.Set(graph.X+column, graph.Y+row, letter, laneRole(r))
		}
		n := r.Track.Points.Len()
		if r.Lane > 0 && n > 0 {
			next := float64(r.Track.Number * 5 % apart)
			for i := range n {
				column := plot.X.Place(r.Track.Points.At(i).At) * float64(graph.W)
				if column >= next {
					put(r.Track.Points.At(i))
					next += apart
				}
			}
		}
		if last, ok := r.Track.LastReply(m.race.pace); ok {
			put(last)
		}
	}
}

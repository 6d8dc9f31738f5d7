package tui

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/leaderboard"
)

// race is the screen on which the loads of all contenders so far lie over each
// other, as if they had begun at the same second.
type race struct {
	chart  *Chart
	pace   Pace
	chosen string // the contender that a person picked out; "": none
	back   Screen // where it was entered from
}

func newRace() race { return race{chart: NewChart()} }

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
		m.race.pace = (m.race.pace + 1) % paces
	case key.Matches(msg, m.keys.Pause, m.keys.Skip) && m.stage != nil, key.Matches(msg, m.keys.Present):
		m.takeLiveKey(msg)
	default:
		m.pickRunner(msg)
	}
}

// pickRunner moves the choice along the standings.
func (m *model) pickRunner(msg tea.KeyMsg) {
	state, _ := m.shown()
	standings := standingsOf(state, m.race.pace)
	if len(standings.runners) == 0 {
		return
	}
	at := slices.IndexFunc(standings.runners, func(r runner) bool { return r.track.Facts.ID == m.race.chosen })
	moving := list{cursor: at, page: 10}
	if at < 0 && key.Matches(msg, m.keys.Up) {
		moving.cursor = len(standings.runners)
	}
	if moving.takeKey(msg, m.keys, len(standings.runners)) {
		m.race.chosen = standings.runners[moving.cursor].track.Facts.ID
	}
}

// runner is a contender at a second of the race.
type runner struct {
	track *Track
	point TrackPoint
	value float64 // of the pace since the load began; NaN: none
	final float64 // the same at the end, or as far as it got
	fails bool    // too many replies failed for a place
	place int     // from 1; 0: none
	lane  int     // from 1: has a colour of its own, is picked out of the crowd; 0: has none
}

// standings are the contenders at one second of their loads, the best first.
type standings struct {
	runners []runner
	second  float64 // +Inf: at the end
	running string  // the contender under load; "": none
}

// standingsOf compares all contenders at the second that the one under load has
// come to; when none is, all at their end.
func standingsOf(state *State, pace Pace) standings {
	s := standings{second: math.Inf(1)}
	if now := state.Now; now != nil && state.Result == nil {
		s.running = now.Facts.ID
		if track := state.track(s.running); track != nil && track.Points.Len() > 0 && !track.Ended {
			s.second = track.last()
		}
	}
	s.runners = runnersAt(state.Tracks, pace, s.second)
	return s
}

// runnersAt are the contenders as they stood at a second.
func runnersAt(tracks []*Track, pace Pace, second float64) []runner {
	var runners []runner
	for _, track := range tracks {
		r := runner{track: track, value: math.NaN(), final: math.NaN()}
		if point, ok := track.at(second); ok {
			r.point, r.value = point, point.SoFar[pace]
			r.fails = point.KO > leaderboard.MostFailures
		}
		if last, ok := track.Points.Last(); ok {
			r.final = last.SoFar[pace]
		}
		runners = append(runners, r)
	}
	slices.SortStableFunc(runners, func(a, b runner) int {
		if order := cmp.Compare(a.standing(), b.standing()); order != 0 {
			return order
		}
		switch {
		case pace.better(a.value, b.value):
			return -1
		case pace.better(b.value, a.value):
			return 1
		}
		return 0
	})
	for i := range runners {
		if runners[i].standing() == 0 {
			runners[i].place = i + 1
		}
	}
	return runners
}

// standing is in which group of the standings it is: ranked, failing, nothing measured.
func (r runner) standing() int {
	switch {
	case math.IsNaN(r.value):
		return 2
	case r.fails:
		return 1
	}
	return 0
}

// mostLanes is how many contenders have a colour; the others are one grey crowd.
const mostLanes = 7

// highlight gives colours: to all if there are enough of them, else to the one
// under load, the one picked out, and the best.
func (s *standings) highlight(chosen string) {
	order := make([]int, 0, len(s.runners))
	pick := func(at int) {
		if at >= 0 && len(order) < mostLanes && !slices.Contains(order, at) {
			order = append(order, at)
		}
	}
	by := func(id string) int {
		return slices.IndexFunc(s.runners, func(r runner) bool { return r.track.Facts.ID == id })
	}
	pick(by(s.running))
	if chosen != "" {
		pick(by(chosen))
	}
	best := 4
	if len(s.runners) <= mostLanes {
		best = mostLanes
	}
	for at := range min(best, len(s.runners)) {
		pick(at)
	}
	// Each keeps its colour from frame to frame as far as it can: its own by number,
	// or the next one free.
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(s.runners[a].track.Number, s.runners[b].track.Number) })
	var taken [mostLanes]bool
	for _, at := range order {
		lane := (s.runners[at].track.Number - 1) % mostLanes
		for taken[lane] {
			lane = (lane + 1) % mostLanes
		}
		taken[lane] = true
		s.runners[at].lane = lane + 1
	}
}

// laneRole is the colour of a runner.
func laneRole(r runner) Role {
	if r.lane == 0 {
		return RoleAxis
	}
	return RoleLane1 + Role(r.lane-1)
}

// overtaken says whom the contender under load has passed within the last second
// of the race, or who has passed it; "" if nobody.
func (s *standings) overtaken(tracks []*Track, pace Pace) string {
	const while = 1.0
	if s.running == "" || math.IsInf(s.second, 1) || s.second <= while {
		return ""
	}
	before := runnersAt(tracks, pace, s.second-while)
	place := func(runners []runner, id string) int {
		for _, r := range runners {
			if r.track.Facts.ID == id {
				return r.place
			}
		}
		return 0
	}
	now, then := place(s.runners, s.running), place(before, s.running)
	if now == 0 || then == 0 {
		return ""
	}
	for _, r := range s.runners {
		id := r.track.Facts.ID
		was := place(before, id)
		switch {
		case id == s.running || r.place == 0 || was == 0:
		case now < then && r.place > now && was < then:
			return "▲ overtakes " + id
		case now > then && r.place < now && was > then:
			return "▼ falls behind " + id
		}
	}
	return ""
}

// raceLayout is where the parts of the race are; an empty one is left out.
type raceLayout struct{ title, progress, headline, chart, bars, others, footer Rect }

func layoutRace(area Rect, runners int, running bool) raceLayout {
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

func (m *model) drawRace(area Rect) {
	state, now := m.shown()
	standings := standingsOf(state, m.race.pace)
	standings.highlight(m.race.chosen)
	running := standings.running != "" && m.running()
	layout := layoutRace(area, len(standings.runners), running)
	if running {
		m.drawLiveTitle(layout.title, state, now)
		m.drawProgress(layout.progress, state.progress(now))
	} else {
		m.drawTitle(layout.title, []Span{{join(" · ", state.Plan.Workload.Name, state.Plan.Workload.Words), RoleDim}},
			Span{"race of " + plural(len(standings.runners), "contender") + " ", RoleStrong})
	}
	m.surface.Spans(layout.headline, append(standings.headline(state, m.race.pace), standings.doubt()...)...)
	m.drawRaceChart(layout.chart, state, standings)
	m.drawRaceBars(layout.bars, standings, m.race.pace)
	if !layout.others.Empty() {
		other := m.race.pace.other()
		standings := standingsOf(state, other)
		standings.highlight(m.race.chosen)
		m.drawRaceBars(layout.others, standings, other)
	}
	m.drawFooter(layout.footer, m.keys.race(m.running()))
}

// headline says in a sentence how the race stands.
func (s standings) headline(state *State, pace Pace) []Span {
	words := pace.words()
	if len(s.runners) == 0 {
		return []Span{{" nobody has started so far", RoleDim}}
	}
	at := slices.IndexFunc(s.runners, func(r runner) bool { return r.track.Facts.ID == s.running })
	if at < 0 || math.IsInf(s.second, 1) {
		best := s.runners[0]
		switch {
		case best.place == 0:
			return []Span{{" nobody has a place so far", RoleDim}}
		case at >= 0 && s.runners[at].standing() == 2 && !s.runners[at].track.Ended:
			return []Span{{" " + string(best.track.letter()) + " " + best.track.Facts.ID, laneRole(best)}, {" leads", RoleText}, {" · next: ", RoleDim}, {s.running, RoleStrong}}
		}
		return []Span{{" " + string(best.track.letter()) + " " + best.track.Facts.ID, laneRole(best)}, {" leads: ", RoleText},
			{words.write(best.value), RoleStrong}, {" " + words.soFar, RoleDim}}
	}
	r := s.runners[at]
	name := Span{" " + string(r.track.letter()) + " " + s.running, laneRole(r)}
	after := Span{fmt.Sprintf(" after %.1f s", s.second), RoleText}
	switch {
	case r.fails:
		return []Span{name, {" fails: ", RoleText}, {percent(r.point.KO) + " KO", RoleBad}, {", mostly " + r.track.mainCause(), RoleText}, after}
	case r.place == 0:
		return []Span{name, {" has had no reply", RoleWarn}, after}
	}
	if len(s.runners) == 1 {
		return []Span{name, {" sets the pace: ", RoleText}, {words.write(r.value), RoleStrong}, {" " + words.soFar, RoleDim}, after}
	}
	ranked := 0
	for _, other := range s.runners {
		if other.place > 0 {
			ranked++
		}
	}
	spans := []Span{name, {" is ", RoleText}, {ordinal(r.place), RoleStrong}, {fmt.Sprintf(" of %d", ranked), RoleText}, after}
	if told := s.ratio(at, words.higher); told != "" {
		spans = append(spans, Span{" · " + told, RoleText})
	}
	if told := s.overtaken(state.Tracks, pace); told != "" {
		spans = append(spans, Span{"  " + told, RoleWarn})
	}
	return spans
}

// doubt says whose figures are not the servers' alone.
func (s standings) doubt() []Span {
	limited := 0
	for _, r := range s.runners {
		if r.track.Limited {
			limited++
		}
	}
	if limited == 0 {
		return nil
	}
	return []Span{{" · ⚠ the generator was the limit of " + plural(limited, "contender"), RoleWarn}}
}

// ratio compares a runner with the best other one.
func (s standings) ratio(at int, higher bool) string {
	other := 0
	if at == 0 {
		other = 1
	}
	if other >= len(s.runners) || s.runners[other].place == 0 {
		return ""
	}
	mine, theirs := s.runners[at].value, s.runners[other].value
	if !(mine > 0 && theirs > 0) {
		return ""
	}
	ratio := max(mine, theirs) / min(mine, theirs)
	word := "slower than "
	switch {
	case ratio < 1.05:
		return "level with " + s.runners[other].track.Facts.ID
	case at == 0 && higher:
		word = "as many as "
	case at == 0:
		word = "faster than "
	case higher:
		return percent(mine/theirs) + " of what " + s.runners[other].track.Facts.ID + " had"
	}
	return times(ratio) + "× " + word + s.runners[other].track.Facts.ID
}

// times writes a ratio: "1.4", "17", "2,300".
func times(ratio float64) string {
	if ratio < 10 {
		return fmt.Sprintf("%.1f", ratio)
	}
	return thousands(ratio)
}

func ordinal(n int) string {
	if n%100/10 != 1 {
		switch n % 10 {
		case 1:
			return fmt.Sprintf("%dst", n)
		case 2:
			return fmt.Sprintf("%dnd", n)
		case 3:
			return fmt.Sprintf("%drd", n)
		}
	}
	return fmt.Sprintf("%dth", n)
}

// drawRaceChart lays the lines over each other: the crowd first, the best above
// it, the one under load on top.
func (m *model) drawRaceChart(box Rect, state *State, standings standings) {
	if box.Empty() {
		return
	}
	pace := m.race.pace
	words := pace.words()
	in := m.surface.Box(box, RoleBorder, Span{words.name, RoleTitle})
	if in.Empty() {
		return
	}
	low, high, to := math.Inf(1), 0.0, max(1, state.Plan.Workload.DurationS)
	for _, r := range standings.runners {
		to = max(to, r.track.last())
		for i := range r.track.Points.Len() {
			if y := r.track.Points.At(i).Pace[pace]; !math.IsNaN(y) {
				low, high = min(low, y), max(high, y)
			}
		}
	}
	if high == 0 {
		m.surface.TextCentre(in.Row(in.H/2), "no reply so far", RoleDim)
		return
	}
	plot := &Plot{}
	columns, rows := plot.GraphSize(in)
	plot.X = timeAxis(0, to, columns)
	plot.Y = logAxis(low, high, rows, words.label)
	if words.higher {
		plot.Y = linearAxis(high, rows, words.label)
	}
	plot.Series = m.raceLines(standings)
	if !math.IsInf(standings.second, 1) {
		plot.Marks = []Mark{{X: standings.second, Sign: '▲', Role: RolePhase}}
	}
	m.race.chart.Draw(m.surface, in, plot)
	if columns >= minGraphColumns && rows >= minGraphRows {
		m.drawLetters(Rect{in.X + labelWidth + 1, in.Y, columns, rows}, plot, standings)
	}
}

func (m *model) raceLines(standings standings) []Series {
	pace := m.race.pace
	points := func(track *Track) []XY {
		line := make([]XY, 0, track.Points.Len()+1)
		for i := range track.Points.Len() {
			point := track.Points.At(i)
			line = append(line, XY{point.At, point.Pace[pace]})
		}
		return line
	}
	crowd := Series{Role: RoleAxis, Stroke: Dotted}
	var lines, front []Series
	for _, r := range slices.Backward(standings.runners) {
		id := r.track.Facts.ID
		switch {
		case r.lane == 0: // all in one line with gaps: a grid of dots each would be dear
			crowd.Points = append(append(crowd.Points, points(r.track)...), XY{math.NaN(), math.NaN()})
		case id == standings.running || id == m.race.chosen:
			front = append(front, Series{Role: laneRole(r), Stroke: Thick, Points: points(r.track)})
		default:
			lines = append(lines, Series{Role: laneRole(r), Points: points(r.track)})
		}
	}
	return slices.Concat([]Series{crowd}, lines, front)
}

// drawLetters marks each line with its letter: at its end, and those that are
// picked out along the way, so that lines can be told apart without colours.
func (m *model) drawLetters(graph Rect, plot *Plot, standings standings) {
	const apart = 24 // columns
	for _, r := range slices.Backward(standings.runners) {
		letter := r.track.letter()
		put := func(point TrackPoint) {
			y := point.Pace[m.race.pace]
			if math.IsNaN(y) || point.At > plot.X.Max {
				return
			}
			column := pixel(plot.X.place(point.At), graph.W*2) / 2
			row := graph.H - 1 - pixel(plot.Y.place(y), graph.H*4)/4
			m.surface.Set(graph.X+column, graph.Y+row, letter, laneRole(r))
		}
		n := r.track.Points.Len()
		if r.lane > 0 && n > 0 {
			next := float64(r.track.Number * 5 % apart)
			for i := range n {
				column := plot.X.place(r.track.Points.At(i).At) * float64(graph.W)
				if column >= next {
					put(r.track.Points.At(i))
					next += apart
				}
			}
		}
		if last, ok := r.track.lastReply(m.race.pace); ok {
			put(last)
		}
	}
}

// lastReply is the last interval with a value.
func (t *Track) lastReply(pace Pace) (TrackPoint, bool) {
	for i := t.Points.Len() - 1; i >= 0; i-- {
		if point := t.Points.At(i); !math.IsNaN(point.Pace[pace]) && point.Pace[pace] > 0 {
			return point, true
		}
	}
	return TrackPoint{}, false
}

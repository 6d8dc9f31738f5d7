package part

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// Headline says in a sentence how the race stands.
func Headline(s view.Standings, state *view.State, pace view.Pace) []term.Span {
	told := pace.Words()
	if len(s.Runners) == 0 {
		return []term.Span{term.Say(" nobody has started so far", term.RoleDim)}
	}
	at := slices.IndexFunc(s.Runners, func(r view.Runner) bool { return r.Track.Facts.ID == s.Running })
	if at < 0 || math.IsInf(s.Second, 1) {
		best := s.Runners[0]
		switch {
		case best.Place == 0:
			return []term.Span{term.Say(" nobody has a place so far", term.RoleDim)}
		case at >= 0 && s.Runners[at].Standing() == 2 && !s.Runners[at].Track.Ended:
			return []term.Span{term.Say(" "+string(best.Track.Letter())+" "+best.Track.Facts.ID, LaneRole(best)), term.Say(" leads", term.RoleText), term.Say(" · next: ", term.RoleDim), term.Say(s.Running, term.RoleStrong)}
		}
		return []term.Span{term.Say(" "+string(best.Track.Letter())+" "+best.Track.Facts.ID, LaneRole(best)), term.Say(" leads: ", term.RoleText),
			term.Say(told.Write(best.Value), term.RoleStrong), term.Say(" "+told.SoFar, term.RoleDim)}
	}
	r := s.Runners[at]
	name := term.Say(" "+string(r.Track.Letter())+" "+s.Running, LaneRole(r))
	after := term.Say(" after "+figure.At(s.Second), term.RoleText)
	switch {
	case r.Fails:
		return []term.Span{name, term.Say(" fails: ", term.RoleText), term.Say(figure.Percent(r.Point.KO)+" KO", term.RoleBad), term.Say(", mostly "+r.Track.MainCause(), term.RoleText), after}
	case r.Place == 0:
		return []term.Span{name, term.Say(" has had no reply", term.RoleWarn), after}
	}
	if len(s.Runners) == 1 {
		return []term.Span{name, term.Say(" sets the pace: ", term.RoleText), term.Say(told.Write(r.Value), term.RoleStrong), term.Say(" "+told.SoFar, term.RoleDim), after}
	}
	ranked := 0
	for _, other := range s.Runners {
		if other.Place > 0 {
			ranked++
		}
	}
	spans := []term.Span{name, term.Say(" is ", term.RoleText), term.Say(words.Ordinal(r.Place), term.RoleStrong), term.Say(fmt.Sprintf(" of %d", ranked), term.RoleText), after}
	if told := s.Ratio(at, told.Higher); told != "" {
		spans = append(spans, term.Say(" · "+told, term.RoleText))
	}
	if told := s.Overtaken(state.Tracks, pace); told != "" {
		spans = append(spans, term.Say("  "+told, term.RoleWarn))
	}
	return spans
}

// LimitedBy says whose figures are not the servers' alone.
func LimitedBy(s view.Standings) []term.Span {
	limited := 0
	for _, r := range s.Runners {
		if r.Track.Limited {
			limited++
		}
	}
	if limited == 0 {
		return nil
	}
	return []term.Span{term.Say(" · ⚠ the generator was the limit of "+figure.Plural(limited, "contender", "contenders"), term.RoleWarn)}
}

// LaneRole is the colour of a runner.
func LaneRole(r view.Runner) term.Role {
	if r.Lane == 0 {
		return term.RoleAxis
	}
	return term.RoleLane1 + term.Role(r.Lane-1)
}

// RaceBars draws a bar per contender, which grows as its load goes on; those
// who ran before show how far they were at the same second, and faintly their end.
// With room to spare the bars are thick and stand apart.
func RaceBars(ctx *screen.Context, s *term.Surface, box term.Rect, standings view.Standings, pace view.Pace) {
	if box.Empty() {
		return
	}
	words := pace.Words()
	title := []term.Span{term.Say(words.SoFar, term.RoleTitle)}
	if !math.IsInf(standings.Second, 1) {
		title = term.Fitting(box.W-6, title, []term.Span{term.Say("  all at "+figure.At(standings.Second), term.RolePhase)})
	}
	shown := standings.Rows(box.H-2, ctx.Settings.Picked)
	if hidden := len(standings.Runners) - len(shown); hidden > 0 {
		title = term.Fitting(box.W-6, title, []term.Span{term.Say(fmt.Sprintf("  %d more", hidden), term.RoleDim)})
	}
	in := s.Frame(box, term.RoleBorder, title...)
	defer s.Clip(in)() // a few columns cut a line, no border
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
		drawRunner(s, row, r, lane, r.Track.Facts.ID == standings.Running)
		if r.Track.Facts.ID == ctx.Settings.Picked {
			s.Set(row.X, row.Y, '▸', term.RoleKey)
		}
		ctx.Click(row, func() {
			if ctx.Settings.Picked == r.Track.Facts.ID {
				ctx.Settings.Picked = ""
				return
			}
			ctx.Settings.Picked = r.Track.Facts.ID
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
func drawRunner(s *term.Surface, row term.Rect, r view.Runner, lane raceLane, running bool) {
	const valueWidth = 9
	place := "–"
	if r.Place > 0 {
		place = fmt.Sprint(r.Place)
	}
	text, role := term.RoleText, LaneRole(r)
	if running {
		text = term.RoleStrong
	}
	s.TextRight(term.Rect{X: row.X + 1, Y: row.Y, W: 2, H: 1}, place, text)
	x := row.X + 4
	s.Set(x, row.Y, r.Track.Letter(), role)
	taken := s.Text(term.Rect{X: x + 2, Y: row.Y, W: lane.name, H: 1}, r.Track.Facts.ID, text)
	if r.Track.Limited {
		s.Set(x+2+taken, row.Y, '⚠', term.RoleWarn)
	}
	x += lane.name + 3
	bar := term.Rect{X: x, Y: row.Y, W: max(0, row.X+row.W-x-valueWidth-1), H: row.H}
	told := lane.pace.Words()
	switch {
	case r.Standing() == 2 && running && !r.Track.Ended:
		s.Text(bar, "starting …", term.RolePhase)
		return
	case r.Standing() == 2:
		s.Text(term.Rect{X: x, Y: row.Y, W: row.X + row.W - x, H: 1}, "✗ "+cmp.Or(r.Track.Cause, "no reply"), term.RoleBad)
		return
	case r.Fails && !told.Higher:
		s.Text(bar, "✗ "+words.Join(" ", figure.Percent(r.Point.KO)+" KO:", r.Track.MainCause()), term.RoleBad)
	case lane.most > 0 && bar.W > 0:
		for i := range bar.H {
			chart.GhostBar(s, bar.Row(i), r.Value/lane.most, r.Final/lane.most, role)
		}
	}
	value := term.Rect{X: row.X + row.W - valueWidth - 1, Y: row.Y, W: valueWidth, H: 1}
	s.TextRight(value, told.Write(r.Value), text)
}

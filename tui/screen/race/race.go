// Package race is the screen on which the loads of all contenders so far lie over each
// other.
package race

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// Screen shows the loads of all contenders so far over each other, as if they had begun
// at the same second.
type Screen struct {
	keys  keys
	chart *chart.Chart
}

// New makes it.
func New() *Screen { return &Screen{keys: newKeys(), chart: chart.NewChart()} }

// About says that it is opened by its key, and stays while contenders come and go.
func (r *Screen) About() screen.About {
	return screen.About{
		Name: screen.Race, Stays: true,
		Opens: r.keys.Race, From: []screen.Name{screen.Live, screen.Leaderboard},
	}
}

// keys are the screen's own.
type keys struct{ Race, Figure key.Binding }

func newKeys() keys {
	return keys{
		Race:   screen.Bind("r", "race", "r"),
		Figure: screen.Bind("m", "another figure", "m", "tab"),
	}
}

// Keys are those of what goes on, while something does.
func (r *Screen) Keys(ctx *screen.Context) screen.Shortcuts {
	common := ctx.Keys
	footer := []key.Binding{common.Help, r.keys.Race, r.keys.Figure, common.Up, common.Down}
	if ctx.Running {
		footer = append(footer, common.Pause, common.Skip)
	}
	footer = append(footer, ctx.Openers...)
	return screen.Shortcuts{Footer: append(footer, common.Back, common.Out(ctx.Running)), More: common.Jumps()}
}

// Contender is the one that is picked out.
func (r *Screen) Contender(ctx *screen.Context) string { return ctx.Settings.Picked }

// Key picks contenders out of the race, and turns to another figure.
func (r *Screen) Key(msg tea.KeyMsg, ctx *screen.Context) screen.Action {
	choice := ctx.Settings
	switch {
	case key.Matches(msg, ctx.Keys.Back) && choice.Picked != "":
		choice.Picked = ""
	case key.Matches(msg, ctx.Keys.Back, r.keys.Race):
		return screen.Action{Do: screen.Back}
	case key.Matches(msg, r.keys.Figure):
		choice.Pace = (choice.Pace + 1) % view.Paces
	case ctx.Running && key.Matches(msg, ctx.Keys.Pause):
		return screen.Action{Do: screen.Pause}
	case ctx.Running && key.Matches(msg, ctx.Keys.Skip):
		return screen.Action{Do: screen.Skip}
	default:
		pick(msg, ctx)
	}
	return screen.Action{}
}

// pick moves the choice along the standings.
func pick(msg tea.KeyMsg, ctx *screen.Context) {
	standings := view.StandingsOf(ctx.State, ctx.Settings.Pace)
	if len(standings.Runners) == 0 {
		return
	}
	at := slices.IndexFunc(standings.Runners, func(r view.Runner) bool { return r.Track.Facts.ID == ctx.Settings.Picked })
	moving := screen.List{Cursor: at, Page: 10}
	if at < 0 && key.Matches(msg, ctx.Keys.Up) {
		moving.Cursor = len(standings.Runners)
	}
	if moving.Key(msg, ctx.Keys, len(standings.Runners)) {
		ctx.Settings.Picked = standings.Runners[moving.Cursor].Track.Facts.ID
	}
}

// explained is the contender of which it is told where its CPU time goes: the one that is
// picked out, else the one under load, else the first that was profiled.
func explained(ctx *screen.Context, standings view.Standings) string {
	for _, id := range []string{ctx.Settings.Picked, standings.Running} {
		if id != "" {
			return id
		}
	}
	for _, r := range standings.Runners {
		if ctx.State.Why(r.Track.Facts.ID).Has() {
			return r.Track.Facts.ID
		}
	}
	return ""
}

// layout is where the parts of the race are; an empty one is left out.
type layout struct{ title, progress, headline, chart, bars, others term.Rect }

func layoutOf(area term.Rect, runners int, running bool) layout {
	var l layout
	l.title, area = area.CutTop(1)
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

// Draw draws the lines, and the standings as bars.
func (r *Screen) Draw(s *term.Surface, area term.Rect, ctx *screen.Context) {
	state, now := ctx.State, ctx.Now
	standings := view.StandingsOf(state, ctx.Settings.Pace)
	standings.Highlight(ctx.Settings.Picked)
	running := standings.Running != "" && ctx.Running
	layout := layoutOf(area, len(standings.Runners), running)
	if running {
		part.LoadTitle(ctx, s, layout.title)
		part.Progress(s, layout.progress, state.Progress(now))
	} else {
		ctx.Title(s, layout.title, []term.Span{term.Say(words.Join(" · ", state.Plan.Workload.Name, state.Plan.Workload.Words), term.RoleDim)},
			term.Say("race of "+figure.Plural(len(standings.Runners), "contender", "contenders")+" ", term.RoleStrong))
	}
	headline := append(part.Headline(standings, state, ctx.Settings.Pace), part.LimitedBy(standings)...)
	s.Spans(layout.headline, term.Fitting(layout.headline.W, headline, part.WhyOf(state, explained(ctx, standings)))...)
	r.drawChart(ctx, s, layout.chart, state, standings)
	part.RaceBars(ctx, s, layout.bars, standings, ctx.Settings.Pace)
	if !layout.others.Empty() {
		other := ctx.Settings.Pace.Other()
		standings := view.StandingsOf(state, other)
		standings.Highlight(ctx.Settings.Picked)
		part.RaceBars(ctx, s, layout.others, standings, other)
	}
}

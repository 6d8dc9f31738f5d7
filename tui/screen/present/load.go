package present

import (
	"fmt"
	"math"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// drawLoad is the contender under load in four figures, and what was
// found last.
func drawLoad(ctx *screen.Context, s *term.Surface, in term.Rect) {
	state := ctx.State
	measuring := state.Now
	if measuring == nil {
		return
	}
	rest := drawName(s, in, measuring.Facts.ID, phase(ctx), term.RolePhase)
	if finding, ok := view.Newest(measuring.Findings); ok {
		rest = sentence(s, rest, finding.Title)
	}
	drawFigures(s, rest, largeFigures(measuring, state.Track(measuring.Facts.ID)))
}

// phase is "2/18 ● LOAD 00:07", or that the screen is paused.
func phase(ctx *screen.Context) string {
	measuring := ctx.State.Now
	doing := "● " + string(measuring.Phase)
	if ctx.Paused {
		doing = "‖ paused"
	}
	return fmt.Sprintf("%d/%d%s  %s  %s", measuring.Number, measuring.Of, measuring.RoundWords(), doing, words.Clock(ctx.Now-measuring.PhaseAt, false))
}

// largeFigures are the four that an audience can take in. The 99th percentile is
// of all replies so far, as the result's will be: that of a tenth of a second
// dances too fast to be read.
func largeFigures(m *view.Measuring, track *view.Track) []largeFigure {
	figures := []largeFigure{
		{"p99 so far, ms", figure.Missing, term.RoleP99},
		{"OK replies per second", figure.Missing, term.RoleOK},
		{"failed", figure.Missing, term.RoleGood},
		{"server CPU, % of a core", figure.Missing, term.RoleCPU},
	}
	if track != nil {
		if point, ok := track.Points.Last(); ok {
			value, unit := largeTime(point.SoFar[view.PaceP99])
			figures[0].value, figures[0].label = value, "p99 so far, "+unit
		}
	}
	if rate, ok := m.RecentRate(); ok {
		figures[1].value = figure.PerSecond(rate)
	}
	if m.Totals.Replies() > 0 {
		figures[2].value = figure.Percent(m.Totals.FailureRate())
		if m.Totals.KO > 0 {
			figures[2].role = term.RoleBad
		}
		figures[2].label = withRetried(figures[2].label, m.Totals.Retried)
	}
	for i := m.Process.Len() - 1; i >= 0; i-- {
		if point := m.Process.At(i); point.CPU.Known {
			figures[3].value = figure.Whole(point.CPU.Value)
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
	return label + " · " + figure.Count(retried) + " retried"
}

// drawLatency is one chart, with the figure that matters beside it.
func (p *Screen) drawLatency(ctx *screen.Context, s *term.Surface, in term.Rect) {
	state := ctx.State
	measuring := state.Now
	if measuring == nil {
		return
	}
	rest := drawName(s, in, measuring.Facts.ID, phase(ctx), term.RolePhase)
	stretch := part.StretchOf(measuring, ctx.Now, math.NaN())
	stretch.Labels = part.LabelColumns(rest.W - 2)
	part.Latency(s, p.latency, rest, measuring, stretch, func(title ...term.Span) term.Rect {
		return part.Panel(s, rest, "1", false, title...)
	})
}

// drawRace is the standings of the race in thick bars.
func drawRace(ctx *screen.Context, s *term.Surface, in term.Rect) {
	state := ctx.State
	standings := view.StandingsOf(state, ctx.Settings.Pace)
	standings.Highlight(ctx.Settings.Picked)
	rest := in
	if state.Now != nil {
		rest = drawName(s, in, state.Now.Facts.ID, "", term.RolePhase)
	}
	var line term.Rect
	line, rest = rest.CutTop(2)
	s.Spans(line.Row(0), part.Headline(standings, state, ctx.Settings.Pace)...)
	part.RaceBars(ctx, s, rest, standings, ctx.Settings.Pace)
}

// drawFinding is what was found last, in a sentence, and what proves it.
func drawFinding(ctx *screen.Context, s *term.Surface, in term.Rect) {
	state := ctx.State
	measuring := state.Now
	if measuring == nil {
		return
	}
	rest := drawName(s, in, measuring.Facts.ID, phase(ctx), term.RolePhase)
	finding, ok := view.Newest(measuring.Findings)
	if !ok {
		s.LargeParagraph(rest, "nothing found so far", term.RoleDim)
		return
	}
	if small := in; !s.CanBeLarge(lessLines(rest, 2), finding.Title) { // the sentence matters more than the name
		_, small = small.CutTop(2)
		if s.CanBeLarge(lessLines(small, 2), finding.Title) {
			s.Fill(in, term.RoleText)
			s.Text(in, measuring.Facts.ID, term.RoleStrong)
			s.TextRight(in, phase(ctx), term.RolePhase)
			rest = small
		}
	}
	drawLargeFinding(s, rest, finding.Title, finding.At.Seconds(), finding.Evidence, finding.Advice)
}

// lessLines is the rectangle without its last n lines.
func lessLines(in term.Rect, n int) term.Rect {
	rest, _ := in.CutBottom(n)
	return rest
}

// drawLargeFinding writes a finding's sentence large, and below it in ordinary
// letters when it began, its evidence and what to do.
func drawLargeFinding(s *term.Surface, in term.Rect, title string, at float64, evidence []string, advice string) {
	above, _ := in.CutBottom(min(len(evidence)+3, in.H/3))
	if !s.CanBeLarge(above, title) { // the sentence matters more than what proves it
		above, _ = in.CutBottom(2)
	}
	_, below := in.CutTop(s.LargeParagraph(above, title, term.RoleWarn) + 1)
	s.Text(below.Row(0), "⚑ since "+figure.At(at), term.RoleWarn)
	y := 1
	write := func(text string, role term.Role) {
		if y < below.H && text != "" {
			y += s.Paragraph(term.Rect{X: below.X, Y: below.Y + y, W: below.W, H: below.H - y}, text, role)
		}
	}
	for _, text := range evidence {
		write("· "+text, term.RoleText)
	}
	if advice != "" {
		write("→ "+advice, term.RoleStrong)
	}
}

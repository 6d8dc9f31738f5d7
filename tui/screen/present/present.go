// Package present is the presentation: what goes on and the result, in letters for the
// last row of a hall.
package present

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
)

// Screen is the presentation: what a screen shows, in few slides and in letters that the
// last row of a hall can read. Slides follow each other by the keys that presenters'
// remotes send.
type Screen struct {
	keys      keys
	atLive    int // the slide that is shown while contenders are under load
	atResults int // and at the end

	latency *chart.Chart
}

// New makes it.
func New() *Screen { return &Screen{keys: newKeys(), latency: chart.NewChart()} }

// About says that it stands over what goes on, and over the result.
func (p *Screen) About() screen.About {
	return screen.About{
		Name: "present", Over: true,
		Opens: p.keys.Present, From: []screen.Name{screen.Live, screen.Race, screen.Leaderboard},
	}
}

// keys are the screen's own.
type keys struct{ Present, Next, Previous key.Binding }

func newKeys() keys {
	return keys{
		Present:  screen.Bind("p", "stage", "p"),
		Next:     screen.Bind("space/→", "next", " ", "right", "pgdown", "n", "enter", "down", "j"),
		Previous: screen.Bind("←", "before", "left", "pgup", "backspace", "up", "k"),
	}
}

// Keys are few; at the right end of their line stands which slide it is.
func (p *Screen) Keys(ctx *screen.Context) screen.Shortcuts {
	common := ctx.Keys
	return screen.Shortcuts{
		Footer: []key.Binding{common.Help, p.keys.Next, p.keys.Previous, common.Back, common.Out(ctx.Running)},
		More:   []key.Binding{p.keys.Present},
		Note:   fmt.Sprintf("%d/%d ", p.shown(ctx)+1, len(p.slides(ctx))),
	}
}

// Key turns to another slide.
func (p *Screen) Key(msg tea.KeyMsg, ctx *screen.Context) screen.Action {
	at, last := p.at(ctx), len(p.slides(ctx))-1
	switch {
	case key.Matches(msg, p.keys.Present, ctx.Keys.Back):
		return screen.Action{Do: screen.Back}
	case key.Matches(msg, p.keys.Next):
		*at = min(*at+1, last)
	case key.Matches(msg, p.keys.Previous):
		*at = max(*at-1, 0)
	case key.Matches(msg, ctx.Keys.Top):
		*at = 0
	case key.Matches(msg, ctx.Keys.Bottom):
		*at = last
	}
	return screen.Action{}
}

// slide draws one of the slides.
type slide func(ctx *screen.Context, s *term.Surface, in term.Rect)

// slides are those there are now.
func (p *Screen) slides(ctx *screen.Context) []slide {
	if ctx.Below != screen.Leaderboard || ctx.State.Result == nil {
		slides := []slide{drawLoad, p.drawLatency, drawRace, drawFinding}
		if now := ctx.State.Now; now != nil && ctx.State.Why(now.Facts.ID).Has() {
			slides = append(slides, whySlide(now.Facts.ID, ctx.State.Why(now.Facts.ID)))
		}
		return slides
	}
	slides := []slide{drawPlaces}
	for _, row := range rows(ctx) {
		slides = append(slides, func(_ *screen.Context, s *term.Surface, in term.Rect) { drawResult(s, in, row) })
		if why := ctx.State.Why(row.ID); why.Has() {
			slides = append(slides, whySlide(row.ID, why))
		}
	}
	return slides
}

// rows are the contenders as the leaderboard is sorted.
func rows(ctx *screen.Context) []stream.ContenderResult {
	rows := slices.Clone(ctx.State.Result.Contenders)
	if order := ctx.Settings.Order; len(order) == len(rows) {
		slices.SortStableFunc(rows, func(a, b stream.ContenderResult) int {
			return cmp.Compare(slices.Index(order, a.ID), slices.Index(order, b.ID))
		})
	}
	return rows
}

// at is which slide is shown, where it is kept.
func (p *Screen) at(ctx *screen.Context) *int {
	if ctx.Below == screen.Leaderboard {
		return &p.atResults
	}
	return &p.atLive
}

// shown is the same among the slides that there are.
func (p *Screen) shown(ctx *screen.Context) int {
	at := p.at(ctx)
	*at = max(0, min(*at, len(p.slides(ctx))-1))
	return *at
}

// Draw draws a slide.
func (p *Screen) Draw(s *term.Surface, area term.Rect, ctx *screen.Context) {
	if in := area.Narrow(1); !in.Empty() {
		p.slides(ctx)[p.shown(ctx)](ctx, s, in)
	}
}

// Package build is the screen of the builds before the contenders are measured.
package build

import (
	"fmt"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// Screen is the screen of the builds before the run.
type Screen struct {
	list   screen.List
	chosen bool // the person has moved the cursor: it follows the builds no more
}

// New makes it.
func New() *Screen { return &Screen{} }

// About says when it is shown: until a contender is started.
func (b *Screen) About() screen.About { return screen.About{Name: "build", Shows: screen.Building} }

// Take forgets where the cursor was when another run begins.
func (b *Screen) Take(msg tea.Msg, _ *screen.Context) screen.Action {
	if _, began := msg.(screen.Began); began {
		*b = Screen{}
	}
	return screen.Action{}
}

// Key moves the cursor, or goes on without the builds under way.
func (b *Screen) Key(msg tea.KeyMsg, ctx *screen.Context) screen.Action {
	if key.Matches(msg, ctx.Keys.SkipBuilds) {
		return screen.Action{Do: screen.Skip}
	}
	if b.list.Key(msg, ctx.Keys, len(ctx.State.Builds)) {
		b.chosen = true
	}
	return screen.Action{}
}

// Keys are those of a list, and the one that leaves builds out.
func (b *Screen) Keys(ctx *screen.Context) screen.Shortcuts {
	k := ctx.Keys
	return screen.Shortcuts{Footer: []key.Binding{k.Help, k.Up, k.Down, k.SkipBuilds, k.Stop}, More: k.Jumps()}
}

// Draw draws the builds above each other, and below them the log of one.
func (b *Screen) Draw(s *term.Surface, area term.Rect, ctx *screen.Context) {
	state, now := ctx.State, ctx.Now
	title, area := area.CutTop(1)
	ctx.Title(s, title, []term.Span{term.Say(state.Plan.Workload.Words, term.RoleDim)}, append(buildsDone(state.Builds), term.Say("● BUILD ", term.RolePhase), term.Say(words.Clock(now, false)+" ", term.RoleText))...)
	if len(state.Builds) == 0 {
		s.Text(area.Row(1), "  "+spin(now)+" preparing", term.RoleDim)
		return
	}
	b.list.Cursor = b.focus(state.Builds)
	focused := state.Builds[b.list.Cursor]
	rows, log := area.CutTop(min(len(state.Builds)+2, max(3, area.H/2)))
	if area.H < 8 {
		rows, log = area, term.Rect{}
	}
	in := s.Box(rows, term.RoleBorder, term.Say("builds", term.RoleTitle))
	name := 0
	for _, build := range state.Builds {
		name = max(name, ansi.StringWidth(build.Facts.ID))
	}
	from, to := b.list.Window(len(state.Builds), in.H)
	for i := from; i < to; i++ {
		row := in.Row(i - from)
		drawRow(s, row, state.Builds[i], name, now, i == b.list.Cursor)
		ctx.Click(row, func() { b.list.Cursor, b.chosen = i, true })
	}
	s.ScrollBar(rows, from, to, len(state.Builds))
	drawLog(s, log, focused)
}

// focus is the build whose log is shown: the one that was chosen, else the first
// that runs, else the last that failed.
func (b *Screen) focus(builds []*view.Build) int {
	if b.chosen {
		return min(b.list.Cursor, len(builds)-1)
	}
	at := 0
	for i, build := range builds {
		switch build.State {
		case view.BuildRuns:
			return i
		case view.BuildFailed, view.BuildDone:
			at = i
		}
	}
	return at
}

var spinner = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

func spin(now time.Duration) string {
	return spinner[int(now/(100*time.Millisecond))%len(spinner)]
}

// buildsDone says how many are built, and that it goes on without those that failed.
func buildsDone(builds []*view.Build) []term.Span {
	built, failed := 0, 0
	for _, build := range builds {
		switch build.State {
		case view.BuildDone:
			built++
		case view.BuildFailed:
			failed++
		}
	}
	var spans []term.Span
	if failed > 0 {
		spans = append(spans, term.Say(fmt.Sprintf("%d failed", failed), term.RoleBad), term.Say(": goes on without · ", term.RoleDim))
	}
	if len(builds) > 0 {
		spans = append(spans, term.Say(fmt.Sprintf("%d of %d built  ", built, len(builds)), term.RoleText))
	}
	return spans
}

func drawRow(s *term.Surface, row term.Rect, build *view.Build, name int, now time.Duration, focused bool) {
	pointer, role := "  ", term.RoleText
	if focused {
		pointer, role = "▸ ", term.RoleStrong
	}
	sign, told, about := term.Say("· ", term.RoleDim), term.Say("waits", term.RoleDim), ""
	switch build.State {
	case view.BuildRuns:
		sign = term.Say(spin(now)+" ", term.RolePhase)
		told = term.Say("building "+figure.Length((now-build.BeganAt).Truncate(time.Second)), term.RolePhase)
		about = build.Detail
		if build.Doing != "" {
			about = build.Doing
		}
	case view.BuildDone:
		sign = term.Say("✓ ", term.RoleGood)
		told = term.Say("built in "+figure.Length(build.Done.Took), term.RoleGood)
		if build.Done.Cached {
			told.Text = "built before"
		}
		about = words.Join(" · ", build.Done.Version, build.Done.Variant)
	case view.BuildFailed:
		sign = term.Say("✗ ", term.RoleBad)
		told = term.Say("failed", term.RoleBad)
		about = build.Done.Reason
	}
	used := s.Spans(row, term.Say(pointer, term.RoleKey), sign, term.Say(term.Pad(build.Facts.ID, name+2), role))
	row = row.From(used)
	if width := min(24, (row.W-40)/2); width >= leastBar {
		drawBar(s, term.Rect{X: row.X, Y: row.Y, W: width, H: 1}, build, told.Role)
		row = row.From(width + 2)
		steps := ""
		if build.Of > 0 {
			steps = fmt.Sprintf("%d/%d", build.Step, build.Of)
		}
		told.Text = term.Pad(steps, 6) + told.Text
		used = s.Spans(row, term.Say(term.Pad(told.Text, 24), told.Role))
	} else {
		used = s.Spans(row, term.Say(term.Pad(told.Text, 18), told.Role))
	}
	row = row.From(used)
	s.Text(row, about, term.RoleDim)
}

// leastBar is the narrowest bar that tells a step from the next.
const leastBar = 6

// drawBar draws the steps that are done, the one under way in another texture,
// and what is left: of how far a step is, no build tells.
func drawBar(s *term.Surface, bar term.Rect, build *view.Build, role term.Role) {
	done, under := 0, 0
	switch {
	case build.State == view.BuildDone:
		done = bar.W
	case build.Of > 0:
		done = bar.W * max(0, build.Step-1) / build.Of
		under = bar.W*build.Step/build.Of - done
	}
	for x := range bar.W {
		switch {
		case x < done:
			s.Set(bar.X+x, bar.Y, '█', role)
		case x < done+under:
			s.Set(bar.X+x, bar.Y, '▒', role)
		default:
			s.Set(bar.X+x, bar.Y, '░', term.RoleTrough)
		}
	}
}

// drawLog shows the last lines of a build, above them why it failed.
func drawLog(s *term.Surface, box term.Rect, build *view.Build) {
	if box.Empty() {
		return
	}
	in := s.Box(box, term.RoleBorder, term.Say("log of ", term.RoleDim), term.Say(build.Facts.ID, term.RoleTitle))
	in = in.Narrow(1)
	if build.State == view.BuildFailed {
		used := s.Paragraph(term.Rect{X: in.X, Y: in.Y, W: in.W, H: min(4, in.H)}, "✗ "+build.Done.Reason, term.RoleBad)
		if build.Done.LogPath != "" && used < in.H {
			s.Text(in.Row(used), "whole log: "+build.Done.LogPath, term.RoleDim)
			used++
		}
		_, in = in.CutTop(used)
	}
	if build.Lines.Len() == 0 {
		s.Text(in, "nothing so far", term.RoleDim)
		return
	}
	part.Tail(s, in, &build.Lines)
}

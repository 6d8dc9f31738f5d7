package tui

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// buildScreen is the screen of the builds before the run.
type buildScreen struct {
	list   list
	chosen bool // the person has moved the cursor: it follows the builds no more
}

func (b *buildScreen) takeKey(msg tea.KeyMsg, keys Keys, n int) {
	if b.list.takeKey(msg, keys, n) {
		b.chosen = true
	}
}

// focus is the build whose log is shown: the one that was chosen, else the first
// that runs, else the last that failed.
func (b *buildScreen) focus(builds []*view.Build) int {
	if b.chosen {
		return min(b.list.cursor, len(builds)-1)
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

func (m *model) drawBuild(area term.Rect) {
	state, now := m.shown()
	title, area := area.CutTop(1)
	area, footer := area.CutBottom(1)
	m.drawTitle(title, []term.Span{term.Say(state.Plan.Workload.Words, term.RoleDim)}, append(buildsDone(state.Builds), term.Say("● BUILD ", term.RolePhase), term.Say(words.Clock(now, false)+" ", term.RoleText))...)
	m.drawFooter(footer, m.keys.build())
	if len(state.Builds) == 0 {
		m.surface.Text(area.Row(1), "  "+spin(now)+" preparing", term.RoleDim)
		return
	}
	b := &m.build
	b.list.cursor = b.focus(state.Builds)
	focused := state.Builds[b.list.cursor]
	rows, log := area.CutTop(min(len(state.Builds)+2, max(3, area.H/2)))
	if area.H < 8 {
		rows, log = area, term.Rect{}
	}
	in := m.surface.Box(rows, term.RoleBorder, term.Say("builds", term.RoleTitle))
	name := 0
	for _, build := range state.Builds {
		name = max(name, ansi.StringWidth(build.Facts.ID))
	}
	from, to := b.list.window(len(state.Builds), in.H)
	for i := from; i < to; i++ {
		row := in.Row(i - from)
		m.drawBuildRow(row, state.Builds[i], name, now, i == b.list.cursor)
		m.click(row, func() { b.list.cursor, b.chosen = i, true })
	}
	m.surface.ScrollBar(rows, from, to, len(state.Builds))
	m.drawBuildLog(log, focused)
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

func (m *model) drawBuildRow(row term.Rect, build *view.Build, name int, now time.Duration, focused bool) {
	pointer, role := "  ", term.RoleText
	if focused {
		pointer, role = "▸ ", term.RoleStrong
	}
	sign, told, about := term.Say("· ", term.RoleDim), term.Say("waits", term.RoleDim), ""
	switch build.State {
	case view.BuildRuns:
		sign = term.Say(spin(now)+" ", term.RolePhase)
		told = term.Say("building "+words.Took((now-build.BeganAt).Truncate(time.Second)), term.RolePhase)
		about = build.Detail
		if build.Doing != "" {
			about = build.Doing
		}
	case view.BuildDone:
		sign = term.Say("✓ ", term.RoleGood)
		told = term.Say("built in "+words.Took(build.Done.Took), term.RoleGood)
		if build.Done.Cached {
			told.Text = "built before"
		}
		about = words.Join(" · ", build.Done.Version, build.Done.Variant)
	case view.BuildFailed:
		sign = term.Say("✗ ", term.RoleBad)
		told = term.Say("failed", term.RoleBad)
		about = build.Done.Reason
	}
	used := m.surface.Spans(row, term.Say(pointer, term.RoleKey), sign, term.Say(term.Pad(build.Facts.ID, name+2), role))
	row = row.From(used)
	if width := min(24, (row.W-40)/2); width >= minBuildBar {
		m.drawBuildBar(term.Rect{X: row.X, Y: row.Y, W: width, H: 1}, build, told.Role)
		row = row.From(width + 2)
		steps := ""
		if build.Of > 0 {
			steps = fmt.Sprintf("%d/%d", build.Step, build.Of)
		}
		told.Text = term.Pad(steps, 6) + told.Text
		used = m.surface.Spans(row, term.Say(term.Pad(told.Text, 24), told.Role))
	} else {
		used = m.surface.Spans(row, term.Say(term.Pad(told.Text, 18), told.Role))
	}
	row = row.From(used)
	m.surface.Text(row, about, term.RoleDim)
}

// minBuildBar is the narrowest bar that tells a step from the next.
const minBuildBar = 6

// drawBuildBar draws the steps that are done, the one under way in another texture,
// and what is left: of how far a step is, no build tells.
func (m *model) drawBuildBar(bar term.Rect, build *view.Build, role term.Role) {
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
			m.surface.Set(bar.X+x, bar.Y, '█', role)
		case x < done+under:
			m.surface.Set(bar.X+x, bar.Y, '▒', role)
		default:
			m.surface.Set(bar.X+x, bar.Y, '░', term.RoleTrough)
		}
	}
}

// drawBuildLog shows the last lines of a build, above them why it failed.
func (m *model) drawBuildLog(box term.Rect, build *view.Build) {
	if box.Empty() {
		return
	}
	in := m.surface.Box(box, term.RoleBorder, term.Say("log of ", term.RoleDim), term.Say(build.Facts.ID, term.RoleTitle))
	in = term.Rect{X: in.X + 1, Y: in.Y, W: max(0, in.W-2), H: in.H}
	if build.State == view.BuildFailed {
		used := m.surface.Paragraph(term.Rect{X: in.X, Y: in.Y, W: in.W, H: min(4, in.H)}, "✗ "+build.Done.Reason, term.RoleBad)
		if build.Done.LogPath != "" && used < in.H {
			m.surface.Text(in.Row(used), "whole log: "+build.Done.LogPath, term.RoleDim)
			used++
		}
		_, in = in.CutTop(used)
	}
	if build.Lines.Len() == 0 {
		m.surface.Text(in, "nothing so far", term.RoleDim)
		return
	}
	m.drawTail(in, &build.Lines)
}

// drawTail writes the last lines that fit.
func (m *model) drawTail(in term.Rect, lines *view.Ring[string]) {
	n := min(in.H, lines.Len())
	for i := range n {
		m.surface.Text(in.Row(i), lines.At(lines.Len()-n+i), term.RoleDim)
	}
}

package tui

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
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
func (b *buildScreen) focus(builds []*Build) int {
	if b.chosen {
		return min(b.list.cursor, len(builds)-1)
	}
	at := 0
	for i, build := range builds {
		switch build.State {
		case BuildRuns:
			return i
		case BuildFailed, BuildDone:
			at = i
		}
	}
	return at
}

var spinner = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

func spin(now time.Duration) string {
	return spinner[int(now/(100*time.Millisecond))%len(spinner)]
}

func (m *model) drawBuild(area Rect) {
	state, now := m.shown()
	title, area := area.CutTop(1)
	area, footer := area.CutBottom(1)
	m.drawTitle(title, []Span{{state.Plan.Workload.Words, RoleDim}}, append(buildsDone(state.Builds), Span{"● BUILD ", RolePhase}, Span{clock(now, false) + " ", RoleText})...)
	m.drawFooter(footer, m.keys.build())
	if len(state.Builds) == 0 {
		m.surface.Text(area.Row(1), "  "+spin(now)+" preparing", RoleDim)
		return
	}
	b := &m.build
	b.list.cursor = b.focus(state.Builds)
	focused := state.Builds[b.list.cursor]
	rows, log := area.CutTop(min(len(state.Builds)+2, max(3, area.H/2)))
	if area.H < 8 {
		rows, log = area, Rect{}
	}
	in := m.surface.Box(rows, RoleBorder, Span{"builds", RoleTitle})
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
func buildsDone(builds []*Build) []Span {
	built, failed := 0, 0
	for _, build := range builds {
		switch build.State {
		case BuildDone:
			built++
		case BuildFailed:
			failed++
		}
	}
	var spans []Span
	if failed > 0 {
		spans = append(spans, Span{fmt.Sprintf("%d failed", failed), RoleBad}, Span{": goes on without · ", RoleDim})
	}
	if len(builds) > 0 {
		spans = append(spans, Span{fmt.Sprintf("%d of %d built  ", built, len(builds)), RoleText})
	}
	return spans
}

func (m *model) drawBuildRow(row Rect, build *Build, name int, now time.Duration, focused bool) {
	pointer, role := "  ", RoleText
	if focused {
		pointer, role = "▸ ", RoleStrong
	}
	sign, words, about := Span{"· ", RoleDim}, Span{"waits", RoleDim}, ""
	switch build.State {
	case BuildRuns:
		sign = Span{spin(now) + " ", RolePhase}
		words = Span{"building " + took((now - build.BeganAt).Truncate(time.Second)), RolePhase}
		about = build.Detail
		if build.Doing != "" {
			about = build.Doing
		}
	case BuildDone:
		sign = Span{"✓ ", RoleGood}
		words = Span{"built in " + took(build.Done.Took), RoleGood}
		if build.Done.Cached {
			words.Text = "built before"
		}
		about = join(" · ", build.Done.Version, build.Done.Variant)
	case BuildFailed:
		sign = Span{"✗ ", RoleBad}
		words = Span{"failed", RoleBad}
		about = build.Done.Reason
	}
	used := m.surface.Spans(row, Span{pointer, RoleKey}, sign, Span{pad(build.Facts.ID, name+2), role})
	row = row.from(used)
	if width := min(24, (row.W-40)/2); width >= minBuildBar {
		m.drawBuildBar(Rect{row.X, row.Y, width, 1}, build, words.Role)
		row = row.from(width + 2)
		steps := ""
		if build.Of > 0 {
			steps = fmt.Sprintf("%d/%d", build.Step, build.Of)
		}
		words.Text = pad(steps, 6) + words.Text
		used = m.surface.Spans(row, Span{pad(words.Text, 24), words.Role})
	} else {
		used = m.surface.Spans(row, Span{pad(words.Text, 18), words.Role})
	}
	row = row.from(used)
	m.surface.Text(row, about, RoleDim)
}

// minBuildBar is the narrowest bar that tells a step from the next.
const minBuildBar = 6

// drawBuildBar draws the steps that are done, the one under way in another texture,
// and what is left: of how far a step is, no build tells.
func (m *model) drawBuildBar(bar Rect, build *Build, role Role) {
	done, under := 0, 0
	switch {
	case build.State == BuildDone:
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
			m.surface.Set(bar.X+x, bar.Y, '░', RoleTrough)
		}
	}
}

// drawBuildLog shows the last lines of a build, above them why it failed.
func (m *model) drawBuildLog(box Rect, build *Build) {
	if box.Empty() {
		return
	}
	in := m.surface.Box(box, RoleBorder, Span{"log of ", RoleDim}, Span{build.Facts.ID, RoleTitle})
	in = Rect{in.X + 1, in.Y, max(0, in.W-2), in.H}
	if build.State == BuildFailed {
		used := m.surface.Paragraph(Rect{in.X, in.Y, in.W, min(4, in.H)}, "✗ "+build.Done.Reason, RoleBad)
		if build.Done.LogPath != "" && used < in.H {
			m.surface.Text(in.Row(used), "whole log: "+build.Done.LogPath, RoleDim)
			used++
		}
		_, in = in.CutTop(used)
	}
	if build.Lines.Len() == 0 {
		m.surface.Text(in, "nothing so far", RoleDim)
		return
	}
	m.drawTail(in, &build.Lines)
}

// drawTail writes the last lines that fit.
func (m *model) drawTail(in Rect, lines *Ring[string]) {
	n := min(in.H, lines.Len())
	for i := range n {
		m.surface.Text(in.Row(i), lines.At(lines.Len()-n+i), RoleDim)
	}
}

// join writes the parts that are there with a separator between them.
func join(separator string, parts ...string) string {
	text := ""
	for _, part := range parts {
		if part == "" {
			continue
		}
		if text != "" {
			text += separator
		}
		text += part
	}
	return text
}

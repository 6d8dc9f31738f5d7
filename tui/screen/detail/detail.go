// Package detail is the screen of one contender's result.
package detail

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// Screen shows all that is known of one contender's result.
type Screen struct {
	open     key.Binding
	workload string
	result   stream.ContenderResult
	scroll   screen.List
	lines    int // how many there were when last drawn

	track           *view.Track // of its load; nil: not at hand
	curve, timeline *chart.Chart
}

// New makes it.
func New() *Screen {
	return &Screen{open: screen.Bind("enter", "detail", "enter"), curve: chart.NewChart(), timeline: chart.NewChart()}
}

// About says that it is opened by its key.
func (d *Screen) About() screen.About {
	return screen.About{Name: screen.Detail, Opens: d.open, From: []screen.Name{screen.Leaderboard}}
}

// Open shows the contender that was pointed at.
func (d *Screen) Open(ctx *screen.Context) bool {
	result := ctx.State.Result
	if result == nil {
		return false
	}
	at := slices.IndexFunc(result.Contenders, func(r stream.ContenderResult) bool { return r.ID == ctx.Contender })
	if at < 0 {
		return false
	}
	*d = *New()
	d.workload, d.result, d.track = result.Workload.Words, result.Contenders[at], ctx.State.Track(ctx.Contender)
	return true
}

// Contender is the one that is shown.
func (d *Screen) Contender(*screen.Context) string { return d.result.ID }

// Keys are those of a text.
func (d *Screen) Keys(ctx *screen.Context) screen.Shortcuts {
	k := ctx.Keys
	footer := append([]key.Binding{k.Help, k.Back, k.Up, k.Down}, ctx.Openers...)
	return screen.Shortcuts{Footer: append(footer, k.Quit), More: k.Jumps()}
}

// Key scrolls: here the cursor is the first line that is seen.
func (d *Screen) Key(msg tea.KeyMsg, ctx *screen.Context) screen.Action {
	if key.Matches(msg, ctx.Keys.Back, d.open) {
		return screen.Action{Do: screen.Back}
	}
	d.scroll.Key(msg, ctx.Keys, max(1, d.lines-d.scroll.Page+1))
	return screen.Action{}
}

// layout is where the parts of the detail screen are; an empty one is left out.
type layout struct{ title, curve, timeline, text term.Rect }

func layoutOf(area term.Rect, charts bool) layout {
	var l layout
	l.title, area = area.CutTop(1)
	l.text = area
	const leastColumns, leastRows = 70, 18
	if !charts || area.W < leastColumns || area.H < leastRows {
		return l
	}
	top, text := area.CutTop(min(max(9, area.H*2/5), 22))
	columns := top.Columns(1, 1)
	l.curve, l.timeline, l.text = columns[0], columns[1], text
	return l
}

// Draw draws the percentiles, the load over time, and below them the text.
func (d *Screen) Draw(s *term.Surface, area term.Rect, ctx *screen.Context) {
	result := d.result
	layout := layoutOf(area, result.LatencyMS.OK != nil)
	ctx.Title(s, layout.title, []term.Span{term.Say(d.workload, term.RoleDim)}, term.Say(result.Name+" ", term.RoleStrong))
	if d.track == nil || d.track.Points.Len() == 0 {
		layout.curve.W, layout.timeline = area.W, term.Rect{}
	}
	d.drawCurve(s, layout.curve)
	if d.track != nil {
		d.drawTimeline(s, layout.timeline)
	}
	area = layout.text
	in := s.Box(area, term.RoleBorder, term.Say(result.Name, term.RoleTitle), term.Say("  "+words.Join(" · ", result.Language, result.Version, result.Variant), term.RoleDim))
	in = in.Narrow(1)
	if in.Empty() {
		return
	}
	lines := detailLines(result, in.W)
	d.lines, d.scroll.Page = len(lines), in.H
	first := max(0, min(d.scroll.Cursor, len(lines)-in.H))
	d.scroll.Cursor = first
	for i := range min(in.H, len(lines)) {
		s.Spans(in.Row(i), lines[first+i]...)
	}
	s.ScrollBar(area, first, first+in.H, len(lines))
}

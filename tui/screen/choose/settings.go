package choose

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
)

// settingEditor is where the chosen workload's settings are changed, in place.
type settingEditor struct {
	on    bool
	at    int // of the workload's fields
	input textinput.Model
	fresh bool // nothing was typed: the first sign replaces what stands there
}

// fields are the settings of the chosen workload that are shown: one that was there at
// first stays, whatever it is set to.
func (c *Screen) fields() []plan.Setting {
	return c.choices.Workloads[c.workload].Fields(c.offered[c.workload])
}

// edit begins to edit the chosen workload's settings.
func (c *Screen) edit(at int) {
	c.problem = ""
	if c.choices.Check == nil || len(c.choices.Workloads) == 0 {
		return
	}
	fields := c.fields()
	if len(fields) == 0 {
		return
	}
	at = (at + len(fields)) % len(fields)
	const longest = 120
	c.editor = settingEditor{on: true, at: at, fresh: true, input: newInput(longest, fields[at].Text(c.choices.Workloads[c.workload]))}
}

// edited takes a key while a setting is being edited.
func (c *Screen) edited(msg tea.KeyMsg) {
	e := &c.editor
	switch {
	case key.Matches(msg, c.keys.Cancel):
		e.on, c.problem = false, ""
	case key.Matches(msg, c.keys.Accept):
		if c.take() {
			e.on = false
		}
	case key.Matches(msg, c.keys.NextFigure) || msg.Type == tea.KeyDown:
		c.takeAndMove(1)
	case key.Matches(msg, c.keys.LastFigure) || msg.Type == tea.KeyUp:
		c.takeAndMove(-1)
	default:
		if e.fresh && msg.Type == tea.KeyRunes && !msg.Alt {
			e.input.Reset()
		}
		typeInto(&e.input, msg)
		e.fresh = false
	}
}

func (c *Screen) takeAndMove(by int) {
	if at := c.editor.at; c.take() {
		c.edit(at + by)
	}
}

// take takes over what was typed. What is wrong with it is said, by the table that says
// it of flags, and it stays to be mended.
func (c *Screen) take() bool {
	workload := &c.choices.Workloads[c.workload]
	changed, err := workload.Changed(c.fields()[c.editor.at], c.editor.input.Value())
	if err == nil {
		err = c.choices.Check(changed)
	}
	if err != nil {
		c.problem = err.Error()
		return false
	}
	c.problem, c.judged.known = "", false
	*workload = changed
	return true
}

// drawSettings writes the settings of the chosen workload, the one that is edited with
// what was typed, over as many rows as it takes and there are, and says how many it took.
func (c *Screen) drawSettings(ctx *screen.Context, s *term.Surface, area term.Rect) int {
	const apart = 3
	workload, fields := c.choices.Workloads[c.workload], c.fields()
	spans := make([][]term.Span, len(fields))
	rows, x := make([]int, len(fields)), 0 // the row of each
	row, first := 0, 0
	for i, setting := range fields {
		spans[i] = []term.Span{term.Say(setting.Name+" ", term.RoleDim), term.Say(setting.Text(workload), term.RoleStrong)}
		if c.editor.on && c.editor.at == i {
			spans[i][0].Role = term.RoleKey
			spans[i] = append(spans[i][:1], c.editor.spans()...)
		}
		if width := term.SpansWidth(spans[i]); x > 0 && x+width > area.W {
			row, x = row+1, 0
		}
		rows[i], x = row, x+term.SpansWidth(spans[i])+apart
	}
	if c.editor.on && rows[c.editor.at] >= area.H { // what is edited is seen
		first = rows[c.editor.at] - area.H + 1
	}
	x = 0
	for i := range fields {
		if i > 0 && rows[i] != rows[i-1] {
			x = 0
		}
		if rows[i] < first || rows[i] >= first+area.H {
			continue
		}
		in := area.Row(rows[i] - first).From(x)
		in.W = s.Spans(in, spans[i]...)
		ctx.Click(in, func() { c.edit(i) })
		x += in.W + apart
	}
	if c.choices.Check != nil && !c.editor.on && row < area.H && area.W-x > 12 {
		s.Spans(area.Row(row).From(x), term.Say("e", term.RoleKey), term.Say(" changes", term.RoleDim))
	}
	return min(row+1, area.H)
}

// spans are what was typed so far.
func (e *settingEditor) spans() []term.Span {
	if e.fresh {
		return []term.Span{term.Say(e.input.Value(), term.RoleCursor)}
	}
	return slices.DeleteFunc(typed(e.input, term.RoleCursor), func(span term.Span) bool { return span.Text == "" })
}

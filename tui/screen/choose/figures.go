package choose

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
)

// figureEditor is where the chosen workload's figures are changed, in place.
type figureEditor struct {
	on    bool
	at    int    // of the workload's figures
	text  string // as typed so far
	fresh bool   // nothing was typed: the first sign replaces what stands there
}

// begin edits a figure.
func (e *figureEditor) begin(figures []WorkloadFigure, at int) {
	if len(figures) == 0 {
		return
	}
	at = (at + len(figures)) % len(figures)
	*e = figureEditor{on: true, at: at, text: figures[at].Value, fresh: true}
}

// edit begins to edit the chosen workload's figures.
func (c *Screen) edit(at int) {
	c.problem = ""
	if c.offer.Change == nil || len(c.offer.Workloads) == 0 {
		return
	}
	c.editor.begin(c.offer.Workloads[c.workload].Figures, at)
}

// edited takes a key while a figure is being edited.
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
	case msg.Type == tea.KeyBackspace:
		if runes := []rune(e.text); len(runes) > 0 {
			e.text = string(runes[:len(runes)-1])
		}
		e.fresh = false
	case msg.Type == tea.KeyCtrlU:
		e.text, e.fresh = "", false
	case msg.Type == tea.KeyRunes && !msg.Alt:
		if e.fresh {
			e.text = ""
		}
		const longest = 24
		e.text, e.fresh = ansi.Truncate(e.text+foreign.Line(string(msg.Runes)), longest, ""), false
	}
}

func (c *Screen) takeAndMove(by int) {
	if at := c.editor.at; c.take() {
		c.edit(at + by)
	}
}

// take takes over what was typed; what is wrong with it is said, by the code that
// says it of flags, and it stays to be mended.
func (c *Screen) take() bool {
	workload := &c.offer.Workloads[c.workload]
	figures := slices.Clone(workload.Figures)
	figures[c.editor.at].Value = c.editor.text
	changed, err := c.offer.Change(workload.Name, figures)
	if err != nil {
		c.problem = err.Error()
		return false
	}
	c.problem = ""
	*workload = changed
	return true
}

// drawFigures writes the figures of a workload, the one that is edited with what
// was typed.
func (c *Screen) drawFigures(ctx *screen.Context, s *term.Surface, row term.Rect, workload WorkloadOffer) {
	x := 0
	for i, figure := range workload.Figures {
		spans := []term.Span{term.Say(figure.Flag+" ", term.RoleDim), term.Say(figure.Value, term.RoleStrong)}
		if c.editor.on && c.editor.at == i {
			spans[0].Role = term.RoleKey
			spans[1] = term.Say(c.editor.text, term.RoleCursor)
			if !c.editor.fresh {
				spans = append(spans, term.Say("▏", term.RoleKey))
			}
		}
		at := term.Rect{X: row.X + x, Y: row.Y, W: row.W - x, H: row.H}
		at.W = s.Spans(at, spans...)
		ctx.Click(at, func() { c.edit(i) })
		x += at.W + 3
	}
	if c.offer.Change != nil && len(workload.Figures) > 0 && !c.editor.on && row.W-x > 12 {
		s.Spans(term.Rect{X: row.X + x, Y: row.Y, W: row.W - x, H: row.H}, term.Say("e", term.RoleKey), term.Say(" changes", term.RoleDim))
	}
}

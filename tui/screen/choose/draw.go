package choose

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/words"
)

// Draw draws the contenders, the workloads, and what is known of both.
func (c *Screen) Draw(s *term.Surface, area term.Rect, ctx *screen.Context) {
	layout := layoutOf(area, len(c.choices.Contenders))
	ctx.Title(s, layout.title, []term.Span{term.Say("choose what to measure", term.RoleDim)}, term.Say(c.expectedWords()+" ", term.RoleStrong))
	c.drawContenders(ctx, s, layout.list)
	c.drawWorkload(ctx, s, layout.workload)
	c.drawContenderAbout(ctx, s, layout.about)
	warnings := c.warnings()
	c.drawWarnings(ctx, s, layout.warnings, warnings)
	switch {
	case ctx.Beginning:
		s.Text(layout.problem, " beginning …", term.RolePhase)
	case c.problem != "":
		s.Text(layout.problem, " ⚠ "+c.problem, term.RoleWarn)
	case layout.warnings.Empty() && len(warnings) > 0:
		s.Spans(layout.problem, term.Say(" ⚠ ", term.RoleWarn), term.Say(warnings[0].Title, term.RoleText), term.Say(moreWarnings(len(warnings)-1), term.RoleDim))
	}
}

func moreWarnings(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" · and %d more: benchtui doctor", n)
}

// expectedWords say how long the selection will take: "3 contenders · about 27 s + 2 builds".
func (c *Screen) expectedWords() string {
	told := figure.Plural(len(c.selection().Contenders), "contender", "contenders")
	if n := c.lookingFor(); n > 0 {
		return fmt.Sprintf("looking for the tools of %d more · %s", n, told)
	}
	expected := c.expected()
	if expected <= 0 {
		return told
	}
	told += " · about " + figure.Length(expected.Round(time.Second))
	builds := 0
	for _, facts := range c.choices.Contenders {
		if c.chosen[facts.ID] && facts.State == "can be built" {
			builds++
		}
	}
	if builds > 0 {
		told += " + " + figure.Plural(builds, "build", "builds")
	}
	return told
}

func (c *Screen) drawContenders(ctx *screen.Context, s *term.Surface, box term.Rect) {
	matching := c.matching()
	title := []term.Span{term.Say("contenders", term.RoleTitle)}
	switch filter := c.filter.Value(); {
	case c.filtering:
		title = append(append(title, term.Say("  /", term.RoleKey)), typed(c.filter, term.RoleKey)...)
	case filter != "":
		title = append(title, term.Say("  /"+filter, term.RoleKey))
	}
	in := s.Frame(box, term.RoleBorder, title...)
	if in.Empty() {
		return
	}
	if len(matching) == 0 {
		s.Text(term.Rect{X: in.X + 1, Y: in.Y, W: in.W - 1, H: 1}, "nothing matches; esc clears the filter", term.RoleDim)
		return
	}
	name, language, state := 0, 0, len("can be built")
	for _, facts := range matching {
		name = max(name, ansi.StringWidth(facts.ID))
		state = max(state, ansi.StringWidth(stateWords(facts)))
		language = max(language, ansi.StringWidth(facts.Language)+2)
	}
	if in.W < 60 {
		language = 0
	}
	from, to := c.list.Window(len(matching), in.H)
	for i := from; i < to; i++ {
		row := in.Row(i - from)
		facts := matching[i]
		if i == from || matching[i-1].Language != facts.Language {
			at := term.Rect{X: row.X + 1, Y: row.Y, W: language, H: 1}
			s.Text(at, facts.Language, term.RoleTitle)
			ctx.Click(at, func() { c.toggleLanguage(facts.Language) })
		}
		row = row.From(language)
		c.drawContender(ctx, s, row, facts, name, state)
		if i == c.list.Cursor {
			s.Recolour(row, term.RoleCursor)
		}
		ctx.Click(row, func() {
			c.list.Cursor = i
			c.toggle(facts)
		})
	}
	s.ScrollBar(box, from, to, len(matching))
}

// drawContender writes "[x] golang  ● ready  built 2 h ago".
func (c *Screen) drawContender(ctx *screen.Context, s *term.Surface, row term.Rect, facts stream.ContenderFacts, name, state int) {
	box, words := "[ ] ", term.RoleText
	switch {
	case c.chosen[facts.ID]:
		box, words = "[x] ", term.RoleStrong
	case !selectable(facts):
		box, words = "    ", term.RoleDim
	}
	sign, role := stateSign(facts)
	s.Spans(row, term.Say(" "+box, words), term.Say(term.Pad(facts.ID, name+2), words),
		term.Say(sign, role), term.Say(term.Pad(stateWords(facts), state+2), words), term.Say(facts.Reason, term.RoleDim))
}

// stateWords are a contender's state, and whether anybody has run it.
func stateWords(facts stream.ContenderFacts) string {
	if facts.Unverified {
		return facts.State + ", unverified"
	}
	return facts.State
}

// stateSign stands before a contender's state.
func stateSign(facts stream.ContenderFacts) (string, term.Role) {
	switch facts.State {
	case "ready":
		return "● ", term.RoleGood
	case "can be built":
		return "○ ", term.RolePhase
	case Looking:
		return "… ", term.RoleDim
	}
	return "✗ ", term.RoleBad
}

// drawContenderAbout says all of the contender at the cursor: why it is in its
// state, what it runs as, where it comes from.
func (c *Screen) drawContenderAbout(ctx *screen.Context, s *term.Surface, box term.Rect) {
	facts, ok := c.focused()
	if box.Empty() || !ok {
		return
	}
	in := s.Box(box, term.RoleBorder, term.Say(facts.Name, term.RoleTitle), term.Say("  "+facts.Language, term.RoleDim))
	in = in.Narrow(1)
	sign, role := stateSign(facts)
	used := s.Paragraph(in, sign+words.Join(": ", stateWords(facts), facts.Reason), role)
	for _, line := range c.choices.Details[facts.ID] {
		_, rest := in.CutTop(used)
		used += s.Paragraph(rest, line, term.RoleDim)
	}
}

// drawWarnings says what would distort the measurement, and how to mend it where
// there are lines for that.
func (c *Screen) drawWarnings(ctx *screen.Context, s *term.Surface, box term.Rect, warnings []Warning) {
	if box.Empty() {
		return
	}
	title, border := term.Say("⚠ before you trust the figures", term.RoleWarn), term.RoleBorder
	switch {
	case c.looking:
		title = term.Say("looking at the machine …", term.RoleDim)
	case len(warnings) == 0:
		title = term.Say("✓ this machine", term.RoleGood)
	}
	in := s.Box(box, border, title)
	in = in.Narrow(1)
	if len(warnings) == 0 {
		if !c.looking {
			s.Paragraph(in, "nothing would distort a measurement now: benchtui doctor says what was looked at", term.RoleDim)
		}
		return
	}
	for i, warning := range warnings {
		if in.H == 0 {
			return
		}
		if in.H == 1 && i+1 < len(warnings) {
			s.Text(in, strings.TrimPrefix(moreWarnings(len(warnings)-i), " · "), term.RoleDim)
			return
		}
		used := s.Paragraph(term.Rect{X: in.X, Y: in.Y, W: in.W, H: 1}, "⚠ "+warning.Title, term.RoleText)
		if spare := in.H - used - (len(warnings) - i - 1); warning.Fix != "" && spare > 0 {
			used += s.Paragraph(term.Rect{X: in.X + 2, Y: in.Y + used, W: in.W - 2, H: min(2, spare)}, "→ "+warning.Fix, term.RoleDim)
		}
		_, in = in.CutTop(used)
	}
}

func (c *Screen) drawWorkload(ctx *screen.Context, s *term.Surface, box term.Rect) {
	if len(c.choices.Workloads) == 0 || box.Empty() {
		return
	}
	in := s.Box(box, term.RoleBorder, term.Say("workload", term.RoleTitle))
	names := in.Row(0)
	x, apart := 1, 1
	for _, workload := range c.choices.Workloads {
		x += len(workload.Name) + 5
	}
	if x > names.W { // the gaps go first
		apart = 0
	}
	x = 1
	for i, workload := range c.choices.Workloads {
		text, role := "  "+workload.Name+"  ", term.RoleText
		if apart == 0 {
			text = " " + workload.Name + " "
		}
		if i == c.workload {
			text, role = "‹ "+workload.Name+" ›", term.RoleCursor
		}
		at := term.Rect{X: names.X + x, Y: names.Y, W: names.W - x, H: names.H}
		width := s.Text(at, text, role)
		at.W = width
		ctx.Click(at, func() { c.workload, c.editor.on = i, false })
		x += width + apart
	}
	chosen := c.choices.Workloads[c.workload]
	each := ""
	if long := chosen.PerContender(); long > 0 {
		each = " · about " + figure.Length(long.Round(time.Second)) + " per contender"
	}
	words := in.Row(1)
	s.Spans(term.Rect{X: words.X + 1, Y: words.Y, W: words.W - 1, H: words.H}, term.Say(chosen.Words(), term.RoleStrong), term.Say(each, term.RoleDim))
	rest := term.Rect{X: in.X + 1, Y: in.Y + 2, W: in.W - 2, H: in.H - 2}
	if !rest.Empty() {
		_, rest = rest.CutTop(c.drawSettings(ctx, s, rest))
	}
	s.Paragraph(rest, chosen.About, term.RoleDim)
}

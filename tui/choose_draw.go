package tui

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/words"
)

// chooseLayout is where the parts of the choose screen are; an empty one is left out.
type chooseLayout struct{ title, list, workload, about, warnings, problem, footer term.Rect }

// What the boxes of the choose screen take, borders and all.
const (
	workloadRows = 7
	leastList    = 12
	leastBelow   = 5 // of the boxes below: fewer lines say too little
	mostBelow    = 12
)

func layoutChoose(area term.Rect, contenders int) chooseLayout {
	var l chooseLayout
	l.title, area = area.CutTop(1)
	area, l.footer = area.CutBottom(1)
	area, l.problem = area.CutBottom(1)
	if area.H < 12 || area.W < 40 { // one column without the luxuries
		if area.H >= 6 {
			area, l.workload = area.CutBottom(3)
		}
		l.list = area
		return l
	}
	if area.W >= 130 {
		columns := area.Columns(3, 2)
		l.list = columns[0]
		l.workload, area = columns[1].CutTop(workloadRows)
		l.about, l.warnings = area.CutTop(min(mostBelow, area.H/3))
		return l
	}
	spare := area.H - workloadRows - max(leastList, min(contenders+2, area.H-workloadRows-leastBelow))
	if spare >= leastBelow && area.W >= 60 {
		var below term.Rect
		area, below = area.CutBottom(min(spare, mostBelow))
		columns := below.Columns(2, 3)
		l.about, l.warnings = columns[0], columns[1]
	}
	l.list, l.workload = area.CutBottom(min(workloadRows, max(5, area.H-leastList)))
	return l
}

func (m *model) drawChoose(area term.Rect) {
	c := &m.choose
	layout := layoutChoose(area, len(c.offer.Contenders))
	m.drawTitle(layout.title, []term.Span{term.Say("choose what to measure", term.RoleDim)}, term.Say(c.expectedWords()+" ", term.RoleStrong))
	m.drawContenders(layout.list)
	m.drawWorkload(layout.workload)
	m.drawContenderAbout(layout.about)
	warnings := c.warnings()
	m.drawWarnings(layout.warnings, warnings)
	switch {
	case m.beginning:
		m.surface.Text(layout.problem, " beginning …", term.RolePhase)
	case c.problem != "":
		m.surface.Text(layout.problem, " ⚠ "+c.problem, term.RoleWarn)
	case layout.warnings.Empty() && len(warnings) > 0:
		m.surface.Spans(layout.problem, term.Say(" ⚠ ", term.RoleWarn), term.Say(warnings[0].Title, term.RoleText), term.Say(moreWarnings(len(warnings)-1), term.RoleDim))
	}
	switch {
	case c.filtering:
		m.drawFooter(layout.footer, m.keys.filtering())
	case c.editor.on:
		m.drawFooter(layout.footer, m.keys.editing())
	default:
		m.drawFooter(layout.footer, m.keys.choose())
	}
}

func moreWarnings(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" · and %d more: benchtui doctor", n)
}

// expectedWords say how long the selection will take: "3 contenders · about 27 s + 2 builds".
func (c *choose) expectedWords() string {
	told := words.Plural(len(c.selection().Contenders), "contender")
	if n := c.lookingFor(); n > 0 {
		return fmt.Sprintf("looking for the tools of %d more · %s", n, told)
	}
	expected := c.expected()
	if expected <= 0 {
		return told
	}
	told += " · about " + words.Took(expected.Round(time.Second))
	builds := 0
	for _, facts := range c.offer.Contenders {
		if c.chosen[facts.ID] && facts.State == "can be built" {
			builds++
		}
	}
	if builds > 0 {
		told += " + " + words.Plural(builds, "build")
	}
	return told
}

func (m *model) drawContenders(box term.Rect) {
	c := &m.choose
	matching := c.matching()
	title := []term.Span{term.Say("contenders", term.RoleTitle)}
	if c.filtering || c.filter != "" {
		cursor := ""
		if c.filtering {
			cursor = "▏"
		}
		title = append(title, term.Say("  /"+c.filter+cursor, term.RoleKey))
	}
	in := m.surface.Frame(box, term.RoleBorder, title...)
	if in.Empty() {
		return
	}
	if len(matching) == 0 {
		m.surface.Text(term.Rect{X: in.X + 1, Y: in.Y, W: in.W - 1, H: 1}, "nothing matches; esc clears the filter", term.RoleDim)
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
	from, to := c.list.window(len(matching), in.H)
	for i := from; i < to; i++ {
		row := in.Row(i - from)
		facts := matching[i]
		if i == from || matching[i-1].Language != facts.Language {
			at := term.Rect{X: row.X + 1, Y: row.Y, W: language, H: 1}
			m.surface.Text(at, facts.Language, term.RoleTitle)
			m.click(at, func() { c.toggleLanguage(facts.Language) })
		}
		row = row.From(language)
		m.drawContender(row, facts, name, state)
		if i == c.list.cursor {
			m.surface.Recolour(row, term.RoleCursor)
		}
		m.click(row, func() {
			c.list.cursor = i
			c.toggle(facts)
		})
	}
	m.surface.ScrollBar(box, from, to, len(matching))
}

// drawContender writes "[x] golang  ● ready  built 2 h ago".
func (m *model) drawContender(row term.Rect, facts stream.ContenderFacts, name, state int) {
	box, words := "[ ] ", term.RoleText
	switch {
	case m.choose.chosen[facts.ID]:
		box, words = "[x] ", term.RoleStrong
	case !selectable(facts):
		box, words = "    ", term.RoleDim
	}
	sign, role := stateSign(facts)
	m.surface.Spans(row, term.Say(" "+box, words), term.Say(term.Pad(facts.ID, name+2), words),
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
func (m *model) drawContenderAbout(box term.Rect) {
	c := &m.choose
	facts, ok := c.focused()
	if box.Empty() || !ok {
		return
	}
	in := m.surface.Box(box, term.RoleBorder, term.Say(facts.Name, term.RoleTitle), term.Say("  "+facts.Language, term.RoleDim))
	in = term.Rect{X: in.X + 1, Y: in.Y, W: max(0, in.W-2), H: in.H}
	sign, role := stateSign(facts)
	used := m.surface.Paragraph(in, sign+words.Join(": ", stateWords(facts), facts.Reason), role)
	for _, line := range c.offer.More[facts.ID] {
		_, rest := in.CutTop(used)
		used += m.surface.Paragraph(rest, line, term.RoleDim)
	}
}

// drawWarnings says what would distort the measurement, and how to mend it where
// there are lines for that.
func (m *model) drawWarnings(box term.Rect, warnings []Warning) {
	if box.Empty() {
		return
	}
	title, border := term.Say("⚠ before you trust the figures", term.RoleWarn), term.RoleBorder
	switch {
	case m.choose.looking:
		title = term.Say("looking at the machine …", term.RoleDim)
	case len(warnings) == 0:
		title = term.Say("✓ this machine", term.RoleGood)
	}
	in := m.surface.Box(box, border, title)
	in = term.Rect{X: in.X + 1, Y: in.Y, W: max(0, in.W-2), H: in.H}
	if len(warnings) == 0 {
		if !m.choose.looking {
			m.surface.Paragraph(in, "nothing would distort a measurement now: benchtui doctor says what was looked at", term.RoleDim)
		}
		return
	}
	for i, warning := range warnings {
		if in.H == 0 {
			return
		}
		if in.H == 1 && i+1 < len(warnings) {
			m.surface.Text(in, strings.TrimPrefix(moreWarnings(len(warnings)-i), " · "), term.RoleDim)
			return
		}
		used := m.surface.Paragraph(term.Rect{X: in.X, Y: in.Y, W: in.W, H: 1}, "⚠ "+warning.Title, term.RoleText)
		if spare := in.H - used - (len(warnings) - i - 1); warning.Mend != "" && spare > 0 {
			used += m.surface.Paragraph(term.Rect{X: in.X + 2, Y: in.Y + used, W: in.W - 2, H: min(2, spare)}, "→ "+warning.Mend, term.RoleDim)
		}
		_, in = in.CutTop(used)
	}
}

func (m *model) drawWorkload(box term.Rect) {
	c := &m.choose
	if len(c.offer.Workloads) == 0 || box.Empty() {
		return
	}
	in := m.surface.Box(box, term.RoleBorder, term.Say("workload", term.RoleTitle))
	names := in.Row(0)
	x, apart := 1, 1
	for _, workload := range c.offer.Workloads {
		x += len(workload.Name) + 5
	}
	if x > names.W { // the gaps go first
		apart = 0
	}
	x = 1
	for i, workload := range c.offer.Workloads {
		text, role := "  "+workload.Name+"  ", term.RoleText
		if apart == 0 {
			text = " " + workload.Name + " "
		}
		if i == c.workload {
			text, role = "‹ "+workload.Name+" ›", term.RoleCursor
		}
		at := term.Rect{X: names.X + x, Y: names.Y, W: names.W - x, H: names.H}
		width := m.surface.Text(at, text, role)
		at.W = width
		m.click(at, func() { c.workload, c.editor.on = i, false })
		x += width + apart
	}
	chosen := c.offer.Workloads[c.workload]
	each := ""
	if chosen.PerContender > 0 {
		each = " · about " + words.Took(chosen.PerContender) + " per contender"
	}
	words := in.Row(1)
	m.surface.Spans(term.Rect{X: words.X + 1, Y: words.Y, W: words.W - 1, H: words.H}, term.Say(chosen.Words, term.RoleStrong), term.Say(each, term.RoleDim))
	rest := term.Rect{X: in.X + 1, Y: in.Y + 2, W: in.W - 2, H: in.H - 2}
	if len(chosen.Figures) > 0 && !rest.Empty() {
		m.drawFigures(rest.Row(0), chosen)
		_, rest = rest.CutTop(1)
	}
	m.surface.Paragraph(rest, chosen.About, term.RoleDim)
}

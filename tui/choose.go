package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/session"
)

// choose is the screen where contenders and workload are chosen.
type choose struct {
	offer     Offer
	chosen    map[string]bool
	workload  int
	list      list
	filter    string
	filtering bool   // the filter is being typed
	problem   string // why it does not go on
	editor    figureEditor
}

func newChoose(offer Offer) choose {
	c := choose{offer: offer, chosen: map[string]bool{}}
	for _, facts := range offer.Contenders {
		if slices.Contains(offer.Selected, facts.ID) && measurable(facts) {
			c.chosen[facts.ID] = true
		}
	}
	for i, workload := range offer.Workloads {
		if workload.Name == offer.Workload {
			c.workload = i
		}
	}
	return c
}

// matching returns the contenders that the filter leaves.
func (c *choose) matching() []session.ContenderFacts {
	if c.filter == "" {
		return c.offer.Contenders
	}
	var matching []session.ContenderFacts
	for _, facts := range c.offer.Contenders {
		text := strings.ToLower(facts.ID + " " + facts.Name + " " + facts.Language + " " + facts.State)
		if strings.Contains(text, strings.ToLower(c.filter)) {
			matching = append(matching, facts)
		}
	}
	return matching
}

func (c *choose) selection() Selection {
	var selection Selection
	for _, facts := range c.offer.Contenders {
		if c.chosen[facts.ID] {
			selection.Contenders = append(selection.Contenders, facts.ID)
		}
	}
	if len(c.offer.Workloads) > 0 {
		workload := c.offer.Workloads[c.workload]
		selection.Workload, selection.Figures = workload.Name, workload.Figures
	}
	return selection
}

// expected is how long the selection will take, builds not counted.
func (c *choose) expected() time.Duration {
	if len(c.offer.Workloads) == 0 {
		return 0
	}
	return c.offer.Workloads[c.workload].PerContender * time.Duration(len(c.selection().Contenders))
}

func (c *choose) takeKey(msg tea.KeyMsg, keys Keys) {
	matching := c.matching()
	c.problem = ""
	switch {
	case c.list.takeKey(msg, keys, len(matching)):
	case key.Matches(msg, keys.Select):
		if c.list.cursor < len(matching) {
			c.toggle(matching[c.list.cursor])
		}
	case key.Matches(msg, keys.All):
		c.toggleAll(matching)
	case key.Matches(msg, keys.Workload):
		c.turnWorkload(1)
	case key.Matches(msg, keys.WorkloadBack):
		c.turnWorkload(-1)
	case key.Matches(msg, keys.Edit):
		c.edit(0)
	case key.Matches(msg, keys.Filter):
		c.filtering = true
	case key.Matches(msg, keys.Cancel):
		c.filter = ""
	}
}

// typed takes a key while the filter is being typed.
func (c *choose) typed(msg tea.KeyMsg, keys Keys) {
	switch {
	case key.Matches(msg, keys.Accept):
		c.filtering = false
	case key.Matches(msg, keys.Cancel):
		c.filtering, c.filter = false, ""
	case msg.Type == tea.KeyBackspace:
		if runes := []rune(c.filter); len(runes) > 0 {
			c.filter = string(runes[:len(runes)-1])
		}
	case msg.Type == tea.KeyCtrlU:
		c.filter = ""
	case msg.Type == tea.KeyUp || msg.Type == tea.KeyDown:
		c.list.takeKey(msg, keys, len(c.matching()))
	case msg.Type == tea.KeyRunes && !msg.Alt || msg.Type == tea.KeySpace:
		c.filter += printable(string(msg.Runes))
	}
}

func (c *choose) toggle(facts session.ContenderFacts) {
	if !measurable(facts) {
		c.problem = fmt.Sprintf("%s cannot be measured here: %s", facts.ID, facts.Reason)
		return
	}
	c.chosen[facts.ID] = !c.chosen[facts.ID]
}

// toggleAll selects all of those, or none when all were selected.
func (c *choose) toggleAll(of []session.ContenderFacts) {
	all := true
	for _, facts := range of {
		all = all && (c.chosen[facts.ID] || !measurable(facts))
	}
	for _, facts := range of {
		if measurable(facts) {
			c.chosen[facts.ID] = !all
		}
	}
}

func (c *choose) turnWorkload(by int) {
	if n := len(c.offer.Workloads); n > 0 {
		c.workload = (c.workload + by + n) % n
		c.editor.on = false
	}
}

// chooseLayout is where the parts of the choose screen are.
type chooseLayout struct{ title, list, workload, warnings, problem, footer Rect }

func layoutChoose(area Rect, contenders, warnings int) chooseLayout {
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
		l.workload, area = columns[1].CutTop(8)
		if warnings > 0 {
			l.warnings, _ = area.CutTop(warnings*2 + 2)
		}
		return l
	}
	// The list comes first; the others get a second line where it leaves room.
	spare := area.H - 6 - (contenders + 2)
	if warnings > 0 && area.H >= 18 {
		lines := min(max(warnings, min(spare-3, 2*warnings)), 6)
		area, l.warnings = area.CutBottom(lines + 2)
		spare -= lines + 2
	}
	l.list, l.workload = area.CutBottom(min(max(6+min(spare, 1), 5), 7))
	return l
}

func (m *model) drawChoose(area Rect) {
	c := &m.choose
	layout := layoutChoose(area, len(c.offer.Contenders), len(c.offer.Warnings))
	selected := c.selection().Contenders
	right := plural(len(selected), "contender")
	if expected := c.expected(); expected > 0 {
		right += " · about " + took(expected)
		for _, facts := range c.offer.Contenders {
			if c.chosen[facts.ID] && facts.State == "can be built" {
				right += " + builds"
				break
			}
		}
	}
	m.drawTitle(layout.title, []Span{{"choose what to measure", RoleDim}}, Span{right + " ", RoleStrong})
	m.drawContenders(layout.list)
	m.drawWorkload(layout.workload)
	if !layout.warnings.Empty() {
		in := m.surface.Box(layout.warnings, RoleBorder, Span{"⚠ before you trust the figures", RoleWarn})
		lines := 0
		for _, warning := range c.offer.Warnings {
			lines += m.paragraph(Rect{in.X + 1, in.Y + lines, in.W - 2, in.H - lines}, warning, RoleText)
		}
	}
	switch {
	case m.beginning:
		m.surface.Text(layout.problem, " beginning …", RolePhase)
	case c.problem != "":
		m.surface.Text(layout.problem, " ⚠ "+c.problem, RoleWarn)
	}
	switch {
	case c.filtering:
		m.drawFooter(layout.footer, m.keys.filtering())
		return
	case c.editor.on:
		m.drawFooter(layout.footer, m.keys.editing())
		return
	}
	m.drawFooter(layout.footer, m.keys.choose())
}

func (m *model) drawContenders(box Rect) {
	c := &m.choose
	matching := c.matching()
	title := []Span{{"contenders", RoleTitle}}
	if c.filtering || c.filter != "" {
		cursor := ""
		if c.filtering {
			cursor = "▏"
		}
		title = append(title, Span{"  /" + c.filter + cursor, RoleKey})
	}
	in := m.surface.Frame(box, RoleBorder, title...)
	if in.Empty() {
		return
	}
	if len(matching) == 0 {
		m.surface.Text(Rect{in.X + 1, in.Y, in.W - 1, 1}, "nothing matches; esc clears the filter", RoleDim)
		return
	}
	name, language := 0, 0
	for _, facts := range matching {
		name = max(name, ansi.StringWidth(facts.ID))
		language = max(language, ansi.StringWidth(facts.Language))
	}
	from, to := c.list.window(len(matching), in.H)
	for i := from; i < to; i++ {
		row := in.Row(i - from)
		facts := matching[i]
		m.drawContender(row, facts, name, language)
		if i == c.list.cursor {
			m.surface.Recolour(row, RoleCursor)
		}
		m.click(row, func() {
			c.list.cursor = i
			c.toggle(facts)
		})
	}
	drawScroll(m.surface, box, from, to, len(matching))
}

// drawContender writes "[x] golang  Go  ● ready  built 2 h ago".
func (m *model) drawContender(row Rect, facts session.ContenderFacts, name, language int) {
	box, words := "[ ] ", RoleText
	switch {
	case m.choose.chosen[facts.ID]:
		box, words = "[x] ", RoleStrong
	case !measurable(facts):
		box, words = "    ", RoleDim
	}
	sign, signRole := "✗ ", RoleBad
	switch facts.State {
	case "ready":
		sign, signRole = "● ", RoleGood
	case "can be built":
		sign, signRole = "○ ", RolePhase
	}
	spans := []Span{{" " + box, words}, {pad(facts.ID, name+2), words}}
	if row.W >= 60 {
		spans = append(spans, Span{pad(facts.Language, language+2), RoleDim})
	}
	spans = append(spans, Span{sign, signRole}, Span{pad(facts.State, 14), words}, Span{facts.Reason, RoleDim})
	m.surface.Spans(row, spans...)
}

func (m *model) drawWorkload(box Rect) {
	c := &m.choose
	if len(c.offer.Workloads) == 0 || box.Empty() {
		return
	}
	in := m.surface.Box(box, RoleBorder, Span{"workload", RoleTitle})
	names := in.Row(0)
	x := 1
	for i, workload := range c.offer.Workloads {
		text, role := "  "+workload.Name+"  ", RoleText
		if i == c.workload {
			text, role = "‹ "+workload.Name+" ›", RoleCursor
		}
		at := Rect{names.X + x, names.Y, names.W - x, names.H}
		width := m.surface.Text(at, text, role)
		at.W = width
		m.click(at, func() { c.workload, c.editor.on = i, false })
		x += width + 1
	}
	chosen := c.offer.Workloads[c.workload]
	each := ""
	if chosen.PerContender > 0 {
		each = " · about " + took(chosen.PerContender) + " per contender"
	}
	words := in.Row(1)
	m.surface.Spans(Rect{words.X + 1, words.Y, words.W - 1, words.H}, Span{chosen.Words, RoleStrong}, Span{each, RoleDim})
	rest := Rect{in.X + 1, in.Y + 2, in.W - 2, in.H - 2}
	if len(chosen.Figures) > 0 && !rest.Empty() {
		m.drawFigures(rest.Row(0), chosen)
		_, rest = rest.CutTop(1)
	}
	m.paragraph(rest, chosen.About, RoleDim)
}

// paragraph writes a text over several lines and returns how many it took.
func (m *model) paragraph(in Rect, text string, role Role) int {
	if in.Empty() {
		return 0
	}
	lines := strings.Split(ansi.Wordwrap(printable(text), in.W, ""), "\n")
	if len(lines) > in.H {
		lines = lines[:in.H]
		last := &lines[in.H-1]
		for !fits(*last, in.W-2) && strings.Contains(*last, " ") { // whole words
			*last = (*last)[:strings.LastIndex(*last, " ")]
		}
		*last += " …"
	}
	for i, line := range lines {
		m.surface.Text(in.Row(i), line, role)
	}
	return len(lines)
}

// pad fills text with blanks to a width.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-ansi.StringWidth(text)))
}

// drawScroll marks in a box's right border what part of a longer list is seen.
func drawScroll(s *Surface, box Rect, from, to, n int) {
	rows := box.H - 2
	if box.H < 4 {
		return // it has no border
	}
	if to-from >= n || rows < 1 {
		return
	}
	first := rows * from / n
	last := max(first+1, rows*to/n)
	for row := first; row < min(last, rows); row++ {
		s.Set(box.X+box.W-1, box.Y+1+row, '┃', RoleKey)
	}
}

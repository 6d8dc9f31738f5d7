package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
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
	wanted    bool   // to begin, as soon as it is known what can be measured
	editor    figureEditor
	looking   bool // at the machine
	judge     func(workload string, figures []WorkloadFigure) []Warning
	judged    struct {
		workload WorkloadOffer
		warnings []Warning
	}
}

func newChoose(offer Offer) choose {
	c := choose{offer: offer, chosen: map[string]bool{}, looking: offer.Look != nil}
	c.offer.Contenders = byLanguage(offer.Contenders)
	for _, facts := range offer.Contenders {
		if slices.Contains(offer.Selected, facts.ID) && selectable(facts) {
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

// found takes what was found out of a contender.
func (c *choose) found(found FoundContender) {
	at := slices.IndexFunc(c.offer.Contenders, func(facts stream.ContenderFacts) bool { return facts.ID == found.Facts.ID })
	if at < 0 {
		return
	}
	c.offer.Contenders[at] = found.Facts
	if c.offer.More == nil {
		c.offer.More = map[string][]string{}
	}
	c.offer.More[found.Facts.ID] = found.More
	if !measurable(found.Facts) {
		delete(c.chosen, found.Facts.ID)
	}
}

// lookingFor is of how many contenders it is not known yet whether they can be measured.
func (c *choose) lookingFor() (count int) {
	for _, facts := range c.offer.Contenders {
		if facts.State == Looking {
			count++
		}
	}
	return count
}

// byLanguage puts contenders of one language together, in the order of the first of each.
func byLanguage(contenders []stream.ContenderFacts) []stream.ContenderFacts {
	order := map[string]int{}
	for _, facts := range contenders {
		if _, known := order[facts.Language]; !known {
			order[facts.Language] = len(order)
		}
	}
	sorted := slices.Clone(contenders)
	slices.SortStableFunc(sorted, func(a, b stream.ContenderFacts) int {
		return order[a.Language] - order[b.Language]
	})
	return sorted
}

// warnings are what would distort the chosen workload here.
func (c *choose) warnings() []Warning {
	if c.judge == nil || len(c.offer.Workloads) == 0 {
		return nil
	}
	workload, known := c.offer.Workloads[c.workload], &c.judged
	if known.workload.Name != workload.Name || !slices.Equal(known.workload.Figures, workload.Figures) {
		known.workload, known.warnings = workload, c.judge(workload.Name, workload.Figures)
	}
	return known.warnings
}

// focused is the contender at the cursor.
func (c *choose) focused() (stream.ContenderFacts, bool) {
	matching := c.matching()
	if c.list.cursor < 0 || c.list.cursor >= len(matching) {
		return stream.ContenderFacts{}, false
	}
	return matching[c.list.cursor], true
}

// matching returns the contenders that the filter leaves.
func (c *choose) matching() []stream.ContenderFacts {
	if c.filter == "" {
		return c.offer.Contenders
	}
	var matching []stream.ContenderFacts
	for _, facts := range c.offer.Contenders {
		text := strings.ToLower(facts.ID + " " + facts.Name + " " + facts.Language + " " + stateWords(facts))
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
	c.problem, c.wanted = "", false
	switch {
	case c.list.takeKey(msg, keys, len(matching)):
	case key.Matches(msg, keys.Select):
		if c.list.cursor < len(matching) {
			c.toggle(matching[c.list.cursor])
		}
	case key.Matches(msg, keys.All):
		c.toggleAll(matching)
	case key.Matches(msg, keys.Language):
		if facts, ok := c.focused(); ok {
			c.toggleLanguage(facts.Language)
		}
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
		c.filter += foreign.Line(string(msg.Runes))
	}
}

func (c *choose) toggle(facts stream.ContenderFacts) {
	if !selectable(facts) {
		c.problem = fmt.Sprintf("%s cannot be measured here: %s", facts.ID, facts.Reason)
		return
	}
	c.chosen[facts.ID] = !c.chosen[facts.ID]
}

// toggleLanguage selects what the filter leaves of a language, or none of it.
func (c *choose) toggleLanguage(language string) {
	c.toggleAll(slices.DeleteFunc(slices.Clone(c.matching()), func(facts stream.ContenderFacts) bool {
		return facts.Language != language
	}))
}

// toggleAll selects all of those, or none when all were selected.
func (c *choose) toggleAll(of []stream.ContenderFacts) {
	all := true
	for _, facts := range of {
		all = all && (c.chosen[facts.ID] || !selectable(facts))
	}
	for _, facts := range of {
		if selectable(facts) {
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

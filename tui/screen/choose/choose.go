// Package choose is the screen on which contenders, a workload and its figures are
// chosen, and from which a run begins.
package choose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
)

// Screen is where contenders and workload are chosen.
type Screen struct {
	choices   Choices
	begin     func(Selection) (screen.Run, error)
	keys      keys
	chosen    map[string]bool
	workload  int
	list      screen.List
	filter    textinput.Model
	filtering bool            // the filter is being typed
	problem   string          // why it does not go on
	wanted    bool            // to begin, as soon as it is known what can be measured
	offered   []plan.Workload // before anything was changed
	editor    settingEditor
	looking   bool // at the machine
	judge     func(plan.Workload) []Warning
	judged    struct {
		known    bool
		workload int
		warnings []Warning
	}
}

// longestFilter is more than any name has.
const longestFilter = 200

// New makes it of what is offered, nil for nothing, and of what begins a run.
func New(choices *Choices, begin func(Selection) (screen.Run, error)) *Screen {
	c := &Screen{begin: begin, keys: newKeys(), chosen: map[string]bool{}, filter: newInput(longestFilter, "")}
	if choices == nil {
		return c
	}
	c.choices, c.looking = *choices, choices.CheckMachine != nil
	c.choices.Workloads, c.offered = slices.Clone(choices.Workloads), slices.Clone(choices.Workloads)
	c.choices.Contenders = byLanguage(choices.Contenders)
	for _, facts := range choices.Contenders {
		if slices.Contains(choices.Selected, facts.ID) && selectable(facts) {
			c.chosen[facts.ID] = true
		}
	}
	for i, workload := range choices.Workloads {
		if workload.Name == choices.Workload {
			c.workload = i
		}
	}
	return c
}

// About says when it is shown: before a run.
func (c *Screen) About() screen.About {
	return screen.About{Name: "choose", Shows: screen.Choosing, Signs: [][2]string{
		{"● ○ ✗", "ready, can be built, cannot be measured here"},
	}}
}

// Typing says that the filter or a setting is being typed.
func (c *Screen) Typing() bool { return c.filtering || c.editor.on }

// Messages of our own.
type (
	lookedMsg struct {
		judge func(plan.Workload) []Warning
	}
	foundMsg struct {
		found FoundContender
		ok    bool
	}
)

// Start looks for the contenders' tools and at the machine.
func (c *Screen) Start() tea.Cmd { return tea.Batch(c.findNext(), c.lookAtMachine()) }

// findNext looks for the next contender's tools, off the program's loop.
func (c *Screen) findNext() tea.Cmd {
	found := c.choices.Found
	if found == nil {
		return nil
	}
	return screen.OffLoop(func() tea.Msg {
		one, ok := found()
		return foundMsg{one, ok}
	})
}

func (c *Screen) lookAtMachine() tea.Cmd {
	look := c.choices.CheckMachine
	if look == nil {
		return nil
	}
	return screen.OffLoop(func() tea.Msg { return lookedMsg{look()} })
}

// Take takes what was found out meanwhile, and why no run began.
func (c *Screen) Take(msg tea.Msg, ctx *screen.Context) screen.Action {
	var action screen.Action
	switch msg := msg.(type) {
	case screen.Failed:
		c.problem = msg.Err.Error()
	case lookedMsg:
		c.looking, c.judge, c.judged.known = false, msg.judge, false
	case foundMsg:
		if !msg.ok {
			break
		}
		c.found(msg.found)
		if c.wanted && c.lookingFor() == 0 {
			c.wanted = false
			action = c.goAhead()
		}
		action.Cmd = c.findNext()
	default:
		return action
	}
	action.Redraw = true
	return action
}

// found takes what was found out of a contender.
func (c *Screen) found(found FoundContender) {
	at := slices.IndexFunc(c.choices.Contenders, func(facts stream.ContenderFacts) bool { return facts.ID == found.Facts.ID })
	if at < 0 {
		return
	}
	c.choices.Contenders[at] = found.Facts
	if c.choices.Details == nil {
		c.choices.Details = map[string][]string{}
	}
	c.choices.Details[found.Facts.ID] = found.Details
	if !measurable(found.Facts) {
		delete(c.chosen, found.Facts.ID)
	}
}

// lookingFor is of how many contenders it is not known yet whether they can be measured.
func (c *Screen) lookingFor() (count int) {
	for _, facts := range c.choices.Contenders {
		if facts.State == Looking {
			count++
		}
	}
	return count
}

// Key moves, selects and begins; while something is typed, it is text.
func (c *Screen) Key(msg tea.KeyMsg, ctx *screen.Context) screen.Action {
	switch {
	case c.filtering && msg.Type != tea.KeyCtrlC:
		c.filtered(msg, ctx.Keys)
	case c.editor.on && msg.Type != tea.KeyCtrlC:
		c.edited(msg)
	case ctx.Beginning:
	case key.Matches(msg, c.keys.Go):
		return c.goAhead()
	default:
		c.choose(msg, ctx.Keys)
	}
	return screen.Action{}
}

// choose takes a key that changes what is chosen.
func (c *Screen) choose(msg tea.KeyMsg, common screen.Keys) {
	matching := c.matching()
	c.problem, c.wanted = "", false
	switch {
	case c.list.Key(msg, common, len(matching)):
	case key.Matches(msg, c.keys.Select):
		if c.list.Cursor < len(matching) {
			c.toggle(matching[c.list.Cursor])
		}
	case key.Matches(msg, c.keys.All):
		c.toggleAll(matching)
	case key.Matches(msg, c.keys.Language):
		if facts, ok := c.focused(); ok {
			c.toggleLanguage(facts.Language)
		}
	case key.Matches(msg, c.keys.Workload):
		c.turnWorkload(1)
	case key.Matches(msg, c.keys.WorkloadBack):
		c.turnWorkload(-1)
	case key.Matches(msg, c.keys.Edit):
		c.edit(0)
	case key.Matches(msg, c.keys.Filter):
		c.filtering = true
	case key.Matches(msg, c.keys.Cancel):
		c.filter.Reset()
	}
}

// goAhead begins the run that was chosen, or says why it can't.
func (c *Screen) goAhead() screen.Action {
	selection := c.selection()
	if c.lookingFor() > 0 { // which takes CPU that a measurement must have
		c.wanted = true
		c.problem = "it begins as soon as the contenders' tools are found; any other key takes that back"
		return screen.Action{}
	}
	if len(selection.Contenders) == 0 {
		c.problem = "nothing is selected: space selects a contender, a selects all that can be measured"
		return screen.Action{}
	}
	c.problem = ""
	return screen.Action{Begin: func() (screen.Run, error) { return c.begin(selection) }}
}

// filtered takes a key while the filter is being typed.
func (c *Screen) filtered(msg tea.KeyMsg, common screen.Keys) {
	switch {
	case key.Matches(msg, c.keys.Accept):
		c.filtering = false
	case key.Matches(msg, c.keys.Cancel):
		c.filtering = false
		c.filter.Reset()
	case msg.Type == tea.KeyUp || msg.Type == tea.KeyDown:
		c.list.Key(msg, common, len(c.matching()))
	default:
		typeInto(&c.filter, msg)
	}
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
func (c *Screen) warnings() []Warning {
	if c.judge == nil || len(c.choices.Workloads) == 0 {
		return nil
	}
	known := &c.judged
	if !known.known || known.workload != c.workload {
		known.known, known.workload, known.warnings = true, c.workload, c.judge(c.choices.Workloads[c.workload])
	}
	return known.warnings
}

// focused is the contender at the cursor.
func (c *Screen) focused() (stream.ContenderFacts, bool) {
	matching := c.matching()
	if c.list.Cursor < 0 || c.list.Cursor >= len(matching) {
		return stream.ContenderFacts{}, false
	}
	return matching[c.list.Cursor], true
}

// matching returns the contenders that the filter leaves.
func (c *Screen) matching() []stream.ContenderFacts {
	filter := strings.ToLower(c.filter.Value())
	if filter == "" {
		return c.choices.Contenders
	}
	var matching []stream.ContenderFacts
	for _, facts := range c.choices.Contenders {
		text := strings.ToLower(facts.ID + " " + facts.Name + " " + facts.Language + " " + stateWords(facts))
		if strings.Contains(text, filter) {
			matching = append(matching, facts)
		}
	}
	return matching
}

func (c *Screen) selection() Selection {
	var selection Selection
	for _, facts := range c.choices.Contenders {
		if c.chosen[facts.ID] {
			selection.Contenders = append(selection.Contenders, facts.ID)
		}
	}
	if len(c.choices.Workloads) > 0 {
		selection.Workload = c.choices.Workloads[c.workload]
	}
	return selection
}

// expected is how long the selection will take, builds not counted.
func (c *Screen) expected() time.Duration {
	if len(c.choices.Workloads) == 0 {
		return 0
	}
	return c.choices.Workloads[c.workload].PerContender() * time.Duration(len(c.selection().Contenders))
}

func (c *Screen) toggle(facts stream.ContenderFacts) {
	if !selectable(facts) {
		c.problem = fmt.Sprintf("%s cannot be measured here: %s", facts.ID, facts.Reason)
		return
	}
	c.chosen[facts.ID] = !c.chosen[facts.ID]
}

// toggleLanguage selects what the filter leaves of a language, or none of it.
func (c *Screen) toggleLanguage(language string) {
	c.toggleAll(slices.DeleteFunc(slices.Clone(c.matching()), func(facts stream.ContenderFacts) bool {
		return facts.Language != language
	}))
}

// toggleAll selects all of those, or none when all were selected.
func (c *Screen) toggleAll(of []stream.ContenderFacts) {
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

func (c *Screen) turnWorkload(by int) {
	if n := len(c.choices.Workloads); n > 0 {
		c.workload = (c.workload + by + n) % n
		c.editor.on = false
	}
}

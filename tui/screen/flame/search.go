package flame

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// search is what is looked for, and what was found.
type search struct {
	words  string
	typing bool
	found  []*cell // from the top left, level by level of each call
	share  float64 // of the whole time, what was found and what it called, once
}

// mostWords is how long what is looked for may be.
const mostWords = 60

// typeKey takes a key while the words are typed.
func (f *Screen) typeKey(msg tea.KeyMsg) {
	s := &f.search
	switch msg.Type {
	case tea.KeyEsc:
		*s = search{}
	case tea.KeyEnter:
		s.typing = false
		f.largest()
		return
	case tea.KeyBackspace:
		if s.words == "" {
			*s = search{}
			break
		}
		runes := []rune(s.words)
		s.words = string(runes[:len(runes)-1])
	case tea.KeyRunes, tea.KeySpace:
		if len([]rune(s.words))+len(msg.Runes) <= mostWords {
			s.words += string(msg.Runes)
		}
	}
	f.find()
}

// find marks every cell whose name, file or module has the words, in whichever case.
func (f *Screen) find() {
	s := &f.search
	s.found, s.share = nil, 0
	wanted := strings.ToLower(s.words)
	counted := (*cell)(nil) // the outermost that was found, above what follows
	f.root.walk(func(c *cell) bool {
		function := c.node.Function
		c.found = wanted != "" && c.parent != nil &&
			slices.ContainsFunc([]string{function.Name, function.File, function.Module}, func(text string) bool {
				return strings.Contains(strings.ToLower(text), wanted)
			})
		if c.found {
			s.found = append(s.found, c)
			if counted == nil || !c.within(counted) {
				counted = c
				s.share += c.share()
			}
		}
		return true
	})
}

// largest points at what was found with the most time.
func (f *Screen) largest() {
	if len(f.search.found) > 0 {
		f.show(slices.MaxFunc(f.search.found, func(a, b *cell) int {
			switch {
			case a.share() < b.share():
				return -1
			case a.share() > b.share():
				return 1
			}
			return 0
		}))
	}
}

// next points at the next one that was found, or the one before.
func (f *Screen) next(by int) {
	found := f.search.found
	if len(found) == 0 {
		return
	}
	at := slices.Index(found, f.selected)
	if at < 0 && by < 0 {
		at = 0
	}
	f.show(found[(at+by+len(found))%len(found)])
}

// show points at a cell, with as much of the width as it takes to see it.
func (f *Screen) show(c *cell) {
	if !c.within(f.zoom) && !f.zoom.within(c) {
		f.zoomTo(f.root)
	}
	if f.columnsOf(c) == 0 {
		f.zoomTo(c)
	}
	f.point(c)
}

package tui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// list is a cursor in a list that may be longer than its part of the screen.
type list struct{ cursor, offset, page int }

// takeKey moves the cursor in a list of n; it says whether the key was one for that.
func (l *list) takeKey(msg tea.KeyMsg, keys Keys, n int) bool {
	switch {
	case key.Matches(msg, keys.Up):
		l.cursor--
	case key.Matches(msg, keys.Down):
		l.cursor++
	case key.Matches(msg, keys.PageUp):
		l.cursor -= max(1, l.page)
	case key.Matches(msg, keys.PageDown):
		l.cursor += max(1, l.page)
	case key.Matches(msg, keys.Top):
		l.cursor = 0
	case key.Matches(msg, keys.Bottom):
		l.cursor = n - 1
	default:
		return false
	}
	l.cursor = max(0, min(l.cursor, n-1))
	return true
}

// window is what can be seen of n entries in so many rows, the cursor among them.
func (l *list) window(n, rows int) (from, to int) {
	rows = max(0, rows)
	l.page = rows
	l.cursor = max(0, min(l.cursor, n-1))
	l.offset = min(l.offset, l.cursor)
	if rows > 0 {
		l.offset = max(l.offset, l.cursor-rows+1)
	}
	l.offset = max(0, min(l.offset, n-rows))
	return l.offset, min(n, l.offset+rows)
}

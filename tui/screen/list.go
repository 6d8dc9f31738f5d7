package screen

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// List is a cursor in a list that may be longer than its part of the screen.
type List struct {
	Cursor int
	Page   int // entries that a page key moves by

	offset int
}

// Key moves the cursor in a list of n; it says whether the key was one for that.
func (l *List) Key(msg tea.KeyMsg, keys Keys, n int) bool {
	switch {
	case key.Matches(msg, keys.Up):
		l.Cursor--
	case key.Matches(msg, keys.Down):
		l.Cursor++
	case key.Matches(msg, keys.PageUp):
		l.Cursor -= max(1, l.Page)
	case key.Matches(msg, keys.PageDown):
		l.Cursor += max(1, l.Page)
	case key.Matches(msg, keys.Top):
		l.Cursor = 0
	case key.Matches(msg, keys.Bottom):
		l.Cursor = n - 1
	default:
		return false
	}
	l.Cursor = max(0, min(l.Cursor, n-1))
	return true
}

// Window is what can be seen of n entries in so many rows, the cursor among them.
func (l *List) Window(n, rows int) (from, to int) {
	rows = max(0, rows)
	l.Page = rows
	l.Cursor = max(0, min(l.Cursor, n-1))
	l.offset = min(l.offset, l.Cursor)
	if rows > 0 {
		l.offset = max(l.offset, l.Cursor-rows+1)
	}
	l.offset = max(0, min(l.offset, n-rows))
	return l.offset, min(n, l.offset+rows)
}

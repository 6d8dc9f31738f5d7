package choose

import (
	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/tui/term"
)

// newInput is a line to type into, of so many characters at most. It asks nothing of the
// machine: no clipboard, and no clock for a cursor that blinks.
func newInput(longest int, text string) textinput.Model {
	input := textinput.New()
	input.CharLimit = longest
	input.KeyMap.Paste.SetEnabled(false) // the terminal pastes by itself
	input.Cursor.SetMode(cursor.CursorStatic)
	input.Focus()
	input.SetValue(text)
	return input
}

// typeInto passes a key on. What is pasted is text, whatever it holds.
func typeInto(input *textinput.Model, msg tea.KeyMsg) {
	keys := input.KeyMap
	if msg.Type == tea.KeyRunes {
		if msg.Alt && !key.Matches(msg, keys.WordForward, keys.WordBackward, keys.DeleteWordForward) {
			return
		}
		msg.Runes = []rune(foreign.Line(string(msg.Runes)))
	}
	*input, _ = input.Update(msg)
}

// typed is what stands in a line, with the cursor where the next sign goes.
func typed(input textinput.Model, role term.Role) []term.Span {
	text, at := []rune(input.Value()), input.Position()
	return []term.Span{term.Say(string(text[:at]), role), term.Say("▏", term.RoleKey), term.Say(string(text[at:]), role)}
}

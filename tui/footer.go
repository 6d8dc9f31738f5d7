package tui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"github.com/benchtui/benchtui/tui/term"
)

// drawFooter writes the keys that work now, made from the bindings: as many as
// there is room for, the ways to help and out always among them.
func (m *model) drawFooter(in term.Rect, keys shortcuts) {
	bindings := keys.footer
	if in.Empty() {
		return
	}
	if m.player != nil {
		in = m.drawTransport(in)
		bindings = m.replayed(keys).footer
	}
	if m.stopping {
		m.surface.Text(in, " stopping … what was measured is kept · q again leaves at once", term.RoleWarn)
		return
	}
	items := make([][]term.Span, 0, len(bindings))
	must := 0
	for _, binding := range bindings {
		item := []term.Span{term.Say(" "+binding.Help().Key, term.RoleKey), term.Say(" "+binding.Help().Desc+" ", term.RoleDim)}
		items = append(items, item)
		if isWayOut(binding) {
			must += term.SpansWidth(item)
		}
	}
	room := in.W - must
	for i, item := range items {
		if isWayOut(bindings[i]) {
			continue
		}
		if room -= term.SpansWidth(item); room < 0 {
			items[i] = nil
		}
	}
	m.surface.Spans(in, slices.Concat(items...)...)
}

// isWayOut says that the key must be in every footer.
func isWayOut(binding key.Binding) bool {
	return slices.Contains(binding.Keys(), "q") || slices.Contains(binding.Keys(), "?")
}

// drawTitle writes the first line: the program's name, what is shown, and at the
// right what stands there.
func (m *model) drawTitle(in term.Rect, left []term.Span, right ...term.Span) {
	width := min(term.SpansWidth(right), in.W)
	if width+14 > in.W { // no room for both: what goes on matters more than the name
		left = nil
	} else {
		brand := term.Say(" benchtui ", term.RoleBrand)
		if m.player != nil {
			brand = term.Say(" REPLAY ", term.RoleCursor)
			left = append(slices.Clone(left), term.Say("  "+m.player.made, term.RoleDim))
		}
		m.surface.Spans(term.Rect{X: in.X, Y: in.Y, W: in.W - width - 1, H: 1}, append([]term.Span{brand, term.Say(" ", term.RoleText)}, left...)...)
	}
	m.surface.Spans(term.Rect{X: in.X + in.W - width, Y: in.Y, W: width, H: 1}, right...)
}

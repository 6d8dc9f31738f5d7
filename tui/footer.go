package tui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
)

// drawFooter writes the keys that work now, made from the bindings: as many as
// there is room for, the ways to help and out always among them.
func (m *model) drawFooter(in Rect, keys shortcuts) {
	bindings := keys.footer
	if in.Empty() {
		return
	}
	if m.player != nil {
		in = m.drawTransport(in)
		bindings = m.replayed(keys).footer
	}
	if m.stopping {
		m.surface.Text(in, " stopping … what was measured is kept · q again leaves at once", RoleWarn)
		return
	}
	items := make([][]Span, 0, len(bindings))
	must := 0
	for _, binding := range bindings {
		item := []Span{{" " + binding.Help().Key, RoleKey}, {" " + binding.Help().Desc + " ", RoleDim}}
		items = append(items, item)
		if isWayOut(binding) {
			must += spansWidth(item)
		}
	}
	room := in.W - must
	for i, item := range items {
		if isWayOut(bindings[i]) {
			continue
		}
		if room -= spansWidth(item); room < 0 {
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
func (m *model) drawTitle(in Rect, left []Span, right ...Span) {
	width := min(spansWidth(right), in.W)
	if width+14 > in.W { // no room for both: what goes on matters more than the name
		left = nil
	} else {
		brand := Span{" benchtui ", RoleBrand}
		if m.player != nil {
			brand = Span{" REPLAY ", RoleCursor}
			left = append(slices.Clone(left), Span{"  " + m.player.made, RoleDim})
		}
		m.surface.Spans(Rect{in.X, in.Y, in.W - width - 1, 1}, append([]Span{brand, {" ", RoleText}}, left...)...)
	}
	m.surface.Spans(Rect{in.X + in.W - width, in.Y, width, 1}, right...)
}

package flame

import (
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/tui/part"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
)

// layout is where the parts of the screen are; an empty one is left out.
type layout struct{ title, graph, search, about term.Rect }

func layoutOf(area term.Rect, searching bool) layout {
	var l layout
	l.title, area = area.CutTop(1)
	const about = 2
	if area.H > 2*about {
		area, l.about = area.CutBottom(about)
	} else {
		area, l.about = area.CutBottom(min(1, area.H/2))
	}
	if searching {
		area, l.search = area.CutBottom(min(1, area.H-1))
	}
	l.graph = area
	return l
}

// Draw draws the graph, and below it what is known of the function that is pointed at.
func (f *Screen) Draw(s *term.Surface, area term.Rect, ctx *screen.Context) {
	if f.root == nil {
		return
	}
	layout := layoutOf(area, f.search.typing || f.search.words != "")
	left := []term.Span{term.Say("where the CPU goes: ", term.RoleTitle), term.Say(f.contender, term.RoleStrong)}
	right := []term.Span{term.Say(part.ProfileOf(f.why.Taken.Result)+" ", term.RoleDim)}
	const wide = 70
	if area.W < wide { // whose it is matters more
		right = nil
	}
	if told := f.why.Headline(); told != "" {
		const brand = 11
		left = term.Fitting(area.W-brand-term.SpansWidth(right)-1, left, []term.Span{term.Say("  "+told, term.RoleWarn)})
	}
	ctx.Title(s, layout.title, left, right...)
	f.drawGraph(ctx, s, layout.graph)
	f.drawSearch(s, layout.search)
	f.drawAbout(s, layout.about)
}

func (f *Screen) drawGraph(ctx *screen.Context, s *term.Surface, in term.Rect) {
	f.columns = in.W
	if in.Empty() {
		return
	}
	if f.columnsOf(f.selected) == 0 { // the terminal has become narrower
		f.point(f.zoom)
	}
	f.top = max(0, min(f.top, f.selected.depth))
	f.top = max(f.top, f.selected.depth-in.H+1)
	deepest := 0
	f.seen(func(c *cell, _, _ int) { deepest = max(deepest, c.depth) })
	f.top = min(f.top, max(0, deepest-in.H+1)) // room below the last is for what called the first
	f.seen(func(c *cell, from, to int) {
		at := term.Rect{X: in.X + from, Y: in.Y + c.depth - f.top, W: to - from, H: 1}
		if at.Y < in.Y || at.Y >= in.Y+in.H {
			return
		}
		f.drawCell(s, at, c)
		ctx.Click(at, func() {
			f.point(c)
			f.zoomTo(c)
		})
	})
}

// How wide a cell must be to have an edge, its name, and the letter of whose code it is.
const (
	edgeWidth   = 2
	nameWidth   = 4
	letterWidth = 9
)

// drawCell fills a cell with the texture of whose code it is, and writes its name.
func (f *Screen) drawCell(s *term.Surface, in term.Rect, c *cell) {
	kind, function := c.node.Kind, c.node.Function
	role, texture := part.KindRole(kind), part.Texture(kind)
	if c.parent == nil {
		role, texture = term.RoleDim, '─'
	}
	switch {
	case c.found:
		role = term.RoleWarn
	case f.search.words != "":
		role = term.RoleDim
	}
	fill := role
	if role == part.KindRole(kind) && c.depth%2 == 1 { // levels below each other look apart
		fill++
	}
	for x := range in.W {
		s.Set(in.X+x, in.Y, texture, fill)
	}
	edge, edgeRole := '│', term.RoleBorder
	switch {
	case c == f.selected:
		edge, edgeRole = '▸', term.RoleCursor
	case c.found:
		edge, edgeRole = '◆', term.RoleWarn
	}
	if in.W >= edgeWidth || c == f.selected || c.found {
		s.Set(in.X, in.Y, edge, edgeRole)
	}
	if in.W >= nameWidth {
		letter := ""
		if in.W >= letterWidth && c.parent != nil {
			letter = kind.Letter() + " "
		}
		label := letter + part.FunctionName(function.Name, in.W-1-len(letter))
		if c.parent == nil {
			label = "all CPU time, " + figure.Length(c.node.Total)
		}
		taken := s.Text(term.Rect{X: in.X + 1, Y: in.Y, W: in.W - 1, H: 1}, label, role)
		if taken+1 < in.W {
			s.Set(in.X+1+taken, in.Y, ' ', role)
		}
	}
	if c == f.selected {
		s.Recolour(in, term.RoleCursor)
	}
}

// drawSearch writes what is looked for and what was found.
func (f *Screen) drawSearch(s *term.Surface, in term.Rect) {
	if in.Empty() {
		return
	}
	told := term.Say("  nothing", term.RoleBad)
	switch found := len(f.search.found); {
	case f.search.words == "":
		told = term.Say("  a function, a file or a module", term.RoleDim)
	case found > 0:
		told = term.Say("  ◆ "+figure.Plural(found, "place", "places")+", "+figure.Percent(f.search.share)+" of the time", term.RoleWarn)
	}
	cursor := ""
	if f.search.typing {
		cursor = "▏"
	}
	s.Spans(in, term.Say(" /", term.RoleKey), term.Say(f.search.words+cursor, term.RoleStrong), told)
}

// drawAbout says what the function is that is pointed at, where it is, what time it took,
// and from where it was called.
func (f *Screen) drawAbout(s *term.Surface, in term.Rect) {
	if in.Empty() {
		return
	}
	c := f.selected
	node := c.node
	total := f.root.node.Total.Seconds()
	of := func(seconds float64) string { return figure.Percent(seconds / total) }
	spans := []term.Span{term.Say(" all CPU time", term.RoleStrong)}
	if c.parent != nil {
		spans = []term.Span{
			term.Say(" "+node.Kind.Letter()+" ", part.KindRole(node.Kind)), term.Say(node.Name, term.RoleStrong),
			term.Say("  "+placeOf(node), term.RoleText),
		}
	}
	figures := []term.Span{
		term.Say("  self ", term.RoleDim), term.Say(of(node.Self.Seconds()), term.RoleStrong),
		term.Say("  total ", term.RoleDim), term.Say(of(node.Total.Seconds())+" ", term.RoleStrong),
	}
	width := term.SpansWidth(figures) // is told whatever the name's length
	s.Spans(term.Rect{X: in.X, Y: in.Y, W: max(0, in.W-width), H: 1}, spans...)
	s.Spans(term.Rect{X: in.X + max(0, in.W-width), Y: in.Y, W: min(width, in.W), H: 1}, figures...)
	s.Text(in.Row(1), " "+f.calledFrom(c), term.RoleDim)
}

// placeOf is the file and the line, or the module, and whose code it is.
func placeOf(node *profile.Node) string {
	place := node.Where()
	if place == "" {
		place = node.Module
	}
	if place != "" {
		place += ", "
	}
	return place + node.Kind.String()
}

// calledFrom says from where in the server's own code a function was called, else by what.
func (f *Screen) calledFrom(c *cell) string {
	if c.parent == nil {
		return "wider: more of the time; below a function is what it called"
	}
	var told []string
	const most = 3
	callers := f.callers[c.node.Function]
	for _, caller := range callers[:min(most, len(callers))] {
		told = append(told, fmt.Sprintf("%s (%s) %s", caller.Function, caller.Place(), figure.Percent(caller.Share)))
	}
	switch {
	case len(told) > 0:
		return "called from " + strings.Join(told, ", ")
	case c.parent.parent == nil:
		return "called by nothing that the profile has seen"
	case c.node.Kind == profile.Own:
		return "called by " + c.parent.node.Name
	}
	return "called by " + c.parent.node.Name + ", from no own code"
}

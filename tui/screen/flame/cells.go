package flame

import (
	"math"
	"time"

	"github.com/benchtui/benchtui/internal/profile"
)

// cell is a function in the graph, called as its parents say.
type cell struct {
	node     *profile.Node
	parent   *cell
	children []*cell // the largest first
	depth    int
	from, to float64 // its place in the whole time, 0 to 1
	found    bool    // by the search
}

// cellsOf lays a tree out.
func cellsOf(root *profile.Node) *cell {
	return place(root, nil, 0, root.Total)
}

func place(node *profile.Node, parent *cell, from, whole time.Duration) *cell {
	share := func(d time.Duration) float64 { return float64(d) / float64(max(1, whole)) }
	c := &cell{node: node, parent: parent, from: share(from), to: share(from + node.Total)}
	if parent != nil {
		c.depth = parent.depth + 1
	}
	for _, child := range node.Children {
		c.children = append(c.children, place(child, c, from, whole))
		from += child.Total
	}
	return c
}

// share is how much of the whole time it took, with all that it called.
func (c *cell) share() float64 { return c.to - c.from }

// within says that a cell is another one, or was called by it.
func (c *cell) within(of *cell) bool {
	for ; c != nil; c = c.parent {
		if c == of {
			return true
		}
	}
	return false
}

// walk visits a cell and all that it called, from the left; into says whether to go on
// with what the cell called.
func (c *cell) walk(visit func(*cell) (into bool)) {
	if !visit(c) {
		return
	}
	for _, child := range c.children {
		child.walk(visit)
	}
}

// place is the columns of a cell, from and behind its last; none for those that are too
// narrow, and all for those that what has the width was called by.
func (f *Screen) place(c *cell) (from, to int) {
	if f.zoom.within(c) {
		return 0, f.columns
	}
	column := func(at float64) int {
		return int(math.Round((at - f.zoom.from) / f.zoom.share() * float64(f.columns)))
	}
	from, to = column(c.from), column(c.to)
	return min(max(from, 0), f.columns), min(max(to, 0), f.columns)
}

// columnsOf is how many columns a cell has.
func (f *Screen) columnsOf(c *cell) int {
	from, to := f.place(c)
	return to - from
}

// seen visits what can be seen, from the top, but for its levels.
func (f *Screen) seen(visit func(c *cell, from, to int)) {
	for c := f.zoom.parent; c != nil; c = c.parent {
		visit(c, 0, f.columns)
	}
	f.zoom.walk(func(c *cell) bool {
		from, to := f.place(c)
		if to > from {
			visit(c, from, to)
		}
		return to > from
	})
}

// row is what can be seen of a level.
func (f *Screen) row(depth int) (row []*cell) {
	f.seen(func(c *cell, _, _ int) {
		if c.depth == depth {
			row = append(row, c)
		}
	})
	return row
}

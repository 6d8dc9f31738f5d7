package profile

import (
	"cmp"
	"slices"
	"time"
)

// Node is a function in a flame graph, called as its parents say.
type Node struct {
	Function
	Line     int // the one at which it was found most often; 0: unknown
	Self     time.Duration
	Total    time.Duration // with all its children
	Children []*Node       // the largest first
	lines    map[int]time.Duration
}

// Where is the line at which it was found most often, else where it begins.
func (n *Node) Where() string { return n.at(n.Line) }

// Tree is a flame graph's icicle: the root stands for all time, its children are what the
// threads began with. The order of nodes depends on their time, and on nothing else but
// their names.
func (p *Profile) Tree() *Node {
	root := &Node{Function: Function{Name: "all"}}
	children := map[*Node]map[Function]*Node{}
	for _, sample := range p.Samples {
		at := root
		at.Total += sample.Weight
		for _, index := range slices.Backward(sample.Stack) {
			frame := p.Frames[index]
			of := children[at]
			if of == nil {
				of = map[Function]*Node{}
				children[at] = of
			}
			child := of[frame.Of()]
			if child == nil {
				child = &Node{Function: frame.Of(), lines: map[int]time.Duration{}}
				of[frame.Of()] = child
				at.Children = append(at.Children, child)
			}
			child.Total += sample.Weight
			child.lines[frame.Line] += sample.Weight
			at = child
		}
		at.Self += sample.Weight
	}
	root.settle()
	return root
}

// settle sorts the children and finds each node's line.
func (n *Node) settle() {
	n.Line = mostOf(n.lines)
	n.lines = nil
	slices.SortFunc(n.Children, func(a, b *Node) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), compareFunctions(a.Function, b.Function))
	})
	for _, child := range n.Children {
		child.settle()
	}
}

// Depth is how many levels stand below a node.
func (n *Node) Depth() int {
	deepest := 0
	for _, child := range n.Children {
		deepest = max(deepest, 1+child.Depth())
	}
	return deepest
}

package engine

import "sync/atomic"

const (
	// maxKeptBodies is how much all bodies together may take that a load keeps to check
	// them, bytes: with thousands of connections the limit of one body is none.
	maxKeptBodies = 256 << 20
	// freeBody is how much of each body counts for nothing.
	freeBody = 16 << 10
)

// bodyBudget is what a load's connections share; nil has no end.
type bodyBudget struct{ kept atomic.Int64 }

// take says whether there is room for so many bytes more, which are then taken.
func (b *bodyBudget) take(n int) bool {
	if b == nil {
		return true
	}
	if b.kept.Add(int64(n)) > maxKeptBodies {
		b.kept.Add(int64(-n))
		return false
	}
	return true
}

// give returns what was taken.
func (b *bodyBudget) give(n int) {
	if b != nil {
		b.kept.Add(int64(-n))
	}
}

// scarce says that others may soon find no room.
func (b *bodyBudget) scarce() bool { return b != nil && b.kept.Load() > maxKeptBodies/2 }

// grow makes room in the body for so many bytes more; false if the load has none.
func (p *replyParser) grow(n int) bool {
	need := len(p.body) + n
	if need <= cap(p.body) {
		return true
	}
	size := min(max(need, 2*cap(p.body)), max(p.bodyLimit, need))
	if counted := max(0, size-freeBody) - p.counted; counted > 0 {
		if !p.budget.take(counted) {
			return false
		}
		p.counted += counted
	}
	p.body = append(make([]byte, 0, size), p.body...)
	return true
}

// drop leaves the memory of the body to others.
func (p *replyParser) drop() {
	if p.counted > 0 {
		p.budget.give(p.counted)
		p.body, p.counted = nil, 0
	}
}

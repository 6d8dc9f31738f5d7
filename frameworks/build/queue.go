package build

import (
	"slices"
	"sync"

	"github.com/benchtui/benchtui/frameworks"
)

// buildQueue hands out contenders to be built, in their order, but those of one lane
// one after another: they share a folder that their builder locks, and one that
// waited for another would hold a place that a third could use.
type buildQueue struct {
	mu      sync.Mutex
	freed   *sync.Cond
	waiting []frameworks.Contender
	busy    map[string]bool // lanes
}

func newBuildQueue(contenders []frameworks.Contender) *buildQueue {
	q := &buildQueue{waiting: slices.Clone(contenders), busy: map[string]bool{}}
	q.freed = sync.NewCond(&q.mu)
	return q
}

// take waits for the next contender whose lane is free; ok is false when none is left.
func (q *buildQueue) take() (c frameworks.Contender, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) > 0 {
		i := slices.IndexFunc(q.waiting, func(c frameworks.Contender) bool { return !q.busy[lane(c)] })
		if i >= 0 {
			c = q.waiting[i]
			q.waiting = slices.Delete(q.waiting, i, i+1)
			q.busy[lane(c)] = true
			return c, true
		}
		q.freed.Wait()
	}
	return frameworks.Contender{}, false
}

// done frees the contender's lane.
func (q *buildQueue) done(c frameworks.Contender) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.busy, lane(c))
	q.freed.Broadcast()
}

// lane names what a contender's build shares with others': its workspace, or else
// what its steps lock; its own id where that is nothing.
func lane(c frameworks.Contender) string {
	if c.Manifest.Workspace != "" {
		return "workspace " + c.Manifest.Workspace
	}
	steps := c.Manifest.Build
	for _, v := range c.Manifest.Variants {
		steps = append(slices.Clip(steps), v.Build...)
	}
	for _, step := range steps {
		if step.Lock != "" {
			return "lock " + step.Lock
		}
	}
	return "id " + c.Manifest.ID
}

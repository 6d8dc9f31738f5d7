package build

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/crash"
)

// News is what there is to tell of one build among several.
type News struct {
	Contender frameworks.Contender
	Begun     bool   // the first news of this contender
	Skip      func() // in the first news: ends this build alone; may be called at any time
	Line      Line
	Done      bool  // the last news of this contender
	Built     Built // if it was built, or had been
	Err       error // if it was not
	Took      time.Duration
}

// BuildAll builds the contenders, up to jobs of them at a time, and within the
// machine's cores as far as their builders heed it; one that fails does not stop the
// others. They begin in their order, but that those of one workspace, or whose steps
// name the same lock, are built one after another. told gets the news from one
// goroutine at a time. When ctx ends, the builds under way are killed, and what is not
// built says so in its last news.
func (b *Builder) BuildAll(ctx context.Context, contenders []frameworks.Contender, jobs int, told func(News)) {
	var mu sync.Mutex
	tell := func(news News) {
		mu.Lock()
		defer mu.Unlock()
		told(news)
	}
	jobs = max(1, jobs)
	var cores *jobserver // nil: there is nothing to build, or no temporary folder for its pipe
	if slices.ContainsFunc(contenders, func(c frameworks.Contender) bool { return c.URL == "" && c.Origin != frameworks.OriginCommand }) {
		cores, _ = newJobserver(max(jobs, b.machine.cpus))
	}
	if cores != nil {
		defer func() { _ = cores.close() }() // in the temporary folder, if anything of it stays
	}
	queue := newBuildQueue(contenders)
	var wait sync.WaitGroup
	for range jobs {
		wait.Go(crash.Guarded(func() {
			for {
				c, ok := queue.take()
				if !ok {
					return
				}
				b.buildNext(ctx, c, cores, tell)
				queue.done(c)
			}
		}))
	}
	wait.Wait()
}

// buildNext builds one of several, once a core is free for it.
func (b *Builder) buildNext(ctx context.Context, c frameworks.Contender, cores *jobserver, tell func(News)) {
	var environ []string
	if cores != nil {
		if err := cores.take(ctx); err != nil {
			tell(News{Contender: c, Done: true, Err: err})
			return
		}
		environ = cores.environ()
	}
	began := b.now()
	alone, skip := context.WithCancel(ctx)
	tell(News{Contender: c, Begun: true, Skip: skip})
	built, err := b.buildWith(alone, c, environ, func(line Line) { tell(News{Contender: c, Line: line}) })
	skip()
	if cores != nil {
		cores.give()
	}
	tell(News{Contender: c, Done: true, Built: built, Err: err, Took: b.now().Sub(began)})
}

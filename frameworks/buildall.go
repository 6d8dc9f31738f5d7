package frameworks

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// BuildNews is what there is to tell of one build among several.
type BuildNews struct {
	Contender Contender
	Begun     bool   // the first news of this contender
	Skip      func() // in the first news: ends this build alone; may be called at any time
	Line      BuildLine
	Done      bool  // the last news of this contender
	Built     Built // if it was built, or had been
	Err       error // if it was not
	Took      time.Duration
}

// BuildAll builds the contenders, up to jobs of them at a time, and within the
// machine's cores as far as their builders heed it; one that fails does not stop the
// others. Those of one workspace are built one after another, as they share a folder
// that their builder locks. told gets the news from one goroutine at a time. When ctx
// ends, the builds under way are killed, and what is not built says so in its last news.
func (s *Shop) BuildAll(ctx context.Context, contenders []Contender, jobs int, told func(BuildNews)) {
	var mu sync.Mutex
	tell := func(news BuildNews) {
		mu.Lock()
		defer mu.Unlock()
		told(news)
	}
	jobs = max(1, jobs)
	places := make(chan struct{}, jobs)
	cores, err := newJobserver(max(jobs, s.machine.cpus))
	if err != nil {
		for _, c := range contenders {
			tell(BuildNews{Contender: c, Done: true, Err: fmt.Errorf("share the cores among builds: %w", err)})
		}
		return
	}
	defer func() { _ = cores.close() }() // in the temporary folder, if anything of it stays
	var wait sync.WaitGroup
	for _, lane := range lanes(contenders) {
		wait.Go(func() {
			for _, c := range lane {
				select {
				case places <- struct{}{}:
				case <-ctx.Done():
					tell(BuildNews{Contender: c, Done: true, Err: ctx.Err()})
					continue
				}
				if err := cores.take(ctx); err != nil {
					<-places
					tell(BuildNews{Contender: c, Done: true, Err: err})
					continue
				}
				began := s.now()
				alone, skip := context.WithCancel(ctx)
				tell(BuildNews{Contender: c, Begun: true, Skip: skip})
				built, err := s.buildWith(alone, c, cores.environ(), func(line BuildLine) { tell(BuildNews{Contender: c, Line: line}) })
				skip()
				cores.give()
				<-places
				tell(BuildNews{Contender: c, Done: true, Built: built, Err: err, Took: s.now().Sub(began)})
			}
		})
	}
	wait.Wait()
}

// lanes parts the contenders into those that can be built beside each other.
func lanes(contenders []Contender) [][]Contender {
	var all [][]Contender
	lane := map[string]int{} // by workspace
	for _, c := range contenders {
		workspace := c.Manifest.Workspace
		if i, ok := lane[workspace]; ok && workspace != "" {
			all[i] = append(all[i], c)
			continue
		}
		lane[workspace] = len(all)
		all = append(all, []Contender{c})
	}
	return all
}

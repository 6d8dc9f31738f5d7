package run

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/stream"
)

// build builds the contenders beside each other, within the machine's cores. Of one
// that can't be built, the participant says why. Skip ends the builds under way.
func (r *Run) build(ctx context.Context, states map[string]build.State, participants []*participant) {
	var wanted []frameworks.Contender
	for _, e := range participants {
		id, contender := e.facts.ID, e.contender
		if state := states[id]; state.Kind == build.Missing {
			e.fail(stream.StatusMissing, state.Reason)
			r.stream.emit(id, stream.PhaseChanged{Phase: stream.PhaseBuild, Detail: state.Reason})
			r.stream.emit(id, stream.BuildDone{Reason: state.Reason})
			continue
		}
		wanted = append(wanted, contender)
	}
	underway := &skips{of: map[string]func(){}, taken: map[string]bool{}}
	r.setSkip(underway.take)
	defer r.setSkip(nil)
	r.tools.Builder.BuildAll(ctx, wanted, runtime.NumCPU(), func(news build.News) {
		id := news.Contender.Manifest.ID
		switch {
		case news.Begun:
			underway.add(id, news.Skip)
			r.stream.emit(id, stream.PhaseChanged{Phase: stream.PhaseBuild, Detail: states[id].Reason})
		case news.Done:
			skipped := underway.end(id)
			i := slices.IndexFunc(participants, func(e *participant) bool { return e.facts.ID == id })
			r.built(ctx, news, skipped, participants[i])
		default:
			r.stream.emit(id, stream.BuildOutput{Line: news.Line.Text, Step: news.Line.Step, Of: news.Line.Of})
		}
	})
}

// built tells how a build ended.
func (r *Run) built(ctx context.Context, news build.News, skipped bool, e *participant) {
	done := stream.BuildDone{OK: news.Err == nil, Took: news.Took}
	switch {
	case news.Err == nil:
		e.built = &news.Built
		done.Cached, done.Variant, done.Version = news.Built.Cached, news.Built.Variant, news.Built.Version
	case skipped:
		e.fail(stream.StatusAborted, "skipped while it was built")
	case ctx.Err() != nil:
		e.fail(stream.StatusAborted, "the run was stopped while it was built")
	default:
		e.fail(stream.StatusBuildFailed, news.Err.Error())
	}
	if news.Err != nil {
		done.Reason = e.detail
		done.LogPath = r.tools.Builder.State(context.WithoutCancel(ctx), news.Contender).LogPath
	}
	id := news.Contender.Manifest.ID
	r.stream.emit(id, done)
	if why := news.Built.Fallback; !news.Built.Cached && strings.HasPrefix(why, "not as ") { // of what is merely not installed the state has told
		r.stream.emit(id, stream.Notice{Text: id + " runs as " + news.Built.Variant + ", " + why})
	}
}

// skips ends the builds that are under way, and knows which it ended.
type skips struct {
	mu    sync.Mutex
	of    map[string]func() // by contender
	taken map[string]bool
}

func (s *skips) add(id string, skip func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of[id] = skip
}

// end says that a build has ended; it tells whether it was skipped.
func (s *skips) end(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.of, id)
	return s.taken[id]
}

func (s *skips) take() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, skip := range s.of {
		s.taken[id] = true
		skip()
	}
}

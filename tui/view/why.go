package view

import (
	"slices"
	"strings"
	"sync"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/internal/stream"
)

// Why is the newest profile of a contender, or the word that none could be had. Copies of a
// state share it: nothing of it changes.
type Why struct {
	Taken stream.ProfileTaken

	read     func() *profile.Profile
	headline func() string
}

// newWhy is of a server that a finding said to be out of CPU, or not.
func newWhy(taken stream.ProfileTaken, outOfCPU bool) *Why {
	w := &Why{Taken: taken, read: sync.OnceValue(taken.Profile)}
	w.headline = sync.OnceValue(func() string {
		if waited := taken.Result.Waited(); waited != "" && !outOfCPU { // of a small quota all may be used
			return waited
		}
		return headlineOf(taken.Result, w.read())
	})
	return w
}

// Has says that there is a profile, not only the word that none could be had.
func (w *Why) Has() bool { return w != nil && w.Taken.Result.Source != "" }

// Drawable says that its stacks are at hand.
func (w *Why) Drawable() bool { return w != nil && len(w.Taken.Pprof) > 0 }

// Profile is all of it, read when it is first asked for, which takes its time: not while
// drawing. nil: it can't be had.
func (w *Why) Profile() *profile.Profile { return w.read() }

// Headline says in a line what the time goes into most: "38 % of the loop: sha1 in
// etag()", or that hardly any goes to the CPU; "" without a profile.
func (w *Why) Headline() string {
	if !w.Has() {
		return ""
	}
	return w.headline()
}

// Why is a contender's profile; nil: none was taken.
func (s *State) Why(contender string) *Why { return s.whys[contender] }

// foldProfile keeps the newest profile; a refusal does not take one away.
func (s *State) foldProfile(contender string, taken stream.ProfileTaken) {
	outOfCPU := s.Now != nil && s.Now.Facts.ID == contender && slices.ContainsFunc(s.Now.Findings, func(f Finding) bool { return diagnosis.OutOfCPU(diagnosis.ID(f.ID)) })
	why := newWhy(taken, outOfCPU)
	if !why.Has() && s.whys[contender].Has() {
		return
	}
	if s.whys == nil {
		s.whys = map[string]*Why{}
	}
	why.Headline() // now, for it is drawn later
	s.whys[contender] = why
}

// headlineOf says what the first reason is, or without one the server's hottest function, if
// that is one worth telling: of the loop's time where that is most of all, and not what
// worker threads and a pool had.
func headlineOf(result stream.ProfileResult, taken *profile.Profile) string {
	of := "the CPU time"
	if taken != nil {
		if loops := taken.OfThreads(func(thread profile.Thread) bool { return thread.Loop }); 2*loops.Total() > taken.Total() {
			of, taken = "the loop", loops
		}
		if reasons := taken.Reasons(); len(reasons) > 0 {
			first := reasons[0]
			told := shareOf(first.Told(), of) + ": "
			switch {
			case first.Scattered():
				return told + first.Rule.What
			case first.PassesOn():
				return told + called(first.Function.Name) + " and what it calls"
			case first.Caller != nil:
				return told + first.Function.Name + " in " + called(first.Caller.Function)
			}
			return told + called(first.Function.Name)
		}
	}
	if len(result.Hottest) == 0 {
		return ""
	}
	hot := result.Hottest[0]
	if !profile.WorthTelling(hot.Self, result.Samples) {
		return "no function stands out in " + figure.Plural(result.Samples, "sample", "samples")
	}
	return shareOf(hot.Self, "the CPU time") + ": " + called(hot.Function)
}

func shareOf(share float64, of string) string {
	return figure.WholePercent(share) + " of " + of
}

// called writes a function's name as a call, if it is a name.
func called(name string) string {
	if strings.ContainsAny(name, " ()") {
		return name
	}
	return name + "()"
}

// Aside is a stretch of a load that is in no figure, in seconds since the measured load
// began: a profile was being taken.
type Aside struct{ From, To float64 }

// addAside adds a stretch to those before it, as part of the last where they touch.
func addAside(asides []Aside, from, to float64) []Aside {
	const apart = 0.05
	if last := len(asides) - 1; last >= 0 && from <= asides[last].To+apart {
		joined := append([]Aside(nil), asides...) // others may hold what was
		joined[last].To = max(joined[last].To, to)
		return joined
	}
	return append(asides[:len(asides):len(asides)], Aside{from, to})
}

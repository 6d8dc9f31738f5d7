package screentest

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen/choose"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// Scene is how a screen is brought about, as a person would.
type Scene struct {
	Events []stream.Event // what has been told; nil: no run has begun
	Ended  bool           // the run has
	Ticks  int            // frames that pass with nothing told
	Before []string       // keys on the screen that another one is opened from
	Open   string         // the key that opens it
	Keys   []string       // keys on it

	Contender string          // the one that Before points at
	Choices   *choose.Choices // nil: ArticleChoices
	Looking   bool            // the machine is still being looked at
	Alone     bool            // there is nothing to choose
}

func sized(name string, size [2]int) string { return fmt.Sprintf("%s-%dx%d", name, size[0], size[1]) }

func article(satisfies func(stream.Event) bool) []stream.Event {
	return tuitest.Until(tuitest.Article(), satisfies)
}

func load(contender string, to time.Duration, keys ...string) func() Scene {
	return func() Scene { return Scene{Events: article(tuitest.LoadOf(contender, to)), Keys: keys} }
}

func opened(contender string, to time.Duration, open string, keys ...string) func() Scene {
	return func() Scene { return Scene{Events: article(tuitest.LoadOf(contender, to)), Open: open, Keys: keys} }
}

func chosen(choices func() *choose.Choices, keys ...string) func() Scene {
	return func() Scene { return Scene{Choices: choices(), Keys: keys} }
}

// looking is a scene in which the machine is still being looked at.
func looking(scene func() Scene) func() Scene {
	return func() Scene {
		s := scene()
		s.Looking = true
		return s
	}
}

// profiling is the live screen while a profile is taken, up to an instant of the load, or
// once it was.
func profiling(to time.Duration, keys ...string) func() Scene {
	return func() Scene {
		until := tuitest.LoadOf("expressjs", to)
		if to == 0 {
			until = profileOf("expressjs")
		}
		return Scene{Events: tuitest.Until(tuitest.Profiled(), until), Keys: keys}
	}
}

// refused is the same where none could be had.
func refused(keys ...string) func() Scene {
	return func() Scene {
		return Scene{Events: tuitest.Until(tuitest.Profiled(), profileOf("golang")), Keys: keys}
	}
}

// flame is the flame graph of expressjs, opened from the leaderboard.
func flame(keys ...string) func() Scene {
	return pointing("expressjs", ended(tuitest.Profiled, []string{"down"}, "w", keys...))
}

// paused is the live screen of a server whose runtime tells of itself.
func paused(contender string, to time.Duration, keys ...string) func() Scene {
	return func() Scene {
		return Scene{Events: tuitest.Until(tuitest.Paused(), tuitest.LoadOf(contender, to)), Keys: keys}
	}
}

func profileOf(contender string) func(stream.Event) bool {
	return func(event stream.Event) bool {
		_, ok := event.Body.(stream.ProfileTaken)
		return ok && event.Contender == contender
	}
}

func ended(stream func() []stream.Event, before []string, open string, keys ...string) func() Scene {
	return func() Scene {
		return Scene{Events: stream(), Ended: true, Before: before, Open: open, Keys: keys}
	}
}

// alone is a scene with nothing to choose.
func alone(scene func() Scene) func() Scene {
	return func() Scene {
		s := scene()
		s.Alone = true
		return s
	}
}

// pointing is a scene whose screen is opened for a contender.
func pointing(contender string, scene func() Scene) func() Scene {
	return func() Scene {
		s := scene()
		s.Contender = contender
		return s
	}
}

// Scenes are the screens by name.
var Scenes = map[string]func() Scene{
	"choose":               chosen(ArticleChoices),
	"choose-filter":        chosen(ArticleChoices, "/", "j", "a", "v", "a"),
	"choose-refusal":       chosen(ArticleChoices, "down", "down", "down", " "),
	"choose-looking":       looking(chosen(LookingOffer, "enter")),
	"choose-workload":      chosen(ArticleChoices, "tab", "a"),
	"choose-figures":       looking(chosen(EditableOffer, "e", "1", "2", "0", "tab")),
	"choose-figures-wrong": looking(chosen(EditableOffer, "e", "x", "enter")),

	"preparing": func() Scene { return Scene{Events: []stream.Event{}} },
	"build":     func() Scene { return Scene{Events: article(tuitest.BuildLine("expressjs", 7))} },
	"build-failed": func() Scene {
		return Scene{Events: article(func(e stream.Event) bool {
			done, ok := e.Body.(stream.BuildDone)
			return ok && !done.OK
		})}
	},

	"live-start": func() Scene {
		return Scene{Events: article(func(e stream.Event) bool {
			changed, ok := e.Body.(stream.PhaseChanged)
			return ok && e.Contender == "golang" && changed.Phase == stream.PhaseStart
		})}
	},
	"live-golang":   load("golang", 3*time.Second),
	"live-express":  load("expressjs", 6*time.Second),
	"live-silent":   load("expressjs", 7*time.Second),
	"live-log":      load("expressjs", 2*time.Second, "l"),
	"live-cursor":   load("expressjs", 6*time.Second, "tab", "tab", "tab", "left", "shift+left"),
	"live-enlarged": load("expressjs", 6*time.Second, "e", "tab", "tab"),
	"live-switched": load("expressjs", 6*time.Second, "3", "6", "9", "5"),
	"round-live": alone(func() Scene {
		seen := 0
		return Scene{Ticks: 1, Events: tuitest.Until(tuitest.Rounds(), func(event stream.Event) bool {
			sample, ok := event.Body.(stream.LoadSample)
			if ok && event.Contender == "expressjs" && sample.Measures.From == 0 {
				seen++
			}
			return seen == 2 && ok && sample.Measures.To == 500*time.Millisecond
		})}
	}),
	"round-cooldown": alone(func() Scene {
		return Scene{Ticks: 1, Events: tuitest.Until(tuitest.Rounds(), func(event stream.Event) bool {
			phase, ok := event.Body.(stream.PhaseChanged)
			return ok && phase.Phase == stream.PhaseCooldown
		})}
	}),

	"live-pauses":      paused("expressjs", 6*time.Second),
	"live-compiling":   paused("golang", 2*time.Second),
	"live-why":         profiling(9600 * time.Millisecond),
	"live-why-taken":   profiling(0),
	"live-why-asked":   profiling(0, "h"),
	"live-why-refused": refused("h"),
	"detail-why":       pointing("expressjs", ended(tuitest.Profiled, []string{"down"}, "enter", "pgdown")),
	"leaderboard-why":  ended(tuitest.Profiled, nil, "", "down"),

	"race-why":  ended(tuitest.Profiled, nil, "r"),
	"stage-why": ended(tuitest.Profiled, nil, "p", "right", "right", "right"),
	"stage-why-at": func() Scene {
		return Scene{Events: tuitest.Until(tuitest.Profiled(), profileOf("expressjs")), Open: "p", Keys: []string{"end"}}
	},

	"flame":        flame(),
	"flame-zoomed": flame("down", "down", "down", "down", "down", "enter", "down"),
	"flame-search": flame("/", "a", "p", "p", ".", "j", "s", "enter"),
	"flame-typing": flame("/", "s", "e"),

	"race": opened("expressjs", 3*time.Second, "r"),
	"race-of-18": alone(func() Scene {
		return Scene{Events: tuitest.Until(tuitest.Field(), tuitest.LoadOf("kumuluz", 3200*time.Millisecond)), Open: "r", Keys: []string{"m"}}
	}),
	"race-of-18-first": alone(func() Scene {
		return Scene{Events: tuitest.Until(tuitest.Field(), tuitest.LoadOf("golang", 1500*time.Millisecond)), Open: "r"}
	}),
	"race-of-18-ended": alone(ended(tuitest.Field, nil, "r", "m", "m", "m", "down", "down", "down", "down", "down", "down", "down", "down")),

	"stage":         opened("expressjs", 6*time.Second, "p"),
	"stage-latency": opened("expressjs", 6*time.Second, "p", " "),
	"stage-race":    opened("expressjs", 6*time.Second, "p", "pgdown", "right"),
	"stage-finding": opened("expressjs", 6*time.Second, "p", "end"),
	"stage-places":  ended(tuitest.Article, nil, "p"),
	"stage-result":  ended(tuitest.Article, nil, "p", " ", " "),
	"stage-of-18":   alone(ended(tuitest.Field, nil, "p")),
	"stage-race-of-18": alone(func() Scene {
		return Scene{Events: tuitest.Until(tuitest.Field(), tuitest.LoadOf("kumuluz", 3200*time.Millisecond)), Open: "p", Keys: []string{" ", " "}}
	}),

	"leaderboard":        ended(tuitest.Article, nil, "", "down"),
	"leaderboard-sorted": ended(tuitest.Article, nil, "", "s", "s", "s"),
	"leaderboard-of-18":  alone(ended(tuitest.Field, nil, "")),
	"rounds-leaderboard": alone(ended(tuitest.Rounds, nil, "")),
	"rounds-ties":        alone(ended(tuitest.Noisy, nil, "")),
	"rounds-costs":       alone(ended(tuitest.Rounds, nil, "", "e")),

	"detail":        pointing("expressjs", ended(tuitest.Article, []string{"down"}, "enter")),
	"rounds-detail": alone(pointing("expressjs", ended(tuitest.Rounds, []string{"j", "j"}, "enter"))),
}

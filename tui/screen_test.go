package tui

import (
	"errors"
	"fmt"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// bench is a model on a bench: its clock and its messages come from the test.
type bench struct {
	t     testing.TB
	model *model
	stage *playedStage
	now   time.Time
}

func newBench(t testing.TB, offer *Offer, w, h int) *bench {
	b := &bench{t: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	options := Options{Offer: offer, Begin: func(Selection) (Stage, error) { return b.stage, nil }}
	b.stage = newPlayedStage(nil)
	b.model = newModel(options, term.NewTheme(termenv.Ascii, true), func() time.Time { return b.now })
	b.send(tea.WindowSizeMsg{Width: w, Height: h})
	if offer != nil && offer.Look != nil {
		b.send(b.model.Init()())
	}
	return b
}

// send gives the model a message, late enough that it draws at once.
func (b *bench) send(msg tea.Msg) {
	b.t.Helper()
	b.now = b.now.Add(drawEvery)
	b.model.Update(msg)
	if b.model.err != nil && !errors.Is(b.model.err, ErrForced) {
		b.t.Fatalf("after %#v: %v", msg, b.model.err)
	}
}

// keys presses keys by their names.
func (b *bench) keys(names ...string) {
	b.t.Helper()
	for _, name := range names {
		b.send(keyOf(name))
	}
}

func keyOf(name string) tea.KeyMsg {
	msg, ok := keyNamed(name)
	if !ok {
		panic("there is no key " + name)
	}
	return msg
}

// begin starts the run with the stage's queue.
func (b *bench) begin() {
	b.t.Helper()
	b.stage = newPlayedStage(nil)
	b.model.beginning = true
	b.send(begunMsg{stage: b.stage})
}

// events gives the model events, as one tick would.
func (b *bench) events(events ...stream.Event) {
	b.t.Helper()
	for _, event := range events {
		b.stage.queue.Emit(event)
	}
	b.tick()
}

func (b *bench) tick() {
	b.t.Helper()
	b.model.ticking = true
	b.send(tickMsg{b.model.tick})
}

// end closes the stage's queue.
func (b *bench) end() {
	b.t.Helper()
	b.stage.queue.Close()
	b.tick()
}

func (b *bench) frame() string { return ansi.Strip(b.model.View()) }

// scenes are the screens by name, each brought about as a person would.
var scenes = map[string]func(b *bench){
	"choose":         func(*bench) {},
	"choose-filter":  func(b *bench) { b.keys("/", "j", "a", "v", "a") },
	"choose-refusal": func(b *bench) { b.keys("down", "down", "down", " ") },
	"choose-looking": func(b *bench) {
		offer := articleOffer()
		for i := range offer.Contenders {
			if i != 1 {
				offer.Contenders[i].State, offer.Contenders[i].Reason, offer.Contenders[i].Unverified = Looking, "", false
				offer.Selected = append(offer.Selected, offer.Contenders[i].ID)
			}
		}
		b.model.choose = newChoose(*offer)
		b.keys("enter")
	},
	"choose-workload": func(b *bench) { b.keys("tab", "a") },
	"choose-figures": func(b *bench) {
		b.model.choose = newChoose(*editableOffer())
		b.keys("e", "1", "2", "0", "tab")
	},
	"choose-figures-wrong": func(b *bench) {
		b.model.choose = newChoose(*editableOffer())
		b.keys("e", "x", "enter")
	},
	"choose-help": func(b *bench) { b.keys("?") },
	"preparing":   func(b *bench) { b.begin() },
	"build": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.BuildLine("expressjs", 7))...)
	},
	"build-failed": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), func(e stream.Event) bool {
			done, ok := e.Body.(stream.BuildDone)
			return ok && !done.OK
		})...)
	},
	"live-start": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), func(e stream.Event) bool {
			_, ok := e.Body.(stream.PhaseChanged)
			return ok && e.Contender == "golang" && e.Body.(stream.PhaseChanged).Phase == stream.PhaseStart
		})...)
	},
	"live-golang": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("golang", 3*time.Second))...)
	},
	"live-express": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))...)
	},
	"live-silent": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 7*time.Second))...)
	},
	"live-log": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 2*time.Second))...)
		b.keys("l")
	},
	"live-cursor": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))...)
		b.keys("tab", "tab", "tab", "left", "shift+left")
	},
	"live-enlarged": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))...)
		b.keys("e", "tab", "tab")
	},
	"live-switched": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))...)
		b.keys("3", "6", "9", "5")
	},
	"live-help": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))...)
		b.keys("?")
	},
	"live-stopping": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 2*time.Second))...)
		b.keys("q")
	},
	"race": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 3*time.Second))...)
		b.keys("r")
	},
	"race-help": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 3*time.Second))...)
		b.keys("r", "?")
	},
	"stage": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))...)
		b.keys("p")
	},
	"stage-latency": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))...)
		b.keys("p", " ")
	},
	"stage-race": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))...)
		b.keys("p", "pgdown", "right")
	},
	"stage-finding": func(b *bench) {
		b.begin()
		b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))...)
		b.keys("p", "end")
	},
	"stage-places": func(b *bench) {
		b.begin()
		b.events(tuitest.Article()...)
		b.end()
		b.keys("p")
	},
	"stage-result": func(b *bench) {
		b.begin()
		b.events(tuitest.Article()...)
		b.end()
		b.keys("p", " ", " ")
	},
	"leaderboard": func(b *bench) {
		b.begin()
		b.events(tuitest.Article()...)
		b.end()
		b.keys("down")
	},
	"leaderboard-sorted": func(b *bench) {
		b.begin()
		b.events(tuitest.Article()...)
		b.end()
		b.keys("s", "s", "s")
	},
	"detail": func(b *bench) {
		b.begin()
		b.events(tuitest.Article()...)
		b.end()
		b.keys("down", "enter")
	},
}

var sizes = [][2]int{{80, 24}, {120, 36}, {200, 60}}

func TestScreens(t *testing.T) {
	for name, scene := range scenes {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				b := newBench(t, articleOffer(), size[0], size[1])
				scene(b)
				tuitest.CompareGolden(t, b.frame()+"\n")
				if !b.model.help {
					tuitest.CheckFrame(t, b.frame(), size[0], size[1])
				}
			})
		}
	}
}

// TestSmallScreens holds what is seen where the whole screen has no room.
func TestSmallScreens(t *testing.T) {
	for _, size := range [][2]int{{79, 40}, {60, 20}, {59, 20}, {40, 12}, {24, 6}} {
		names := []string{"live-express", "live-silent"}
		if size[0] < 60 {
			names = append(names, "choose", "leaderboard")
		}
		for _, name := range names {
			t.Run(fmt.Sprintf("%s-%dx%d", name, size[0], size[1]), func(t *testing.T) {
				b := newBench(t, articleOffer(), size[0], size[1])
				scenes[name](b)
				tuitest.CompareGolden(t, b.frame()+"\n")
				tuitest.CheckFrame(t, b.frame(), size[0], size[1])
			})
		}
	}
}

// TestLiveScreenAsFilmed holds the live screen at a size that a film is made at.
func TestLiveScreenAsFilmed(t *testing.T) {
	for _, name := range []string{"live-express", "live-golang"} {
		t.Run(name+"-160x45", func(t *testing.T) {
			b := newBench(t, articleOffer(), 160, 45)
			scenes[name](b)
			tuitest.CompareGolden(t, b.frame()+"\n")
			tuitest.CheckFrame(t, b.frame(), 160, 45)
		})
	}
}

package tui

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/session"
)

// updating says that the golden screens are to be written anew: go test ./tui
// -update, then read them. The flag itself is teatest's.
func updating() bool {
	update := flag.Lookup("update")
	return update != nil && update.Value.String() == "true"
}

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
	b.model = newModel(options, NewTheme(termenv.Ascii, true), func() time.Time { return b.now })
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
func (b *bench) events(events ...session.Event) {
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

// until returns a stream's events up to the first that satisfies.
func until(events []session.Event, satisfies func(session.Event) bool) []session.Event {
	for i, event := range events {
		if satisfies(event) {
			return events[:i+1]
		}
	}
	return events
}

// loadOf says that an event is the load sample of a contender that ends at a time.
func loadOf(contender string, to time.Duration) func(session.Event) bool {
	return func(event session.Event) bool {
		sample, ok := event.Body.(session.LoadSample)
		return ok && event.Contender == contender && sample.Measures.To == to
	}
}

func buildLine(contender string, n int) func(session.Event) bool {
	return func(event session.Event) bool {
		_, ok := event.Body.(session.BuildOutput)
		if ok && event.Contender == contender {
			n--
		}
		return n == 0 && ok
	}
}

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
		b.events(until(articleStream(), buildLine("expressjs", 7))...)
	},
	"build-failed": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), func(e session.Event) bool {
			done, ok := e.Body.(session.BuildDone)
			return ok && !done.OK
		})...)
	},
	"live-start": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), func(e session.Event) bool {
			_, ok := e.Body.(session.PhaseChanged)
			return ok && e.Contender == "golang" && e.Body.(session.PhaseChanged).Phase == session.PhaseStart
		})...)
	},
	"live-golang": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("golang", 3*time.Second))...)
	},
	"live-express": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 6*time.Second))...)
	},
	"live-silent": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 7*time.Second))...)
	},
	"live-log": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 2*time.Second))...)
		b.keys("l")
	},
	"live-cursor": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 6*time.Second))...)
		b.keys("tab", "tab", "tab", "left", "shift+left")
	},
	"live-enlarged": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 6*time.Second))...)
		b.keys("e", "tab", "tab")
	},
	"live-switched": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 6*time.Second))...)
		b.keys("3", "6", "9", "5")
	},
	"live-help": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 6*time.Second))...)
		b.keys("?")
	},
	"live-stopping": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 2*time.Second))...)
		b.keys("q")
	},
	"race": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 3*time.Second))...)
		b.keys("r")
	},
	"race-help": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 3*time.Second))...)
		b.keys("r", "?")
	},
	"stage": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 6*time.Second))...)
		b.keys("p")
	},
	"stage-latency": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 6*time.Second))...)
		b.keys("p", " ")
	},
	"stage-race": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 6*time.Second))...)
		b.keys("p", "pgdown", "right")
	},
	"stage-finding": func(b *bench) {
		b.begin()
		b.events(until(articleStream(), loadOf("expressjs", 6*time.Second))...)
		b.keys("p", "end")
	},
	"stage-places": func(b *bench) {
		b.begin()
		b.events(articleStream()...)
		b.end()
		b.keys("p")
	},
	"stage-result": func(b *bench) {
		b.begin()
		b.events(articleStream()...)
		b.end()
		b.keys("p", " ", " ")
	},
	"leaderboard": func(b *bench) {
		b.begin()
		b.events(articleStream()...)
		b.end()
		b.keys("down")
	},
	"leaderboard-sorted": func(b *bench) {
		b.begin()
		b.events(articleStream()...)
		b.end()
		b.keys("s", "s", "s")
	},
	"detail": func(b *bench) {
		b.begin()
		b.events(articleStream()...)
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
				compareGolden(t, b.frame()+"\n")
				if !b.model.help {
					checkFrame(t, b.frame(), size[0], size[1])
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
				compareGolden(t, b.frame()+"\n")
				checkFrame(t, b.frame(), size[0], size[1])
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
			compareGolden(t, b.frame()+"\n")
			checkFrame(t, b.frame(), 160, 45)
		})
	}
}

func compareGolden(t *testing.T, got string) {
	t.Helper()
	compareGoldenIn(t, "testdata", got)
}

func compareGoldenIn(t *testing.T, folder, got string) {
	t.Helper()
	name := t.Name()[strings.LastIndex(t.Name(), "/")+1:]
	path := filepath.Join(folder, name+".golden")
	if updating() {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./tui -update writes it", err)
	}
	if got != string(want) {
		t.Errorf("the screen is not as in %s:\n%s", path, got)
	}
}

// checkFrame checks that a frame fits its terminal and that every border is whole.
// Blanks at a line's end are left out of a frame, so a line may be shorter.
func checkFrame(t testing.TB, frame string, w, h int) {
	t.Helper()
	rows := strings.Split(frame, "\n")
	if len(rows) != h {
		t.Fatalf("%d lines on a screen of %d", len(rows), h)
	}
	grid := make([][]string, h)
	for y, line := range rows {
		if got := ansi.StringWidth(line); got > w {
			t.Fatalf("line %d is %d columns wide on a screen of %d: %q", y, got, w, line)
		}
		for line != "" {
			cluster, width := ansi.FirstGraphemeCluster(line, ansi.GraphemeWidth)
			line = line[len(cluster):]
			grid[y] = append(grid[y], cluster)
			for range width - 1 {
				grid[y] = append(grid[y], "")
			}
		}
	}
	at := func(x, y int) string {
		if y < h && x < len(grid[y]) {
			return grid[y][x]
		}
		return " "
	}
	for y := range grid {
		for x, c := range grid[y] {
			for _, with := range []lines{rounded, heavy} {
				if c == string(with.topLeft) {
					checkBox(t, at, x, y, w, h, with, frame)
				}
			}
		}
	}
}

// checkBox checks that the border that begins at x, y is whole; in its top and
// its sides there may be a title and a scroll bar.
func checkBox(t testing.TB, at func(x, y int) string, x, y, w, h int, with lines, frame string) {
	t.Helper()
	along, down := string(with.along), string(with.down)
	right := x + 1
	for right < w && at(right, y) != string(with.topRight) && at(right, y) != "╭" && at(right, y) != "┏" {
		right++
	}
	bottom := y + 1
	for bottom < h && at(x, bottom) == down {
		bottom++
	}
	if at(right, y) != string(with.topRight) || at(x, bottom) != string(with.bottomLeft) || at(right, bottom) != string(with.bottomRight) {
		t.Fatalf("the box at %d,%d is not whole (right %d, bottom %d):\n%s", x, y, right, bottom, frame)
	}
	for row := y + 1; row < bottom; row++ {
		if c := at(right, row); c != down && c != "┃" {
			t.Fatalf("the box at %d,%d has a hole in line %d:\n%s", x, y, row, frame)
		}
	}
	for column := x + 1; column < right; column++ {
		if at(column, bottom) != along {
			t.Fatalf("the box at %d,%d has a hole in its bottom:\n%s", x, y, frame)
		}
	}
}

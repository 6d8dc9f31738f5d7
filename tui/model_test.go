package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/choose"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// quits says that a command ends the program.
func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	_, ok := cmd().(tea.QuitMsg)
	return ok
}

func typing(one screen.Screen) bool {
	typist, ok := one.(screen.Typist)
	return ok && typist.Typing()
}

// TestEveryKeyOnEveryScreen presses every key on every screen, as the scene shows it:
// a scene is played again only once a key has changed what is seen.
func TestEveryKeyOnEveryScreen(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	names := append(slices.Clone(catKeys), "🥇", "ctrl+u", "ctrl+b", "ctrl+f", "A", "C", "F", "G", "<", ">", "=") // and some that mean nothing, or something while typing
	if len(names) < 50 {
		t.Fatalf("only %d keys are bound: %v", len(names), names)
	}
	for _, scene := range sceneNames() {
		t.Run(scene, func(t *testing.T) {
			t.Parallel()
			var kept *bench
			shown := ""
			for _, name := range names {
				if !strings.HasPrefix(scene, "live") && len(name) == 1 && name >= "2" && name <= "9" {
					continue // numbers switch panels of the live screen; elsewhere one stands for all
				}
				t.Run(name, func(t *testing.T) {
					b := kept
					if kept = nil; b == nil {
						b = newBench(t, screentest.ArticleChoices(), 80, 24)
						b.play(scene)
						shown = b.frame()
					}
					b.t = t
					at := b.at()
					press := func() { // at the time of the scene, for its clock is on some screens
						b.press(name)
						b.model.draw()
						if b.model.err != nil {
							t.Fatal(b.model.err)
						}
					}
					press()
					changed := b.frame() != shown // a second press may take back what the first did
					press()
					if !b.model.help {
						tuitest.CheckFrame(t, b.frame(), 80, 24)
					}
					if !changed && b.frame() == shown && b.at() == at {
						kept = b
					}
				})
			}
		})
	}
}

// TestQuitWorksOnEveryScreen presses q and Ctrl-C on every screen, also where there
// is no room for one: the program ends, or the run is told to stop.
func TestQuitWorksOnEveryScreen(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	for _, scene := range sceneNames() {
		for _, size := range [][2]int{{80, 24}, {30, 5}, {1, 1}} {
			for _, name := range []string{"q", "ctrl+c"} {
				t.Run(fmt.Sprintf("%s %s %dx%d", scene, name, size[0], size[1]), func(t *testing.T) {
					t.Parallel()
					b := newBench(t, screentest.ArticleChoices(), size[0], size[1])
					b.play(scene)
					if b.model.help || typing(b.model.at) {
						b.keys("esc") // where q is text, or takes the help away
					}
					quit := quits(b.press(name))
					if stops := b.began.stops; !quit && stops == 0 {
						t.Errorf("%s neither quits nor stops", name)
					}
				})
			}
		}
	}
}

// press gives the model a key without drawing, and returns what it wants done.
func (b *bench) press(name string) tea.Cmd { return b.model.take(keyOf(name)) }

func TestQuitWhereNothingRuns(t *testing.T) {
	for _, scene := range []string{"choose", "leaderboard", "detail"} {
		for _, name := range []string{"q", "ctrl+c"} {
			b := newBench(t, screentest.ArticleChoices(), 80, 24)
			b.play(scene)
			if !quits(b.press(name)) {
				t.Errorf("%s does not quit on %s", name, scene)
			}
			if b.model.err != nil {
				t.Errorf("%s on %s: %v", name, scene, b.model.err)
			}
		}
	}
}

func TestQuitStopsTheRunFirst(t *testing.T) {
	for _, name := range []string{"q", "ctrl+c"} {
		b := newBench(t, screentest.ArticleChoices(), 80, 24)
		b.play("live-express")
		if quits(b.press(name)) {
			t.Fatalf("%s left a run that goes on", name)
		}
		if b.began.stops != 1 {
			t.Fatalf("the run was stopped %d times, want once", b.began.stops)
		}
		b.tick()
		if !strings.Contains(b.frame(), "stopping") {
			t.Error("the screen does not say that the run is stopping")
		}
		// The run ends with what it measured: then the program ends too.
		events := tuitest.Article()
		b.began.queue.Emit(events[len(events)-1])
		b.began.queue.Close()
		b.model.ticking = true
		if !quits(b.model.take(tickMsg{b.model.tick})) {
			t.Error("the program goes on after the run has stopped")
		}
		if b.model.err != nil {
			t.Errorf("got %v, want no error", b.model.err)
		}
	}
}

func TestSecondQuitForces(t *testing.T) {
	b := newBench(t, screentest.ArticleChoices(), 80, 24)
	b.play("live-express")
	b.press("q")
	if !quits(b.press("q")) || !errors.Is(b.model.err, ErrForced) {
		t.Errorf("got error %v, want ErrForced", b.model.err)
	}
	if b.began.stops != 1 {
		t.Errorf("stopped %d times", b.began.stops)
	}
}

func TestQuitBeforeTheRunHasBegunStopsItWhenItHas(t *testing.T) {
	b := newBench(t, nil, 80, 24)
	b.model.begin(func() (LiveRun, error) { return b.began, nil })
	if quits(b.press("q")) {
		t.Fatal("left while the run was about to begin")
	}
	b.send(begunMsg{run: b.began})
	if b.began.stops != 1 {
		t.Errorf("stopped %d times, want once", b.began.stops)
	}
}

func TestBeginGetsTheSelection(t *testing.T) {
	b := newBench(t, screentest.ArticleChoices(), 80, 24)
	var got Selection
	b.model.screens[0] = choose.New(screentest.ArticleChoices(), func(s Selection) (LiveRun, error) { got = s; return b.began, nil })
	b.model.at = b.model.screens[0]
	b.keys("down", " ", "down", " ", "down", " ", "tab")
	b.send(b.press("enter")())
	if want := []string{"golang", "micronaut"}; !slices.Equal(got.Contenders, want) || got.Workload.Name != "steady" {
		t.Errorf("got %+v, want %v and steady", got, want)
	}
	if b.at() != "build" {
		t.Errorf("screen is %v, want build", b.at())
	}
}

func TestNothingSelectedDoesNotBegin(t *testing.T) {
	b := newBench(t, screentest.ArticleChoices(), 80, 24)
	b.keys("a", "a", "enter")
	if b.model.beginning || !strings.Contains(b.frame(), "nothing is selected") {
		t.Errorf("began with nothing, or did not say why not:\n%s", b.frame())
	}
}

func TestWhyThereIsNoRunIsShown(t *testing.T) {
	b := newBench(t, screentest.ArticleChoices(), 80, 24)
	b.model.beginning = true
	b.send(begunMsg{err: errors.New("open cache: read-only file system")})
	if b.at() != "choose" || !strings.Contains(b.frame(), "read-only file system") {
		t.Errorf("the error is not shown:\n%s", b.frame())
	}

	b = newBench(t, nil, 80, 24)
	b.model.beginning = true
	if !quits(b.model.take(begunMsg{err: errors.New("no")})) || b.model.err == nil {
		t.Error("with nothing to choose the program goes on, or ends without the error")
	}

	b = newBench(t, nil, 80, 24)
	b.begin()
	b.began.queue.Close()
	b.model.ticking = true
	if !quits(b.model.take(tickMsg{b.model.tick})) || b.model.err == nil {
		t.Error("a run that ended without a result is taken for a good one")
	}
}

func TestBackFromTheLeaderboardAndAgain(t *testing.T) {
	b := newBench(t, screentest.ArticleChoices(), 80, 24)
	b.play("leaderboard")
	b.keys("esc")
	if b.at() != "choose" {
		t.Fatalf("screen is %v, want choose", b.at())
	}
	b.play("live-golang")
	if b.at() != screen.Live || b.model.state.Result != nil {
		t.Error("a second run is not shown from its beginning")
	}
}

func TestScreensFollowTheRun(t *testing.T) {
	b := newBench(t, nil, 80, 24)
	b.begin()
	var seen []screen.Name
	for _, event := range tuitest.Article() {
		b.began.queue.Emit(event)
		b.tick()
		if len(seen) == 0 || seen[len(seen)-1] != b.at() {
			seen = append(seen, b.at())
		}
	}
	b.end()
	seen = append(seen, b.at())
	if want := []screen.Name{"build", screen.Live, screen.Leaderboard}; !slices.Equal(seen, want) {
		t.Errorf("screens were %v, want %v", seen, want)
	}
}

func TestPauseFreezesTheScreenAndNotTheRun(t *testing.T) {
	b := newBench(t, nil, 120, 36)
	events := tuitest.Article()
	half := tuitest.Until(events, tuitest.LoadOf("golang", 2*time.Second))
	b.begin()
	b.events(half...)
	b.keys(" ")
	paused := b.frame()
	if !strings.Contains(paused, "PAUSED") {
		t.Fatalf("the screen does not say so:\n%s", paused)
	}
	b.events(events[len(half):]...)
	b.began.queue.Close()
	b.tick()
	b.keys("x") // draws again
	if b.frame() != paused {
		t.Errorf("the paused screen has changed:\n%s", b.frame())
	}
	b.keys(" ")
	b.tick()
	if b.at() != screen.Leaderboard {
		t.Errorf("screen is %v, want the leaderboard: the run went on", b.at())
	}
}

func TestSkipReachesTheRun(t *testing.T) {
	b := newBench(t, nil, 80, 24)
	b.play("live-golang")
	b.keys("s")
	if b.began.skips != 1 {
		t.Errorf("skipped %d times, want once", b.began.skips)
	}
}

func TestDrawsAtMostTenTimesASecondAndOnlyWhenSomethingChanged(t *testing.T) {
	b := newBench(t, screentest.ArticleChoices(), 80, 24)
	drawn := b.model.drawnAt
	b.now = b.now.Add(30 * time.Millisecond)
	b.model.Update(keyOf("down"))
	if b.model.drawnAt != drawn || !b.model.ticking {
		t.Error("drew after 30 ms, or does not come back to what has changed")
	}
	b.now = b.now.Add(30 * time.Millisecond)
	tick := b.model.tick
	b.model.Update(keyOf("down"))
	if b.model.tick != tick {
		t.Error("a second tick was begun beside the first")
	}
	b.model.Update(tickMsg{tick - 1})
	if !b.model.ticking {
		t.Error("a stale tick was taken for the one that is awaited")
	}
	b.now = b.now.Add(50 * time.Millisecond)
	b.model.Update(tickMsg{tick})
	if b.model.drawnAt != b.now {
		t.Error("the tick did not draw")
	}
	drawn = b.model.drawnAt
	b.now = b.now.Add(time.Second)
	b.model.Update(tea.FocusMsg{})
	if b.model.drawnAt != drawn || b.model.ticking {
		t.Error("drew, or waits to draw, when nothing had changed")
	}
}

func TestWarningsAreOfTheWorkloadThatIsChosen(t *testing.T) {
	b := newBench(t, screentest.ArticleChoices(), 120, 36)
	if !strings.Contains(b.frame(), "too few for the 8,000 users") {
		t.Fatalf("the doctor's warning is not shown:\n%s", b.frame())
	}
	b.keys("tab") // steady
	if frame := b.frame(); strings.Contains(frame, "too few for") || !strings.Contains(frame, "2 cores") {
		t.Errorf("another workload's warning is shown, or its own is not:\n%s", frame)
	}
}

// broken is a screen whose drawing panics.
type broken struct{ screen.Screen }

func (broken) Draw(*term.Surface, term.Rect, *screen.Context) { panic("broken on purpose") }

func TestPanicBecomesAnError(t *testing.T) {
	b := newBench(t, nil, 80, 24)
	b.play("live-golang")
	b.model.at = broken{b.model.at}
	b.now = b.now.Add(drawEvery)
	b.model.dirty = true
	_, cmd := b.model.Update(tea.FocusMsg{})
	if !quits(cmd) || b.model.err == nil || !strings.Contains(b.model.err.Error(), "please report") {
		t.Errorf("got %v", b.model.err)
	}
}

func TestServerTextCannotSteerTheTerminal(t *testing.T) {
	b := newBench(t, nil, 80, 24)
	b.begin()
	b.events(tuitest.Until(tuitest.Article(), tuitest.LoadOf("golang", time.Second))...)
	for _, line := range []string{
		"\x1b[2J\x1b[31mred", "bell\a and \x1b]0;title\x07", "tab\there\rback", "wide 漢字 🥇 é", "\xff\xfe not UTF-8", "c1 \u009b31m",
		strings.Repeat("長", 200),
	} {
		b.events(stream.Event{Contender: "golang", Body: stream.LogLine{Line: line}})
		b.events(stream.Event{Contender: "golang", Body: stream.Notice{Text: line}})
		b.keys("l")
		b.tick()
		frame := b.model.View()
		for _, bad := range []string{"\x1b[2J", "\x1b[31m", "\a", "\x1b]", "\t", "\r", "\u009b"} {
			if strings.Contains(frame, bad) {
				t.Errorf("%q reached the terminal from %q", bad, line)
			}
		}
		tuitest.CheckFrame(t, b.frame(), 80, 24)
	}
}

func TestNoColorLeavesNoColour(t *testing.T) {
	colours := func(profile termenv.Profile, dark bool) string {
		b := newBench(t, nil, 120, 36)
		b.model.theme = term.NewTheme(profile, dark)
		b.play("live-express")
		return b.model.View()
	}
	plain := colours(termenv.Ascii, true)
	if strings.Contains(plain, "\x1b[3") || strings.Contains(plain, ";3") {
		t.Error("a colour without colours")
	}
	if !strings.Contains(plain, "\x1b[1m") {
		t.Error("nothing stands out without colours")
	}
	seen := map[string]bool{}
	for _, profile := range []termenv.Profile{termenv.ANSI, termenv.ANSI256, termenv.TrueColor} {
		for _, dark := range []bool{true, false} {
			seen[colours(profile, dark)] = true
		}
	}
	if len(seen) < 5 {
		t.Errorf("of six kinds of terminal only %d look different", len(seen))
	}
}

func BenchmarkView(b *testing.B) {
	bench := newBench(b, nil, 160, 45)
	bench.model.theme = term.NewTheme(termenv.TrueColor, true)
	bench.play("live-express")
	b.ReportAllocs()
	for b.Loop() {
		bench.model.draw()
		_ = bench.model.View()
	}
	b.ReportMetric(float64(len(bench.model.frame)), "bytes/frame")
}

// BenchmarkViewOfLongLoad draws with all rings full.
func BenchmarkViewOfLongLoad(b *testing.B) {
	bench := newBench(b, nil, 160, 45)
	bench.model.theme = term.NewTheme(termenv.TrueColor, true)
	bench.play("live-express")
	events := tuitest.Until(tuitest.Article(), tuitest.LoadOf("expressjs", 6*time.Second))
	sample := events[len(events)-1].Body.(stream.LoadSample)
	for i := range 3000 {
		sample.Measures.From = time.Duration(60+i) * 100 * time.Millisecond
		sample.Measures.To = sample.Measures.From + 100*time.Millisecond
		bench.model.state.Fold(stream.Event{At: bench.model.state.At + 100*time.Millisecond, Contender: "expressjs", Body: sample})
	}
	b.ReportAllocs()
	for b.Loop() {
		bench.model.draw()
	}
}

func TestLeavingStopsARunThatGoesOn(t *testing.T) {
	b := newBench(t, nil, 80, 24)
	b.play("live-golang")
	b.model.leave()
	if b.began.stops != 1 {
		t.Errorf("stopped %d times, want once", b.began.stops)
	}
}

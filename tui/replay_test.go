package tui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/recording/recordingtest"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// recordingOf is a recording of events, as one that was read from a file.
func recordingOf(t testing.TB, events []stream.Event) *recording.Recording {
	t.Helper()
	recording, err := recording.Load(bytes.NewReader(recordingtest.Of(t, events)))
	if err != nil {
		t.Fatal(err)
	}
	return recording
}

var articleFile = sync.OnceValue(func() []byte {
	var file bytes.Buffer
	recorder, err := recording.NewRecorder(&file, "test")
	for _, event := range tuitest.Article() {
		if err == nil {
			err = recorder.Record(event)
		}
	}
	if err == nil {
		err = recorder.Close()
	}
	if err != nil {
		panic(err)
	}
	return file.Bytes()
})

func articleRecording(t testing.TB) *recording.Recording {
	t.Helper()
	recording, err := recording.Load(bytes.NewReader(articleFile()))
	if err != nil {
		t.Fatal(err)
	}
	return recording
}

// newReplay is a model that plays a recording.
func newReplay(t testing.TB, replay Replay, w, h int) *bench {
	b := &bench{t: t, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	b.model = newModel(Options{Replay: &replay}, term.NewTheme(termenv.Ascii, true), func() time.Time { return b.now })
	b.send(tea.WindowSizeMsg{Width: w, Height: h})
	return b
}

// still stops the recording at a time, however many times the bench's clock moved.
func (b *bench) still(at time.Duration) {
	b.t.Helper()
	b.model.player.paused = true
	b.model.player.seek(at)
	b.model.showPlayed()
	b.model.dirty = true
	b.send(tea.FocusMsg{})
}

// between is a frame without the lines that say that it is a replay.
func between(frame string) string {
	lines := strings.Split(frame, "\n")
	return strings.Join(lines[1:max(1, len(lines)-1)], "\n")
}

// TestReplayShowsWhatWasSeenLive compares every cell but those of the title and the
// footer, which must say that it is a replay.
func TestReplayShowsWhatWasSeenLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	events := tuitest.Article()
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			live := newBench(t, nil, size[0], size[1])
			live.begin()
			replay := newReplay(t, Replay{Recording: articleRecording(t)}, size[0], size[1])
			for i := range events {
				live.events(events[i])
				if i == len(events)-1 {
					live.end()
				}
				another := i+1 < len(events) && events[i+1].At == events[i].At
				if another || i%7 != 0 && i != len(events)-1 {
					continue
				}
				replay.still(events[i].At)
				want, got := between(live.frame()), between(replay.frame())
				if got != want {
					t.Fatalf("after event %d of %d, at %s, live\n%s\nreplayed\n%s", i+1, len(events), events[i].At, want, got)
				}
			}
		})
	}
}

// frames are all screens' views of where a replay is.
func (b *bench) frames() string {
	b.t.Helper()
	all := ""
	for _, size := range [][2]int{{80, 24}, {200, 60}} {
		b.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		all += b.frame()
	}
	if b.at() == screen.Live {
		b.keys("r")
		all += b.frame()
		b.keys("r")
	}
	return all
}

// TestSeekingShowsWhatPlayingToThereShows jumps to and fro, over kept states and
// between them.
func TestSeekingShowsWhatPlayingToThereShows(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	recording := articleRecording(t)
	length := recording.Length()
	jumping := newReplay(t, Replay{Recording: recording}, 120, 36)
	for _, percent := range []int{100, 90, 30, 95, 31, 0, 60, 59, 100, 97} {
		to := length * time.Duration(percent) / 100
		jumping.still(to)
		straight := newReplay(t, Replay{Recording: recording}, 120, 36)
		straight.still(to)
		if got, want := jumping.frames(), straight.frames(); got != want {
			t.Errorf("at %d %% after jumps\n%s\nfrom the start\n%s", percent, got, want)
		}
	}
	if len(jumping.model.player.keyframes) < 2 {
		t.Errorf("%d states were kept: jumps did not go over any", len(jumping.model.player.keyframes))
	}
}

func TestReplayPlaysAtItsSpeed(t *testing.T) {
	b := newReplay(t, Replay{Recording: articleRecording(t), Speed: 4, At: 2 * time.Second}, 120, 36)
	p := b.model.player
	b.tick() // the clock went on until here, too
	began := p.shownAt()
	for range 10 {
		b.tick()
	}
	if passed, want := p.shownAt()-began, 10*4*drawEvery; passed != want {
		t.Errorf("in a second at speed 4 it went on by %s, want %s", passed, want)
	}
	b.keys("+")
	before := p.shownAt()
	b.tick()
	if passed := p.shownAt() - before; p.speed != 8 || passed != 8*drawEvery {
		t.Errorf("speed %g, and %s a tick", p.speed, passed)
	}
	for range 20 {
		b.keys("-")
	}
	if p.speed != slowest {
		t.Errorf("the slowest is %g, want %g", p.speed, slowest)
	}
	b.keys(" ")
	at := p.shownAt()
	b.tick()
	b.tick()
	if p.shownAt() != at || !strings.Contains(b.frame(), "PAUSED") {
		t.Errorf("a paused replay goes on, or does not say it is paused:\n%s", b.frame())
	}
	b.keys(" ")
	b.tick()
	if p.shownAt() <= at {
		t.Error("it does not go on after the pause")
	}
}

// timeOf is the time of the nth event, from 0, that satisfies.
func timeOf(t *testing.T, nth int, satisfies func(stream.Event) bool) time.Duration {
	t.Helper()
	for _, event := range tuitest.Article() {
		if satisfies(event) {
			if nth--; nth < 0 {
				return event.At
			}
		}
	}
	t.Fatal("no such event")
	return 0
}

func TestReplayKeysGoFromMarkToMark(t *testing.T) {
	starts := func(e stream.Event) bool { _, ok := e.Body.(stream.ContenderStarted); return ok }
	finds := func(e stream.Event) bool { _, ok := e.Body.(stream.FindingChanged); return ok }
	b := newReplay(t, Replay{Recording: articleRecording(t)}, 120, 36)
	b.keys(" ")
	p := b.model.player
	length := articleRecording(t).Length()
	for _, step := range []struct {
		key  string
		want time.Duration
		on   screen.Name
	}{
		{"c", timeOf(t, 0, starts), screen.Live}, {"c", timeOf(t, 1, starts), screen.Live}, {"C", timeOf(t, 0, starts), screen.Live},
		{"f", timeOf(t, 0, finds), screen.Live}, {"f", timeOf(t, 1, finds), screen.Live}, {"f", timeOf(t, 1, finds), screen.Live},
		{"F", timeOf(t, 0, finds), screen.Live}, {".", timeOf(t, 0, finds) + 5*time.Second, screen.Live},
		{",", timeOf(t, 0, finds), screen.Live}, {"<", 0, "build"}, {">", length, screen.Leaderboard},
		{"0", 0, "build"}, {"s", timeOf(t, 0, starts), screen.Live}, {"s", timeOf(t, 1, starts), screen.Live}, {"s", length, screen.Leaderboard},
		{"C", timeOf(t, 1, starts), screen.Live},
	} {
		b.keys(step.key)
		want := min(step.want, length)
		if p.shownAt() != want || b.at() != step.on {
			t.Errorf("%s goes to %s on screen %v, want %s on %v", step.key, p.shownAt(), b.at(), want, step.on)
		}
	}
	if b.keys("f"); !strings.Contains(b.frame(), "1 finding") {
		t.Errorf("the finding that was jumped to is not shown:\n%s", b.frame())
	}
}

func TestReplayIsMarkedOnEveryScreen(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	length := articleRecording(t).Length()
	shows := map[string]func(*bench){
		"build":       func(b *bench) { b.still(time.Second) },
		"live":        func(b *bench) { b.still(length * 9 / 10) },
		"race":        func(b *bench) { b.still(length * 9 / 10); b.keys("r") },
		"stage":       func(b *bench) { b.still(length * 9 / 10); b.keys("p") },
		"leaderboard": func(b *bench) { b.still(length) },
		"detail":      func(b *bench) { b.still(length); b.keys("enter") },
		"end stage":   func(b *bench) { b.still(length); b.keys("p") },
	}
	for name, show := range shows {
		for _, size := range [][2]int{{40, 12}, {80, 24}, {120, 36}, {250, 70}} {
			b := newReplay(t, Replay{Recording: articleRecording(t)}, size[0], size[1])
			show(b)
			if frame := b.frame(); !strings.Contains(frame, "REPLAY") {
				t.Errorf("%s at %v does not say REPLAY:\n%s", name, size, frame)
			}
			tuitest.CheckFrame(t, b.frame(), size[0], size[1])
		}
	}
	b := newReplay(t, Replay{Recording: articleRecording(t)}, 200, 60)
	b.still(length / 2)
	if machine := "recorded 2026-11-23 on AMD EPYC, 2 cores"; !strings.Contains(b.frame(), machine) {
		t.Errorf("the screen does not say %q:\n%s", machine, b.frame())
	}
}

func TestReplayQuitsAtOnce(t *testing.T) {
	b := newReplay(t, Replay{Recording: articleRecording(t)}, 80, 24)
	b.still(articleRecording(t).Length() / 2)
	if !quits(b.press("q")) || b.model.err != nil {
		t.Errorf("q does not end a replay, or with %v", b.model.err)
	}
}

func TestReplayStandsStillAtItsEnd(t *testing.T) {
	b := newReplay(t, Replay{Recording: articleRecording(t), Speed: 64}, 80, 24)
	for range 20 {
		b.tick()
	}
	if b.at() != screen.Leaderboard || b.model.player.moving() {
		t.Errorf("on screen %v, moving %t", b.at(), b.model.player.moving())
	}
	b.keys("enter") // and the person may look around
	for range 3 {
		b.tick()
	}
	if b.at() != "detail" {
		t.Errorf("the detail screen was left for %v", b.at())
	}
	b.keys(",", ",")
	if b.at() != screen.Live {
		t.Errorf("seeking back shows screen %v", b.at())
	}
}

func TestCutOffReplayEndsAtTheCut(t *testing.T) {
	for _, share := range []int{0, 2, 50, 90} {
		recording, err := recording.Load(bytes.NewReader(articleFile()[:len(articleFile())*share/100]))
		if recording == nil {
			if share > 2 {
				t.Errorf("%d %%: %v", share, err)
			}
			continue
		}
		recording.TellCut()
		b := newReplay(t, Replay{Recording: recording, Speed: 64}, 120, 36)
		for range 20 {
			b.tick()
		}
		if share < 50 {
			continue
		}
		if b.at() != screen.Live || b.model.player.moving() || !strings.Contains(b.frame(), "cut off") {
			t.Errorf("%d %%: on screen %v, moving %t:\n%s", share, b.at(), b.model.player.moving(), b.frame())
		}
	}
}

func TestClickOnTheTrackbarGoesThere(t *testing.T) {
	b := newReplay(t, Replay{Recording: articleRecording(t)}, 120, 36)
	b.still(0)
	lines := strings.Split(b.frame(), "\n")
	footer := []rune(lines[len(lines)-1])
	bar := strings.IndexFunc(string(footer), func(r rune) bool { return r == '●' })
	column := len([]rune(string(footer)[:bar]))
	b.send(tea.MouseMsg{X: column + 15, Y: 35, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
	length := articleRecording(t).Length()
	if at := b.model.player.shownAt(); at < length*45/100 || at > length*55/100 {
		t.Errorf("a click in the middle goes to %s of %s:\n%s", at, length, b.frame())
	}
}

// FuzzReplay looks that no recording breaks the screens.
func FuzzReplay(f *testing.F) {
	var lines []string
	seen := map[string]bool{}
	for _, event := range tuitest.Article() {
		text, err := json.Marshal(event)
		if err != nil {
			f.Fatal(err)
		}
		if kind := fmt.Sprintf("%T", event.Body); !seen[kind] {
			seen[kind] = true
			lines = append(lines, string(text))
		}
	}
	f.Add(strings.Join(lines, "\n"))
	f.Fuzz(func(t *testing.T, text string) {
		var events []stream.Event
		for line := range strings.Lines(text) {
			var event stream.Event
			if json.Unmarshal([]byte(line), &event) == nil {
				events = append(events, event)
			}
		}
		recording := recordingOf(t, events)
		b := newReplay(t, Replay{Recording: recording}, 120, 36)
		for i := range recording.Len() {
			b.still(recording.At(i))
		}
		b.keys("r", "m", "p", "n", "esc", "0", "f", "c", ">", "enter")
	})
}

// keysUntil presses a key until a text is seen.
func (b *bench) keysUntil(name, text string) {
	b.t.Helper()
	for range 200 {
		if b.keys(name); strings.Contains(b.frame(), text) {
			return
		}
	}
	b.t.Fatalf("%q is never seen:\n%s", text, b.frame())
}

// TestWindowHasThePercentilesOfItsReplies holds the line of a window against the
// intervals of the recording merged by the test itself.
func TestWindowHasThePercentilesOfItsReplies(t *testing.T) {
	const from, to = 1.0, 3.0
	var want measure.Histogram
	var began time.Duration
	for _, event := range tuitest.Article() {
		if event.Contender != "expressjs" {
			continue
		}
		switch body := event.Body.(type) {
		case stream.PhaseChanged:
			if body.Phase == stream.PhaseLoad {
				began = event.At
			}
		case stream.LoadSample:
			if body.Measures.From >= from*1e9 && body.Measures.To <= to*1e9 {
				want = want.Merge(body.Measures.ResponseOK)
			}
		}
	}
	b := newReplay(t, Replay{Recording: articleRecording(t)}, 160, 45)
	b.still(began + 4*time.Second)
	b.keysUntil("left", fmt.Sprintf(" %.1fs ", from))
	b.keys("v")
	b.keysUntil("right", fmt.Sprintf(" %.1fs–%.1fs ", from, to))
	line := fmt.Sprintf("1.0s–3.0s   OK %s  KO 75 %%  ms: mean %s  p50 %s  p90 %s  p99 %s  p99.9 %s  max %s",
		figure.Whole(float64(want.Count())), figure.InMS.Cell(measure.MS(want.Mean())), figure.InMS.Cell(measure.MS(want.Quantile(0.5))), figure.InMS.Cell(measure.MS(want.Quantile(0.9))),
		figure.InMS.Cell(measure.MS(want.Quantile(0.99))), figure.InMS.Cell(measure.MS(want.Quantile(0.999))), figure.InMS.Cell(measure.MS(want.Max())))
	if want.Count() != 20*111 || !strings.Contains(b.frame(), line) {
		t.Errorf("%d replies in the stretch; no %q in\n%s", want.Count(), line, b.frame())
	}
	tuitest.CheckFrame(t, b.frame(), 160, 45)
	b.keys("esc")
	if strings.Contains(b.frame(), "1.0s–3.0s") {
		t.Error("esc does not leave the window")
	}
	b.keys("v", "left", "left", "C", "c") // another load has no window
	if frame := b.frame(); strings.Contains(frame, "s–") {
		t.Errorf("the window stays on another load:\n%s", frame)
	}
}

// TestRecordingOfTheFirstVersionIsPlayed plays what commit f6d46f3 recorded: 1,600
// requests to each of two contenders, three of four of Express's refused.
func TestRecordingOfTheFirstVersionIsPlayed(t *testing.T) {
	data, err := os.ReadFile("../internal/recording/testdata/recording-v1-of-f6d46f3.btr")
	if err != nil {
		t.Fatal(err)
	}
	recording, err := recording.Load(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	b := newReplay(t, Replay{Recording: recording}, 120, 36)
	b.still(recording.Length() - time.Second)
	tuitest.CheckFrame(t, b.frame(), 120, 36)
	b.still(recording.Length())
	for _, want := range []string{"Golang", "Express.js", "status 304", "75 %"} {
		if !strings.Contains(b.frame(), want) {
			t.Errorf("no %s on the leaderboard:\n%s", want, b.frame())
		}
	}
	b.keys("C")
	b.still(b.model.player.shownAt() + 2*time.Second)
	if !strings.Contains(b.frame(), "expressjs") || !strings.Contains(b.frame(), "status 304") {
		t.Errorf("the load of Express:\n%s", b.frame())
	}
}

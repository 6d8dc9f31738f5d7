package tui

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/benchtui/benchtui/internal/recording"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// recordedRun is a real run: golang, expressjs and bun under the workload article
// with a warm-up of a second, and a contender that cannot be built, on a busy machine.
// It was made with benchtui run golang expressjs FILE bun -w article --warmup 1s --record.
var recordedRun = sync.OnceValues(func() (*recording.Recording, error) {
	file, err := os.ReadFile(filepath.Join("testdata", "run.btr"))
	if err != nil {
		return nil, err
	}
	return recording.Load(bytes.NewReader(file))
})

// recordedEvents are its events: decoding them takes longer than a film of them.
var recordedEvents = sync.OnceValues(func() ([]stream.Event, error) {
	recording, err := recordedRun()
	if err != nil {
		return nil, err
	}
	return recording.Events(), nil
})

// recordedScene is a screen of the recorded run.
type recordedScene struct {
	until  func(stream.Event) bool // the run is played up to the first that satisfies; nil: to its end
	keys   []string
	choose bool // begins with what there is to choose, and no run
	replay bool
}

func buildDone(ok bool) func(stream.Event) bool {
	return func(event stream.Event) bool {
		done, is := event.Body.(stream.BuildDone)
		return is && done.OK == ok
	}
}

func warmingUp(contender string, to time.Duration) func(stream.Event) bool {
	return func(event stream.Event) bool {
		sample, ok := event.Body.(stream.LoadSample)
		return ok && sample.Warmup && event.Contender == contender && sample.Measures.To >= to
	}
}

func loadedFor(contender string, to time.Duration) func(stream.Event) bool {
	return func(event stream.Event) bool {
		sample, ok := event.Body.(stream.LoadSample)
		return ok && !sample.Warmup && event.Contender == contender && sample.Measures.To >= to
	}
}

var recordedScenes = map[string]recordedScene{
	"choose":       {choose: true},
	"build":        {until: buildDone(true), keys: []string{"end"}},
	"build-failed": {until: buildDone(false), keys: []string{"down", "down"}},
	"warm-up":      {until: warmingUp("expressjs", 500*time.Millisecond)},
	"live":         {until: loadedFor("expressjs", 4*time.Second)},
	"live-cursor":  {until: loadedFor("expressjs", 4*time.Second), keys: []string{"left", "shift+left", "l"}},
	"live-heatmap": {until: loadedFor("expressjs", 4*time.Second), keys: []string{"e", "tab", "tab"}},
	"help":         {until: loadedFor("expressjs", 4*time.Second), keys: []string{"?"}},
	"race":         {until: loadedFor("bun", 3*time.Second), keys: []string{"r"}},
	"leaderboard":  {},
	"detail":       {keys: []string{"down", "down", "enter"}},
	"stage":        {until: loadedFor("expressjs", 4*time.Second), keys: []string{"p"}},
	"stage-places": {keys: []string{"p"}},
	"replay":       {until: loadedFor("expressjs", 4*time.Second), replay: true},
}

// film brings a scene about.
func (s recordedScene) film(look FilmLook) (*Film, error) {
	events, err := recordedEvents()
	if err != nil {
		return nil, err
	}
	at := events[len(events)-1].At
	if s.until != nil {
		played := tuitest.Until(events, s.until)
		at = played[len(played)-1].At
	}
	if s.replay {
		recording, err := recordedRun()
		if err != nil {
			return nil, err
		}
		return NewReplayFilm(recording, at, look)
	}
	var choices *Choices
	if s.choose {
		choices = screentest.ArticleChoices()
		choices.Contenders = events[0].Body.(stream.RunStarted).Plan.Contenders
	}
	film, err := NewFilm(events, choices, look)
	if err == nil && !s.choose {
		err = film.PlayTo(at)
	}
	if err == nil {
		err = film.Press(s.keys...)
	}
	return film, err
}

// TestRecordedScreens holds every screen of a real run in every size, on a dark
// background, on a light one, and without colours.
func TestRecordedScreens(t *testing.T) {
	looks := map[string]FilmLook{"dark": {}, "light": {Light: true}, "colourless": {NoColor: true}}
	for name, scene := range recordedScenes {
		for kind, look := range looks {
			for _, size := range screentest.Sizes {
				look := look
				look.W, look.H = size[0], size[1]
				t.Run(fmt.Sprintf("%s-%s-%dx%d", name, kind, look.W, look.H), func(t *testing.T) {
					t.Parallel()
					film, err := scene.film(look)
					if err != nil {
						t.Fatal(err)
					}
					frame := film.Frame()
					tuitest.CompareGoldenIn(t, filepath.Join("testdata", "recorded"), film.model.frame+"\n")
					if name != "help" { // it lies over borders
						tuitest.CheckFrame(t, ansi.Strip(film.model.frame), look.W, look.H)
					}
					if got, want := frame.Text(), ansi.Strip(film.model.frame)+"\n"; got != want {
						t.Errorf("a picture would show another text:\n%s", got)
					}
				})
			}
		}
	}
}

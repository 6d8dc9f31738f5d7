package flame

import (
	"strings"
	"testing"

	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func opened(t *testing.T) (*Screen, *screentest.Bench) {
	t.Helper()
	f := New()
	return f, screentest.NewBench(t, f, 120, 36).Play(screentest.SceneOf(t, "flame"))
}

func TestMovesAlongCallsAndZooms(t *testing.T) {
	f, b := opened(t)
	at := func(want, zoom, after string) {
		t.Helper()
		if f.selected.node.Name != want || f.zoom.node.Name != zoom {
			t.Errorf("after %s at %q in %q, want %q in %q", after, f.selected.node.Name, f.zoom.node.Name, want, zoom)
		}
	}
	at("all", "all", "opening")
	b.Keys("down", "j", "j", "down")
	at("hello", "all", "down")
	b.Keys("down", "right")
	at("send", "all", "right")
	b.Keys("l", "l")
	at("send", "all", "right at the end of its level")
	b.Keys("h")
	at("etag", "all", "left")
	b.Keys("enter", "down")
	at("createHash", "etag", "enter and down")
	b.Keys("up", "up", "up")
	at("next", "etag", "up, past what has the width")
	b.Keys("down")
	at("hello", "etag", "down, on the way to what has the width")
	b.Keys("backspace")
	at("hello", "all", "backspace")
	b.Keys("enter", "down", "enter", "esc", "esc")
	at("etag", "all", "esc twice")
	if len(b.Did) > 0 {
		t.Fatalf("the screen was left by %+v", b.Did)
	}
	b.Keys("esc")
	if len(b.Did) != 1 || b.Did[0].Do != screen.Back {
		t.Errorf("esc without a zoom asked for %+v", b.Did)
	}
}

// Keys that the last line has are no more than once in the help.
func TestHelpListsEachKeyOnce(t *testing.T) {
	f, b := opened(t)
	b.Keys("down", "down", "enter", "/", "e", "enter")
	listed := map[string]int{}
	for _, binding := range f.Keys(&b.Context).All() {
		if listed[binding.Help().Key]++; listed[binding.Help().Key] > 1 {
			t.Errorf("the help lists %s twice: %s", binding.Help().Key, binding.Help().Desc)
		}
	}
	if listed["bksp"] == 0 || listed["n"] == 0 {
		t.Errorf("listed: %v", listed)
	}
}

func TestAClickZooms(t *testing.T) {
	f, b := opened(t)
	for y, line := range strings.Split(b.Frame(), "\n") {
		if x := strings.Index(line, "O etag"); x >= 0 {
			b.Click(len([]rune(line[:x])), y)
			break
		}
	}
	if f.zoom.node.Name != "etag" || f.selected != f.zoom {
		t.Errorf("a click on etag zooms to %q", f.zoom.node.Name)
	}
	if !strings.Contains(b.Frame(), "called by hello") && !strings.Contains(b.Frame(), "called from hello (app.js:14)") {
		t.Errorf("it is not told from where etag was called:\n%s", b.Frame())
	}
}

func TestSearchMarksAndSumsUp(t *testing.T) {
	f, b := opened(t)
	b.Keys("/", "E", "x", "p", "r", "e", "s", "s")
	if !f.Typing() || len(f.search.found) != 4 {
		t.Fatalf("%d places found", len(f.search.found))
	}
	// handle is above all others, and counts once.
	if want := f.row(2)[0].share(); f.search.share != want {
		t.Errorf("they took %v of the time, want %v", f.search.share, want)
	}
	b.Keys("enter")
	if f.Typing() || f.selected.node.Name != "handle" {
		t.Errorf("enter leads to %q", f.selected.node.Name)
	}
	b.Keys("n", "n", "n", "n")
	if f.selected.node.Name != "handle" {
		t.Errorf("n does not go round: %q", f.selected.node.Name)
	}
	b.Keys("N")
	if f.selected.node.Name == "handle" {
		t.Error("N stays")
	}
	b.Keys("esc")
	if f.search.words != "" || f.row(2)[0].found {
		t.Error("esc keeps what was found")
	}
	b.Keys("/", "z", "z", "z", "enter")
	if !strings.Contains(b.Frame(), "/zzz  nothing") {
		t.Errorf("it is not told that nothing was found:\n%s", b.Frame())
	}
}

func TestWhatIsTooNarrowCanBeFound(t *testing.T) {
	f, b := opened(t)
	b.W = 12
	b.Draw()
	b.Keys("/", "0", "x", "5", "enter")
	if f.selected.node.Name != "0x55e0c4a1" || f.columnsOf(f.selected) == 0 {
		t.Errorf("at %q with %d columns", f.selected.node.Name, f.columnsOf(f.selected))
	}
}

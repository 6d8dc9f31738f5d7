package tui

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// catKeys are what a person with a cat on the keyboard would press; q is not among
// them, as it would end the walk.
var catKeys = []string{
	"up", "down", "left", "right", "shift+left", "shift+right", "tab", "shift+tab", "enter", "esc", " ", "/", "?", "a", "b", "c", "d", "e", "f",
	"g", "G", "h", "i", "j", "k", "l", "m", "n", "o", "p", "r", "s", "S", "t", "u", "v", "w", "W", "x", "y", "z", "1", "2", "3", "4", "5", "6",
	"7", "8", "9", "0", "pgup", "pgdown", "home", "end", "backspace", "+", "-", ".", ",", "[", "]", "ß", "漢",
}

// TestRandomKeysAndSizes walks through the screens by random keys, clicks, sizes
// and events. BENCHTUI_RANDOM=1m makes it walk for a minute from new seeds.
func TestRandomKeysAndSizes(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it takes seconds")
	}
	if length, err := time.ParseDuration(os.Getenv("BENCHTUI_RANDOM")); err == nil {
		seed := uint64(time.Now().UnixNano())
		for end := time.Now().Add(length); time.Now().Before(end); seed++ {
			walk(t, seed, 500)
		}
		return
	}
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			walk(t, seed, 250)
		})
	}
}

// walk takes so many random steps, and checks the frame after each.
func walk(t *testing.T, seed uint64, steps int) {
	t.Helper()
	did := ""
	defer func() {
		if t.Failed() {
			t.Logf("seed %d, at last: %s", seed, did)
		}
	}()
	random := rand.New(rand.NewPCG(seed, 7))
	events := tuitest.Article()
	if random.IntN(2) == 0 {
		events = tuitest.Profiled()
	}
	b := newBench(t, screentest.ArticleChoices(), 80, 24)
	b.fresh = true
	if random.IntN(2) == 0 {
		b.model.theme = term.NewTheme(termenv.TrueColor, true)
	}
	next := 0
	for range steps {
		switch random.IntN(6) {
		case 0:
			w, h := 1+random.IntN(250), 1+random.IntN(70)
			did = fmt.Sprintf("size %dx%d", w, h)
			b.send(tea.WindowSizeMsg{Width: w, Height: h})
		case 1, 2:
			name := catKeys[random.IntN(len(catKeys))]
			did = "key " + name
			b.now = b.now.Add(drawEvery)
			if cmd := b.press(name); cmd != nil && b.model.beginning {
				b.send(cmd())
				next = 0
			}
		case 3:
			x, y := random.IntN(250), random.IntN(70)
			did = fmt.Sprintf("click %d,%d", x, y)
			b.send(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
		default:
			if b.model.run == nil {
				continue
			}
			to := min(len(events), next+random.IntN(60))
			did = fmt.Sprintf("events %d to %d", next, to)
			b.events(events[next:to]...)
			if next = to; next == len(events) {
				b.end()
			}
		}
		b.model.dirty = true
		b.send(tea.FocusMsg{})
		if !b.model.help {
			tuitest.CheckFrame(t, b.frame(), b.model.w, b.model.h)
		}
	}
}

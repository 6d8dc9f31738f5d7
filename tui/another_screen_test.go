package tui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/term"
)

// anotherKey is one that no screen will take.
const anotherKey = "§"

// another is a screen as somebody might add it: of the contender at the cursor, opened
// by a key of its own.
type another struct{ of string }

func (a *another) About() screen.About {
	return screen.About{
		Name: "another", Opens: screen.Bind(anotherKey, "another", anotherKey), From: []screen.Name{screen.Leaderboard},
		Signs: [][2]string{{"▒", "something that only it has"}},
	}
}

func (a *another) Open(ctx *screen.Context) bool {
	a.of = ctx.Contender
	return a.of != ""
}

func (a *another) Keys(ctx *screen.Context) screen.Shortcuts {
	return screen.Shortcuts{Footer: append(ctx.Keys.Moves(), ctx.Keys.Help, ctx.Keys.Back, ctx.Keys.Quit)}
}

func (a *another) Key(msg tea.KeyMsg, ctx *screen.Context) screen.Action {
	return screen.Action{Do: screen.Back}
}

func (a *another) Draw(s *term.Surface, in term.Rect, ctx *screen.Context) {
	s.Text(in, "another screen of "+a.of, term.RoleStrong)
}

// Another screen is a folder and a line in the list: its key, its help and the way
// there and back come with it.
func TestAnotherScreenIsALineInTheList(t *testing.T) {
	b := newBench(t, screentest.ArticleChoices(), 120, 36)
	b.model.screens = append(b.model.screens, &another{})
	b.play("leaderboard")
	if !strings.Contains(b.frame(), anotherKey+" another") {
		t.Errorf("the last line has no key for it:\n%s", b.frame())
	}
	b.keys(anotherKey)
	if !strings.Contains(b.frame(), "another screen of expressjs") {
		t.Fatalf("the key does not open it for the contender at the cursor:\n%s", b.frame())
	}
	b.keys("?")
	if !strings.Contains(b.frame(), "something that only it has") {
		t.Errorf("the help has none of its signs:\n%s", b.frame())
	}
	b.keys("?", "esc")
	if b.at() != screen.Leaderboard {
		t.Errorf("esc leads to %q", b.at())
	}
}

package choose_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/choose"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

// onBench is the choose screen with an offer, once the machine was looked at.
func onBench(t *testing.T, offer *choose.Offer) (*screentest.Bench, *choose.Screen) {
	t.Helper()
	c := choose.New(offer, nil)
	b := screentest.NewBench(t, c, 80, 24)
	b.Start()
	return b, c
}

func TestFiguresAreChangedInPlace(t *testing.T) {
	b, c := onBench(t, screentest.EditableOffer())
	b.Keys("e", "1", "2", "0", "tab", "2", "s", "enter")
	if c.Typing() {
		t.Error("enter does not end the editing")
	}
	selection := c.Selection()
	if want := (choose.WorkloadFigure{Flag: "users", Value: "120"}); selection.Figures[0] != want {
		t.Errorf("the selection has %v, want %v", selection.Figures[0], want)
	}
	if want := (choose.WorkloadFigure{Flag: "ramp", Value: "2s"}); selection.Figures[1] != want {
		t.Errorf("the selection has %v, want %v", selection.Figures[1], want)
	}
	if !strings.Contains(b.Frame(), "120 users in 2s · about 1 min per contender") {
		t.Errorf("the words do not follow:\n%s", b.Frame())
	}
	if !strings.Contains(b.Frame(), "about "+figure.Length(time.Duration(len(selection.Contenders))*time.Minute)) {
		t.Errorf("the title does not say how long the whole run takes:\n%s", b.Frame())
	}
}

func TestWrongFigureIsSaidAndStaysToBeMended(t *testing.T) {
	b, c := onBench(t, screentest.EditableOffer())
	b.Keys("e", "x", "enter")
	if !c.Typing() || !strings.Contains(b.Frame(), "pass a number") {
		t.Fatalf("got\n%s", b.Frame())
	}
	b.Keys("backspace", "7", "enter")
	if got := c.Selection().Figures[0].Value; got != "7" || c.Problem() != "" {
		t.Errorf("users are %q, problem %q", got, c.Problem())
	}
}

func TestEscLeavesAFigureAsItWas(t *testing.T) {
	b, c := onBench(t, screentest.EditableOffer())
	b.Keys("e", "9", "q", "esc")
	if c.Typing() || c.Selection().Figures[0].Value != "8000" {
		t.Errorf("got %+v", c.Selection())
	}
}

func TestFigureIsEditedFromItsEndByBackspace(t *testing.T) {
	b, c := onBench(t, screentest.EditableOffer())
	b.Keys("e", "backspace", "5", "enter")
	if got := c.Selection().Figures[0].Value; got != "8005" {
		t.Errorf("got %q", got)
	}
}

func TestAnotherWorkloadLeavesTheEditing(t *testing.T) {
	b, c := onBench(t, screentest.EditableOffer())
	b.Keys("e", "esc", "tab")
	if c.Typing() {
		t.Error("still editing")
	}
	b, c = onBench(t, screentest.ArticleOffer()) // nothing can be changed
	b.Keys("e")
	if c.Typing() {
		t.Error("edits what can't be changed")
	}
}

// What can be measured is found out while the screen stands; what was chosen in the
// meantime holds, but for what turns out to be missing.
func TestContendersAreFoundWhileTheScreenStands(t *testing.T) {
	offer := screentest.ArticleOffer()
	known := offer.Contenders
	offer.Contenders, offer.Selected = slices.Clone(known), nil
	for i := range offer.Contenders {
		offer.Contenders[i].State, offer.Contenders[i].Reason = choose.Looking, ""
		offer.Selected = append(offer.Selected, offer.Contenders[i].ID)
	}
	next := 0
	offer.Found = func() (choose.FoundContender, bool) {
		if next == len(known) {
			return choose.FoundContender{}, false
		}
		next++
		return choose.FoundContender{Facts: known[next-1], More: []string{"more of " + known[next-1].ID}}, true
	}
	c := choose.New(offer, nil)
	b := screentest.NewBench(t, c, 80, 24)
	b.Draw()
	if n := len(c.Selection().Contenders); n != len(known) || !strings.Contains(b.Frame(), fmt.Sprintf("looking for the tools of %d more", n)) {
		t.Fatalf("before anything is found %d of %d are selected:\n%s", n, len(known), b.Frame())
	}
	b.Keys(" ") // golang is the first
	b.Start()
	if got, want := c.Selection().Contenders, []string{"expressjs", "micronaut"}; !slices.Equal(got, want) || strings.Contains(b.Frame(), "looking for") {
		t.Errorf("selected are %q, want %q: golang was left out by hand, the others can't be measured\n%s", got, want, b.Frame())
	}
}

func TestClicksSelect(t *testing.T) {
	b, c := onBench(t, screentest.ArticleOffer())
	b.Click(16, 4) // micronaut
	b.Click(4, 16) // burst
	if got := c.Selection(); len(got.Contenders) != 3 || got.Workload != "burst" {
		t.Errorf("got %+v", got)
	}
	b.Click(3, 4) // Java: selects what of it can be measured, or as here none
	if got := c.Selection(); len(got.Contenders) != 2 {
		t.Errorf("a click on a language left %v", got.Contenders)
	}
}

func TestScreens(t *testing.T) {
	make := func(scene screentest.Scene) screen.Screen { return choose.New(scene.Offer, nil) }
	screentest.Golden(t, make, "choose", "choose-filter", "choose-refusal", "choose-looking", "choose-workload", "choose-figures", "choose-figures-wrong")
	screentest.GoldenIn(t, make, "choose", [2]int{59, 20}, [2]int{40, 12}, [2]int{24, 6})
}

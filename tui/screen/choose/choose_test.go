package choose_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/choose"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

// onBench is the choose screen with choices, once the machine was looked at.
func onBench(t *testing.T, choices *choose.Choices) (*screentest.Bench, *choose.Screen) {
	t.Helper()
	c := choose.New(choices, nil)
	b := screentest.NewBench(t, c, 80, 24)
	b.Start()
	return b, c
}

func TestSettingsAreChangedInPlace(t *testing.T) {
	b, c := onBench(t, screentest.EditableOffer())
	b.Keys("e", "1", "2", "0", "tab", "2", "s", "enter")
	if c.Typing() {
		t.Error("enter does not end the editing")
	}
	selection := c.Selection()
	if load := selection.Workload.Load; load.Users != 120 || load.RampOver != 2*time.Second {
		t.Errorf("the selection has %d users in %s, want 120 in 2s", load.Users, load.RampOver)
	}
	if !strings.Contains(b.Frame(), "120 users in 2 s × 4 requests, HTTP cache · about 3 s per contender") {
		t.Errorf("the words do not follow:\n%s", b.Frame())
	}
	if !strings.Contains(b.Frame(), "about "+figure.Length(time.Duration(len(selection.Contenders))*selection.Workload.PerContender())) {
		t.Errorf("the title does not say how long the whole run takes:\n%s", b.Frame())
	}
	if again := screentest.EditableOffer().Workloads[1]; again.Load.Users != 8000 {
		t.Errorf("another choices has %d users", again.Load.Users)
	}
}

func TestWrongSettingIsSaidAndStaysToBeMended(t *testing.T) {
	b, c := onBench(t, screentest.EditableOffer())
	b.Keys("e", "x", "enter")
	if !c.Typing() || !strings.Contains(b.Frame(), `users "x": pass a whole number, such as 64`) {
		t.Fatalf("got\n%s", b.Frame())
	}
	b.Keys("backspace", "7", "enter")
	if got := c.Selection().Workload.Load.Users; got != 7 || c.Problem() != "" {
		t.Errorf("users are %d, problem %q", got, c.Problem())
	}
}

func TestWhatTheMachineRefusesIsSaid(t *testing.T) {
	choices := screentest.EditableOffer()
	choices.Check = func(w plan.Workload) error {
		if w.Load.Users > 9000 {
			return errors.New("too many for this machine")
		}
		return nil
	}
	b, c := onBench(t, choices)
	b.Keys("e", "9", "9", "9", "9", "enter")
	if !c.Typing() || c.Problem() != "too many for this machine" || c.Selection().Workload.Load.Users != 8000 {
		t.Errorf("problem %q, %+v", c.Problem(), c.Selection())
	}
}

func TestEscLeavesASettingAsItWas(t *testing.T) {
	b, c := onBench(t, screentest.EditableOffer())
	b.Keys("e", "9", "q", "esc")
	if c.Typing() || c.Selection().Workload.Load.Users != 8000 {
		t.Errorf("got %+v", c.Selection())
	}
}

func TestSettingIsEditedFromItsEndByBackspaceAndWhereTheCursorIs(t *testing.T) {
	b, c := onBench(t, screentest.EditableOffer())
	b.Keys("e", "backspace", "5", "enter")
	if got := c.Selection().Workload.Load.Users; got != 8005 {
		t.Errorf("got %d", got)
	}
	b.Keys("e", "left", "left", "backspace", "4", "enter")
	if got := c.Selection().Workload.Load.Users; got != 8405 {
		t.Errorf("got %d", got)
	}
	b.Keys("e", "home", "delete", "delete", "delete", "delete", "6", "enter")
	if got := c.Selection().Workload.Load.Users; got != 6 {
		t.Errorf("got %d", got)
	}
}

// What was there at first can be set back, and what is edited is seen where there is
// room for one row alone.
func TestEveryFieldOfAWorkloadIsReached(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 12}, {40, 12}} {
		c := choose.New(screentest.EditableOffer(), nil)
		b := screentest.NewBench(t, c, size[0], size[1])
		b.Draw()
		b.Keys("e", "tab", "tab", "tab", "f", "a", "l", "s", "e", "enter")
		if c.Selection().Workload.Load.HTTPCache {
			t.Fatalf("%v: the cache is still on:\n%s", size, b.Frame())
		}
		b.Keys("e", "tab", "tab", "tab")
		if size[1] > 12 && !strings.Contains(b.Frame(), "http-cache false") {
			t.Errorf("%v: the field is gone:\n%s", size, b.Frame())
		}
		b.Keys("t", "enter")
		if !c.Selection().Workload.Load.HTTPCache {
			t.Errorf("%v: the cache is still off:\n%s", size, b.Frame())
		}
	}
}

func TestFilterIsEditedWhereTheCursorIs(t *testing.T) {
	b, _ := onBench(t, screentest.ArticleChoices())
	b.Keys("/", "g", "l", "a", "n", "g", "home", "right", "o")
	if frame := b.Frame(); !strings.Contains(frame, "/go▏lang") || !strings.Contains(frame, "Go") || strings.Contains(frame, "micronaut") {
		t.Errorf("got\n%s", frame)
	}
}

func TestAnotherWorkloadLeavesTheEditing(t *testing.T) {
	b, c := onBench(t, screentest.EditableOffer())
	b.Keys("e", "esc", "tab")
	if c.Typing() {
		t.Error("still editing")
	}
	b, c = onBench(t, screentest.ArticleChoices()) // nothing can be changed
	b.Keys("e")
	if c.Typing() {
		t.Error("edits what can't be changed")
	}
}

// What can be measured is found out while the screen stands; what was chosen in the
// meantime holds, but for what turns out to be missing.
func TestContendersAreFoundWhileTheScreenStands(t *testing.T) {
	choices := screentest.ArticleChoices()
	known := choices.Contenders
	choices.Contenders, choices.Selected = slices.Clone(known), nil
	for i := range choices.Contenders {
		choices.Contenders[i].State, choices.Contenders[i].Reason = choose.Looking, ""
		choices.Selected = append(choices.Selected, choices.Contenders[i].ID)
	}
	next := 0
	choices.Found = func() (choose.FoundContender, bool) {
		if next == len(known) {
			return choose.FoundContender{}, false
		}
		next++
		return choose.FoundContender{Facts: known[next-1], Details: []string{"more of " + known[next-1].ID}}, true
	}
	c := choose.New(choices, nil)
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
	b, c := onBench(t, screentest.ArticleChoices())
	b.Click(16, 4) // micronaut
	b.Click(4, 16) // burst
	if got := c.Selection(); len(got.Contenders) != 3 || got.Workload.Name != "burst" {
		t.Errorf("got %+v", got)
	}
	b.Click(3, 4) // Java: selects what of it can be measured, or as here none
	if got := c.Selection(); len(got.Contenders) != 2 {
		t.Errorf("a click on a language left %v", got.Contenders)
	}
}

func TestScreens(t *testing.T) {
	make := func(scene screentest.Scene) screen.Screen { return choose.New(scene.Choices, nil) }
	screentest.Golden(t, make, "choose", "choose-filter", "choose-refusal", "choose-looking", "choose-workload", "choose-figures", "choose-figures-wrong")
	screentest.GoldenIn(t, make, "choose", [2]int{59, 20}, [2]int{40, 12}, [2]int{24, 6})
}

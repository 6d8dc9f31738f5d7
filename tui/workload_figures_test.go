package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/tui/words"
)

func TestFiguresAreChangedInPlace(t *testing.T) {
	b := newBench(t, editableOffer(), 80, 24)
	b.keys("e", "1", "2", "0", "tab", "2", "s", "enter")
	if b.model.choose.editor.on {
		t.Error("enter does not end the editing")
	}
	selection := b.model.choose.selection()
	if want := (WorkloadFigure{"users", "120"}); selection.Figures[0] != want {
		t.Errorf("the selection has %v, want %v", selection.Figures[0], want)
	}
	if want := (WorkloadFigure{"ramp", "2s"}); selection.Figures[1] != want {
		t.Errorf("the selection has %v, want %v", selection.Figures[1], want)
	}
	if !strings.Contains(b.frame(), "120 users in 2s · about 1 min per contender") {
		t.Errorf("the words do not follow:\n%s", b.frame())
	}
	if !strings.Contains(b.frame(), "about "+words.Took(time.Duration(len(selection.Contenders))*time.Minute)) {
		t.Errorf("the title does not say how long the whole run takes:\n%s", b.frame())
	}
}

func TestWrongFigureIsSaidAndStaysToBeMended(t *testing.T) {
	b := newBench(t, editableOffer(), 80, 24)
	b.keys("e", "x", "enter")
	if !b.model.choose.editor.on || !strings.Contains(b.frame(), "pass a number") {
		t.Fatalf("got\n%s", b.frame())
	}
	b.keys("backspace", "7", "enter")
	if got := b.model.choose.selection().Figures[0].Value; got != "7" || b.model.choose.problem != "" {
		t.Errorf("users are %q, problem %q", got, b.model.choose.problem)
	}
}

func TestEscLeavesAFigureAsItWas(t *testing.T) {
	b := newBench(t, editableOffer(), 80, 24)
	b.keys("e", "9", "q", "esc")
	if b.model.choose.editor.on || b.model.choose.selection().Figures[0].Value != "8000" {
		t.Errorf("got %+v", b.model.choose.selection())
	}
}

func TestFigureIsEditedFromItsEndByBackspace(t *testing.T) {
	b := newBench(t, editableOffer(), 80, 24)
	b.keys("e", "backspace", "5", "enter")
	if got := b.model.choose.selection().Figures[0].Value; got != "8005" {
		t.Errorf("got %q", got)
	}
}

func TestAnotherWorkloadLeavesTheEditing(t *testing.T) {
	b := newBench(t, editableOffer(), 80, 24)
	b.keys("e", "esc", "tab")
	if b.model.choose.editor.on {
		t.Error("still editing")
	}
	b = newBench(t, articleOffer(), 80, 24) // nothing can be changed
	b.keys("e")
	if b.model.choose.editor.on {
		t.Error("edits what can't be changed")
	}
}

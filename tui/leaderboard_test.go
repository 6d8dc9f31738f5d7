package tui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// fieldBoard is the leaderboard of the 18.
func fieldBoard(t *testing.T) *bench {
	b := newBench(t, nil, 200, 60)
	b.begin()
	b.events(tuitest.Field()...)
	b.end()
	return b
}

func (b *bench) places() []string {
	var ids []string
	for _, row := range b.model.board.rows {
		ids = append(ids, row.ID)
	}
	return ids
}

func TestSortingKeepsThoseWithoutARankBelowTheLine(t *testing.T) {
	b := fieldBoard(t)
	for range len(b.model.board.columns()) + 1 {
		for range 2 {
			ids := b.places()
			if last := ids[len(ids)-1]; last != "expressjs" {
				t.Errorf("sorted by %d, turned %v: the last is %s", b.model.board.sort, b.model.board.turned, last)
			}
			b.keys("S")
		}
		b.keys("s")
	}
	if b.model.board.sort != -1 {
		t.Errorf("s does not come round to the ranks, but to %d", b.model.board.sort)
	}
}

func TestSortingOtherWayTurnsTheRanked(t *testing.T) {
	b := fieldBoard(t)
	if ids := b.places(); ids[0] != "warp" || ids[16] != "kumuluz" {
		t.Fatalf("got %v", ids)
	}
	b.keys("S")
	if ids := b.places(); ids[0] != "kumuluz" || ids[16] != "warp" {
		t.Errorf("turned: %v", ids)
	}
	b.keys("s") // the first column, the best first again
	if b.model.board.turned {
		t.Error("another column begins turned")
	}
}

func TestClickOnAHeadSortsAndAnotherTurns(t *testing.T) {
	b := fieldBoard(t)
	click := func() {
		head := strings.Split(b.frame(), "\n")[2]
		b.send(tea.MouseMsg{X: len([]rune(head[:strings.LastIndex(head, "p99 ms")])) + 1, Y: 2, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
	}
	click()
	board := &b.model.board
	if name := board.columns()[board.sort].name; name != "p99 ms" || board.turned {
		t.Fatalf("a click sorts by %s, turned %v", name, board.turned)
	}
	best := b.places()[0]
	click()
	if !board.turned || b.places()[16] != best {
		t.Errorf("a second click does not turn: %v", b.places())
	}
}

func TestGeneratorLimitedRunIsMarkedOnEveryRow(t *testing.T) {
	events := tuitest.Article()
	done := events[len(events)-1].Body.(stream.RunDone)
	contenders := append([]stream.ContenderResult{}, done.Result.Contenders...)
	for i := range contenders {
		contenders[i].Verdict = "generator"
	}
	done.Result.Contenders = contenders
	b := newBench(t, nil, 120, 36)
	b.begin()
	b.events(events[:len(events)-1]...)
	b.events(stream.Event{Body: done})
	b.end()
	lines := strings.Split(b.frame(), "\n")
	for _, name := range []string{"Go net/http", "Express", "Micronaut"} {
		marked := false
		for _, line := range lines[:10] {
			marked = marked || strings.Contains(line, name+"⚠") || strings.Contains(line, name+" ⚠")
		}
		if !marked {
			t.Errorf("%s is not marked:\n%s", name, b.frame())
		}
	}
	if !strings.Contains(b.frame(), "not the servers'") {
		t.Errorf("the rules do not say so:\n%s", b.frame())
	}
	b.keys("enter")
	if !strings.Contains(b.frame(), "the generator was the limit") {
		t.Errorf("detail does not say so:\n%s", b.frame())
	}
	b.keys("esc", "p")
	if !strings.Contains(b.frame(), "the generator was the limit") {
		t.Errorf("the stage does not say so:\n%s", b.frame())
	}
}

package leaderboard

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// fieldBoard is the leaderboard of the 18.
func fieldBoard(t *testing.T) (*screentest.Bench, *Screen) {
	t.Helper()
	board := New()
	return screentest.NewBench(t, board, 200, 60).Play(screentest.SceneOf(t, "leaderboard-of-18")), board
}

// ended is the leaderboard of a run.
func ended(t *testing.T, w, h int, events []stream.Event) (*screentest.Bench, *Screen) {
	t.Helper()
	board := New()
	return screentest.NewBench(t, board, w, h).Play(screentest.Scene{Events: events, Ended: true}), board
}

func places(board *Screen) (ids []string) {
	for _, row := range board.rows {
		ids = append(ids, row.ID)
	}
	return ids
}

func TestSortingKeepsThoseWithoutARankBelowTheLine(t *testing.T) {
	b, board := fieldBoard(t)
	for range len(board.columns()) + 1 {
		for range 2 {
			ids := places(board)
			if last := ids[len(ids)-1]; last != "expressjs" {
				t.Errorf("sorted by %d, turned %v: the last is %s", board.sort, board.turned, last)
			}
			b.Keys("S")
		}
		b.Keys("s")
	}
	if board.sort != -1 {
		t.Errorf("s does not come round to the ranks, but to %d", board.sort)
	}
}

func TestSortingOtherWayTurnsTheRanked(t *testing.T) {
	b, board := fieldBoard(t)
	if ids := places(board); ids[0] != "warp" || ids[16] != "kumuluz" {
		t.Fatalf("got %v", ids)
	}
	b.Keys("S")
	if ids := places(board); ids[0] != "kumuluz" || ids[16] != "warp" {
		t.Errorf("turned: %v", ids)
	}
	b.Keys("s") // the first column, the best first again
	if board.turned {
		t.Error("another column begins turned")
	}
}

func TestClickOnAHeadSortsAndAnotherTurns(t *testing.T) {
	b, board := fieldBoard(t)
	click := func() {
		head := strings.Split(b.Frame(), "\n")[2]
		b.Click(len([]rune(head[:strings.LastIndex(head, "p99 ms")]))+1, 2)
	}
	click()
	if name := board.columns()[board.sort].name; name != "p99 ms" || board.turned {
		t.Fatalf("a click sorts by %s, turned %v", name, board.turned)
	}
	best := places(board)[0]
	click()
	if !board.turned || places(board)[16] != best {
		t.Errorf("a second click does not turn: %v", places(board))
	}
}

func TestEfficiencyViewSortsByCostAndGoesBack(t *testing.T) {
	b, board := fieldBoard(t)
	ranks := places(board)
	names := func() (all []string) {
		for _, column := range board.columns() {
			all = append(all, column.rank)
		}
		return all
	}
	board.result.Contenders = slices.Clone(board.result.Contenders)
	for i := range board.result.Contenders { // whoever is slower is cheaper
		cheaper := *board.result.Contenders[i].Process
		cpu := 100 - float64(i)
		cheaper.CPUUSPerRequest = &cpu
		board.result.Contenders[i].Process = &cheaper
	}
	b.Keys("e")
	for _, figure := range []string{"cpu-per-request", "rps-per-core", "rps-per-mb", "rss"} {
		if !slices.Contains(names(), figure) {
			t.Errorf("%s is not in the view: %v", figure, names())
		}
	}
	if !slices.IsSortedFunc(board.rows[:board.belowTheLine()], func(x, y stream.ContenderResult) int {
		return cmp.Compare(*x.Figure("cpu-per-request"), *y.Figure("cpu-per-request"))
	}) {
		t.Errorf("not sorted by CPU per request: %v", places(board))
	}
	for range len(names()) + 1 { // every figure can be sorted by
		b.Keys("s")
	}
	b.Keys("e")
	if got := places(board); !slices.Equal(got, ranks) {
		t.Errorf("back from the view the order is %v, was %v", got, ranks)
	}
}

func TestTableShowsMediansNotTheFirstRound(t *testing.T) {
	_, board := ended(t, 200, 40, tuitest.Rounds())
	column := board.columns()[0]
	for i, want := range []string{"0.21", "0.22"} { // of 0.20 0.23 0.21, and of 0.22 0.20 0.24
		if got := column.text(board.rows[i]); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
	if got := board.columns()[1].text(board.rows[0]); got != "0.20–0.23" {
		t.Errorf("interval %s", got)
	}
}

// Where the server's processes were not found, the leaderboard marks the figures.
func TestFiguresOfAStarterAreMarked(t *testing.T) {
	const rule = "° CPU and memory are those of what started the server"
	for _, starter := range []bool{false, true} {
		events := tuitest.Noisy()
		done := events[len(events)-1].Body.(stream.RunDone)
		process := *done.Result.Contenders[0].Process
		process.StarterOnly = starter
		done.Result.Contenders[0].Process = &process
		b, _ := ended(t, 120, 40, events)
		frame := b.Frame()
		if marked, told := strings.Contains(frame, "noisy °"), strings.Contains(frame, rule); marked != starter || told != starter {
			t.Errorf("of a starter %v: marked %v, told %v:\n%s", starter, marked, told, frame)
		}
		tuitest.CheckFrame(t, frame, 120, 40)
	}
}

func TestLeaderboardOfOneIsFramed(t *testing.T) {
	events := tuitest.Article()
	done := events[len(events)-1].Body.(stream.RunDone)
	done.Result.Contenders = done.Result.Contenders[:1]
	b, _ := ended(t, 80, 24, []stream.Event{{Body: done}})
	tuitest.CheckFrame(t, b.Frame(), 80, 24)
	if lines := strings.Split(b.Frame(), "\n"); !strings.HasPrefix(lines[1], "╭") || !strings.HasPrefix(lines[4], "╰") {
		t.Errorf("the table has no border:\n%s", b.Frame())
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
	b, _ := ended(t, 120, 36, append(slices.Clone(events[:len(events)-1]), stream.Event{Body: done}))
	lines := strings.Split(b.Frame(), "\n")
	for _, name := range []string{"Go net/http", "Express", "Micronaut"} {
		marked := false
		for _, line := range lines[:10] {
			marked = marked || strings.Contains(line, name+"⚠") || strings.Contains(line, name+" ⚠")
		}
		if !marked {
			t.Errorf("%s is not marked:\n%s", name, b.Frame())
		}
	}
	if !strings.Contains(b.Frame(), "not the servers'") {
		t.Errorf("the rules do not say so:\n%s", b.Frame())
	}
}

package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/benchtui/benchtui/tui/tuitest"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// liveBench is the article's Express after 6 s, at a size.
func liveBench(t *testing.T, w, h int) *bench {
	t.Helper()
	b := newBench(t, nil, w, h)
	scenes["live-express"](b)
	return b
}

func TestNumbersSwitchPanels(t *testing.T) {
	for _, size := range [][2]int{{70, 45}, {80, 24}, {120, 36}, {200, 60}} {
		for panel := PanelLatency; panel <= PanelLog; panel++ {
			b := liveBench(t, size[0], size[1])
			before := slices.Contains(b.model.live.shown, panel)
			b.keys(panel.Key())
			if slices.Contains(b.model.live.shown, panel) == before {
				t.Errorf("%v: %s does not switch its panel (was shown: %v)", size, panel.Key(), before)
			}
			if shown := strings.Contains(b.frame(), "─ "+panel.Key()+" "); shown == before {
				t.Errorf("%v: after %s the frame shows the panel: %v\n%s", size, panel.Key(), shown, b.frame())
			}
			b.keys(panel.Key())
			if slices.Contains(b.model.live.shown, panel) != before {
				t.Errorf("%v: a second %s does not switch it back", size, panel.Key())
			}
			tuitest.CheckFrame(t, b.frame(), size[0], size[1])
		}
	}
}

func TestAllPanelsOffSaysHowToComeBack(t *testing.T) {
	b := liveBench(t, 200, 60)
	b.keys("1", "2", "3", "4", "5", "6", "7", "8", "9", "l")
	if len(b.model.live.shown) != 0 || !strings.Contains(b.frame(), "switch them on") {
		t.Errorf("shown are %v:\n%s", b.model.live.shown, b.frame())
	}
}

func TestTabGoesThroughThePanelsInTheirOrder(t *testing.T) {
	b := liveBench(t, 120, 36)
	shown := slices.Clone(b.model.live.shown)
	var seen []Panel
	for range shown {
		b.keys("tab")
		seen = append(seen, b.model.live.focus)
	}
	if !slices.Equal(seen, shown) {
		t.Errorf("tab went through %v, shown are %v", seen, shown)
	}
	b.keys("shift+tab")
	if b.model.live.focus != shown[len(shown)-2] {
		t.Errorf("shift+tab goes to %v", b.model.live.focus)
	}
	if !strings.Contains(b.frame(), "┏━ 8 ") {
		t.Errorf("the focus is not seen without colours:\n%s", b.frame())
	}
}

func TestEnlargeAndBack(t *testing.T) {
	b := liveBench(t, 80, 24)
	whole := b.frame()
	b.keys("tab", "tab", "e")
	if got := b.model.live.shown; !slices.Equal(got, []Panel{PanelThroughput}) {
		t.Fatalf("enlarged are %v, want throughput alone", got)
	}
	b.keys("3") // shows that one enlarged
	if got := b.model.live.shown; !slices.Equal(got, []Panel{PanelHeatmap}) {
		t.Fatalf("enlarged are %v, want the heatmap", got)
	}
	b.keys("left")
	if !b.model.live.cursor.on {
		t.Fatal("no cursor")
	}
	for i, left := range []func() bool{
		func() bool { return !b.model.live.cursor.on && b.model.live.enlarged },
		func() bool { return !b.model.live.enlarged && b.model.live.focus == PanelHeatmap },
		func() bool { return b.model.live.focus == NoPanel },
	} {
		b.keys("esc")
		if !left() {
			t.Fatalf("esc %d does not go one back: %+v", i+1, b.model.live.cursor)
		}
	}
	b.now = b.now.Add(-b.now.Sub(b.model.seenAt)) // the clock on the screen has gone on
	b.keys("x")
	if got, want := strings.Split(b.frame(), "\n")[2], strings.Split(whole, "\n")[2]; got != want {
		t.Errorf("the first panels are not back:\n%s\n%s", got, want)
	}
}

func TestEveryPanelFillsTheScreenAndSmallOnes(t *testing.T) {
	for _, size := range [][2]int{{40, 12}, {60, 20}, {80, 24}, {160, 45}} {
		b := liveBench(t, size[0], size[1])
		b.keys("e")
		for range allPanels {
			b.keys("tab")
			if !slices.Contains(b.model.live.shown, b.model.live.focus) {
				t.Errorf("%v: focus %v is not shown, but %v", size, b.model.live.focus, b.model.live.shown)
			}
			tuitest.CheckFrame(t, b.frame(), size[0], size[1])
		}
	}
}

func TestCursorReadsTheSameTimeInAllPanels(t *testing.T) {
	b := liveBench(t, 200, 60)
	b.keys("left")
	b.model.live.cursor.at = 3.0
	b.keys("x")
	m := b.model.state.Now
	var want []string
	for i := range m.Latency.Len() {
		if p := m.Latency.At(i); math.Abs(m.Seconds(p.At)-3) < 0.01 {
			want = append(want, "p50"+padLeft(words.Millis(p.P50), 7), "p99"+padLeft(words.Millis(p.P99), 7), "max"+padLeft(words.Millis(p.Max), 7), "KO "+padLeft(words.Millis(p.FailedP50), 7))
			q := m.Throughput.At(i)
			want = append(want, "OK "+words.Thousands(q.OK), "KO "+words.Thousands(q.KO))
			band, share, _ := m.Heat.At(i).Most()
			want = append(want, fmt.Sprintf("most %s at %s to", words.Percent(share), words.Millis(view.LatencyOfBand(float64(band)))))
		}
	}
	for i := range m.Process.Len() {
		if p := m.Process.At(i); math.Abs(m.Seconds(p.At)-3) < 0.01 {
			want = append(want, "hottest thread "+words.Thousands(p.Hottest.Value), "a core  ─ "+words.Thousands(p.CPU.Value), "MB  ─ "+words.Thousands(p.RSS.Value),
				"connections  ─ "+words.Thousands(p.Queue.Value))
		}
	}
	if len(want) != 11 {
		t.Fatalf("the stream has no points at 3 s: %q", want)
	}
	for _, text := range append(want, "utilization 99.8 %", " 3.0s ") {
		if !strings.Contains(b.frame(), text) {
			t.Errorf("the cursor at 3 s does not read %q:\n%s", text, b.frame())
		}
	}
	if n := strings.Count(b.frame(), "▲"); n < 2 {
		t.Errorf("the cursor is seen on %d time axes", n)
	}
}

func padLeft(text string, width int) string {
	return strings.Repeat(" ", max(0, width-len(text))) + text
}

func TestCursorStaysAtItsTimeAndWithItsContender(t *testing.T) {
	events := tuitest.Article()
	b := newBench(t, nil, 120, 36)
	b.begin()
	half := tuitest.Until(events, tuitest.LoadOf("golang", 3*time.Second))
	b.events(half...)
	b.keys("left", "left")
	at := b.model.live.cursor.at
	if at <= 0 || at > 3 {
		t.Fatalf("the cursor begins at %v s of 3", at)
	}
	more := tuitest.Until(events, tuitest.LoadOf("golang", 4*time.Second))
	b.events(more[len(half):]...)
	if b.model.live.cursor.at != at || !strings.Contains(b.frame(), "▲") {
		t.Errorf("the cursor moved from %v to %v", at, b.model.live.cursor.at)
	}
	for range 200 {
		b.keys("right")
	}
	if got := b.model.live.cursor.at; got != 4 {
		t.Errorf("the cursor ends at %v s, measured are 4", got)
	}
	for range 200 {
		b.keys("shift+left")
	}
	if got := b.model.live.cursor.at; got != 0 {
		t.Errorf("the cursor ends at %v s, want 0", got)
	}
	b.events(tuitest.Until(events, tuitest.LoadOf("expressjs", time.Second))[len(more):]...)
	if strings.Contains(b.frame(), "▲") {
		t.Errorf("another contender's charts have the cursor:\n%s", b.frame())
	}
}

func TestClicksFocusAndRead(t *testing.T) {
	b := liveBench(t, 160, 45)
	click := func(x, y int) {
		b.send(tea.MouseMsg{X: x, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
	}
	click(8+29, 6) // in the middle of the latency's graph, which is 59 columns wide
	if b.model.live.focus != PanelLatency || math.Abs(b.model.live.cursor.at-3) > 0.2 {
		t.Errorf("focus %v, cursor at %v; want latency, about 3 s of 6", b.model.live.focus, b.model.live.cursor.at)
	}
	click(100, 2) // the border of throughput
	if b.model.live.focus != PanelThroughput || b.model.live.enlarged {
		t.Errorf("focus %v, enlarged %v", b.model.live.focus, b.model.live.enlarged)
	}
	click(100, 2)
	if !b.model.live.enlarged {
		t.Error("a click on the border of the panel in focus does not enlarge it")
	}
}

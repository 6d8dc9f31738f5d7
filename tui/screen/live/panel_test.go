package live

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/tuitest"
	"github.com/benchtui/benchtui/tui/view"
)

// liveBench is the article's Express after 6 s, at a size.
func liveBench(t *testing.T, w, h int) (*screentest.Bench, *Screen) {
	t.Helper()
	l := New()
	return screentest.NewBench(t, l, w, h).Play(screentest.SceneOf(t, "live-express")), l
}

func TestNumbersSwitchPanels(t *testing.T) {
	for _, size := range [][2]int{{70, 45}, {80, 24}, {120, 36}, {200, 60}} {
		for panel := panelLatency; panel <= panelLog; panel++ {
			b, l := liveBench(t, size[0], size[1])
			before := slices.Contains(l.shown, panel)
			b.Keys(panel.key())
			if slices.Contains(l.shown, panel) == before {
				t.Errorf("%v: %s does not switch its panel (was shown: %v)", size, panel.key(), before)
			}
			if shown := strings.Contains(b.Frame(), "─ "+panel.key()+" "); shown == before {
				t.Errorf("%v: after %s the frame shows the panel: %v\n%s", size, panel.key(), shown, b.Frame())
			}
			b.Keys(panel.key())
			if slices.Contains(l.shown, panel) != before {
				t.Errorf("%v: a second %s does not switch it back", size, panel.key())
			}
			tuitest.CheckFrame(t, b.Frame(), size[0], size[1])
		}
	}
}

func TestAllPanelsOffSaysHowToComeBack(t *testing.T) {
	b, l := liveBench(t, 200, 60)
	b.Keys("1", "2", "3", "4", "5", "6", "7", "8", "9", "l")
	if len(l.shown) != 0 || !strings.Contains(b.Frame(), "switch them on") {
		t.Errorf("shown are %v:\n%s", l.shown, b.Frame())
	}
}

func TestTabGoesThroughThePanelsInTheirOrder(t *testing.T) {
	b, l := liveBench(t, 120, 36)
	shown := slices.Clone(l.shown)
	var seen []panelID
	for range shown {
		b.Keys("tab")
		seen = append(seen, l.focus)
	}
	if !slices.Equal(seen, shown) {
		t.Errorf("tab went through %v, shown are %v", seen, shown)
	}
	b.Keys("shift+tab")
	if l.focus != shown[len(shown)-2] {
		t.Errorf("shift+tab goes to %v", l.focus)
	}
	if !strings.Contains(b.Frame(), "┏━ 8 ") {
		t.Errorf("the focus is not seen without colours:\n%s", b.Frame())
	}
}

func TestEnlargeAndBack(t *testing.T) {
	b, l := liveBench(t, 80, 24)
	whole := b.Frame()
	b.Keys("tab", "tab", "e")
	if got := l.shown; !slices.Equal(got, []panelID{panelThroughput}) {
		t.Fatalf("enlarged are %v, want throughput alone", got)
	}
	b.Keys("3") // shows that one enlarged
	if got := l.shown; !slices.Equal(got, []panelID{panelHeatmap}) {
		t.Fatalf("enlarged are %v, want the heatmap", got)
	}
	b.Keys("left")
	if !l.cursor.on {
		t.Fatal("no cursor")
	}
	for i, left := range []func() bool{
		func() bool { return !l.cursor.on && l.enlarged },
		func() bool { return !l.enlarged && l.focus == panelHeatmap },
		func() bool { return l.focus == noPanel },
	} {
		b.Keys("esc")
		if !left() {
			t.Fatalf("esc %d does not go one back: %+v", i+1, l.cursor)
		}
	}
	b.Context.Now = b.Context.State.At - screentest.Frame // the clock on the screen has gone on
	b.Keys("x")
	if got, want := strings.Split(b.Frame(), "\n")[2], strings.Split(whole, "\n")[2]; got != want {
		t.Errorf("the first panels are not back:\n%s\n%s", got, want)
	}
}

func TestEveryPanelFillsTheScreenAndSmallOnes(t *testing.T) {
	for _, size := range [][2]int{{40, 12}, {60, 20}, {80, 24}, {160, 45}} {
		b, l := liveBench(t, size[0], size[1])
		b.Keys("e")
		for range allPanels {
			b.Keys("tab")
			if !slices.Contains(l.shown, l.focus) {
				t.Errorf("%v: focus %v is not shown, but %v", size, l.focus, l.shown)
			}
			tuitest.CheckFrame(t, b.Frame(), size[0], size[1])
		}
	}
}

func TestCursorReadsTheSameTimeInAllPanels(t *testing.T) {
	b, l := liveBench(t, 200, 60)
	b.Keys("left")
	l.cursor.at = 3.0
	b.Keys("x")
	m := b.Context.State.Now
	var want []string
	for i := range m.Latency.Len() {
		if p := m.Latency.At(i); math.Abs(m.Seconds(p.At)-3) < 0.01 {
			want = append(want, "p50"+padLeft(figure.InMS.Cell(p.P50), 7), "p99"+padLeft(figure.InMS.Cell(p.P99), 7), "max"+padLeft(figure.InMS.Cell(p.Max), 7), "KO "+padLeft(figure.InMS.Cell(p.FailedP50), 7))
			q := m.Throughput.At(i)
			want = append(want, "OK "+figure.Whole(q.OK), "KO "+figure.Whole(q.KO))
			band, share, _ := m.Heat.At(i).Most()
			want = append(want, fmt.Sprintf("most %s at %s to", figure.Percent(share), figure.InMS.Cell(view.LatencyOfBand(float64(band)))))
		}
	}
	for i := range m.Process.Len() {
		if p := m.Process.At(i); math.Abs(m.Seconds(p.At)-3) < 0.01 {
			want = append(want, "hottest thread "+figure.Whole(p.Hottest.Value), "a core  ─ "+figure.Whole(p.CPU.Value), "MB  ─ "+figure.Whole(p.RSS.Value),
				"connections  ─ "+figure.Whole(p.Queue.Value))
		}
	}
	if len(want) != 11 {
		t.Fatalf("the stream has no points at 3 s: %q", want)
	}
	for _, text := range append(want, "utilization 99 %", " 3.0s ") {
		if !strings.Contains(b.Frame(), text) {
			t.Errorf("the cursor at 3 s does not read %q:\n%s", text, b.Frame())
		}
	}
	if n := strings.Count(b.Frame(), "▲"); n < 2 {
		t.Errorf("the cursor is seen on %d time axes", n)
	}
}

func padLeft(text string, width int) string {
	return strings.Repeat(" ", max(0, width-len(text))) + text
}

func TestCursorStaysAtItsTimeAndWithItsContender(t *testing.T) {
	events := tuitest.Article()
	l := New()
	b := screentest.NewBench(t, l, 120, 36)
	half := tuitest.Until(events, tuitest.LoadOf("golang", 3*time.Second))
	b.Events(half...)
	b.Keys("left", "left")
	at := l.cursor.at
	if at <= 0 || at > 3 {
		t.Fatalf("the cursor begins at %v s of 3", at)
	}
	more := tuitest.Until(events, tuitest.LoadOf("golang", 4*time.Second))
	b.Events(more[len(half):]...)
	if l.cursor.at != at || !strings.Contains(b.Frame(), "▲") {
		t.Errorf("the cursor moved from %v to %v", at, l.cursor.at)
	}
	for range 200 {
		b.Keys("right")
	}
	if got := l.cursor.at; got != 4 {
		t.Errorf("the cursor ends at %v s, measured are 4", got)
	}
	for range 200 {
		b.Keys("shift+left")
	}
	if got := l.cursor.at; got != 0 {
		t.Errorf("the cursor ends at %v s, want 0", got)
	}
	b.Events(tuitest.Until(events, tuitest.LoadOf("expressjs", time.Second))[len(more):]...)
	if strings.Contains(b.Frame(), "▲") {
		t.Errorf("another contender's charts have the cursor:\n%s", b.Frame())
	}
}

func TestClicksFocusAndRead(t *testing.T) {
	b, l := liveBench(t, 160, 45)
	b.Click(8+29, 6) // in the middle of the latency's graph, which is 59 columns wide
	if l.focus != panelLatency || math.Abs(l.cursor.at-3) > 0.2 {
		t.Errorf("focus %v, cursor at %v; want latency, about 3 s of 6", l.focus, l.cursor.at)
	}
	b.Click(100, 2) // the border of throughput
	if l.focus != panelThroughput || l.enlarged {
		t.Errorf("focus %v, enlarged %v", l.focus, l.enlarged)
	}
	b.Click(100, 2)
	if !l.enlarged {
		t.Error("a click on the border of the panel in focus does not enlarge it")
	}
}

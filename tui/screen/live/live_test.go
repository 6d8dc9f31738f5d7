package live

import (
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/chart"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// Whoever looks while it happens must not take the figures for the server's.
func TestGeneratorThatIsTheLimitIsMarkedLive(t *testing.T) {
	const says = "it is the limit, not the server"
	loaded := tuitest.Until(tuitest.Article(), tuitest.LoadOf("golang", 3*time.Second))
	titled := "the load generator, not the server, is the limit"
	told := func(ended bool) stream.Event {
		event := loaded[len(loaded)-1]
		event.Body = stream.FindingChanged{Ended: ended, Finding: diagnosis.Finding{ID: diagnosis.GeneratorSaturated, Title: titled, Evidence: []string{"it uses 99 % of a core"}, Advice: "lower the rate"}}
		return event
	}
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
		b := screentest.NewBench(t, New(), size[0], size[1])
		b.Events(loaded...)
		if strings.Contains(b.Frame(), says) {
			t.Fatalf("%v: told of a generator with room:\n%s", size, b.Frame())
		}
		b.Events(told(false))
		if !strings.Contains(b.Frame(), says) {
			t.Errorf("%v: not marked:\n%s", size, b.Frame())
		}
		b.Events(told(true))
		if strings.Contains(b.Frame(), says) {
			t.Errorf("%v: marked when it is over:\n%s", size, b.Frame())
		}
	}
	titled = "the load generator was stopped for moments: what was due then was sent late" // which blames nobody
	b := screentest.NewBench(t, New(), 120, 36)
	b.Events(append(loaded, told(false))...)
	if frame := b.Frame(); strings.Contains(frame, says) || !strings.Contains(frame, "its own part is in the figures") {
		t.Errorf("a generator that was stopped:\n%s", frame)
	}
}

func TestRoundIsToldWhileItRuns(t *testing.T) {
	for _, width := range []int{80, 200} {
		b := screentest.NewBench(t, New(), width, 40)
		b.Play(screentest.SceneOf(t, "round-live"))
		if frame := b.Frame(); !strings.Contains(frame, "2/3 · round 2 of 3") {
			t.Errorf("%d columns: no word of the round:\n%s", width, frame)
		}
	}
}

func TestHeatmapWithoutColoursHasShades(t *testing.T) {
	for profile, want := range map[termenv.Profile]bool{termenv.Ascii: true, termenv.ANSI: true, termenv.ANSI256: false, termenv.TrueColor: false} {
		b := screentest.NewBench(t, New(), 120, 36)
		b.Theme = term.NewTheme(profile, true)
		b.Play(screentest.SceneOf(t, "live-golang"))
		// The throughput's KO has ▒ too, in this scene none.
		if got := strings.Contains(b.Frame(), "▓▓▓"); got != want {
			t.Errorf("%v: shades %v, want %v", profile, got, want)
		}
	}
}

func TestFlagsStandAtTheirSecondInEveryChart(t *testing.T) {
	b := screentest.NewBench(t, New(), 160, 70)
	b.Play(screentest.SceneOf(t, "live-express"))
	var columns []int
	for _, line := range strings.Split(b.Frame(), "\n") {
		if !strings.Contains(line, "└───") {
			continue
		}
		left := []rune(line)[:80]
		if first := strings.IndexRune(string(left), '⚑'); first >= 0 {
			columns = append(columns, len([]rune(string(left)[:first])))
		}
	}
	if len(columns) < 3 {
		t.Fatalf("flags on %d time axes above each other, want 3:\n%s", len(columns), b.Frame())
	}
	for _, column := range columns {
		if column != columns[0] {
			t.Errorf("the same finding stands in columns %v", columns)
		}
	}
	// Its mark goes through a chart.
	marked := 0
	for _, line := range strings.Split(b.Frame(), "\n") {
		if runes := []rune(line); len(runes) > columns[0] && runes[columns[0]] == '╎' {
			marked++
		}
	}
	if marked < 5 {
		t.Errorf("the flag's mark goes through %d lines:\n%s", marked, b.Frame())
	}
}

func TestLinesDifferInASCIIWithoutColours(t *testing.T) {
	b := screentest.NewBench(t, New(), 200, 60)
	b.Surface.SetASCII(true)
	b.Play(screentest.SceneOf(t, "live-express"))
	// The first panel: the graph of latencies.
	var graph strings.Builder
	for _, line := range strings.Split(b.Frame(), "\n")[3:14] {
		graph.WriteString(line[9:60])
	}
	for _, stroke := range []chart.Stroke{chart.Solid, chart.Thick, chart.Dashed} {
		if glyph := term.ASCII(stroke.Glyph()); strings.Count(graph.String(), glyph) < 5 {
			t.Errorf("no line of %q:\n%s", glyph, b.Frame())
		}
	}
}

// The run queue of a server in Go is known also where its pauses are not.
func TestRunQueueStandsBesideTheCPU(t *testing.T) {
	loaded := tuitest.Until(tuitest.Article(), tuitest.LoadOf("golang", 3*time.Second))
	event := loaded[len(loaded)-1]
	event.Body = stream.RuntimeSample{Phase: stream.PhaseLoad, Into: 3 * time.Second, Runtime: measure.Runtime{Over: time.Second, RunQueue: figure.Of(12.25), Untold: []measure.Untold{{Name: "Go", Ask: "--why"}}}}
	b := screentest.NewBench(t, New(), 200, 60)
	b.Events(append(loaded, event)...)
	for _, says := range []string{"run queue 12.2", "tells by --why"} {
		if !strings.Contains(b.Frame(), says) {
			t.Errorf("no %q:\n%s", says, b.Frame())
		}
	}
}

// That nothing is known of pauses is said, and what has a runtime tell of them.
func TestPausesThatAreNotToldAreMarkedMissing(t *testing.T) {
	loaded := tuitest.Until(tuitest.Article(), tuitest.LoadOf("golang", 3*time.Second))
	for says, untold := range map[string][]measure.Untold{
		"▾ paused –, tells by --why": {{Name: "Go", Ask: "--why"}},
		"▾ paused – (Python)":        {{Name: "Python"}},
		"▾ no collector known":       {{}},
	} {
		b := screentest.NewBench(t, New(), 200, 60)
		b.Events(loaded...)
		if strings.Contains(b.Frame(), "▾") { // as of a recording from before
			t.Fatalf("told of pauses of which nothing is known:\n%s", b.Frame())
		}
		event := loaded[len(loaded)-1]
		event.Body = stream.RuntimeSample{Phase: stream.PhaseLoad, Into: 3 * time.Second, Runtime: measure.Runtime{Untold: untold}}
		b.Events(event)
		if !strings.Contains(b.Frame(), says) {
			t.Errorf("no %q:\n%s", says, b.Frame())
		}
	}
}

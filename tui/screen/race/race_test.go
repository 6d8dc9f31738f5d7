package race

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen/screentest"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/tuitest"
)

func TestTheOneUnderLoadIsAlwaysAmongTheBars(t *testing.T) {
	for h := 6; h < 30; h++ {
		b := screentest.NewBench(t, New(), 80, h)
		b.Play(screentest.SceneOf(t, "race-of-18"))
		if !strings.Contains(b.Frame(), "R kumuluz") {
			t.Errorf("no kumuluz on a screen of %d lines:\n%s", h, b.Frame())
		}
	}
}

func BenchmarkRaceOf18(b *testing.B) {
	bench := screentest.NewBench(b, New(), 160, 45)
	bench.Theme = term.NewTheme(termenv.TrueColor, true)
	bench.Play(screentest.SceneOf(b, "race-of-18"))
	b.ReportAllocs()
	for b.Loop() {
		bench.Draw()
	}
}

func TestRaceMarksWhoTheGeneratorLimited(t *testing.T) {
	var events []stream.Event
	for _, event := range tuitest.Article() {
		if done, ok := event.Body.(stream.ContenderDone); ok && event.Contender == "golang" {
			done.Result.Verdict = diagnosis.VerdictGenerator
			event.Body = done
		}
		events = append(events, event)
	}
	b := screentest.NewBench(t, New(), 100, 30).Play(screentest.Scene{Events: events, Ended: true, Open: "r"})
	if frame := b.Frame(); !strings.Contains(frame, "golang⚠") || !strings.Contains(frame, "the generator was the limit of 1 contender") {
		t.Errorf("a run that the generator limited is raced without a mark:\n%s", frame)
	}
}

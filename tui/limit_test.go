package tui

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/tuitest"
)

// Whoever looks while it happens must not take the figures for the server's.
func TestGeneratorThatIsTheLimitIsMarkedLive(t *testing.T) {
	const says = "it is the limit, not the server"
	loaded := tuitest.Until(tuitest.Article(), tuitest.LoadOf("golang", 3*time.Second))
	told := func(ended bool) stream.Event {
		event := loaded[len(loaded)-1]
		event.Body = stream.FindingChanged{Ended: ended, Finding: diagnosis.Finding{ID: diagnosis.GeneratorSaturated,
			Title: "the load generator, not the server, is the limit", Evidence: []string{"it uses 99 % of a core"}, Advice: "lower the rate"}}
		return event
	}
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
		b := newBench(t, nil, size[0], size[1])
		b.begin()
		b.events(loaded...)
		if strings.Contains(b.frame(), says) {
			t.Fatalf("%v: told of a generator with room:\n%s", size, b.frame())
		}
		b.events(told(false))
		if !strings.Contains(b.frame(), says) {
			t.Errorf("%v: not marked:\n%s", size, b.frame())
		}
		b.events(told(true))
		if strings.Contains(b.frame(), says) {
			t.Errorf("%v: marked when it is over:\n%s", size, b.frame())
		}
	}
}

func TestDetailSaysWhatTheVerdictRestsOn(t *testing.T) {
	for verdict, says := range map[string]string{
		"generator":    "⚠ the generator was the limit, not this server: 12.0 of 64",
		"machine":      "= the machine was the limit, which server and generator share: 12.0 of 64",
		"inconclusive": "? what limited this run can't be told: 12.0 of 64",
		"server":       "these figures are the server's: 12.0 of 64",
	} {
		lines := &lineWriter{width: 120}
		lines.verdict(stream.ContenderResult{Verdict: verdict, VerdictWhy: "12.0 of 64 connections waited"})
		text := ""
		for _, line := range lines.lines {
			for _, span := range line {
				text += span.Text
			}
		}
		if !strings.Contains(text, says) {
			t.Errorf("%s: %q does not say %q", verdict, text, says)
		}
	}
}

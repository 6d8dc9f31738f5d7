package tui

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"github.com/benchtui/benchtui/tui/term"
)

func TestHeatmapWithoutColoursHasShades(t *testing.T) {
	for profile, want := range map[termenv.Profile]bool{termenv.Ascii: true, termenv.ANSI: true, termenv.ANSI256: false, termenv.TrueColor: false} {
		b := newBench(t, nil, 120, 36)
		b.model.theme = term.NewTheme(profile, true)
		scenes["live-golang"](b)
		// The throughput's KO has ▒ too, in this scene none.
		if got := strings.Contains(b.frame(), "▓▓▓"); got != want {
			t.Errorf("%v: shades %v, want %v", profile, got, want)
		}
	}
}

func TestFlagsStandAtTheirSecondInEveryChart(t *testing.T) {
	b := newBench(t, nil, 160, 70)
	scenes["live-express"](b)
	var columns []int
	for _, line := range strings.Split(b.frame(), "\n") {
		if !strings.Contains(line, "└───") {
			continue
		}
		left := []rune(line)[:80]
		if first := strings.IndexRune(string(left), '⚑'); first >= 0 {
			columns = append(columns, len([]rune(string(left)[:first])))
		}
	}
	if len(columns) < 3 {
		t.Fatalf("flags on %d time axes above each other, want 3:\n%s", len(columns), b.frame())
	}
	for _, column := range columns {
		if column != columns[0] {
			t.Errorf("the same finding stands in columns %v", columns)
		}
	}
	// Its mark goes through a chart.
	marked := 0
	for _, line := range strings.Split(b.frame(), "\n") {
		if runes := []rune(line); len(runes) > columns[0] && runes[columns[0]] == '╎' {
			marked++
		}
	}
	if marked < 5 {
		t.Errorf("the flag's mark goes through %d lines:\n%s", marked, b.frame())
	}
}

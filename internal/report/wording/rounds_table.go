package wording

import (
	"fmt"
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
)

// shownRounds is how many rounds are written one by one.
const shownRounds = 12

// RoundLines are a contender's figures by round, and what they come to.
func RoundLines(one stream.ContenderResult) []string {
	if len(one.Intervals) == 0 {
		return nil
	}
	rounds := RoundTable(one)
	return rounds.Lines()
}

// RoundTable are the same as a table, the rounds' numbers and words in its first column.
func RoundTable(one stream.ContenderResult) Table {
	var columns []figure.Figure
	for _, name := range []string{"mean", "p50", "p99", "rps", "failures", "cpu-per-request", "rss", "startup"} {
		of, _ := figure.Named(name)
		columns = append(columns, of.OfMemory(stream.MemoryWord([]stream.ContenderResult{one})))
	}
	rounds := Table{Columns: []Column{TextColumn("  by round")}}
	// What was sent again stands beside what failed, if there was any.
	retried := slices.ContainsFunc(one.Rounds, func(r stream.RoundResult) bool { return r.Requests.Retried > 0 })
	beside := func(row []string, of figure.Figure, count string) []string {
		if retried && of.Name == "failures" {
			row = append(row, count)
		}
		return row
	}
	for _, of := range columns {
		rounds.Columns = append(rounds.Columns, FigureColumn(of.Head))
		if retried && of.Name == "failures" {
			rounds.Columns = append(rounds.Columns, FigureColumn("retried"))
		}
	}
	rounds.Columns = append(rounds.Columns, TextColumn(""))
	if len(one.Rounds) <= shownRounds {
		for _, round := range one.Rounds {
			row := []string{fmt.Sprintf("    %d", round.Round)}
			for _, of := range columns {
				row = beside(append(row, of.Cell(round.Figure(of.Name))), of, figure.Count(round.Requests.Retried))
			}
			if round.Status != stream.StatusOK {
				row = append(row, round.Status.Words()+", not counted")
			}
			rounds.Add(row...)
		}
	}
	summed := func(title string, write func(stream.Interval, func(float64) string) string) {
		row := []string{title}
		for _, of := range columns {
			interval, ok := one.Intervals[of.Name]
			cell := figure.Missing
			if ok {
				cell = write(interval, of.InCell)
			}
			row = beside(append(row, cell), of, "")
		}
		rounds.Add(row...)
	}
	summed("    median", func(i stream.Interval, write func(float64) string) string { return write(i.Median) })
	confident := false
	for _, interval := range one.Intervals {
		confident = confident || interval.Low != nil
	}
	if confident {
		summed(fmt.Sprintf("    %.0f %%", 100*leaderboard.Confidence), stream.Interval.Words)
	}
	summed("    spread", func(i stream.Interval, _ func(float64) string) string { return figure.Percent(i.Spread) })
	return rounds
}

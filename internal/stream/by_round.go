package stream

import (
	"fmt"
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
)

// ByRound are a contender's figures by round, and what they come to, as a table in words.
type ByRound struct {
	Columns []RoundColumn
	Rows    []RoundRow
}

// RoundColumn is one of its columns.
type RoundColumn struct {
	Head       string // over cells with their unit
	CellHead   string // over cells without
	Importance int    // those of the lowest go first where there is no room
}

// RoundRow is a round, or what all come to.
type RoundRow struct {
	Name  string   // "2", "median"
	Cells []string // with their unit
	Bare  []string // the same without
	Ended string   // how a round ended that does not count; "": it counts
	Sum   bool     // of all rounds
}

// roundFigures are what is told by round, each with its importance.
var roundFigures = []struct {
	name       string
	importance int
}{{"mean", 9}, {"p50", 4}, {"p99", 8}, {"rps", 7}, {"failures", 6}, {retriedCount, 5}, {"cpu-per-request", 3}, {"rss", 2}, {"startup", 1}}

// retriedCount stands among them for what was sent again, which is told if anything was.
const retriedCount = "retried"

// ShownRounds is how many rounds are written one by one.
const ShownRounds = 20

// ByRound are those of several rounds; of one there is nothing to tell.
func (r ContenderResult) ByRound() ByRound {
	var table ByRound
	if len(r.Intervals) == 0 {
		return table
	}
	var figures []figure.Figure
	retried := slices.ContainsFunc(r.Rounds, func(r RoundResult) bool { return r.Requests.Retried > 0 })
	for _, one := range roundFigures {
		if one.name == retriedCount && !retried {
			continue
		}
		of, _ := figure.Named(one.name)
		of = of.OfMemory(MemoryWord([]ContenderResult{r}))
		figures = append(figures, of)
		table.Columns = append(table.Columns, RoundColumn{of.Head, of.CellHead, one.importance})
	}
	if len(r.Rounds) <= ShownRounds {
		for _, round := range r.Rounds {
			row := RoundRow{Name: fmt.Sprint(round.Round)}
			for _, of := range figures {
				cell, bare := of.Cell(round.Figure(of.Name)), of.Bare(round.Figure(of.Name))
				if of.Name == retriedCount {
					cell = figure.Count(round.Requests.Retried)
					bare = cell
				}
				row.Cells, row.Bare = append(row.Cells, cell), append(row.Bare, bare)
			}
			if round.Status != StatusOK {
				row.Ended = round.Status.Words() + ", not counted"
			}
			table.Rows = append(table.Rows, row)
		}
	}
	sum := func(name string, write func(Interval, func(float64) string) string) {
		row := RoundRow{Name: name, Sum: true}
		for _, of := range figures {
			cell, bare := figure.Missing, figure.Missing
			if interval, ok := r.Intervals[of.Name]; ok {
				cell, bare = write(interval, of.InCell), write(interval, of.Unit.Cell)
			} else if of.Name == retriedCount {
				cell, bare = "", ""
			}
			row.Cells, row.Bare = append(row.Cells, cell), append(row.Bare, bare)
		}
		table.Rows = append(table.Rows, row)
	}
	sum("median", func(i Interval, write func(float64) string) string { return write(i.Median) })
	confident := false
	for _, interval := range r.Intervals {
		confident = confident || interval.Low != nil
	}
	if confident {
		sum(fmt.Sprintf("%.0f %%", 100*leaderboard.Confidence), Interval.Words)
	}
	sum("spread", func(i Interval, _ func(float64) string) string { return figure.Percent(i.Spread) })
	return table
}

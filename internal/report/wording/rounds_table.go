package wording

import "github.com/benchtui/benchtui/internal/stream"

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
	by := one.ByRound()
	rounds := Table{Columns: []Column{TextColumn("  by round")}}
	for _, column := range by.Columns {
		rounds.Columns = append(rounds.Columns, FigureColumn(column.Head))
	}
	rounds.Columns = append(rounds.Columns, TextColumn(""))
	for _, round := range by.Rows {
		row := append([]string{"    " + round.Name}, round.Cells...)
		if round.Ended != "" {
			row = append(row, round.Ended)
		}
		rounds.Add(row...)
	}
	return rounds
}

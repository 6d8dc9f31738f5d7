package tui

import (
	"fmt"
	"math"
	"strings"

	"github.com/benchtui/benchtui/internal/session"
)

// roundWords is " · round 2 of 3", or nothing where there is but one.
func (m *Measuring) roundWords() string {
	if m.Rounds < 2 {
		return ""
	}
	return fmt.Sprintf(" · round %d of %d", m.Round, m.Rounds)
}

// ends are those of an interval: of the confidence interval, or the lowest and
// highest round where there are too few for one.
func ends(i session.Interval) (low, high float64) {
	if i.Low != nil && i.High != nil {
		return *i.Low, *i.High
	}
	return i.Min, i.Max
}

// intervalWords writes "0.78–0.82".
func intervalWords(i session.Interval, write func(float64) string) string {
	low, high := ends(i)
	from, to := write(low), write(high)
	if from == to {
		return to
	}
	return from + "–" + to
}

// intervalName heads a column of intervals.
func intervalName(rounds int) string {
	if rounds < 3 {
		return "lowest–highest"
	}
	return "95 % interval"
}

// intervalColumn is a figure's interval over the rounds. Sorting by it sorts by the
// spread, the steadiest first.
func intervalColumn(of column, rounds int) column {
	return column{
		name: intervalName(rounds), width: 18,
		value: func(r session.ContenderResult) *float64 {
			interval, ok := r.Intervals[of.rank]
			if !ok {
				return nil
			}
			return &interval.Spread
		},
		words: func(r session.ContenderResult) string {
			interval, ok := r.Intervals[of.rank]
			if !ok {
				return noFigure
			}
			words := intervalWords(interval, of.write)
			if interval.Rounds < rounds {
				words += fmt.Sprintf(" of %d", interval.Rounds)
			}
			return words
		},
	}
}

// whiskers draw a figure's interval over the end of its bar.
func whiskers(s *Surface, in Rect, low, high, most float64) {
	if most <= 0 || in.W < 2 {
		return
	}
	at := func(value float64) int {
		return max(0, min(in.W-1, int(math.Round(value/most*float64(in.W)))-1))
	}
	from, to := at(low), at(high)
	if from == to {
		return // narrower than a cell
	}
	for x := from; x <= to; x++ {
		sign := '─'
		switch x {
		case from:
			sign = '├'
		case to:
			sign = '┤'
		}
		s.Set(in.X+x, in.Y, sign, RoleStrong)
	}
}

// roundColumns are the figures of the table by round; those behind go first where
// there is no room.
var roundColumns = []struct {
	name, figure string
	write        func(float64) string
}{
	{"mean ms", "mean", millis},
	{"p99 ms", "p99", millis},
	{"OK/s", "rps", thousands},
	{"KO", "failures", percent},
	{"p50 ms", "p50", millis},
	{"CPU µs/req", "cpu-per-request", short},
	{"RSS MB", "rss", short},
	{"start ms", "startup", longMillis},
}

// rounds writes a contender's figures by round and what they come to.
func (w *lineWriter) rounds(result session.ContenderResult) {
	if len(result.Intervals) == 0 {
		return
	}
	const nameWidth, columnWidth, shown = 10, 13, 20
	room := w.width - nameWidth
	for _, round := range result.Rounds {
		if round.Status != session.StatusOK { // which is told behind its figures
			room = w.width - nameWidth - len("  ✗ start failed, not counted")
		}
	}
	columns := roundColumns[:min(len(roundColumns), max(1, room/columnWidth))]
	row := func(name string, cell func(i int) string) string {
		text := pad(name, nameWidth)
		for i := range columns {
			words := cell(i)
			text += strings.Repeat(" ", max(1, columnWidth-len([]rune(words)))) + words
		}
		return text
	}
	w.heading(row("rounds", func(i int) string { return columns[i].name }))
	if len(result.Rounds) <= shown {
		for _, round := range result.Rounds {
			role, ended := RoleText, ""
			if round.Status != session.StatusOK {
				role, ended = RoleBad, "  ✗ "+strings.ReplaceAll(string(round.Status), "_", " ")+", not counted"
			}
			w.line(Span{row(fmt.Sprintf("  %d", round.Round), func(i int) string {
				return orNone(round.Figure(columns[i].figure), columns[i].write)
			}) + ended, role})
		}
	}
	summed := func(name string, words func(session.Interval, func(float64) string) string) {
		w.line(Span{row(name, func(i int) string {
			interval, ok := result.Intervals[columns[i].figure]
			if !ok {
				return noFigure
			}
			return words(interval, columns[i].write)
		}), RoleStrong})
	}
	summed("  median", func(i session.Interval, write func(float64) string) string { return write(i.Median) })
	if len(result.Counted()) >= 3 {
		summed("  95 %", intervalWords)
	}
	summed("  spread", func(i session.Interval, _ func(float64) string) string { return percent(i.Spread) })
}

// inRounds says in which of several rounds a finding fired.
func inRounds(rounds []int) string {
	if len(rounds) == 0 {
		return ""
	}
	words := "  round"
	if len(rounds) > 1 {
		words += "s"
	}
	for i, round := range rounds {
		if i > 0 {
			words += ","
		}
		words += fmt.Sprintf(" %d", round)
	}
	return words
}

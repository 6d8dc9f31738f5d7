package leaderboard

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/words"
)

// column is a figure of the table.
type column struct {
	name   string
	width  int
	rank   string // the --rank-by that it is
	higher bool   // is better
	value  func(stream.ContenderResult) *float64
	write  func(float64) string
	words  func(stream.ContenderResult) string // nil: value, written
	// room says in which order columns get it: those of the lowest number first.
	room int
}

func (c column) text(result stream.ContenderResult) string {
	if c.words != nil {
		return c.words(result)
	}
	return words.OrNone(c.value(result), c.write)
}

// columns are the table's figures from left to right; of several rounds their
// medians, and the interval of what the ranks go by.
func (b *Screen) columns() []column {
	named := func(name string, width int, figure string, higher bool, room int) column {
		value := func(r stream.ContenderResult) *float64 { return r.Figure(figure) }
		return column{name: name, width: width, rank: figure, higher: higher, value: value, write: words.Writer(figure), room: room}
	}
	mean := named("mean ms", 9, "mean", false, 1)
	if words.RankedBy(b.result) == "mean-all" {
		mean = named("mean all", 10, "mean-all", false, 1)
	}
	memory := stream.MemoryWord(b.result.Contenders)
	var columns []column
	if b.costs {
		mean.room = 9
		columns = []column{
			named("CPU µs/req", 12, "cpu-per-request", false, 1),
			named("req/s/core", 12, "rps-per-core", true, 2),
			named("req/s/MB", 10, "rps-per-mb", true, 3),
			named("idle MB", 9, "rss-idle", false, 6),
			named(memory+" MB", 8, "rss", false, 4),
			named("start ms", 10, "startup", false, 7),
			mean,
			named("OK/s", 9, "rps", true, 8),
			named("KO", 8, "failures", false, 5),
		}
	} else {
		columns = []column{
			mean,
			named("p50 ms", 8, "p50", false, 5),
			named("p99 ms", 8, "p99", false, 2),
			named("OK/s", 9, "rps", true, 3),
			named("KO", 8, "failures", false, 4),
			named("CPU µs/req", 12, "cpu-per-request", false, 6),
			named(memory+" MB", 8, "rss", false, 7),
			named("start ms", 10, "startup", false, 8),
		}
	}
	if at := slices.IndexFunc(columns, func(c column) bool { return c.name == "KO" }); b.retries() {
		columns = slices.Insert(columns, at+1, column{name: "retried", width: 9, rank: "retried", write: words.Thousands, room: columns[at].room,
			value: func(r stream.ContenderResult) *float64 {
				if r.Requests.Total == 0 {
					return nil
				}
				retried := float64(r.Requests.Retried)
				return &retried
			}})
	}
	main := cmp.Or(b.costed(), words.RankedBy(b.result))
	if at := slices.IndexFunc(columns, func(c column) bool { return c.rank == main }); at >= 0 && b.result.Workload.Rounds > 1 {
		columns = slices.Insert(columns, at+1, intervalColumn(columns[at], b.result.Workload.Rounds))
	}
	return columns
}

// retries says whether any contender had requests sent again.
func (b *Screen) retries() bool {
	return slices.ContainsFunc(b.result.Contenders, func(r stream.ContenderResult) bool { return r.Requests.Retried > 0 })
}

// intervalColumn is a figure's interval over the rounds. Sorting by it sorts by the
// spread, the steadiest first.
func intervalColumn(of column, rounds int) column {
	return column{
		name: words.IntervalName(rounds), width: 18,
		value: func(r stream.ContenderResult) *float64 {
			interval, ok := r.Intervals[of.rank]
			if !ok {
				return nil
			}
			return &interval.Spread
		},
		words: func(r stream.ContenderResult) string {
			interval, ok := r.Intervals[of.rank]
			if !ok {
				return words.NoFigure
			}
			words := words.IntervalWords(interval, of.write)
			if interval.Rounds < rounds {
				words += fmt.Sprintf(" of %d", interval.Rounds)
			}
			return words
		},
	}
}

// ranking is the column that the ranks come from.
func (b *Screen) ranking() column {
	columns := b.columns()
	by := words.RankedBy(b.result)
	if i := slices.IndexFunc(columns, func(c column) bool { return c.rank == by }); i >= 0 {
		return columns[i]
	}
	return columns[0]
}

// barred is the column that the bars show: the one that is sorted by.
func (b *Screen) barred() column {
	if b.sort >= 0 {
		return b.columns()[b.sort]
	}
	return b.ranking()
}

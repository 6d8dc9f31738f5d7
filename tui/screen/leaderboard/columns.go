package leaderboard

import (
	"cmp"
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/stream"
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
	return figure.Known(c.value(result), c.write)
}

// columns are the table's figures from left to right; of several rounds their
// medians, and the interval of what the ranks go by.
func (b *Screen) columns() []column {
	memory := stream.MemoryWord(b.result.Contenders)
	named := func(name string, room int) column {
		of, _ := figure.Named(name)
		of = of.OfMemory(memory)
		value := func(r stream.ContenderResult) *float64 { return r.Figure(name) }
		return column{name: of.CellHead, width: of.Width, rank: name, higher: of.HigherIsBetter, value: value, write: of.Unit.Cell, room: room}
	}
	mean := named("mean", 1)
	if b.result.RankedBy() == leaderboard.MeanAll {
		mean = named("mean-all", 1)
	}
	var columns []column
	if b.costs {
		mean.room = 9
		columns = []column{
			named("cpu-per-request", 1), named("rps-per-core", 2), named("rps-per-mb", 3), named("rss-idle", 6), named("rss", 4),
			named("startup", 7), mean, named("rps", 8), named("failures", 5),
		}
	} else {
		columns = []column{
			mean, named("p50", 5), named("p99", 2), named("rps", 3), named("failures", 4),
			named("cpu-per-request", 6), named("rss", 7), named("startup", 8),
		}
	}
	if at := slices.IndexFunc(columns, func(c column) bool { return c.name == "KO" }); b.retries() {
		columns = slices.Insert(columns, at+1, column{name: "retried", width: 9, rank: "retried", write: figure.Whole, room: columns[at].room,
			value: func(r stream.ContenderResult) *float64 {
				if r.Requests.Total == 0 {
					return nil
				}
				retried := float64(r.Requests.Retried)
				return &retried
			}})
	}
	main := cmp.Or(b.costed(), string(b.result.RankedBy()))
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
		name: leaderboard.IntervalTitle(rounds), width: 18,
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
				return figure.Missing
			}
			return interval.WordsOf(rounds, of.write)
		},
	}
}

// ranking is the column that the ranks come from.
func (b *Screen) ranking() column {
	columns := b.columns()
	by := string(b.result.RankedBy())
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

package leaderboard

import "fmt"

const (
	// significance is the probability with which any two contenders of a board that are
	// alike may be told apart by chance.
	significance = 0.05
	// leastRatio is the difference below which nobody is ranked before another,
	// however sure it is: it is a matter of the histogram's digits, the clock's ticks
	// and where the code happens to lie in memory.
	leastRatio = 1.01
)

// pairs says of rows, best first, which are told apart.
type pairs struct {
	rows   int
	apart  []bool // by index of the pair
	tested bool   // by their rounds; else those of equal values are tied, and no others
}

// pairsOf compares all rows with each other. With rounds it is Welch's test of each
// pair, corrected by Holm for how many pairs there are: twenty contenders are 190
// pairs, of which chance alone would tell ten apart. Holm asks nothing of how the
// tests hang together and keeps what it promises wherever a single test does. Games
// and Howell's would find a little more among contenders that vary alike, but tells
// ten that are alike and vary unlike apart in 13 % of runs of three rounds, twenty in
// 22 %.
func pairsOf(rows []Row, metric Metric) pairs {
	p := pairs{rows: len(rows)}
	for _, row := range rows {
		p.tested = p.tested || len(row.Entry.Rounds[metric]) >= LeastRounds
	}
	var ps []float64
	for i := range rows {
		for j := i + 1; j < len(rows); j++ {
			ps = append(ps, p.chance(rows[i].Entry, rows[j].Entry, metric))
		}
	}
	if p.tested {
		ps = Holm(ps)
	}
	for _, chance := range ps {
		p.apart = append(p.apart, chance < significance)
	}
	return p
}

// chance is the probability that the second, which stands behind the first, does so by
// chance. That the rounds' means say the opposite of what ranks, their medians, is no
// proof for either.
func (p pairs) chance(first, second Entry, metric Metric) float64 {
	x, _ := first.value(metric)
	y, _ := second.value(metric)
	switch {
	case x == y:
		return 1
	case !p.tested:
		return 0
	}
	chance, higher := welchP(first.sample(metric), second.sample(metric))
	if higher == metric.HigherIsBetter() {
		return 1
	}
	return chance
}

// areApart says whether two rows are told apart.
func (p pairs) areApart(i, j int) bool {
	if i == j {
		return false
	}
	if i > j {
		i, j = j, i
	}
	return p.apart[i*(2*p.rows-i-1)/2+j-i-1]
}

// place gives the rows, best first, ranks, ties and letters.
//
// The rank is one more than how many are better by more than chance. Ranks don't fall
// down the table, and nobody has the rank of one who is better: where one that varies
// much stands in between, tied with many, its rank is that of the row before.
func (p pairs) place(rows []Row) {
	rank := 1
	for i := range rows {
		better := 0
		for j := range i {
			if p.areApart(j, i) {
				better++
				rank = max(rank, rows[j].Rank+1)
			}
		}
		rank = max(rank, better+1)
		rows[i].Rank = rank
		for j := range rows {
			if i != j && !p.areApart(i, j) {
				rows[i].TiedWith = append(rows[i].TiedWith, rows[j].Entry.ID)
			}
		}
	}
	if !p.tested {
		return
	}
	for i, letters := range lettersOf(len(rows), p.areApart) {
		rows[i].Letters = letters
	}
}

// starts are where the ranks of placed rows begin.
func starts(rows []Row) (at []int) {
	for i, row := range rows {
		if i == 0 || row.Rank != rows[i-1].Rank {
			at = append(at, i)
		}
	}
	return at
}

// tieRule says in words when ranks are shared; "" where only equal values do.
func tieRule(rows []Row, metric Metric) string {
	most := 0
	for _, row := range rows {
		most = max(most, len(row.Entry.Rounds[metric]))
	}
	switch {
	case most < LeastRounds && most > 1:
		return fmt.Sprintf("ties: none are looked for in %d rounds; it takes %d", most, LeastRounds)
	case most < LeastRounds:
		return ""
	}
	compared := "1 pair"
	if n := len(rows) * (len(rows) - 1) / 2; n != 1 {
		compared = fmt.Sprintf("%d pairs", n)
	}
	return fmt.Sprintf("ties: = the difference from those with the same letter may be chance (%d rounds; Welch's test, Holm for %s, %.2g %% in all) or is below %.2g %%; the rank is 1 + how many are surely better",
		most, compared, 100*significance, 100*(leastRatio-1))
}

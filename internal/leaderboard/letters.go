package leaderboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// lettersOf gives n contenders, best first, the letters of a compact letter display:
// two share a letter if, and only if, they can't be told apart. Ties are no groups:
// one that varies much may be tied with two that are told apart, and has both their
// letters then.
//
// It is the insert-and-absorb algorithm of Piepho (2004, "An algorithm for a
// letter-based representation of all-pairwise comparisons", J. Comp. Graph. Stat. 13):
// all begin with one letter. Each pair that is told apart splits every letter that
// both have into one without the first and one without the second, and a letter whose
// contenders another has too is absorbed by it.
func lettersOf(n int, apart func(i, j int) bool) []string {
	columns := [][]bool{slices.Repeat([]bool{true}, n)}
	for i := range n {
		for j := i + 1; j < n; j++ {
			if apart(i, j) {
				columns = absorb(insert(columns, i, j))
			}
		}
	}
	// The first letters go to the best.
	slices.SortFunc(columns, func(a, b []bool) int {
		for i := range a {
			if a[i] != b[i] {
				return cmp.Compare(btoi(b[i]), btoi(a[i]))
			}
		}
		return 0
	})
	letters := make([]string, n)
	for i := range letters {
		var words strings.Builder
		for at, column := range columns {
			if column[i] {
				words.WriteString(letter(at))
			}
		}
		letters[i] = words.String()
	}
	return letters
}

// insert splits the columns in which both i and j are.
func insert(columns [][]bool, i, j int) (split [][]bool) {
	for _, column := range columns {
		if !column[i] || !column[j] {
			split = append(split, column)
			continue
		}
		for _, left := range [...]int{i, j} {
			without := slices.Clone(column)
			without[left] = false
			split = append(split, without)
		}
	}
	return split
}

// absorb leaves out the columns that another contains.
func absorb(columns [][]bool) (kept [][]bool) {
	for at, column := range columns {
		if !slices.ContainsFunc(kept, func(other []bool) bool { return contains(other, column) }) &&
			!slices.ContainsFunc(columns[at+1:], func(other []bool) bool { return contains(other, column) && !slices.Equal(other, column) }) {
			kept = append(kept, column)
		}
	}
	return kept
}

func contains(whole, part []bool) bool {
	for i, in := range part {
		if in && !whole[i] {
			return false
		}
	}
	return true
}

// letter is a, b, …, z, A, …, Z, (53), …
func letter(at int) string {
	switch {
	case at < 26:
		return string(rune('a' + at))
	case at < 52:
		return string(rune('A' + at - 26))
	}
	return fmt.Sprintf("(%d)", at+1)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

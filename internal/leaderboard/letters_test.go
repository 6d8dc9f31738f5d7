package leaderboard

import (
	"slices"
	"testing"
)

func TestLettersOfKnownDisplays(t *testing.T) {
	for _, c := range []struct {
		name  string
		n     int
		apart [][2]int
		want  []string
	}{
		{"none", 0, nil, []string{}},
		{"one", 1, nil, []string{"a"}},
		{"all alike", 3, nil, []string{"a", "a", "a"}},
		{"all apart", 3, [][2]int{{0, 1}, {0, 2}, {1, 2}}, []string{"a", "b", "c"}},
		{"a chain", 3, [][2]int{{0, 2}}, []string{"a", "ab", "b"}},
		{"a noisy best", 4, [][2]int{{1, 2}, {1, 3}, {2, 3}}, []string{"abc", "a", "b", "c"}},
		// The largest sets of those that are tied: 0–5, 2–6, 4–7.
		{"two ends", 8, [][2]int{{0, 6}, {0, 7}, {1, 6}, {1, 7}, {2, 7}, {3, 7}}, []string{"a", "a", "ab", "ab", "abc", "abc", "bc", "c"}},
	} {
		got := lettersOf(c.n, func(i, j int) bool { return slices.Contains(c.apart, [2]int{i, j}) })
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLettersDoNotRunOut(t *testing.T) {
	got := lettersOf(60, func(int, int) bool { return true })
	if got[0] != "a" || got[25] != "z" || got[26] != "A" || got[51] != "Z" || got[52] != "(53)" {
		t.Errorf("%q", got)
	}
}

package words

import (
	"testing"

	"github.com/benchtui/benchtui/internal/stream"
)

func TestTiesShowBesideTheRank(t *testing.T) {
	for want, result := range map[string]stream.ContenderResult{
		"–": {}, "1": {Rank: 1}, "=2": {Rank: 2, TiedWith: []string{"x"}}, "3*": {Rank: 3, Starred: true},
	} {
		if got := Place(result); got != want {
			t.Errorf("%+v is written %q, want %q", result, got, want)
		}
	}
}

package sample

import (
	"cmp"
	"slices"

	"github.com/benchtui/benchtui/internal/measure"
)

// mostNamed is how many processes of a tree a sample names.
const mostNamed = 16

// largest are those that hold most, the largest first; none if there is but one.
func largest(all []measure.ProcessRSS) []measure.ProcessRSS {
	if len(all) < 2 {
		return nil
	}
	slices.SortFunc(all, func(a, b measure.ProcessRSS) int {
		return cmp.Or(cmp.Compare(b.RSSBytes.Value, a.RSSBytes.Value), cmp.Compare(a.PID, b.PID))
	})
	return all[:min(len(all), mostNamed)]
}

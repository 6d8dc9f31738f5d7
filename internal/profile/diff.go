package profile

import (
	"cmp"
	"math"
	"slices"
)

// Change is a function whose share of the time differs between two profiles.
type Change struct {
	Function
	OldSelf, NewSelf   float64 // shares of either profile's time, 0 to 1
	OldTotal, NewTotal float64
	// Noise is the difference of self shares that samples so few may show by chance, at
	// 95 % for all functions together.
	Noise float64
	// Real says that the difference is more than noise.
	Real bool
}

// Grew is by how much of the time the function grew, of either profile's; below 0 it shrank.
func (c Change) Grew() float64 { return c.NewSelf - c.OldSelf }

// Diff compares two profiles by function: by how much of the time each grew or shrank, the
// largest differences first, those beyond noise before all others. A function is the same
// in both if its name, its file's name and its module's are: lines move when others change.
func Diff(before, after *Profile) []Change {
	type key struct{ name, file, module string }
	of := func(f Function) key { return key{f.Name, place(f.File, 0), place(f.Module, 0)} }
	changes := map[key]*Change{}
	gather := func(p *Profile, add func(*Change, Hot)) {
		for _, hot := range p.Hottest(BySelf) {
			at := changes[of(hot.Function)]
			if at == nil {
				at = &Change{}
				changes[of(hot.Function)] = at
			}
			at.Function = hot.Function
			add(at, hot)
		}
	}
	gather(before, func(c *Change, hot Hot) { c.OldSelf += hot.SelfShare; c.OldTotal += hot.TotalShare })
	gather(after, func(c *Change, hot Hot) { c.NewSelf += hot.SelfShare; c.NewTotal += hot.TotalShare })
	n, m := float64(before.Count()), float64(after.Count())
	z := math.Sqrt2 * math.Erfinv(1-0.05/float64(max(1, len(changes)))) // Bonferroni's
	list := make([]Change, 0, len(changes))
	for _, change := range changes {
		change.OldTotal, change.NewTotal = min(1, change.OldTotal), min(1, change.NewTotal)
		change.Noise = 1
		if n > 0 && m > 0 {
			// Of both profiles taken for one, with half a sample more so that none has a width.
			pooled := (change.OldSelf*n + change.NewSelf*m + 1) / (n + m + 2)
			change.Noise = min(1, z*math.Sqrt(pooled*(1-pooled)*(1/n+1/m)))
		}
		change.Real = math.Abs(change.Grew()) > change.Noise
		list = append(list, *change)
	}
	slices.SortFunc(list, func(a, b Change) int {
		switch {
		case a.Real && !b.Real:
			return -1
		case b.Real && !a.Real:
			return 1
		}
		return cmp.Or(cmp.Compare(math.Abs(b.Grew()), math.Abs(a.Grew())), compareFunctions(a.Function, b.Function))
	})
	return list
}

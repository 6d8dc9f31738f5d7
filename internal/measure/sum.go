package measure

// Sum adds up the measures of stretches that follow each other, as Merge does, and in
// place: each distribution lies over its whole range from its first value on, so that
// taking an interval allocates nothing, and an hour holds what the first minute did.
// The zero Sum is of nothing.
type Sum struct {
	rest Measures // without distributions, but for those of a Sum that is packed
	dist [distributions]wholeRange
}

// wholeRange is a distribution over the whole range, a count for every bucket: 138 kB,
// whatever comes.
type wholeRange struct {
	counts    []uint64 // nil: nothing was recorded
	low, high int      // the buckets in use
}

// Take adds the stretch that follows.
func (s *Sum) Take(next Measures) {
	for i, h := range next.distributions() {
		s.dist[i].add(*h)
		*h = Histogram{}
	}
	s.rest = s.rest.Merge(next)
}

// Counts are the measures so far without their distributions.
func (s *Sum) Counts() Measures {
	counts := s.rest
	for _, h := range counts.distributions() {
		*h = Histogram{}
	}
	return counts
}

// Measures are those so far, which what is taken later does not change.
func (s *Sum) Measures() Measures {
	all := s.rest
	for i, h := range all.distributions() {
		*h = h.Merge(s.dist[i].export())
	}
	return all
}

// Pack lets go of what only taking more needs, until more is taken.
func (s *Sum) Pack() { *s = Sum{rest: s.Measures()} }

func (d *wholeRange) add(h Histogram) {
	if len(h.Values) == 0 {
		return
	}
	if d.counts == nil {
		d.counts = make([]uint64, bucketOf(HighestUS)+1)
		clear(d.counts) // has the system give all of it now, and not a page with each slow reply
		d.low, d.high = len(d.counts), -1
	}
	for i, value := range h.Values {
		d.counts[bucketOf(value)] += h.Counts[i]
	}
	d.low, d.high = min(d.low, bucketOf(h.Values[0])), max(d.high, bucketOf(h.Values[len(h.Values)-1]))
}

func (d *wholeRange) export() (h Histogram) {
	if d.counts == nil {
		return h
	}
	return sparse(d.counts[d.low:d.high+1], d.low)
}

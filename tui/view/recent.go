package view

// Newest is the finding that began last.
func Newest(findings []Finding) (finding Finding, ok bool) {
	for _, f := range findings {
		if !ok || f.At >= finding.At {
			finding, ok = f, true
		}
	}
	return finding, ok
}

// RecentRate is OK replies per second over the last second.
func (m *Measuring) RecentRate() (rate float64, ok bool) {
	point, ok := m.Lately(1)
	return point.OK, ok
}

// Lately is the throughput over so many seconds, or over the last interval: of few
// replies over longer, for at two per second an interval has none or many.
func (m *Measuring) Lately(over float64) (sum ThroughputPoint, ok bool) {
	const (
		few     = 5    // replies
		longest = 10.0 // s
	)
	last, ok := m.Throughput.Last()
	if !ok {
		return ThroughputPoint{}, false
	}
	began := m.startedAt()
	var good, bad, seconds float64
	enough := func(from float64) bool {
		if last.At-from <= over+1e-9 || seconds == 0 {
			return false
		}
		return good+bad >= few || last.At-from > longest || from < began-1e-9
	}
	sum.At = last.At
	for i := m.Throughput.Len() - 1; i >= 0 && !enough(m.Throughput.At(i).From); i-- {
		point := m.Throughput.At(i)
		length := point.At - point.From
		good, bad, seconds, sum.From = good+point.OK*length, bad+point.KO*length, seconds+length, point.From
	}
	if seconds <= 0 {
		return ThroughputPoint{}, false
	}
	sum.OK, sum.KO = good/seconds, bad/seconds
	return sum, true
}

// startedAt is when what is under way began, the warm-up or the load, in seconds since
// the run did.
func (m *Measuring) startedAt() float64 {
	if m.Loaded {
		return m.LoadAt.Seconds()
	}
	return m.WarmupAt.Seconds()
}

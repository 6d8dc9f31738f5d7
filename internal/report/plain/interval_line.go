package plain

import (
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/report/wording"
	"github.com/benchtui/benchtui/internal/stream"
)

// intervalLine gathers what is printed in the next line: about a second of a load. Its
// percentiles come from the merged histograms of its intervals.
type intervalLine struct {
	measures measure.Measures
	mark     time.Duration // of the load, at which the line is due

	generator measure.Mean // percent of a core
	server    measure.Mean
	rss, pss  figure.Value
	shared    bool // the column of memory is PSS
	loop      intervalOfLoop
}

// intervalOfLoop is what the event loop of a Node server told in a second.
type intervalOfLoop struct {
	used   measure.Mean // 0 to 1
	delay  figure.Value
	silent time.Duration
}

func (l *intervalOfLoop) take(sample stream.EventLoopSample) {
	if sample.Silent > 0 {
		l.silent = sample.Silent
		return
	}
	l.silent = 0
	l.used.Take(figure.Of(sample.Loop.Utilization), sample.Loop.Over)
	l.delay.Raise(figure.Of(sample.Loop.DelayP99MS))
}

// cells are its utilization and its delay.
func (l *intervalOfLoop) cells() (used, delay string) {
	if l.silent > 0 {
		return figure.Missing, "silent " + figure.At(l.silent.Seconds())
	}
	return l.used.Value().Write(figure.Utilization), l.delay.Write(figure.LongMS)
}

// early is how much before the full second a line may be printed: intervals do not
// end exactly on it.
const early = 20 * time.Millisecond

// load takes an interval and says whether the line is due.
func (s *intervalLine) load(sample stream.LoadSample) (due bool) {
	m := sample.Measures
	s.generator.Take(figure.Of(sample.GeneratorCPUPercentOfCore), m.To-m.From)
	if s.measures.Empty() {
		s.mark = (m.From + early).Truncate(time.Second) + time.Second
	}
	s.measures = s.measures.Merge(m)
	return s.measures.To >= s.mark-early
}

// process takes a reading of the server.
func (s *intervalLine) process(sample measure.Sample) {
	s.server.Take(sample.CPUPercentOfCore, sample.Over)
	if sample.RSSBytes.Known {
		s.rss = sample.RSSBytes
	}
	if sample.PSSBytes.Known {
		s.pss = sample.PSSBytes
	}
}

// lasting is how long it is so far.
func (s *intervalLine) lasting() time.Duration { return s.measures.To - s.measures.From }

// next begins the second after this one; the memory stands until it is read again.
func (s *intervalLine) next() { *s = intervalLine{rss: s.rss, pss: s.pss, shared: s.shared} }

// The columns of the live lines. Their widths are fixed, for the lines to come are
// not known.
var intervalColumns = []struct {
	title string
	width int
}{
	{"time", 7}, {"req/s OK", 9}, {"KO/s", 8}, {"p50", 9}, {"p90", 9}, {"p99", 9}, {"max", 10},
	{"in flight", 10}, {"server CPU", 11}, {"RSS", 9}, {"generator", 10},
}

// loopColumns stand behind them where an event loop tells of itself.
var loopColumns = [...]struct {
	title string
	width int
}{{"loop used", 9}, {"late p99", 12}}

// titles are the columns' titles, also those of an event loop if there is one. From here
// on the memory is what they say.
func (s *intervalLine) titles(loop bool) string {
	line := ""
	s.shared = s.pss.Known
	for _, column := range intervalColumns {
		if column.title == stream.MemoryIsRSS && s.shared {
			column.title = stream.MemoryIsPSS
		}
		line += " " + wording.Align(column.title, column.width, false)
	}
	if loop {
		for _, column := range loopColumns {
			line += " " + wording.Align(column.title, column.width, false)
		}
	}
	return line
}

// line is the second as text.
func (s *intervalLine) line(loop bool) string {
	m := s.measures
	over := s.lasting().Seconds()
	// Latency of all replies: a second in which all failed has one too.
	latency := m.ResponseOK
	if m.OK == 0 {
		latency = m.ResponseKO
	}
	quantile := func(q float64) string {
		if latency.Count() == 0 {
			return figure.Missing
		}
		return figure.MS(measure.MS(latency.Quantile(q)))
	}
	slowest := figure.Missing
	if latency.Count() > 0 {
		slowest = figure.MS(measure.MS(latency.Max()))
	}
	memory := s.rss
	if s.shared {
		memory = s.pss
	}
	row := []string{
		figure.At(m.To.Seconds()), figure.PerSecond(float64(m.OK) / over), figure.PerSecond(float64(m.KO) / over),
		quantile(0.5), quantile(0.9), quantile(0.99), slowest,
		figure.Count(uint64(max(0, m.InFlight))), s.server.Value().Write(figure.OfCore),
		memory.MB().Write(figure.MB), s.generator.Value().Write(figure.OfCore),
	}
	line := ""
	for i, cell := range row {
		line += " " + wording.Align(cell, intervalColumns[i].width, false)
	}
	if loop {
		used, delay := s.loop.cells()
		line += " " + wording.Align(used, loopColumns[0].width, false) + " " + wording.Align(delay, loopColumns[1].width, false)
	}
	if m.Retried > 0 {
		line += "  retried " + figure.Count(m.Retried)
	}
	return line
}

package leaderboard

import (
	"cmp"
	"math"
	"slices"

	"github.com/benchtui/benchtui/internal/figure"
)

// MostFailures is the share of failed requests above which a contender is not ranked.
const MostFailures = 0.01

// Entry is one contender's figures. A metric that is not in Values was not measured.
type Entry struct {
	ID          string
	Values      map[Metric]float64   // in the metric's unit; of several rounds the median
	Rounds      map[Metric][]float64 // the figure of each round; nil: there was one
	Steps       map[Metric]float64   // what a figure moves in, where that is more than the metric's own
	Errors      map[Metric]float64   // the standard error that counting leaves to a figure in one round
	FailureRate float64              // 0 to 1
	MainCause   string               // of its failures
	Unmeasured  string               // why there are no figures: "build failed: …"; "" if there are
	Broken      string               // why there is no rank for the figures there are: "crashed: …"
}

// Options is how to rank.
type Options struct {
	RankBy Metric // "" is Mean
	Tiers  string // "auto" (or ""), "article", or limits: "5ms,20ms,100ms"
}

// Row is a contender's place.
type Row struct {
	Entry    Entry
	Rank     int      // from 1: one more than how many are better by more than chance; 0: below the line, unranked
	Tier     int      // 1 to 4; 0: none
	Starred  bool     // ranked in spite of failures (mean-all)
	TiedWith []string // the ids of those that it can't be told apart from, each by itself: they may well be told apart from each other
	Letters  string   // the same as a compact letter display: those that share a letter are tied; "" where rounds say nothing
	Note     string   // why it stands below the line, or what its star means
}

// Board is the leaderboard, best first, those below the line last.
type Board struct {
	Rows     []Row
	RankBy   Metric
	TierRule string // in words, for under the table: "tiers: mean response time below 250 ms, 250–500 ms, …"
	TieRule  string // the same of ranks that are shared; "" where only equals share one
}

// Rank ranks the entries, whatever order they come in. It errs on an unknown
// metric or bad tiers.
func Rank(entries []Entry, options Options) (Board, error) {
	metric, err := ParseMetric(string(options.RankBy))
	if err != nil {
		return Board{}, err
	}
	rule, err := parseTiers(options.Tiers, metric)
	if err != nil {
		return Board{}, err
	}
	var ranked, failing, unmeasured []Row
	for _, entry := range entries {
		row := Row{Entry: entry}
		_, measured := entry.value(metric)
		fails := entry.FailureRate > MostFailures
		switch {
		case entry.Unmeasured != "":
			row.Note = entry.Unmeasured
			unmeasured = append(unmeasured, row)
		case entry.Broken != "":
			row.Note = entry.Broken
			failing = append(failing, row)
		case fails && (metric != MeanAll || !measured):
			row.Note = entry.failures()
			failing = append(failing, row)
		case !measured:
			row.Note = metric.Title() + " was not measured"
			unmeasured = append(unmeasured, row)
		default:
			if fails {
				row.Starred, row.Note = true, entry.failures()
			}
			ranked = append(ranked, row)
		}
	}
	ranked = byValue(ranked, metric)
	slices.SortFunc(failing, func(a, b Row) int {
		return cmp.Or(
			cmp.Compare(a.Entry.FailureRate, b.Entry.FailureRate),
			compareValues(metric, a.Entry, b.Entry),
		)
	})
	slices.SortFunc(unmeasured, func(a, b Row) int { return cmp.Compare(a.Entry.ID, b.Entry.ID) })
	pairsOf(ranked, metric).place(ranked)
	tiers := rule(standingsOf(ranked, starts(ranked), metric))
	for i := range ranked {
		ranked[i].Tier = tiers.of[i]
	}
	return Board{
		Rows:     slices.Concat(ranked, failing, unmeasured),
		RankBy:   metric,
		TierRule: tiers.words,
		TieRule:  tieRule(ranked, metric),
	}, nil
}

// byValue sorts rows, the best first.
func byValue(rows []Row, metric Metric) []Row {
	slices.SortFunc(rows, func(a, b Row) int { return compareValues(metric, a.Entry, b.Entry) })
	return rows
}

// compareValues puts the better value first and decides between equals by id, so
// that the order never depends on the order of measuring.
func compareValues(metric Metric, a, b Entry) int {
	x, knownX := a.value(metric)
	y, knownY := b.value(metric)
	switch {
	case knownX != knownY && knownX:
		return -1
	case knownX != knownY:
		return 1
	case metric.better(x, y):
		return -1
	case metric.better(y, x):
		return 1
	}
	return cmp.Compare(a.ID, b.ID)
}

// value is the entry's figure; what is no number or below 0 counts as not measured.
func (e Entry) value(metric Metric) (value float64, measured bool) {
	value, measured = e.Values[metric]
	if !measured || math.IsNaN(value) || math.IsInf(value, 0) || value < 0 {
		return 0, false
	}
	return value, true
}

// sample is what the entry's rounds tell of a metric.
func (e Entry) sample(metric Metric) Sample {
	value, _ := e.value(metric)
	return Sample{Rounds: e.Rounds[metric], Step: max(metric.Step(value), e.Steps[metric]), Error: e.Errors[metric]}
}

// failures says in words how much failed: "75 % failed: status 304".
func (e Entry) failures() string {
	words := figure.Percent(e.FailureRate) + " failed"
	if e.MainCause != "" {
		words += ", mostly " + e.MainCause
	}
	return words
}

package stream

import (
	"slices"
	"strings"

	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/leaderboard"
)

// NamedFigure is one that --fail-if and --rank-by know by its name, and that rounds are
// summed up for. value is nil where it was not measured.
type NamedFigure struct {
	Name  string
	Unit  Unit
	value func(ContenderResult) *float64
	// ofAll says that of several rounds the figure of all of them together stands for
	// the contender: the worst that was seen, and every failure, must not be lost in a
	// median.
	ofAll bool
	// ofProcess says that it is read from the server's process.
	ofProcess bool
}

type Unit int

const (
	UnitMS Unit = iota
	UnitShare
	unitNumber
)

func NamedFigures() []NamedFigure {
	latency := func(of func(Latencies) *Distribution, pick func(*Distribution) *float64) func(ContenderResult) *float64 {
		return func(r ContenderResult) *float64 {
			if distribution := of(r.LatencyMS); distribution != nil {
				return pick(distribution)
			}
			return nil
		}
	}
	ok := func(pick func(*Distribution) *float64) func(ContenderResult) *float64 {
		return latency(func(l Latencies) *Distribution { return l.OK }, pick)
	}
	process := func(pick func(*ProcessResult) *float64) func(ContenderResult) *float64 {
		return func(r ContenderResult) *float64 {
			if r.Process == nil {
				return nil
			}
			return pick(r.Process)
		}
	}
	// What a request costs is told of servers that serve any.
	perRequest := func(pick func(*ProcessResult) *float64) func(ContenderResult) *float64 {
		return func(r ContenderResult) *float64 {
			if r.Requests.OK == 0 {
				return nil
			}
			return process(pick)(r)
		}
	}
	mean := func(d *Distribution) *float64 { return &d.Mean }
	return []NamedFigure{
		{"mean", UnitMS, ok(mean), false, false},
		{"mean-all", UnitMS, latency(func(l Latencies) *Distribution { return l.Total }, mean), false, false},
		{"p50", UnitMS, ok(func(d *Distribution) *float64 { return &d.P50 }), false, false},
		{"p75", UnitMS, ok(func(d *Distribution) *float64 { return &d.P75 }), false, false},
		{"p90", UnitMS, ok(func(d *Distribution) *float64 { return &d.P90 }), false, false},
		{"p95", UnitMS, ok(func(d *Distribution) *float64 { return &d.P95 }), false, false},
		{"p99", UnitMS, ok(func(d *Distribution) *float64 { return &d.P99 }), false, false},
		{"p999", UnitMS, ok(func(d *Distribution) *float64 { return &d.P999 }), false, false},
		{"max", UnitMS, ok(func(d *Distribution) *float64 { return &d.Max }), true, false},
		{"startup", UnitMS, func(r ContenderResult) *float64 { return r.StartupMS }, false, false},
		{"failures", UnitShare, func(r ContenderResult) *float64 { return &r.Requests.FailureRate }, true, false},
		{"rps", unitNumber, func(r ContenderResult) *float64 {
			if r.Capacity != nil { // what a search found, not what came back of it
				return &r.Capacity.Rate
			}
			return &r.RPS.OK
		}, false, false},
		{"capacity", unitNumber, func(r ContenderResult) *float64 {
			if r.Capacity == nil {
				return nil
			}
			return &r.Capacity.Rate
		}, false, false},
		{"rss", unitNumber, process((*ProcessResult).MemoryMBMax), false, true}, // PSS where it is told
		{"rss-idle", unitNumber, process((*ProcessResult).MemoryMBIdle), false, true},
		{"rss-sum", unitNumber, process(func(p *ProcessResult) *float64 { return p.RSSMBMax }), false, true}, // always RSS
		{"rss-sum-idle", unitNumber, process(func(p *ProcessResult) *float64 { return p.RSSMBIdle }), false, true},
		{"cpu-percent", unitNumber, process(func(p *ProcessResult) *float64 { return p.CPUPercentMean }), false, true},
		{"cpu-per-request", unitNumber, perRequest(func(p *ProcessResult) *float64 { return p.CPUUSPerRequest }), false, true},
		{"rps-per-core", unitNumber, perRequest(func(p *ProcessResult) *float64 { return p.RPSPerCore }), false, true},
		{"rps-per-mb", unitNumber, process(func(p *ProcessResult) *float64 { return p.RPSPerMB }), false, true},
	}
}

// Of is the contender's figure: of several rounds their median, but for what must
// not be lost in one.
func (f NamedFigure) Of(result ContenderResult) *float64 {
	if interval, ok := result.Intervals[f.Name]; ok && !f.ofAll {
		return &interval.Median
	}
	return f.value(result)
}

// Verb is the verb that goes with the figure's name.
func (f NamedFigure) Verb(one, several string) string {
	if f.Name == "failures" {
		return several
	}
	return one
}

// Lacking says why a contender has no such figure.
func (f NamedFigure) Lacking(result ContenderResult) string {
	requests := result.Requests
	why, _, _ := strings.Cut(result.StatusDetail, "\n")
	switch {
	case result.Status != StatusOK && why != "" && (requests.Total == 0 || f.Name == "startup"):
		return strings.TrimSuffix(why, ":")
	case f.Name == "startup":
		return "benchtui did not start the server"
	case requests.Total == 0:
		return "no request was sent"
	case f.Name == "capacity":
		return "only the workload capacity looks for it"
	case f.ofProcess && result.Process == nil:
		return "the server's process could not be read (of " + flagname.URL + ", " + flagname.PID + " tells which it is)"
	case f.ofProcess && (requests.OK > 0 || result.Process.CPUUSPerRequest == nil):
		return "the system did not tell it of the server's process"
	case requests.OK == 0:
		return "no reply was OK"
	}
	return "nothing tells it"
}

// LackOf says in words why the contender's figure by that name was not measured.
func (r ContenderResult) LackOf(name string) string {
	figure, _ := FigureNamed(name)
	return figure.Lacking(r)
}

func FigureNamed(name string) (NamedFigure, bool) {
	all := NamedFigures()
	at := slices.IndexFunc(all, func(f NamedFigure) bool { return f.Name == name })
	if at < 0 {
		return NamedFigure{}, false
	}
	return all[at], true
}

// Figure is the contender's figure by the name that --rank-by and --fail-if know,
// as tables show it: of several rounds the median, but for max and failures, which
// are those of all rounds. It is nil where it was not measured, and for names that
// there are none of. Units are ms, shares between 0 and 1, µs, MB, and per second.
func (r ContenderResult) Figure(name string) *float64 {
	if figure, ok := FigureNamed(name); ok && (r.Requests.Total > 0 || name == "startup") {
		return figure.Of(r)
	}
	return nil
}

// StatusCounts are the replies by status alone, in the order of the statuses.
func (r ContenderResult) StatusCounts() (counts []StatusResult) {
	for _, one := range r.Statuses {
		if last := len(counts) - 1; last >= 0 && counts[last].Status == one.Status {
			counts[last].Count += one.Count
			continue
		}
		counts = append(counts, StatusResult{Status: one.Status, Count: one.Count})
	}
	return counts
}

// Figure is the same of a single round.
func (r RoundResult) Figure(name string) *float64 { return r.Alone().Figure(name) }

// Alone is the round as if it were a contender's only one.
func (r RoundResult) Alone() ContenderResult {
	return ContenderResult{Outcome: r.Outcome, Measured: r.Measured}
}

// Counted are the rounds that the contender's figures rest on: those that ran to
// their end; if none did, as far as they went.
func (r ContenderResult) Counted() []RoundResult {
	return CountedOf(r.Rounds, func(round RoundResult) (Status, uint64) { return round.Status, round.Requests.Total })
}

// CountedOf picks the rounds that count, whatever stands for one.
func CountedOf[T any](rounds []T, of func(T) (Status, uint64)) []T {
	var whole, some []T
	for _, round := range rounds {
		status, requests := of(round)
		if status == StatusOK {
			whole = append(whole, round)
		}
		if requests > 0 {
			some = append(some, round)
		}
	}
	if len(whole) > 0 {
		return whole
	}
	return some
}

// IntervalsOf sums up rounds by figure. That rounds don't vary is no certainty: an interval
// is at least as wide as what its figure moves in, and that of a share as what so many
// requests tell.
func IntervalsOf(result ContenderResult) map[string]Interval {
	rounds := result.Counted()
	all := map[string]Interval{}
	for _, figure := range NamedFigures() {
		var values []float64
		for _, round := range rounds {
			if value := figure.value(round.Alone()); value != nil {
				values = append(values, *value)
			}
		}
		if len(values) == 0 {
			continue
		}
		summed := leaderboard.IntervalOf(values)
		half := result.Step(figure.Name) / 2
		summed = summed.Reaching(max(0, summed.Median-half), summed.Median+half)
		if figure.Unit == UnitShare {
			summed = summed.Reaching(leaderboard.ShareInterval(result.Requests.KO, result.Requests.Total, leaderboard.Confidence))
		}
		interval := Interval{Median: summed.Median, Min: summed.Min, Max: summed.Max, Spread: summed.Spread(), Rounds: summed.Rounds}
		if summed.Confident() {
			interval.Low, interval.High = &summed.Low, &summed.High
		}
		all[figure.Name] = interval
	}
	return all
}

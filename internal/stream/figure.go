package stream

import (
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/leaderboard"
)

// source is where a figure's value comes from.
type source struct {
	value func(ContenderResult) *float64 // nil where it was not measured
	// ofAll says that of several rounds the figure of all of them together stands for
	// the contender: the worst that was seen, and every failure, must not be lost in a
	// median.
	ofAll bool
	// ofProcess says that it is read from the server's process.
	ofProcess bool
	// perRequest says that it is what a request cost the server: of those that it had.
	perRequest bool
}

// sources has those figures of the catalogue by name that --fail-if and --rank-by know,
// and that rounds are summed up for.
var sources = map[string]source{
	"mean":     {value: ofOK("mean")},
	"mean-all": {value: func(r ContenderResult) *float64 { return r.LatencyMS.Total.Figure("mean") }},
	"p50":      {value: ofOK("p50")},
	"p75":      {value: ofOK("p75")},
	"p90":      {value: ofOK("p90")},
	"p95":      {value: ofOK("p95")},
	"p99":      {value: ofOK("p99")},
	"p999":     {value: ofOK("p999")},
	"max":      {value: ofOK("max"), ofAll: true},
	"startup":  {value: func(r ContenderResult) *float64 { return r.StartupMS }},
	"failures": {value: func(r ContenderResult) *float64 { return &r.Requests.FailureRate }, ofAll: true},
	"rps": {value: func(r ContenderResult) *float64 {
		if r.Capacity != nil { // what a search found, not what came back of it
			return &r.Capacity.Rate
		}
		return &r.RPS.OK
	}},
	"capacity": {value: func(r ContenderResult) *float64 {
		if r.Capacity == nil {
			return nil
		}
		return &r.Capacity.Rate
	}},
	"rss":             {value: ofProcess((*ProcessResult).MemoryMBMax), ofProcess: true}, // PSS where it is told
	"rss-idle":        {value: ofProcess((*ProcessResult).MemoryMBIdle), ofProcess: true},
	"rss-sum":         {value: ofProcess(func(p *ProcessResult) *float64 { return p.RSSMBMax }), ofProcess: true}, // always RSS
	"rss-sum-idle":    {value: ofProcess(func(p *ProcessResult) *float64 { return p.RSSMBIdle }), ofProcess: true},
	"cpu-percent":     {value: ofProcess(func(p *ProcessResult) *float64 { return p.CPUPercentMean }), ofProcess: true},
	"cpu-per-request": {value: perRequest(func(p *ProcessResult) *float64 { return p.CPUUSPerRequest }), ofProcess: true, perRequest: true},
	"rps-per-core":    {value: perRequest(func(p *ProcessResult) *float64 { return p.RPSPerCore }), ofProcess: true, perRequest: true},
	"rps-per-mb":      {value: ofProcess(func(p *ProcessResult) *float64 { return p.RPSPerMB }), ofProcess: true},
}

func ofOK(name string) func(ContenderResult) *float64 {
	return func(r ContenderResult) *float64 { return r.LatencyMS.OK.Figure(name) }
}

func ofProcess(pick func(*ProcessResult) *float64) func(ContenderResult) *float64 {
	return func(r ContenderResult) *float64 {
		if r.Process == nil {
			return nil
		}
		return pick(r.Process)
	}
}

// perRequest is what a request costs: told of servers that serve any.
func perRequest(pick func(*ProcessResult) *float64) func(ContenderResult) *float64 {
	return func(r ContenderResult) *float64 {
		if r.Requests.OK == 0 {
			return nil
		}
		return ofProcess(pick)(r)
	}
}

// Figures are those of the catalogue that results have.
func Figures() (all []figure.Figure) {
	for _, one := range figure.Catalogue() {
		if _, ok := sources[one.Name]; ok {
			all = append(all, one)
		}
	}
	return all
}

// LackOf says in words why the contender's figure by that name was not measured.
func (r ContenderResult) LackOf(name string) string {
	of := sources[name]
	why, _, _ := strings.Cut(r.StatusDetail, "\n")
	switch {
	case r.Status != StatusOK && why != "" && (r.Requests.Total == 0 || name == "startup"):
		return strings.TrimSuffix(why, ":")
	case name == "startup":
		return "benchtui did not start the server"
	case r.Requests.Total == 0:
		return "no request was sent"
	case name == "capacity":
		return "only the workload capacity looks for it"
	case of.ofProcess && r.Process == nil:
		return "the server's process could not be read (of " + flagname.URL + ", " + flagname.PID + " tells which it is)"
	case of.perRequest && r.Requests.ReachedServer() == 0:
		return "no request reached the server"
	case of.ofProcess && (r.Requests.OK > 0 || r.Process.CPUUSPerRequest == nil):
		return "the system did not tell it of the server's process"
	case r.Requests.OK == 0:
		return "no reply was OK"
	}
	return "nothing tells it"
}

// Figure is the contender's figure by the name that --rank-by and --fail-if know,
// as tables show it: of several rounds the median, but for max and failures, which
// are those of all rounds. It is nil where it was not measured, and for names that
// there are none of. Units are ms, shares between 0 and 1, µs, MB, and per second.
func (r ContenderResult) Figure(name string) *float64 {
	of, ok := sources[name]
	if !ok || r.Requests.Total == 0 && name != "startup" {
		return nil
	}
	if interval, ok := r.Intervals[name]; ok && !of.ofAll {
		return &interval.Median
	}
	return of.value(r)
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
func (r RoundResult) Figure(name string) *float64 { return r.AsContender().Figure(name) }

// AsContender is the round as if it were the only one of its contender.
func (r RoundResult) AsContender() ContenderResult {
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
	for _, one := range Figures() {
		var values []float64
		for _, round := range rounds {
			if value := sources[one.Name].value(round.AsContender()); value != nil {
				values = append(values, *value)
			}
		}
		if len(values) == 0 {
			continue
		}
		summed := leaderboard.IntervalOf(values)
		half := result.Step(one.Name) / 2
		summed = summed.Reaching(max(0, summed.Median-half), summed.Median+half)
		if one.Unit == figure.InShare {
			summed = summed.Reaching(leaderboard.ShareInterval(result.Requests.KO, result.Requests.Total, leaderboard.Confidence))
		}
		all[one.Name] = IntervalFrom(summed)
	}
	return all
}

// IntervalFrom is an interval as results tell it.
func IntervalFrom(summed leaderboard.Interval) Interval {
	interval := Interval{Median: summed.Median, Min: summed.Min, Max: summed.Max, Spread: summed.Spread(), Rounds: summed.Rounds}
	if summed.Confident() {
		interval.Low, interval.High = &summed.Low, &summed.High
	}
	return interval
}

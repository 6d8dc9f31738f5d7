package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/nearest"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// Workload is a load with a name, and what goes before and around it.
type Workload struct {
	Name   string
	About  string // one sentence for the choose screen and the help
	Load   traffic.Load
	Warmup time.Duration
	Tick   time.Duration // of open loads: what is due is sent in steps of this length; 0: each at its own time
	// Rounds is how often each contender is measured, one after the other in each
	// round; 0 is 1. Cooldown is the rest between two contenders; nil: what Rest says.
	Rounds   int
	Cooldown *time.Duration
	// Objective has Load's rate searched for: the highest that keeps it, each step as
	// long as Load.Duration. Load.Rate is then the first to try; 0: half of what the
	// warm-up reaches.
	Objective Objective
	// ByProbe has the rate found that all contenders can sustain, if Load.Rate is 0.
	ByProbe bool
	// RankBy is what the workload is made to compare; "" leaves the default.
	RankBy leaderboard.Metric
	// Headers go with every request, beside the contender's own.
	Headers []traffic.Header
	// Tiers is the tier rule that the workload asks for; "" leaves the default.
	Tiers string
}

// browserHeaders are what the article's load tool sent.
var browserHeaders = []traffic.Header{
	{Name: "Accept", Value: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
	{Name: "DNT", Value: "1"},
	{Name: "Accept-Language", Value: "en-US,en;q=0.5"},
	{Name: "Accept-Encoding", Value: "gzip, deflate"},
	{Name: "User-Agent", Value: "Mozilla/5.0 (Windows NT 5.1; rv:31.0) Gecko/20100101 Firefox/31.0"},
}

// Workloads returns the named workloads, the default first.
func Workloads() []Workload {
	workloads := namedWorkloads()
	for i := range workloads {
		workloads[i] = workloads[i].withDefaults(func(string) bool { return false })
	}
	return workloads
}

func namedWorkloads() []Workload {
	burst := traffic.Load{Model: traffic.Users, Users: 8000, RampOver: 5 * time.Second, Repeat: 4}
	article := burst
	article.HTTPCache = true
	return []Workload{
		{
			Name:   "burst",
			About:  "virtual users arrive evenly; each opens a connection, sends its requests and closes",
			Load:   burst,
			Warmup: 3 * time.Second,
		}, {
			Name:    "article",
			About:   "burst as the article ran it: no warm-up, a browser's headers and HTTP cache, its tiers",
			Load:    article,
			Headers: browserHeaders,
			Tiers:   "article",
		}, {
			Name:   "steady",
			About:  "each connection sends its next request when the reply to the last is in",
			Load:   traffic.Load{Model: traffic.Closed, Connections: 64, Duration: 10 * time.Second},
			Warmup: 3 * time.Second,
		}, {
			Name:   "rate",
			About:  "requests are due at a constant rate, whatever the server does",
			Load:   traffic.Load{Model: traffic.Rate, Connections: 64, Duration: 10 * time.Second, Rate: 1000},
			Warmup: 3 * time.Second,
		}, {
			Name:   "ramp",
			About:  "the rate rises steadily, so that the knee becomes visible",
			Load:   traffic.Load{Model: traffic.Ramp, Connections: 256, Duration: 20 * time.Second, Rate: 100, RateTo: 10000},
			Warmup: 3 * time.Second,
		}, {
			Name:      "capacity",
			About:     "looks for the highest rate that keeps an objective, within 5 %",
			Load:      traffic.Load{Model: traffic.Rate, Connections: 256, Duration: 5 * time.Second},
			Objective: defaultObjective(),
			Warmup:    3 * time.Second,
			RankBy:    leaderboard.RPS, // latencies at different rates can't be compared
		}, {
			Name:    "efficiency",
			About:   "what serving costs: the same rate for all, half of what the slowest can do, unless " + flagname.ShortRate + " gives one",
			Load:    traffic.Load{Model: traffic.Rate, Connections: 64, Duration: 10 * time.Second},
			Warmup:  3 * time.Second,
			ByProbe: true,
			RankBy:  leaderboard.CPUPerRequest,
		},
	}
}

func defaultObjective() Objective {
	objective, err := ParseObjective(DefaultObjective)
	if err != nil {
		panic(err) // a constant; a test reads it
	}
	return objective
}

// Searches says whether the workload looks for the capacity.
func (w Workload) Searches() bool { return len(w.Objective.conditions) > 0 }

// FindsRate says whether the rate is still to be found, by probing the contenders.
func (w Workload) FindsRate() bool { return w.ByProbe && w.Load.Rate == 0 }

// LoadToCheck is the load with a rate that stands for those that are to be found.
func (w Workload) LoadToCheck() traffic.Load {
	load := w.Load
	if (w.Searches() || w.FindsRate()) && load.Rate == 0 {
		load.Rate = 1
	}
	return load
}

// DefaultWorkload is the workload of a run that names none.
const DefaultWorkload = "burst"

// WorkloadNamed finds a workload; an unknown name's error suggests the nearest.
func WorkloadNamed(name string) (Workload, error) {
	var names []string
	for _, workload := range Workloads() {
		if workload.Name == name {
			return workload, nil
		}
		names = append(names, workload.Name)
	}
	if near, ok := nearest.Name(name, names); ok {
		return Workload{}, fmt.Errorf("unknown workload %q; did you mean %s?", name, near)
	}
	return Workload{}, fmt.Errorf("unknown workload %q; there are: %s", name, strings.Join(names, ", "))
}

// Facts tells of the workload in plain values.
func (w Workload) Facts() stream.WorkloadFacts {
	load, rest := w.Load, w.Rest()
	w.Rounds, w.Cooldown = w.RoundCount(), &rest
	facts := stream.WorkloadFacts{Name: w.Name, Model: string(load.Model), Words: w.Words()}
	w.tell(&facts)
	facts.DurationS = load.Span().Seconds() // as far as it is known before
	if load.Model == traffic.Users {
		facts.Connections = load.Users // each has one
	}
	return facts
}

// Words says the workload in a line: "8,000 users in 5 s × 4 requests, 3 rounds".
func (w Workload) Words() string {
	words := w.loadWords()
	for _, s := range Settings {
		if s.Words == nil || !s.Applies(w) {
			continue
		}
		if more := s.Words(w); more != "" {
			words += ", " + more
		}
	}
	return words
}

func (w Workload) loadWords() string {
	load := w.Load
	connections := fmt.Sprintf("%d %s", load.Connections, figure.Agree(load.Connections, "connection", "connections"))
	var words string
	if w.Searches() {
		return fmt.Sprintf("the highest rate with %s, in steps of %s over %s", w.Objective, figure.ExactLength(load.Duration), connections)
	}
	if w.FindsRate() {
		return fmt.Sprintf("the same rate for all, half of what the slowest can do, for %s over %s", figure.ExactLength(load.Duration), connections)
	}
	switch load.Model {
	case traffic.Users:
		words = fmt.Sprintf("%s in %s × %s", figure.Plural(load.Users, "user", "users"), figure.ExactLength(load.RampOver), figure.Plural(load.Repeat, "request", "requests"))
	case traffic.Rate:
		words = fmt.Sprintf("%s req/s%s over %s", figure.Exact(load.Rate), howLong(load), connections)
	case traffic.Ramp:
		words = fmt.Sprintf("%s to %s req/s%s over %s",
			figure.Exact(load.Rate), figure.Exact(load.RateTo), howLong(load), connections)
	default:
		words = connections + howLong(load)
	}
	return words
}

func howLong(load traffic.Load) string {
	switch {
	case load.Requests > 0:
		return " until " + figure.Plural(load.Requests, "request", "requests")
	default:
		return " for " + figure.ExactLength(load.Duration)
	}
}

// Expected is how long one round of the workload takes on a server that keeps up.
func (w Workload) Expected() time.Duration {
	return w.Warmup + w.LoadExpected()
}

const (
	// between is about what starting and stopping a contender takes.
	between = time.Second
	// ProbeLength is how long a contender is asked for all it can do. Its second half
	// counts: in the first a virtual machine compiles.
	ProbeLength = 4 * time.Second
	// Sustained is the share of the slowest contender's throughput that all of them
	// are given: a rate at which nobody has a queue, so that what a request costs is
	// its own cost.
	Sustained = 0.5
)

// PerContender is about how long a contender takes with all its rounds, its starts
// and stops, and the rest after each.
func (w Workload) PerContender() time.Duration {
	each := time.Duration(w.RoundCount()) * (w.Expected() + between + w.Rest())
	if w.FindsRate() {
		each += ProbeLength + between
	}
	return each
}

// LoadExpected is how long requests are likely to be begun; 0: not known.
func (w Workload) LoadExpected() time.Duration {
	switch {
	case w.Load.Model == traffic.Users:
		return w.Load.RampOver
	case w.Searches():
		return likelySteps * (w.Load.Duration + w.BetweenSteps())
	}
	return w.Load.Span()
}

// NothingSent says of a load that ended without a request why, and what to do.
func (w Workload) NothingSent() string {
	switch load := w.Load; {
	case w.Searches() || w.FindsRate():
		return "nothing was sent: no request came due; give the steps longer (" + flagname.Duration + ")"
	case load.Model == traffic.Rate || load.Model == traffic.Ramp:
		return fmt.Sprintf("nothing was sent: no request came due in %s; raise the rate, or give it longer ("+flagname.Duration+")", load.Duration)
	case load.Model == traffic.Closed && load.Duration > 0:
		return fmt.Sprintf("nothing was sent within %s; give the load longer ("+flagname.Duration+")", load.Duration)
	}
	return "nothing was sent"
}

// WarmupLoad is what goes before the load, in its own shape: a rate at that rate, a
// ramp as a steeper one, and users as the rate that they make together, for their
// connections must not be left behind. A search does not know its rate, and a closed
// load has none: these press the server with all they have.
//
// It leaves no backlog (see warmupJob), and takes so few connections that it fits
// every server.
func (w Workload) WarmupLoad() traffic.Load {
	const most = 64
	warm := traffic.Load{Model: traffic.Closed, Connections: most, Duration: w.Warmup, Timeout: w.Load.Timeout}
	if w.Load.Model != traffic.Users {
		warm.Connections = min(most, w.Load.Connections)
	}
	switch {
	case w.Searches():
	case w.Load.Model == traffic.Rate || w.Load.Model == traffic.Ramp:
		warm.Model, warm.Rate, warm.RateTo = w.Load.Model, w.Load.Rate, w.Load.RateTo
	case w.Load.Model == traffic.Users && w.Load.RampOver > 0:
		warm.Model = traffic.Rate
		warm.Rate = min(float64(w.Load.Users)*float64(w.Load.Repeat)/w.Load.RampOver.Seconds(), mostWarmup)
	}
	return warm
}

// mostWarmup is a rate that no server reaches.
const mostWarmup = 1e6

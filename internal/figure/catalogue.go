package figure

import (
	"cmp"
	"slices"
	"strings"
)

// Figure is one that contenders are ranked by, compared in, limited by or shown with:
// what it is called, what it is in, and which way it is better.
type Figure struct {
	Name           string // for --rank-by and --fail-if, and in JSON
	Title          string // in a sentence: "mean response time"
	Full           string // the same as exactly as ranks need it: "mean response time of OK replies"; "": the title
	Head           string // over cells with their unit: "mean", "req/s OK"
	CellHead       string // over cells without: "mean ms"
	Unit           Unit
	HigherIsBetter bool
	Width          int // of a column on the screen, with the space before it
}

// catalogue has every figure once; where they stand beside each other, in this order.
var catalogue = []Figure{
	{"mean", "mean response time", "mean response time of OK replies", "mean", "mean ms", InMS, false, 9},
	{"mean-all", "mean response time of all replies, failed ones included", "mean response time of all replies (OK and KO)", "mean, all", "mean, all ms", InMS, false, 13},
	{"stddev", "standard deviation of the response time", "", "stddev", "stddev ms", InMS, false, 10},
	{"min", "shortest response time", "", "min", "min ms", InMS, false, 8},
	{"p50", "median response time", "p50 of the response time of OK replies", "p50", "p50 ms", InMS, false, 8},
	{"p75", "p75 response time", "", "p75", "p75 ms", InMS, false, 8},
	{"p90", "p90 response time", "", "p90", "p90 ms", InMS, false, 8},
	{"p95", "p95 response time", "", "p95", "p95 ms", InMS, false, 8},
	{"p99", "p99 response time", "p99 of the response time of OK replies", "p99", "p99 ms", InMS, false, 8},
	{"p999", "p99.9 response time", "", "p99.9", "p99.9 ms", InMS, false, 9},
	{"max", "longest response time", "", "max", "max ms", InMS, false, 8},
	{"rps", "OK replies per second", "", "req/s OK", "req/s OK", InRequests, true, 10},
	{"capacity", "highest rate that kept the objective", "", "capacity", "capacity req/s", InRequests, true, 16},
	{"failures", "share of failed requests", "", "KO", "KO", InShare, false, 9},
	{"cpu-per-request", "server CPU per request", "", "CPU/req", "CPU µs/req", InMicroseconds, false, 12},
	{"cpu-percent", "server CPU", "", "CPU", "CPU", InPercentOfCore, false, 8},
	{"rps-per-core", "requests per second per core", "requests per second for each core of server CPU", "req/s/core", "req/s/core", InRequests, true, 12},
	{"rps-per-mb", "OK replies per second per MB", "OK replies per second for each MB of server memory", "req/s/MB", "req/s/MB", InRequests, true, 10},
	{"rss-idle", "memory at idle", "memory at idle (RSS)", "RSS idle", "RSS idle MB", InMB, false, 13},
	{"rss", "peak memory", "peak memory (RSS)", "RSS", "RSS MB", InMB, false, 8},
	{"rss-sum", "peak RSS, what processes share counted in each", "", "RSS, summed", "RSS, summed MB", InMB, false, 15},
	{"rss-sum-idle", "RSS at idle, what processes share counted in each", "", "RSS idle, summed", "RSS idle, summed MB", InMB, false, 20},
	{"startup", "start time", "time from start to first reply", "start", "start ms", InLongMS, false, 10},
}

// Catalogue is every figure there is.
func Catalogue() []Figure { return slices.Clone(catalogue) }

// Named is the figure of a name.
func Named(name string) (Figure, bool) {
	at := slices.IndexFunc(catalogue, func(f Figure) bool { return f.Name == name })
	if at < 0 {
		return Figure{Name: name, Title: name, Head: name, CellHead: name}, false
	}
	return catalogue[at], true
}

// OfMemory is the figure with the kind of memory that it is told in, PSS or RSS.
func (f Figure) OfMemory(kind string) Figure {
	if kind != "" && !strings.HasPrefix(f.Name, "rss-sum") {
		for _, text := range []*string{&f.Full, &f.Head, &f.CellHead} {
			*text = strings.Replace(*text, "RSS", kind, 1)
		}
	}
	return f
}

// Ranking says what ranks by it go by: "OK replies per second, higher is better".
func (f Figure) Ranking() string {
	direction := "lower"
	if f.HigherIsBetter {
		direction = "higher"
	}
	return cmp.Or(f.Full, f.Title) + ", " + direction + " is better"
}

// Write writes a value of the figure with its unit, or that it is missing.
func (f Figure) Write(value *float64) string { return Known(value, f.Unit.Write) }

// InCell writes a value in a table: with its unit, but for rates, which the head names.
func (f Figure) InCell(value float64) string {
	if f.Unit == InRequests {
		return f.Unit.Cell(value)
	}
	return f.Unit.Write(value)
}

// Cell is the same, or that the value is missing.
func (f Figure) Cell(value *float64) string { return Known(value, f.InCell) }

// Bare writes it under a head that names the unit.
func (f Figure) Bare(value *float64) string { return Known(value, f.Unit.Cell) }

// Better says whether one value is better than another.
func (f Figure) Better(one, other float64) bool {
	if f.HigherIsBetter {
		return one > other
	}
	return one < other
}

// OfOKReplies says whether a figure is a response time of the OK replies alone: of a server
// of which most fails, one of the few that were served.
func (f Figure) OfOKReplies() bool { return slices.Contains(ofOKReplies, f.Name) }

var ofOKReplies = []string{"mean", "stddev", "min", "p50", "p75", "p90", "p95", "p99", "p999", "max"}

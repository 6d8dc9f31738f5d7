package figure_test

import (
	"testing"

	"github.com/benchtui/benchtui/internal/figure"
)

func TestRankingSaysWhatIsBetter(t *testing.T) {
	for name, want := range map[string]string{
		"mean":            "mean response time of OK replies, lower is better",
		"mean-all":        "mean response time of all replies (OK and KO), lower is better",
		"p99":             "p99 of the response time of OK replies, lower is better",
		"rps":             "OK replies per second, higher is better",
		"cpu-per-request": "server CPU per request, lower is better",
		"rps-per-core":    "requests per second for each core of server CPU, higher is better",
		"rps-per-mb":      "OK replies per second for each MB of server memory, higher is better",
		"rss":             "peak memory (PSS), lower is better",
		"startup":         "time from start to first reply, lower is better",
	} {
		if of, known := figure.Named(name); !known || of.OfMemory("PSS").Ranking() != want {
			t.Errorf("%s: %q, want %q", name, of.OfMemory("PSS").Ranking(), want)
		}
	}
}

func TestNamesOfFiguresAreTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, one := range figure.Catalogue() {
		if seen[one.Name] || one.Title == "" || one.Head == "" || one.CellHead == "" {
			t.Errorf("%+v stands twice, or lacks a title", one)
		}
		seen[one.Name] = true
	}
}

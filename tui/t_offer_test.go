package tui

import (
	"errors"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
)

// articleOffer is what the choose screen offers before that run.
func articleOffer() *Offer {
	return &Offer{
		Contenders: []stream.ContenderFacts{
			{ID: "golang", Name: "Go net/http", Language: "Go", State: "ready", Reason: "built 2 h ago, cached"},
			{ID: "expressjs", Name: "Express", Language: "JavaScript", State: "can be built", Reason: "node v20.20.2; single executable"},
			{ID: "micronaut", Name: "Micronaut", Language: "Java", State: "can be built", Reason: "JDK 21, Maven 3.9"},
			{ID: "dotnet8-aot", Name: "ASP.NET Core 8", Language: "C#", State: "missing", Reason: "needs .NET SDK 8 (dotnet not found): install it from dot.net", Unverified: true},
			{ID: "quarkus", Name: "Quarkus", Language: "Java", State: "build failed", Reason: "mvn package: exit code 1 (log: ~/.cache/benchtui/logs/quarkus.log)"},
		},
		Workloads: []WorkloadOffer{
			{Name: "burst", Words: "8,000 users in 5 s × 4 requests", About: "virtual users arrive evenly; each opens a connection, sends its requests and closes", PerContender: 8 * time.Second},
			{Name: "article", Words: "8,000 users in 5 s × 4 requests, HTTP cache", About: "burst as the article ran it: no warm-up, a browser's headers and HTTP cache, its tiers", PerContender: 5 * time.Second},
			{Name: "steady", Words: "64 connections for 10 s", About: "each connection sends its next request when the reply to the last is in", PerContender: 13 * time.Second},
			{Name: "rate", Words: "1,000 req/s for 10 s over 64 connections", About: "requests are due at a constant rate, whatever the server does", PerContender: 13 * time.Second},
		},
		Selected: []string{"golang", "expressjs"},
		Workload: "article",
		More:     map[string][]string{"expressjs": {"runs as Express 4.21.2 (single executable)", "https://expressjs.com"}},
		Look: func() func(string, []WorkloadFigure) []Warning {
			return func(workload string, _ []WorkloadFigure) []Warning {
				warnings := []Warning{
					{Title: "2 cores: server and generator share them", Mend: "measure on a machine with at least 4 cores; or keep them apart: --server-cpus 0 --load-cpus 1"},
					{Title: "other programs use 148 % of a core: dockerd 61 %, java 44 %", Mend: "close them, or wait until they are done; top shows them"},
				}
				if workload == "burst" || workload == "article" {
					warnings = append(warnings, Warning{Title: "a process may open 4,096 files, too few for the 8,000 users of -w " + workload, Mend: "ulimit -n 20000"})
				}
				return warnings
			}
		},
	}
}

// editableOffer is articleOffer with figures; users must be a number of digits.
func editableOffer() *Offer {
	offer := articleOffer()
	for i := range offer.Workloads {
		offer.Workloads[i].Figures = []WorkloadFigure{{"users", "8000"}, {"ramp", "5s"}, {"repeat", "4"}}
	}
	offer.Change = func(name string, figures []WorkloadFigure) (WorkloadOffer, error) {
		if users := figures[0].Value; users == "" || strings.Trim(users, "0123456789") != "" {
			return WorkloadOffer{}, errors.New("--users: pass a number, such as 64")
		}
		return WorkloadOffer{
			Name: name, Words: figures[0].Value + " users in " + figures[1].Value, Figures: figures, PerContender: time.Minute,
		}, nil
	}
	return offer
}

package screentest

import (
	"errors"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen/choose"
)

// ArticleOffer is what the choose screen offers before that run.
func ArticleOffer() *choose.Offer {
	return &choose.Offer{
		Contenders: []stream.ContenderFacts{
			{ID: "golang", Name: "Go net/http", Language: "Go", State: "ready", Reason: "built 2 h ago, cached"},
			{ID: "expressjs", Name: "Express", Language: "JavaScript", State: "can be built", Reason: "node v20.20.2; single executable"},
			{ID: "micronaut", Name: "Micronaut", Language: "Java", State: "can be built", Reason: "JDK 21, Maven 3.9"},
			{ID: "dotnet8-aot", Name: "ASP.NET Core 8", Language: "C#", State: "missing", Reason: "needs .NET SDK 8 (dotnet not found): install it from dot.net", Unverified: true},
			{ID: "quarkus", Name: "Quarkus", Language: "Java", State: "build failed", Reason: "mvn package: exit code 1 (log: ~/.cache/benchtui/logs/quarkus.log)"},
		},
		Workloads: []choose.WorkloadOffer{
			{Name: "burst", Words: "8,000 users in 5 s × 4 requests", About: "virtual users arrive evenly; each opens a connection, sends its requests and closes", PerContender: 8 * time.Second},
			{Name: "article", Words: "8,000 users in 5 s × 4 requests, HTTP cache", About: "burst as the article ran it: no warm-up, a browser's headers and HTTP cache, its tiers", PerContender: 5 * time.Second},
			{Name: "steady", Words: "64 connections for 10 s", About: "each connection sends its next request when the reply to the last is in", PerContender: 13 * time.Second},
			{Name: "rate", Words: "1,000 req/s for 10 s over 64 connections", About: "requests are due at a constant rate, whatever the server does", PerContender: 13 * time.Second},
		},
		Selected: []string{"golang", "expressjs"},
		Workload: "article",
		More:     map[string][]string{"expressjs": {"runs as Express 4.21.2 (single executable)", "https://expressjs.com"}},
		Look: func() func(string, []choose.WorkloadFigure) []choose.Warning {
			return func(workload string, _ []choose.WorkloadFigure) []choose.Warning {
				warnings := []choose.Warning{
					{Title: "2 cores: server and generator share them", Fix: "measure on a machine with at least 4 cores; or keep them apart: --server-cpus 0 --load-cpus 1"},
					{Title: "other programs use 148 % of a core: dockerd 61 %, java 44 %", Fix: "close them, or wait until they are done; top shows them"},
				}
				if workload == "burst" || workload == "article" {
					warnings = append(warnings, choose.Warning{Title: "a process may open 4,096 files, too few for the 8,000 users of -w " + workload, Fix: "ulimit -n 20000"})
				}
				return warnings
			}
		},
	}
}

// EditableOffer is ArticleOffer with figures; users must be a number of digits.
func EditableOffer() *choose.Offer {
	offer := ArticleOffer()
	for i := range offer.Workloads {
		offer.Workloads[i].Figures = []choose.WorkloadFigure{{Flag: "users", Value: "8000"}, {Flag: "ramp", Value: "5s"}, {Flag: "repeat", Value: "4"}}
	}
	offer.Change = func(name string, figures []choose.WorkloadFigure) (choose.WorkloadOffer, error) {
		if users := figures[0].Value; users == "" || strings.Trim(users, "0123456789") != "" {
			return choose.WorkloadOffer{}, errors.New("--users: pass a number, such as 64")
		}
		return choose.WorkloadOffer{
			Name: name, Words: figures[0].Value + " users in " + figures[1].Value, Figures: figures, PerContender: time.Minute,
		}, nil
	}
	return offer
}

// LookingOffer is ArticleOffer while the tools of all contenders but one are looked for.
func LookingOffer() *choose.Offer {
	offer := ArticleOffer()
	for i := range offer.Contenders {
		if i != 1 {
			offer.Contenders[i].State, offer.Contenders[i].Reason, offer.Contenders[i].Unverified = choose.Looking, "", false
			offer.Selected = append(offer.Selected, offer.Contenders[i].ID)
		}
	}
	return offer
}

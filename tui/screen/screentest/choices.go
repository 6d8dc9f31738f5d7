package screentest

import (
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/screen/choose"
)

// ArticleChoices is what the choose screen offers before that run.
func ArticleChoices() *choose.Choices {
	return &choose.Choices{
		Contenders: []stream.ContenderFacts{
			{ID: "golang", Name: "Go net/http", Language: "Go", State: "ready", Reason: "built 2 h ago, cached"},
			{ID: "expressjs", Name: "Express", Language: "JavaScript", State: "can be built", Reason: "node v20.20.2; single executable"},
			{ID: "micronaut", Name: "Micronaut", Language: "Java", State: "can be built", Reason: "JDK 21, Maven 3.9"},
			{ID: "dotnet8-aot", Name: "ASP.NET Core 8", Language: "C#", State: "missing", Reason: "needs .NET SDK 8 (dotnet not found): install it from dot.net", Unverified: true},
			{ID: "quarkus", Name: "Quarkus", Language: "Java", State: "build failed", Reason: "mvn package: exit code 1 (log: ~/.cache/benchtui/logs/quarkus.log)"},
		},
		Workloads: plan.Workloads()[:4],
		Selected:  []string{"golang", "expressjs"},
		Workload:  "article",
		Details:   map[string][]string{"expressjs": {"runs as Express 4.21.2 (single executable)", "https://expressjs.com"}},
		CheckMachine: func() func(plan.Workload) []choose.Warning {
			return func(workload plan.Workload) []choose.Warning {
				warnings := []choose.Warning{
					{Title: "2 cores: server and generator share them", Fix: "measure on a machine with at least 4 cores; or keep them apart: --server-cpus 0 --load-cpus 1"},
					{Title: "other programs use 148 % of a core: dockerd 61 %, java 44 %", Fix: "close them, or wait until they are done; top shows them"},
				}
				if workload.Load.Users > 4096 {
					warnings = append(warnings, choose.Warning{Title: "a process may open 4,096 files, too few for the 8,000 users of -w " + workload.Name, Fix: "ulimit -n 20000"})
				}
				return warnings
			}
		},
	}
}

// EditableOffer is ArticleChoices with settings that can be changed.
func EditableOffer() *choose.Choices {
	choices := ArticleChoices()
	choices.Check = func(plan.Workload) error { return nil }
	return choices
}

// LookingOffer is ArticleChoices while the tools of all contenders but one are looked for.
func LookingOffer() *choose.Choices {
	choices := ArticleChoices()
	for i := range choices.Contenders {
		if i != 1 {
			choices.Contenders[i].State, choices.Contenders[i].Reason, choices.Contenders[i].Unverified = choose.Looking, "", false
			choices.Selected = append(choices.Selected, choices.Contenders[i].ID)
		}
	}
	return choices
}

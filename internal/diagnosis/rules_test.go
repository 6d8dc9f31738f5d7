package diagnosis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// steadyFacts is a closed load on a machine of two cores.
func steadyFacts() Facts {
	return Facts{
		Model: "closed", Connections: 64, Cores: 2, GeneratorCores: 1,
		ExpectedStatus: 200, Duration: 60 * time.Second, Timeout: 60 * time.Second,
	}
}

func rateFacts(rate float64) Facts {
	facts := steadyFacts()
	facts.Model, facts.OfferedRate = "rate", rate
	return facts
}

func usersFacts() Facts {
	facts := steadyFacts()
	facts.Model, facts.Connections, facts.Repeat, facts.Duration = "users", 8000, 4, 5*time.Second
	return facts
}

// healthy is a second of a good multi-threaded server under a closed load: it
// takes what CPU the generator leaves it.
func healthy(i int) Window {
	return Window{
		From: time.Duration(i) * time.Second, To: time.Duration(i+1) * time.Second,
		Sent: 30_000, OK: 30_000, Failures: map[string]uint64{},
		LatencyP50MS: figure.Of(2.0), LatencyP99MS: figure.Of(6.0), ServiceP99MS: figure.Of(6.0),
		InFlight:                  64,
		GeneratorCPUPercentOfCore: 45,
		ServerCPUPercentOfCore:    figure.Of(148), HottestThreadPercentOfCore: figure.Of(76), Threads: figure.Of(9), RSSBytes: figure.Of(24e6),
		AcceptQueue: figure.Of(0), AcceptQueueLimit: figure.Of(4096), ListenOverflows: figure.Of(0),
		HostCPUPercent: []float64{99, 97},
	}
}

// see shows a load of so many seconds, each made from a healthy one.
func see(facts Facts, seconds int, change func(i int, w *Window)) []Finding {
	watch := New(facts)
	for i := range seconds {
		w := healthy(i)
		if facts.Model == "rate" {
			w.Sent, w.OK = uint64(facts.OfferedRate), uint64(facts.OfferedRate)
			w.LatencyP50MS, w.InFlight = figure.Of(0.4), 2
		}
		change(i, &w)
		watch.Observe(w)
	}
	return watch.Findings()
}

// withCores are the facts of a machine with so many cores.
func withCores(cores int) Facts {
	facts := steadyFacts()
	facts.Cores = cores
	return facts
}

func ids(findings []Finding) []string {
	found := []string{}
	for _, finding := range findings {
		found = append(found, finding.ID)
	}
	slices.Sort(found)
	return found
}

// drainedFacts are those of a load of 5 s, which waits as long for what it still misses.
func drainedFacts() Facts {
	facts := steadyFacts()
	facts.Duration, facts.Drain = 5*time.Second, 5*time.Second
	return facts
}

// fail has n of the good replies fail instead.
func fail(w *Window, cause string, n uint64) {
	w.Failures[cause] += n
	w.KO += n
	w.OK -= min(w.OK, n)
}

// ruleCase is a load, and all findings that it is to have: so each is at the same time a
// near miss of all the other rules.
type ruleCase struct {
	name    string
	facts   Facts
	seconds int
	change  func(i int, w *Window)
	want    []string
	says    []string // all in the first wanted finding
	not     string   // in no finding; "": anything may be
}

// The cases stand by family in the files beside this one, whose rules are all to fire.
func TestRules(t *testing.T) {
	cases := slices.Concat(repliesCases, connectionsCases, generatorCases, latencyCases, cpuCases, runtimeCases, unknownCases)
	fired := map[string]bool{}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := see(c.facts, c.seconds, c.change)
			want := slices.Clone(c.want)
			slices.Sort(want)
			if got := ids(found); !slices.Equal(got, want) {
				t.Fatalf("found %v, want %v\n%v", got, want, found)
			}
			for _, id := range c.want {
				fired[id] = true
			}
			for _, finding := range found {
				if finding.Title == "" || finding.Advice == "" || len(finding.Evidence) == 0 {
					t.Errorf("%s lacks title, evidence or advice: %+v", finding.ID, finding)
				}
				told := finding.Title + "\n" + strings.Join(finding.Evidence, "\n") + "\n" + finding.Advice
				if strings.Contains(told, "NaN") || strings.Contains(told, "Inf") || strings.Contains(told, "%!") {
					t.Errorf("no figure: %s", told)
				}
				if c.not != "" && strings.Contains(told, c.not) {
					t.Errorf("%s says %q:\n%s", finding.ID, c.not, told)
				}
				for _, says := range c.says {
					if !strings.Contains(told, says) {
						t.Errorf("%s does not say %q:\n%s", finding.ID, says, told)
					}
				}
			}
		})
	}
	for _, rule := range rules() {
		if !fired[rule.id] {
			t.Errorf("no case fires %s", rule.id)
		}
	}
}

// Issue 7's bar: healthy servers never have a finding. Here over many noisy runs:
// each figure moves by 15 %, now and then a window stutters.
func TestHealthyServersHaveNoFinding(t *testing.T) {
	users := usersFacts()
	users.HTTPCache = true
	for _, facts := range []Facts{steadyFacts(), rateFacts(5000), users} {
		for seed := range uint64(300) {
			random := rand.New(rand.NewPCG(seed, 1))
			noise := func(x float64) float64 { return max(0, x*(1+0.15*random.NormFloat64())) }
			stuttered := 0 // windows in a row
			found := see(facts, 12, func(i int, w *Window) {
				w.OK = uint64(noise(float64(w.OK)))
				w.LatencyP50MS = figure.Of(noise(w.LatencyP50MS.Value))
				w.LatencyP99MS = figure.Of(noise(w.LatencyP99MS.Value))
				w.GeneratorCPUPercentOfCore = noise(w.GeneratorCPUPercentOfCore)
				w.ServerCPUPercentOfCore = figure.Of(noise(w.ServerCPUPercentOfCore.Value))
				w.HostCPUPercent = []float64{min(100, noise(90)), min(100, noise(90))}
				w.RSSBytes = figure.Of(noise(30e6) + 5e6*float64(min(i, 4)))
				w.LatenessP99 = time.Duration(noise(3e5))
				if stuttered < 2 && random.IntN(8) == 0 { // the machine had something else to do
					stuttered++
					w.LatencyP50MS = figure.Of(10 * w.LatencyP50MS.Value)
					w.LatenessP99 = 30 * time.Millisecond
					w.AcceptQueue = w.AcceptQueueLimit
				} else {
					stuttered = 0
				}
			})
			if len(found) > 0 {
				t.Fatalf("%s, seed %d: %+v", facts.Model, seed, found)
			}
		}
	}
}

func TestFindingsInWords(t *testing.T) {
	for got, want := range map[string]string{
		of(1, 100_000, "requests"): "1 of 100,000 requests (0.001 %)",
		figure.Percent(0.9999):     "99.99 %",
		figure.Percent(1):          "100 %",
		figure.Percent(0.75):       "75 %",
		figure.MS(0.417):           "0.42 ms",
		figure.MS(12.34):           "12.3 ms",
		figure.MS(3137):            "3,137 ms",
		figure.Cores(98.2):         "98 % of a core",
		figure.Cores(193):          "1.9 cores",
		fmt.Sprint(coreCount(1)):   "one core",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

package run_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/frameworks/build"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/run"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

// What make test-healthy sets: the ids to run, or all; and how often each.
const (
	healthyVariable     = "BENCHTUI_TEST_HEALTHY"
	healthyRunsVariable = "BENCHTUI_TEST_HEALTHY_RUNS"
)

// healthyShare is the part of what a contender answers at its best that the loads
// ask of it: well below where anything saturates, generator and machine included.
const healthyShare = 0.25

// healthyMostRate bounds it, requests per second: generator and server share the
// machine, and the generator must not be what saturates.
const healthyMostRate = 3000

// healthyLoads are loads that a server of the capacity given sustains. The steady one
// lasts longer than the rule that waits longest for its evidence (18 s). A closed load is
// not among them: one connection is enough to fill the event loop of Express.
func healthyLoads(capacity float64) []plan.Workload {
	perSecond := math.Round(min(healthyMostRate, healthyShare*capacity))
	const warmup, lasts = 3 * time.Second, 12 * time.Second
	return []plan.Workload{
		{Name: "rate", Warmup: warmup, Load: traffic.Load{Model: traffic.Rate, Rate: perSecond, Connections: 64, Duration: 22 * time.Second}},
		{Name: "users", Warmup: warmup, Load: traffic.Load{Model: traffic.Users, Users: int(perSecond / 4 * 6), RampOver: 6 * time.Second, Repeat: 4}},
		{Name: "ramp", Warmup: warmup, Load: traffic.Load{Model: traffic.Ramp, Rate: perSecond / 10, RateTo: perSecond, Connections: 64, Duration: lasts}},
	}
}

// ofTheRuntime are findings that tell what a runtime did meanwhile, with its own figures:
// one that compiles or collects does so in a healthy server, too. What the first advises
// must silence it.
var ofTheRuntime = []diagnosis.ID{diagnosis.StillCompiling, diagnosis.GCPauses}

// compiledAfter is a warm-up after which the contenders' virtual machines have compiled
// what they will under a load of healthyMostRate.
const compiledAfter = 30 * time.Second

// TestHealthyContendersHaveNoFinding runs each contender several times under loads
// that it sustains, the loads in turn, and fails for every finding that is told:
// there is nothing to find. A busy host is a matter of this machine, not of a rule:
// what was measured beside other programs proves nothing, and is measured again.
func TestHealthyContendersHaveNoFinding(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	asked := os.Getenv(healthyVariable)
	if asked == "" {
		t.Skipf("runs every contender ten times, which takes minutes each; make test-healthy does, by %s=all", healthyVariable)
	}
	runs := 10
	if text := os.Getenv(healthyRunsVariable); text != "" {
		var err error
		if runs, err = strconv.Atoi(text); err != nil || runs < 1 {
			t.Fatalf("%s=%s is no number of runs", healthyRunsVariable, text)
		}
	}
	catalogue, err := frameworks.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	cacheDir, err := build.DefaultCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	builder := build.NewBuilder(cacheDir, "")
	var table []*health
	for _, row := range buildToConform(t, builder, contendersNamed(t, catalogue, asked)) {
		one := &health{id: row.contender.Manifest.ID, version: row.built.Version, reason: row.reason}
		table = append(table, one)
		t.Run(one.id, func(t *testing.T) {
			if row.verdict != "" {
				t.Skipf("NOT CHECKED: %s: %s", one.id, row.reason)
			}
			one.measure(t, builder, row.contender, runs)
		})
	}
	writeHealth(table)
}

// health is a contender's line in the table at the end.
type health struct {
	id, version string
	reason      string // why it was not run
	capacity    float64
	runs        int
	told        []string // findings, each with its run
	runtime     []string // those that say what its runtime did, which is no fault of a healthy server
	busy        int      // runs beside other programs, which count for nothing
	beside      []string // findings told in those, beside the busy host
}

func (h *health) measure(t *testing.T, builder *build.Builder, contender frameworks.Contender, runs int) {
	most := healthyRun(t, builder, contender, plan.Workload{Name: "steady", Warmup: 3 * time.Second,
		Load: traffic.Load{Model: traffic.Closed, Connections: 64, Duration: 2 * time.Second}})
	h.capacity = most.RPS.OK
	loads := healthyLoads(h.capacity)
	for h.runs < runs && h.busy < 4*runs {
		load := loads[h.runs%len(loads)]
		result := healthyRun(t, builder, contender, load)
		told := fmt.Sprintf("run %d, %s: %s; verdict %s: %s", h.runs+1, load.Name, healthyFigures(result), result.Verdict, result.VerdictWhy)
		var busy *stream.FindingResult
		for _, finding := range result.Findings {
			told += fmt.Sprintf("\n  %s at %.1f s: %s: %s", finding.ID, finding.AtS, finding.Title, strings.Join(finding.Evidence, "; "))
			if finding.ID == diagnosis.HostBusy {
				busy = &finding
			}
		}
		if busy != nil {
			h.busy++
			for _, finding := range result.Findings {
				known := finding.ID == diagnosis.KeepAliveLimit && contender.Manifest.Behaviour.KeepAliveRequests > 0
				if finding.ID != diagnosis.HostBusy && !known {
					h.beside = append(h.beside, fmt.Sprintf("%s (%s)", finding.ID, load.Name))
				}
			}
			t.Logf("NOT QUIET, and measured again: %s", told)
			continue
		}
		h.runs++
		t.Log(told)
		if result.Requests.KO > 0 {
			t.Errorf("%d of %d requests failed: %+v", result.Requests.KO, result.Requests.Total, result.Failures)
		}
		for _, finding := range result.Findings {
			if finding.ID == diagnosis.KeepAliveLimit && contender.Manifest.Behaviour.KeepAliveRequests > 0 {
				continue // it does, and its manifest says so
			}
			words := fmt.Sprintf("%s (%s)", finding.ID, load.Name)
			if slices.Contains(ofTheRuntime, finding.ID) {
				h.runtime = append(h.runtime, words)
				continue
			}
			h.told = append(h.told, words)
			t.Errorf("%s is told of a healthy server", finding.ID)
		}
	}
	if slices.ContainsFunc(h.runtime, func(words string) bool { return strings.HasPrefix(words, diagnosis.StillCompiling) }) {
		load := loads[0]
		load.Warmup = compiledAfter
		for _, finding := range healthyRun(t, builder, contender, load).Findings {
			if finding.ID == diagnosis.StillCompiling {
				t.Errorf("%s is told of a server that was warmed up for %v: %s", finding.ID, compiledAfter, strings.Join(finding.Evidence, "; "))
			}
		}
	}
	if h.runs < runs {
		t.Errorf("only %d of %d runs had the machine to themselves; close what else runs", h.runs, runs)
	}
}

func healthyRun(t *testing.T, builder *build.Builder, contender frameworks.Contender, load plan.Workload) stream.ContenderResult {
	t.Helper()
	plan := run.Plan{Contenders: []frameworks.Contender{contender}, Workload: load}
	if err := plan.Check(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	busy := make(chan struct{}, 1)
	run := run.Start(ctx, plan, run.Tools{Builder: builder}, func(event stream.Event) {
		if found, ok := event.Body.(stream.FindingChanged); ok && found.Finding.ID == diagnosis.HostBusy {
			select {
			case busy <- struct{}{}:
			default:
			}
		}
	})
	disturbed := false
	select {
	case <-busy: // it will not count: why go on
		disturbed = true
		run.Stop()
	case <-run.Done():
	}
	result := run.Wait().Contenders[0]
	if result.Status != stream.StatusOK && !disturbed {
		t.Fatalf("%s: %s %s", load.Name, result.Status, result.StatusDetail)
	}
	return result
}

func healthyFigures(result stream.ContenderResult) string {
	words := fmt.Sprintf("%.0f req/s", result.RPS.OK)
	if ok := result.LatencyMS.OK; ok != nil {
		words += fmt.Sprintf(", p50 %.3g ms, p99 %.3g ms", ok.P50, ok.P99)
	}
	if p := result.Process; p != nil && p.CPUPercentMean != nil && p.RSSMBMax != nil {
		words += fmt.Sprintf(", CPU %.0f %%, RSS %.0f MB", *p.CPUPercentMean, *p.RSSMBMax)
	}
	return words
}

func orNone(told []string) string {
	if len(told) == 0 {
		return "none"
	}
	times := make(map[string]int)
	for _, words := range told {
		times[words]++
	}
	var each []string
	for _, words := range slices.Sorted(maps.Keys(times)) {
		each = append(each, fmt.Sprintf("%d × %s", times[words], words))
	}
	return strings.Join(each, ", ")
}

func writeHealth(table []*health) {
	fmt.Printf("\nfindings told of healthy contenders, on %d cores\n", runtime.NumCPU())
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "CONTENDER\tVERSION\tAT BEST\tRUNS\tFINDINGS\tOF ITS RUNTIME\tBESIDE OTHERS\tFINDINGS THERE")
	for _, row := range table {
		if row.runs == 0 {
			fmt.Fprintf(out, "%s\t\t\tNOT CHECKED\t%s\n", row.id, firstLine(row.reason))
			continue
		}
		fmt.Fprintf(out, "%s\t%s\t%.0f req/s\t%d\t%s\t%s\t%d\t%s\n", row.id, row.version, row.capacity, row.runs, orNone(row.told), orNone(row.runtime), row.busy, orNone(row.beside))
	}
	_ = out.Flush()
}

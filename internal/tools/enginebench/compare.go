//go:build linux

package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// figure is one number of an outcome.
type figure struct {
	title string
	of    func(outcome) float64
}

var (
	cpuFigure  = figure{"CPU µs/request", func(o outcome) float64 { return o.CPUMicros }}
	p50Figure  = figure{"p50 ms", func(o outcome) float64 { return o.P50MS }}
	p90Figure  = figure{"p90 ms", func(o outcome) float64 { return o.P90MS }}
	p99Figure  = figure{"p99 ms", func(o outcome) float64 { return o.P99MS }}
	rssFigure  = figure{"RSS MB", func(o outcome) float64 { return o.RSSMB }}
	sentFigure = figure{"requests", func(o outcome) float64 { return float64(o.Requests) }}
	koFigure   = figure{"KO", func(o outcome) float64 { return float64(o.KO) }}
	lateFigure = figure{"lateness p99 ms", func(o outcome) float64 { return o.LateP99MS }}
)

// bar is what a scenario must reach: our figure between two limits, which may be
// shares of another tool's.
type bar struct {
	tool    string
	figure  figure
	least   float64
	most    float64
	against string // the tool whose figure the limits are shares of; "": absolute
}

// scenario is one load that several tools put on the server in turn.
type scenario struct {
	name    string
	load    load
	tools   []tool
	figures []figure
	bars    []bar
	// during, if set, does something to the server while a tool runs.
	during func(server *os.Process)
}

const loops = "benchtui"

func scenarios(short time.Duration) []scenario {
	ours := ourTool(loops)
	stall := func(server *os.Process) {
		time.Sleep(2 * time.Second)
		_ = server.Signal(syscall.SIGSTOP)
		time.Sleep(time.Second)
		_ = server.Signal(syscall.SIGCONT)
	}
	open := load{connections: 64, duration: 5 * time.Second, rate: 10_000}
	return []scenario{
		{
			name: "closed, 64 connections", load: load{connections: 64, duration: short},
			tools:   []tool{ours, ourTool("portable client", "-client", "portable"), wrkTool("wrk", "wrk"), bombardier(), vegeta(), k6()},
			figures: []figure{cpuFigure, p50Figure, p99Figure},
			bars: []bar{
				{tool: loops, figure: cpuFigure, most: 0.85, against: "wrk"},
				{tool: "portable client", figure: cpuFigure, most: 1.15, against: "wrk"},
				{tool: loops, figure: cpuFigure, most: 0.6, against: "bombardier"},
				{tool: loops, figure: cpuFigure, most: 0.2, against: "vegeta"},
				{tool: loops, figure: cpuFigure, most: 0.15, against: "k6"},
			},
		}, {
			name: "closed, 1,000 connections", load: load{connections: 1000, duration: short},
			tools:   []tool{ours, wrkTool("wrk", "wrk")},
			figures: []figure{cpuFigure, p50Figure, p99Figure, rssFigure},
			bars: []bar{
				{tool: loops, figure: cpuFigure, most: 0.85, against: "wrk"},
				{tool: loops, figure: rssFigure, most: 15},
			},
		}, {
			name: "10,000 requests/s for 5 s, 64 connections", load: open,
			tools:   []tool{ours, ourTool("benchtui --tick 1ms", "-tick", "1ms"), wrkTool("wrk2", "wrk2", "--latency"), vegeta()},
			figures: []figure{sentFigure, cpuFigure, p50Figure, p99Figure, lateFigure},
			bars: []bar{
				{tool: loops, figure: sentFigure, least: 50_000, most: 50_000},
				{tool: loops, figure: p99Figure, most: 0.2},
				{tool: "benchtui --tick 1ms", figure: cpuFigure, most: 1.1, against: "wrk2"},
				{tool: "benchtui --tick 1ms", figure: p50Figure, most: 1, against: "wrk2"},
				{tool: "benchtui --tick 1ms", figure: p99Figure, most: 1, against: "wrk2"},
			},
		}, {
			name: "the same, the server stopped for 1 s", load: open, during: stall,
			tools:   []tool{ours, wrkTool("wrk2", "wrk2", "--latency")},
			figures: []figure{sentFigure, koFigure, p50Figure, p90Figure, p99Figure},
			bars: []bar{
				{tool: loops, figure: sentFigure, least: 50_000, most: 50_000},
				{tool: loops, figure: p90Figure, least: 500, most: 570},
				{tool: loops, figure: p99Figure, least: 940, most: 960},
			},
		}, {
			name:  "burst: 8,000 users in 5 s × 4 requests",
			load:  load{connections: 1, duration: time.Second, extra: []string{"-model", "users", "-users", "8000", "-ramp", "5s", "-repeat", "4"}},
			tools: []tool{ours}, figures: []figure{sentFigure, koFigure, cpuFigure, lateFigure, p99Figure, rssFigure},
			bars: []bar{
				{tool: loops, figure: sentFigure, least: 32_000, most: 32_000},
				{tool: loops, figure: koFigure, most: 0},
				{tool: loops, figure: lateFigure, most: 0.2},
				{tool: loops, figure: cpuFigure, most: 30},
				{tool: loops, figure: rssFigure, most: 20},
			},
		},
	}
}

// compare runs every scenario, its tools in turn, and prints medians and spread.
func compare(args []string) error {
	set := flag.NewFlagSet("compare", flag.ExitOnError)
	times := set.Int("n", 5, "how often each tool runs")
	short := set.Duration("z", 4*time.Second, "how long each closed run takes")
	only := set.String("only", "", "only scenarios whose name contains this")
	_ = set.Parse(args)

	server, url, err := startServer()
	if err != nil {
		return err
	}
	defer server.Kill()
	missing := map[string]bool{}
	missed := 0
	for _, one := range scenarios(*short) {
		if !strings.Contains(one.name, *only) {
			continue
		}
		outcomes := map[string][]outcome{}
		tools := present(one.tools, missing)
		for range *times {
			for _, tool := range tools {
				if one.during != nil {
					go one.during(server)
				}
				out, err := tool.run(url, one.load)
				if err != nil {
					return err
				}
				outcomes[tool.name] = append(outcomes[tool.name], out)
				time.Sleep(200 * time.Millisecond) // the server empties its queues
			}
		}
		missed += one.print(tools, outcomes)
	}
	if len(missing) > 0 {
		fmt.Printf("\nnot compared, because not in PATH: %s\n", strings.Join(slices.Sorted(maps.Keys(missing)), ", "))
	}
	if missed > 0 {
		return fmt.Errorf("%d bars were missed", missed)
	}
	return nil
}

func startServer() (*os.Process, string, error) {
	process, port, err := startSelf("serve")
	return process, "http://127.0.0.1:" + port + "/hello", err
}

// print writes the scenario's table and its bars, and returns how many were missed.
func (s scenario) print(tools []tool, outcomes map[string][]outcome) (missed int) {
	fmt.Printf("\n%s\n%-22s", s.name, "")
	for _, figure := range s.figures {
		fmt.Printf("%28s", figure.title)
	}
	fmt.Println()
	for _, tool := range tools {
		fmt.Printf("  %-20s", tool.name)
		for _, figure := range s.figures {
			low, middle, high := spread(outcomes[tool.name], figure)
			cell := number(middle)
			if low != high {
				cell += " (" + number(low) + "–" + number(high) + ")"
			}
			if middle == 0 && figure.title != koFigure.title {
				cell = "–"
			}
			fmt.Printf("%28s", cell)
		}
		fmt.Println()
	}
	for _, bar := range s.bars {
		if outcomes[bar.tool] == nil || bar.against != "" && outcomes[bar.against] == nil {
			continue
		}
		_, value, _ := spread(outcomes[bar.tool], bar.figure)
		told := number(value)
		if bar.against != "" {
			_, other, _ := spread(outcomes[bar.against], bar.figure)
			value /= other
			told = fmt.Sprintf("%.2f × %s's", value, bar.against)
		}
		word := "reached"
		if value > bar.most || value < bar.least {
			word = "MISSED"
			missed++
		}
		limit := "at most " + number(bar.most)
		if bar.least > 0 {
			limit = number(bar.least) + " to " + number(bar.most)
		}
		fmt.Printf("  %-8s %s, %s: %s; the bar is %s\n", word, bar.tool, bar.figure.title, told, limit)
	}
	return missed
}

func spread(outcomes []outcome, figure figure) (low, middle, high float64) {
	var values []float64
	for _, out := range outcomes {
		values = append(values, figure.of(out))
	}
	slices.Sort(values)
	return values[0], values[len(values)/2], values[len(values)-1]
}

func number(value float64) string {
	switch {
	case value >= 1000:
		return fmt.Sprintf("%.0f", value)
	case value >= 100:
		return fmt.Sprintf("%.1f", value)
	}
	return fmt.Sprintf("%.2f", value)
}

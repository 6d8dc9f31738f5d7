//go:build linux

package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"
)

// pool puts the same loads on the same servers by different numbers of event loops,
// by the portable client, and by tools of others: all of one pool of connections, they
// must tell the same distribution.
func pool(args []string) error {
	set := flag.NewFlagSet("pool", flag.ExitOnError)
	times := set.Int("n", 3, "how often each tool runs")
	long := set.Duration("z", 3*time.Second, "how long each run takes, in whole seconds")
	only := set.String("only", "", "only loads whose name contains this")
	counts := set.String("loops", "1,2,4,8", "how many loops")
	_ = set.Parse(args)

	tools := []tool{ourTool("portable", "-client", "portable")}
	for count := range strings.SplitSeq(*counts, ",") {
		tools = append(tools, ourTool(count+" loops", "-loops", count))
	}
	missing := map[string]bool{}
	open := append(present([]tool{vegeta()}, missing), tools...)
	closed := append(present([]tool{wrkTool("wrk", "wrk", "--latency"), vegeta()}, missing), tools...)
	for name := range missing {
		fmt.Printf("NOT CHECKED against %s, which is not in PATH\n", name)
	}
	rate := func(connections int, rate float64) load {
		return load{connections: connections, duration: *long, rate: rate}
	}
	extra := func(connections int, args ...string) load {
		return load{connections: connections, duration: *long, extra: args}
	}
	for _, of := range []struct {
		server string
		role   []string
		loads  []pooledLoad
	}{
		{"fast", []string{"serve"}, []pooledLoad{
			{"closed, 8 connections", extra(8)}, {"10,000/s, 64 connections", rate(64, 10_000)}, {"1,000/s, 3 connections", rate(3, 1000)},
			{"ramp from 100/s to 5,000/s, 16 connections", extra(16, "-model", "ramp", "-q", "100", "-to", "5000")},
			{"4,000 users × 4 requests", extra(1, "-model", "users", "-users", "4000", "-ramp", long.String())},
		}},
		{"10 ms", []string{"meter", "-wait", "10ms"}, []pooledLoad{
			{"closed, 3 connections", extra(3)}, {"closed, 3 connections, 600 requests", extra(3, "-z", "0s", "-n", "600")},
			{"220/s, 3 connections", rate(3, 220)}, {"220/s, 3 connections, 600 requests", load{connections: 3, duration: 0, rate: 220, extra: []string{"-n", "600"}}},
			{"ramp from 50/s to 400/s, 6 connections", extra(6, "-model", "ramp", "-q", "50", "-to", "400")},
			{"600 users × 4 requests", extra(1, "-model", "users", "-users", "600", "-ramp", long.String())},
		}},
		{"1 % after 500 ms", []string{"meter", "-slow", "500ms", "-every", "100"}, []pooledLoad{
			{"closed, 8 connections", extra(8)}, {"400/s, 8 connections", rate(8, 400)},
			{"600 users × 4 requests", extra(1, "-model", "users", "-users", "600", "-ramp", long.String())},
		}},
		{"token bucket, 500/s", []string{"meter", "-rate", "500"}, []pooledLoad{
			{"closed, 8 connections", extra(8)}, {"400/s, 4 connections", rate(4, 400)}, {"600/s, 4 connections", rate(4, 600)},
		}},
	} {
		server, err := own(of.server, of.role...)
		if err != nil {
			return err
		}
		for _, one := range of.loads {
			title, load := of.server+": "+one.name, one.load
			if !strings.Contains(title, *only) {
				continue
			}
			with := open
			switch {
			case len(load.extra) > 0: // only ours have it
				with = tools
			case load.rate == 0:
				with = closed
			}
			if err := pooled(title, server, load, with, *times); err != nil {
				server.stop()
				return err
			}
		}
		server.stop()
	}
	if len(missing) > 0 {
		return errors.New("vegeta and wrk are needed")
	}
	return nil
}

// pooledLoad is a load of the table.
type pooledLoad struct {
	name string
	load load
}

// pooled runs the tools in turn and prints the medians of their figures.
func pooled(title string, server *server, load load, tools []tool, times int) error {
	outcomes := map[string][]outcome{}
	for range times {
		for _, tool := range tools {
			out, err := tool.run(server.url, load)
			if err != nil {
				return err
			}
			outcomes[tool.name] = append(outcomes[tool.name], out)
			if _, err := server.settled(); err != nil {
				return err
			}
		}
	}
	fmt.Printf("\n%s\n  %-10s%10s%10s%10s%10s%10s%12s\n", title, "", "req/s", "mean ms", "p50 ms", "p90 ms", "p99 ms", "CPU µs/req")
	for _, tool := range tools {
		fmt.Printf("  %-10s", tool.name)
		for _, of := range []func(outcome) float64{
			func(o outcome) float64 { return o.RequestsPS }, func(o outcome) float64 { return o.MeanMS }, func(o outcome) float64 { return o.P50MS },
			func(o outcome) float64 { return o.P90MS }, func(o outcome) float64 { return o.P99MS },
		} {
			_, middle, _ := spread(outcomes[tool.name], figure{of: of})
			fmt.Printf("%10s", number(middle))
		}
		_, cpu, _ := spread(outcomes[tool.name], cpuFigure)
		fmt.Printf("%12s\n", number(cpu))
	}
	return nil
}

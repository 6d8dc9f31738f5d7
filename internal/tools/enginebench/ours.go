//go:build linux

package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/traffic"
)

// outcome is what one run of a tool came to.
type outcome struct {
	Requests   uint64
	KO         uint64
	CPUMicros  float64 // user and system time of the whole process
	MeanMS     float64
	P50MS      float64
	P90MS      float64
	P99MS      float64
	LateP99MS  float64
	LateMaxMS  float64
	RSSMB      float64
	RequestsPS float64
	// For crosscheck.go: what wrk would tell of the same replies, and times from the
	// intended start where the others are from the actual send.
	WrkP50MS, WrkP99MS           float64
	IntendedP50MS, IntendedP99MS float64
	// By the kernel's clock of arrival, where the others, and the figures above, are to
	// the reading; and how long replies lay unread.
	ArrivalP50MS, ArrivalP99MS   float64
	ReadLateP50MS, ReadLateP99MS float64
}

// peakRSSMB is this process's own peak: a child's ru_maxrss begins at its parent's.
func peakRSSMB() float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	return kb * 1024 / 1e6
}

// ours puts one load on a server with our engine and prints its outcome as JSON.
func ours(args []string) error {
	set := flag.NewFlagSet("ours", flag.ExitOnError)
	url := set.String("url", "", "")
	model := set.String("model", "closed", "")
	connections := set.Int("c", 64, "")
	duration := set.Duration("z", 5*time.Second, "")
	rate := set.Float64("q", 0, "")
	users := set.Int("users", 0, "")
	ramp := set.Duration("ramp", 5*time.Second, "")
	repeat := set.Int("repeat", 4, "")
	tick := set.Duration("tick", 0, "")
	to := set.Float64("to", 0, "")
	requests := set.Uint64("n", 0, "")
	loops := set.Int("loops", 0, "")
	client := set.String("client", "", "")
	profile := set.String("cpuprofile", "", "")
	reading := set.Bool("reading", false, "end replies at their reading")
	_ = set.Parse(args)
	job := engine.Job{
		Request: traffic.Request{URL: *url},
		Checks:  traffic.Checks{Status: 200, JSONField: "name"},
		Client:  engine.Client(*client),
		Tick:    *tick,
		Loops:   *loops,

		EndsAtReading: *reading,
		Workload: traffic.Load{
			Model: traffic.Model(*model), Connections: *connections, Duration: *duration, Rate: *rate, RateTo: *to, Requests: *requests,
			Users: *users, RampOver: *ramp, Repeat: *repeat,
		},
	}
	if *profile != "" {
		file, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	total, err := engine.Run(context.Background(), job, nil)
	if err != nil {
		return err
	}
	for _, failure := range total.Failures {
		fmt.Fprintf(os.Stderr, "bench: %d × %s: %s\n", failure.Count, failure.Cause, failure.Sample)
	}
	ms := func(us int64) float64 { return float64(us) / 1000 }
	all := total.ResponseToReading().Merge(total.ResponseKO)
	corrected := asWrkCorrects(all, total.To-total.From, *connections)
	return json.NewEncoder(os.Stdout).Encode(outcome{
		Requests: total.OK + total.KO, KO: total.KO,
		MeanMS: all.Mean() / 1000, WrkP50MS: ms(corrected.Quantile(0.5)), WrkP99MS: ms(corrected.Quantile(0.99)),
		P50MS: ms(all.Quantile(0.5)), P90MS: ms(all.Quantile(0.9)), P99MS: ms(all.Quantile(0.99)),
		LateP99MS: ms(total.Lateness.Quantile(0.99)), LateMaxMS: ms(total.Lateness.Max()),
		ArrivalP50MS: ms(total.Service.Quantile(0.5)), ArrivalP99MS: ms(total.Service.Quantile(0.99)),
		ReadLateP50MS: ms(total.ReadLateness.Quantile(0.5)), ReadLateP99MS: ms(total.ReadLateness.Quantile(0.99)),
		RSSMB:      peakRSSMB(),
		RequestsPS: float64(total.OK+total.KO) / (total.To - total.From).Seconds(),
	})
}

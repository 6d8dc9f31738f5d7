package run

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
)

func TestWorkloadsAreThoseOfTheDesign(t *testing.T) {
	for name, want := range map[string]struct {
		model traffic.Model
		words string
	}{
		"burst":   {traffic.Users, "8,000 users in 5 s × 4 requests"},
		"article": {traffic.Users, "8,000 users in 5 s × 4 requests, HTTP cache"},
		"steady":  {traffic.Closed, "64 connections for 10 s"},
		"rate":    {traffic.Rate, "1,000 req/s for 10 s over 64 connections"},
		"ramp":    {traffic.Ramp, "100 to 10,000 req/s for 20 s over 256 connections"},
	} {
		workload, err := plan.WorkloadNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		if workload.Load.Model != want.model || workload.Words() != want.words {
			t.Errorf("%s: %s, %q; want %s, %q", name, workload.Load.Model, workload.Words(), want.model, want.words)
		}
		job := engine.Job{Request: traffic.Request{URL: "http://127.0.0.1:1/"}, Workload: workload.Load}
		if err := engine.Check(job); err != nil {
			t.Errorf("%s as it stands is refused: %v", name, err)
		}
	}
	article, _ := plan.WorkloadNamed("article")
	if article.Warmup != 0 || !article.Load.HTTPCache || article.Tiers != "article" || len(article.Headers) != 5 {
		t.Errorf("article: %+v", article)
	}
}

func TestUnknownWorkloadSuggestsTheNearest(t *testing.T) {
	for name, want := range map[string]string{"brust": "did you mean burst?", "nonsense": "there are: burst"} {
		if _, err := plan.WorkloadNamed(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The offered rate over the windows of a load adds up to all that was due.
func TestOfferedRateAddsUpToTheSchedule(t *testing.T) {
	for name, c := range map[string]struct {
		load traffic.Load
		want float64
	}{
		"rate": {traffic.Load{Model: traffic.Rate, Rate: 1000, Duration: 10 * time.Second}, 10_000},
		"ramp": {traffic.Load{Model: traffic.Ramp, Rate: 100, RateTo: 300, Duration: 10 * time.Second}, 2000},
	} {
		var sum float64
		const step = 700 * time.Millisecond // does not divide the duration
		for from := time.Duration(0); from < 12*time.Second; from += step {
			sum += offeredRate(c.load, from, from+step) * step.Seconds()
		}
		if math.Abs(sum-c.want) > c.want/1000 {
			t.Errorf("%s: %.1f requests offered in all, want %.0f", name, sum, c.want)
		}
	}
}

func TestThresholds(t *testing.T) {
	rss := 80.0
	result := stream.ContenderResult{
		Measured: stream.Measured{
			LatencyMS: stream.Latencies{OK: &stream.Distribution{P50: 4, P99: 60}},
			Requests:  stream.RequestCounts{Total: 10_000, OK: 9980, KO: 20, FailureRate: 0.002},
			RPS:       stream.RPS{OK: 41_234},
			Process:   &stream.ProcessResult{RSSMBMax: &rss},
		},
	}
	for text, want := range map[string]bool{
		"p99>50ms": true, "p99>60ms": false, "p99>=60ms": true, "p50<5ms": true, "p50 > 4500us": false,
		"failures>0.1%": true, "failures > 0.01": false, "rps<50000": true, "rps<=41233": false, "rss>79": true,
		"startup>1ms": false, // not measured
	} {
		threshold, err := plan.ParseThreshold(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if holds, told := threshold.Holds(result); holds != want {
			t.Errorf("%s: %v (%s), want %v", text, holds, told, want)
		}
	}
	for text, want := range map[string]string{ // as they are written everywhere
		"p99>50ms": "p99 is 60.0 ms", "failures>0.1%": "failures are 0.2 %", "rps<50000": "rps is 41,234", "rss>79": "rss is 80",
	} {
		threshold, _ := plan.ParseThreshold(text)
		if _, told := threshold.Holds(result); told != text+": "+want {
			t.Errorf("%s: told %q, want %q", text, told, want)
		}
	}
	for _, text := range []string{"", "p99", "p9>5ms", "p99>5", "p99>fast", "failures>much", "rps<many", ">5ms"} {
		if _, err := plan.ParseThreshold(text); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}

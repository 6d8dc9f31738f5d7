package tuitest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// Article is a run as its events tell it, made up after the article's figures:
// golang answers everything within a millisecond, expressjs answers 304 to three
// of four requests and takes seconds for the first of each user; micronaut cannot
// be built. It is the same every time, and made once.
var Article = sync.OnceValue(func() []stream.Event { return articleOf(func(*Writer) {}) })

// articleOf is the same run by a writer that writes more.
func articleOf(with func(*Writer)) []stream.Event {
	s := &Writer{Random: rand.New(rand.NewPCG(1, 2))}
	with(s)
	contenders := []stream.ContenderFacts{
		{ID: "golang", Name: "Go net/http", Language: "Go", State: "ready", Reason: "built 2 h ago"},
		{ID: "expressjs", Name: "Express", Language: "JavaScript", State: "can be built", Reason: "node v20.20.2"},
		{ID: "micronaut", Name: "Micronaut", Language: "Java", State: "can be built", Reason: "JDK 21"},
	}
	s.Emit("", stream.RunStarted{
		Started: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Plan: stream.PlanFacts{
			Workload: ArticleWorkload(), Contenders: contenders, RankBy: "mean", Tiers: "article",
			Expected: 3 * 5500 * time.Millisecond,
		},
		Host: stream.HostFacts{OS: "linux", CPU: "AMD EPYC", Cores: 2, MemoryMB: 8192, Kernel: "6.18"},
	})
	s.builds()
	golang := s.contender(contenders[0], 1, "Go 1.26", "", 12*time.Millisecond, 5*time.Second, golangAt)
	express := s.contender(contenders[1], 2, "Express 4.21.2", "single executable", 182*time.Millisecond, 7200*time.Millisecond, expressAt)
	micronaut := stream.ContenderResult{
		ID:       "micronaut",
		Name:     "Micronaut",
		Language: "Java",
		Outcome: stream.Outcome{
			Status:       stream.StatusBuildFailed,
			StatusDetail: "mvn package: exit code 1: cannot resolve io.micronaut:micronaut-http:5.0.9",
		},
	}
	golang.Rank, golang.Tier, golang.RankedBy = 1, 1, "mean"
	express.RankNote, express.RankedBy = "75 % KO: status 304", "mean"
	s.Emit("", stream.RunDone{Result: stream.Result{
		Schema: stream.ResultSchema, Workload: ArticleWorkload(),
		Generator:  stream.GeneratorResult{CPUUSPerRequest: 24.6, CPUPercentMax: 46, LatenessMS: stream.Lateness{P50: 0.02, P99: 0.3, Max: 1.2}},
		Contenders: []stream.ContenderResult{golang, express, micronaut},
		TierRule:   "tiers: below 250 ms, 250–500 ms, 500–1200 ms, above",
	}})
	return s.Events
}

// ArticleWorkload is that run's workload.
func ArticleWorkload() stream.WorkloadFacts {
	return stream.WorkloadFacts{
		Name: "article", Model: "users", Connections: 8000, DurationS: 5, Users: 8000, RampS: 5, Repeat: 4,
		HTTPCache: true, Rounds: 1, Words: "8,000 users in 5 s × 4 requests, HTTP cache",
	}
}

// Load is what a server does in an interval.
type Load struct {
	Ok, Ko            int
	OkMS, KoMS        float64 // median
	cpu, hottest, rss float64 // %, %, MB
	inFlight          int
	queue             int
}

// ExpressLoopAt is what Express tells of its event loop: full within a second, and
// from 6.5 s on not a word.
func ExpressLoopAt(into time.Duration) stream.EventLoopSample {
	t := min(into.Seconds(), 6.5)
	sample := stream.EventLoopSample{Phase: stream.PhaseLoad, Into: into, Loop: measure.EventLoop{
		Over: 250 * time.Millisecond, Utilization: min(0.998, 0.4+0.7*t),
		DelayP50MS: 8 * t, DelayP99MS: 12*t + 20*math.Abs(math.Sin(t*3)), DelayMaxMS: 40 * t,
	}}
	if silent := into - 6500*time.Millisecond; silent > 0 {
		sample.Silent = silent + time.Second
	}
	return sample
}

func golangAt(t float64) Load {
	if t >= 5 {
		return Load{cpu: 2, hottest: 1, rss: 21}
	}
	rss := 9 + 12*(1-math.Exp(-t))
	return Load{Ok: 640, OkMS: 0.31 + 0.06*math.Sin(t*3), cpu: 74 + 6*math.Sin(t*5), hottest: 41 + 3*math.Sin(t*4), rss: rss, inFlight: 3}
}

// expressAt lets in 8,000 users in 5 s and is done with them after 7.2 s.
func expressAt(t float64) Load {
	wait := min(5200, 60*math.Exp(t*0.9))
	l := Load{cpu: 108 + 4*math.Sin(t*4), hottest: 98.5 + 0.9*math.Sin(t*7), rss: 58 + 9*t, OkMS: wait, KoMS: 6 + 2*math.Sin(t*2)}
	l.Ok, l.Ko = 111, 333
	if t > 7.1 {
		l.Ok, l.Ko = 119, 357
	}
	l.queue = min(511, int(4*math.Exp(t)))
	l.inFlight = int(min(8000, 160*t*10) - 111*t*10)
	return l
}

// Writer writes a run's events.
type Writer struct {
	Events []stream.Event
	Now    time.Duration
	Random *rand.Rand

	after  func(s *Writer, result *stream.ContenderResult) // comes behind a contender's load; nil: nothing
	beside func(s *Writer, id string, into time.Duration)  // comes with each reading of the server; nil: nothing
}

// Emit writes an event at the time that it has come to.
func (s *Writer) Emit(contender string, body stream.Body) {
	s.Events = append(s.Events, stream.Event{
		Seq: uint64(len(s.Events) + 1), At: s.Now, Contender: contender, Body: body,
	})
}

func (s *Writer) builds() {
	s.Now += 20 * time.Millisecond
	s.Emit("golang", stream.PhaseChanged{Phase: stream.PhaseBuild})
	s.Now += 10 * time.Millisecond
	s.Emit("golang", stream.BuildDone{OK: true, Cached: true, Version: "Go 1.26"})
	s.Emit("expressjs", stream.PhaseChanged{Phase: stream.PhaseBuild, Detail: "npm ci, esbuild, postject"})
	step := 0
	for _, line := range []string{
		"# install what the lock file names", "added 69 packages in 2s", "# bundle into one file",
		"  bundle.js  \x1b[36m1.1mb\x1b[0m ⚡", "Done in 84ms", "# make the blob", "Wrote single executable preparation blob to sea-prep.blob",
		"# put it into a copy of Node", "Start injection of NODE_SEA_BLOB in expressjs...", "💉 Injection done!",
	} {
		if strings.HasPrefix(line, "# ") {
			step++
		}
		s.Now += 600 * time.Millisecond
		s.Emit("expressjs", stream.BuildOutput{Line: line, Step: step, Of: 4})
	}
	s.Emit("expressjs", stream.BuildDone{OK: true, Took: 6 * time.Second, Version: "Express 4.21.2", Variant: "single executable"})
	s.Emit("micronaut", stream.PhaseChanged{Phase: stream.PhaseBuild, Detail: "mvn package"})
	for i := range 6 {
		s.Now += 300 * time.Millisecond
		s.Emit("micronaut", stream.BuildOutput{Line: fmt.Sprintf("[INFO] Downloading from central: io/micronaut/part-%d.pom", i), Step: 1, Of: 2})
	}
	s.Emit("micronaut", stream.BuildOutput{Line: "[ERROR] Could not resolve io.micronaut:micronaut-http:5.0.9", Step: 1, Of: 2})
	s.Emit("micronaut", stream.BuildDone{
		Took: 2 * time.Second, Reason: "mvn package: exit code 1: cannot resolve io.micronaut:micronaut-http:5.0.9",
		LogPath: "/home/ann/.cache/benchtui/logs/micronaut.log",
	})
}

func (s *Writer) contender(facts stream.ContenderFacts, number int, version, variant string, startup, lasts time.Duration, at func(float64) Load) stream.ContenderResult {
	s.Now += 30 * time.Millisecond
	s.Emit(facts.ID, stream.ContenderStarted{Facts: facts, Version: version, Variant: variant, Number: number, Of: 2})
	s.Emit(facts.ID, stream.PhaseChanged{Phase: stream.PhaseStart, Detail: "./" + facts.ID + " --port 41873"})
	s.Now += startup
	s.Emit(facts.ID, stream.LogLine{Line: fmt.Sprintf("%s listening on port 41873", facts.Name)})
	s.Emit(facts.ID, stream.Ready{After: startup, Port: 41873, PID: 4711})
	s.Emit(facts.ID, stream.PhaseChanged{Phase: stream.PhaseLoad, Expected: 5 * time.Second})
	began := s.Now
	var ok, ko measure.Histogram
	var oks, kos uint64
	for into := time.Duration(0); into < lasts; into += measure.DefaultInterval {
		t := into.Seconds()
		l := at(t)
		s.Now = began + into + measure.DefaultInterval
		sample := s.Sample(into, l)
		s.Emit(facts.ID, sample)
		ok, ko = ok.Merge(sample.Measures.ResponseOK), ko.Merge(sample.Measures.ResponseKO)
		oks, kos = oks+uint64(l.Ok), kos+uint64(l.Ko)
		if into%(250*time.Millisecond) < measure.DefaultInterval {
			s.Emit(facts.ID, stream.ProcessSample{Phase: stream.PhaseLoad, Into: into, Sample: measure.Sample{
				Over:                       250 * time.Millisecond,
				CPUPercentOfCore:           figure.Value{Value: l.cpu, Known: true},
				HottestThreadPercentOfCore: figure.Value{Value: l.hottest, Known: facts.ID == "expressjs"},
				RSSBytes:                   figure.Value{Value: l.rss * 1e6, Known: true},
				AcceptQueue:                figure.Of(float64(l.queue)),
				AcceptQueueLimit:           figure.Of(511),
			}})
		}
		if s.beside != nil && into%(250*time.Millisecond) < measure.DefaultInterval {
			s.beside(s, facts.ID, into)
		}
		if facts.ID == "expressjs" {
			if into%(250*time.Millisecond) < measure.DefaultInterval {
				s.Emit(facts.ID, ExpressLoopAt(into))
			}
			s.findings(into)
		}
	}
	result := resultOf(facts, version, variant, startup, lasts, ok, ko, oks, kos)
	if s.after != nil {
		s.after(s, &result)
	}
	s.Emit(facts.ID, stream.PhaseChanged{Phase: stream.PhaseStop})
	s.Now += 40 * time.Millisecond
	s.Emit(facts.ID, stream.ContenderDone{Result: result})
	return result
}

func (s *Writer) findings(into time.Duration) {
	switch into {
	case 600 * time.Millisecond:
		s.Emit("expressjs", stream.FindingChanged{Finding: diagnosis.Finding(CachedRefused(into))})
	case 3400 * time.Millisecond:
		s.Emit("expressjs", stream.FindingChanged{Finding: diagnosis.Finding{
			ID: "event_loop_saturated", BeganAt: into, Title: "the event loop is saturated",
			Evidence: []string{"hottest thread 99 % of a core", "1 of 2 cores idle", "median latency ×31"},
			Advice:   "one loop is one core: run a process per core",
		}})
	}
}

// CachedRefused is the finding that cached replies are refused.
func CachedRefused(at time.Duration) diagnosis.Finding {
	return diagnosis.Finding{
		ID: "cached_replies_refused", BeganAt: at, Title: "these failures are cached replies that your check refuses",
		Evidence: []string{"3 of 4 replies are 304 Not Modified to If-None-Match", "the check wants status 200"},
		Advice:   "accept 304, or leave the cache out with -w burst: the server did what HTTP asks of it",
	}
}

// Sample is an interval of a load.
func (s *Writer) Sample(into time.Duration, l Load) stream.LoadSample {
	measures := measure.Measures{
		From: into, To: into + measure.DefaultInterval,
		Sent: uint64(l.Ok + l.Ko), OK: uint64(l.Ok), KO: uint64(l.Ko),
		ResponseOK: s.histogram(l.Ok, l.OkMS), ResponseKO: s.histogram(l.Ko, l.KoMS),
		Lateness: s.histogram(l.Ok+l.Ko, 0.03),
		InFlight: max(0, l.inFlight), GeneratorCPU: time.Duration(l.Ok+l.Ko) * 24 * time.Microsecond,
	}
	if l.Ko > 0 {
		measures.Failures = []measure.Failure{{
			Cause: "status 304", Count: uint64(l.Ko), FirstAt: into + 10*time.Millisecond,
			Sample: `HTTP/1.1 304 Not Modified ETag: W/"2a-0b1"`,
		}}
	}
	return stream.LoadSample{Measures: measures, GeneratorCPUPercentOfCore: 30 + float64(l.Ok+l.Ko)/40}
}

// histogram draws n log-normal times around a median, in HdrHistogram's buckets.
func (s *Writer) histogram(n int, medianMS float64) measure.Histogram {
	counts := map[int64]uint64{}
	for range n {
		us := int64(medianMS * 1000 * math.Exp(s.Random.NormFloat64()*0.4))
		unit := int64(1)
		for us/unit >= 2048 {
			unit *= 2
		}
		counts[max(1, us/unit*unit)]++
	}
	var h measure.Histogram
	for value := range counts {
		h.Values = append(h.Values, value)
	}
	slices.Sort(h.Values)
	for _, value := range h.Values {
		h.Counts = append(h.Counts, counts[value])
	}
	return h
}

func resultOf(facts stream.ContenderFacts, version, variant string, startup, lasts time.Duration, ok, ko measure.Histogram, oks, kos uint64) stream.ContenderResult {
	distribution := func(h measure.Histogram) *stream.Distribution {
		if h.Count() == 0 {
			return nil
		}
		return &stream.Distribution{
			Min: measure.MS(h.Quantile(0)), Mean: measure.MS(h.Mean()), P50: measure.MS(h.Quantile(0.5)), P75: measure.MS(h.Quantile(0.75)), P90: measure.MS(h.Quantile(0.9)),
			P95: measure.MS(h.Quantile(0.95)), P99: measure.MS(h.Quantile(0.99)), P999: measure.MS(h.Quantile(0.999)), Max: measure.MS(h.Max()),
		}
	}
	number := func(v float64) *float64 { return &v }
	result := stream.ContenderResult{
		ID:       facts.ID,
		Name:     facts.Name,
		Language: facts.Language,
		Version:  version,
		Variant:  variant,
		Outcome:  stream.Outcome{Status: stream.StatusOK},
		Measured: stream.Measured{
			StartupMS: number(float64(startup.Milliseconds())),
			Verdict:   "inconclusive",
			Requests:  stream.RequestCounts{Total: oks + kos, OK: oks, KO: kos, FailureRate: float64(kos) / float64(oks+kos)},
			RPS:       stream.RPS{Total: float64(oks+kos) / lasts.Seconds(), OK: float64(oks) / lasts.Seconds()},
			LatencyMS: stream.Latencies{OK: distribution(ok), KO: distribution(ko), Total: distribution(ok.Merge(ko))},
			Process: &stream.ProcessResult{
				CPUPercentMean: number(74), CPUPercentMax: number(80), CPUUSPerRequest: number(11.6), RSSMBIdle: number(9), RSSMBMax: number(21),
			},
		},
	}
	if kos > 0 {
		f := CachedRefused(600 * time.Millisecond)
		result.Verdict = "server"
		result.Process = &stream.ProcessResult{
			CPUPercentMean: number(108), CPUPercentMax: number(112), CPUUSPerRequest: number(243), RSSMBIdle: number(58),
			RSSMBMax: number(122), HottestThreadPercentMax: number(99.4), AcceptQueueMax: number(511), AcceptQueueLimit: number(511),
			EventLoop: &stream.EventLoopResult{UtilizationMax: 0.998, DelayMSP99Max: 1700, SilentSMax: 1.7},
		}
		result.Failures = []stream.FailureResult{{Cause: "status 304", Count: kos, FirstAtS: 0.01, Sample: `HTTP/1.1 304 Not Modified ETag: W/"2a-0b1"`}}
		result.Findings = []stream.FindingResult{{ID: f.ID, AtS: 0.6, Title: f.Title, Evidence: f.Evidence, Advice: f.Advice}}
		result.LogTail = []string{"Express listening on port 41873", "(node:4711) Warning: 8000 sockets are open"}
	}
	return result
}

package tuitest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// fieldContender is one of the article's 18, with the mean response time of its OK
// replies, its rank and its tier (leaderboard/testdata/results-2025-12-03.json).
type fieldContender struct {
	id, name, language string
	meanMS             float64
	rank, tier         int
}

// fieldOf18 is in the order of measuring.
var fieldOf18 = []fieldContender{
	{"golang", "Golang", "Go", 212, 5, 1},
	{"expressjs", "Express.js", "JavaScript", 3137, 0, 0},
	{"quarkus", "Quarkus", "Java", 1133, 14, 3},
	{"warp", "Rust (Warp)", "Rust", 135, 1, 1},
	{"axum", "Rust (Axum)", "Rust", 141, 2, 1},
	{"actix", "Rust (Actix)", "Rust", 171, 3, 1},
	{"rocket", "Rust (Rocket)", "Rust", 191, 4, 1},
	{"dotnet8-aot", ".NET 8 AOT", "C#", 261, 6, 2},
	{"dotnet9-aot", ".NET 9 AOT", "C#", 285, 7, 2},
	{"dotnet7-aot", ".NET 7 AOT", "C#", 353, 8, 2},
	{"robaho", "Java Robaho", "Java", 474, 9, 2},
	{"micronaut", "Micronaut", "Java", 823, 10, 3},
	{"avaje-jex", "Avaje Jex", "Java", 854, 11, 3},
	{"ktor", "Ktor", "Kotlin", 920, 12, 3},
	{"vertx", "Vertx", "Java", 1019, 13, 3},
	{"spring-boot-web", "Spring Boot Web", "Java", 1238, 15, 4},
	{"spring-webflux", "Spring WebFlux", "Java", 1279, 16, 4},
	{"kumuluz", "Kumuluz", "Java", 1384, 17, 4},
}

// Field is a run of all 18, made up after the article's means: each gets
// slower as its users arrive, and recovers a little at the end. It is the same
// every time, and made once.
var Field = sync.OnceValue(func() []stream.Event {
	s := &Writer{Random: rand.New(rand.NewPCG(18, 5))}
	var facts []stream.ContenderFacts
	for _, c := range fieldOf18 {
		facts = append(facts, stream.ContenderFacts{ID: c.id, Name: c.name, Language: c.language, State: "ready", Reason: "built before"})
	}
	s.Emit("", stream.RunStarted{
		Plan: stream.PlanFacts{Workload: fieldWorkload(), Contenders: facts, RankBy: "mean", Tiers: "article", Expected: 18 * 6 * time.Second},
		Host: stream.HostFacts{OS: "linux", Cores: 2},
	})
	var results []stream.ContenderResult
	for i, c := range fieldOf18 {
		results = append(results, s.fieldContender(facts[i], i+1, c))
	}
	slices.SortStableFunc(results, func(a, b stream.ContenderResult) int {
		return (a.Rank+99)%100 - (b.Rank+99)%100 // those without a rank last
	})
	s.Emit("", stream.RunDone{Result: stream.Result{
		Schema: stream.ResultSchema, Workload: fieldWorkload(), Contenders: results,
		Generator: stream.GeneratorResult{CPUUSPerRequest: 12.4, CPUPercentMax: 41, LatenessMS: stream.Lateness{P99: 0.4}},
		TierRule:  "tiers as the article has them: mean response time below 250 ms, 250–500 ms, 500–1,200 ms, 1,200 ms and above",
	}})
	return s.Events
})

func fieldWorkload() stream.WorkloadFacts {
	facts := ArticleWorkload()
	facts.Name, facts.HTTPCache, facts.Words = "burst", false, "8,000 users in 5 s × 4 requests"
	return facts
}

func (s *Writer) fieldContender(facts stream.ContenderFacts, number int, c fieldContender) stream.ContenderResult {
	const lasts = 5 * time.Second
	startup := time.Duration(number*37%900+12) * time.Millisecond
	s.Emit(c.id, stream.ContenderStarted{Facts: facts, Version: facts.Name, Number: number, Of: len(fieldOf18)})
	s.Emit(c.id, stream.PhaseChanged{Phase: stream.PhaseStart})
	s.Now += startup
	s.Emit(c.id, stream.Ready{After: startup})
	s.Emit(c.id, stream.PhaseChanged{Phase: stream.PhaseLoad, Expected: lasts})
	var ok, ko measure.Histogram
	var oks, kos uint64
	rng := float64(number)
	began := s.Now
	for into := time.Duration(0); into < lasts; into += measure.DefaultInterval {
		t := into.Seconds()
		swing := 0.5 + t/3.5 + 0.25*math.Sin(t*(1.3+rng/9)+rng)
		l := Load{Ok: int(700 - 60*math.Log(c.meanMS)), OkMS: c.meanMS * swing / 1.2}
		l.cpu, l.hottest, l.rss, l.inFlight = 60+40*math.Sin(rng), 50, 20+10*rng, int(c.meanMS/3)
		if c.rank == 0 {
			l.Ok, l.Ko, l.KoMS = 110, 330, 6
		}
		s.Now = began + into + measure.DefaultInterval
		sample := s.sparseSample(into, l)
		s.Emit(c.id, sample)
		ok, ko = ok.Merge(sample.Measures.ResponseOK), ko.Merge(sample.Measures.ResponseKO)
		oks, kos = oks+uint64(l.Ok), kos+uint64(l.Ko)
		if into%(500*time.Millisecond) == 0 {
			s.Emit(c.id, stream.ProcessSample{Phase: stream.PhaseLoad, Into: into, Sample: measure.Sample{
				CPUPercentOfCore: figure.Of(l.cpu), RSSBytes: figure.Of(l.rss * 1e6),
			}})
		}
	}
	s.Emit(c.id, stream.PhaseChanged{Phase: stream.PhaseStop})
	result := resultOf(facts, fmt.Sprintf("%s %d.%d", facts.Language, number%5+1, number), "", startup, lasts, ok, ko, oks, kos)
	result.Rank, result.Tier, result.RankedBy = c.rank, c.tier, "mean"
	if c.rank == 0 {
		result.RankNote = "75 % failed, mostly status 304"
	}
	s.Emit(c.id, stream.ContenderDone{Result: result})
	return result
}

// sparseSample is a sample of few different times, each of which counts for many:
// 18 contenders are to cost a test no more than two.
func (s *Writer) sparseSample(into time.Duration, l Load) stream.LoadSample {
	const each = 24
	sample := s.Sample(into, Load{inFlight: l.inFlight})
	measures := &sample.Measures
	measures.OK, measures.KO, measures.Sent = uint64(l.Ok), uint64(l.Ko), uint64(l.Ok+l.Ko)
	measures.ResponseOK = s.histogram(each, l.OkMS)
	for i := range measures.ResponseOK.Counts {
		measures.ResponseOK.Counts[i] *= uint64(l.Ok / each)
	}
	if l.Ko > 0 {
		measures.ResponseKO = s.histogram(each, l.KoMS)
		measures.Failures = []measure.Failure{{Cause: "status 304", Count: uint64(l.Ko), FirstAt: into}}
	}
	return sample
}

package recorded

import (
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// Recording builds the events of a run: golang, which is well, Express with the
// article's load and its 304 replies, and one contender that can't be built.
type Recording struct {
	Events []stream.Event
	now    time.Duration
}

func (r *Recording) Emit(contender string, after time.Duration, body stream.Body) {
	r.now += after
	r.Events = append(r.Events, stream.Event{Seq: uint64(len(r.Events) + 1), At: r.now, Contender: contender, Body: body})
}

// Histogram spreads n latencies over the given ones, µs, the rarer the later:
// a half, a quarter, an eighth, …
func Histogram(n uint64, values ...int64) measure.Histogram {
	var h measure.Histogram
	for i, value := range values {
		share := n / 2
		if i == len(values)-1 {
			share = n
		}
		if share > 0 {
			h.Values, h.Counts = append(h.Values, value), append(h.Counts, share)
		}
		n -= share
	}
	return h
}

// tenths emits the intervals of so many seconds of load.
func (r *Recording) tenths(id string, seconds int, measures func(tenth int) measure.Measures) {
	for i := range seconds * 10 {
		m := measures(i)
		m.From, m.To = time.Duration(i)*100*time.Millisecond, time.Duration(i+1)*100*time.Millisecond
		m.GeneratorCPU = 14 * time.Millisecond
		r.Emit(id, 100*time.Millisecond, stream.LoadSample{Measures: m, GeneratorCPUPercentOfCore: 14})
		if i%5 == 4 {
			fig := func(value float64) figure.Value { return figure.Value{Value: value, Known: true} }
			r.Emit(id, 0, stream.ProcessSample{Phase: stream.PhaseLoad, Into: m.To, Sample: measure.Sample{
				Over: 500 * time.Millisecond, Processes: 1, CPUPercentOfCore: fig(float64(90 + i)), RSSBytes: fig(float64(24e6 + 1e5*float64(i))),
			}})
			if id == "expressjs" {
				r.Emit(id, 0, stream.EventLoopSample{Phase: stream.PhaseLoad, Into: m.To, Loop: eventLoop(i), Silent: silent(i)})
			}
		}
	}
}

// eventLoop is what Express tells of its loop, every half second of the load.
func eventLoop(tenth int) measure.EventLoop {
	return measure.EventLoop{
		Over: 500 * time.Millisecond, Utilization: 0.9 + 0.001*float64(tenth),
		DelayP50MS: 10 + float64(tenth), DelayP99MS: 20 + 1.5*float64(tenth), DelayMaxMS: 30 + 2*float64(tenth),
	}
}

// silent is how long it said nothing: from 6 s to 7.5 s of the load.
func silent(tenth int) time.Duration {
	if tenth >= 70 && tenth < 75 {
		return time.Duration(tenth-60+1) * 100 * time.Millisecond
	}
	return 0
}

// RecordArticle makes the events of the article's load anew.
func RecordArticle() []stream.Event {
	r := &Recording{}
	golang := stream.ContenderFacts{ID: "golang", Name: "Go net/http", Language: "Go", State: "ready"}
	express := stream.ContenderFacts{ID: "expressjs", Name: "Express", Language: "JavaScript", State: "can be built"}
	dotnet := stream.ContenderFacts{ID: "dotnet8-aot", Name: ".NET 8 AOT", Language: "C#", State: "missing", Reason: "needs .NET SDK 8 (dotnet not found)"}
	r.Emit("", 0, stream.RunStarted{
		Started: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Host:    host(),
		Plan: stream.PlanFacts{
			Workload: ArticleWorkload(), RankBy: "mean", Tiers: "article", Expected: 18 * time.Second,
			Contenders: []stream.ContenderFacts{golang, express, dotnet},
		},
	})
	r.Emit("golang", 0, stream.PhaseChanged{Phase: stream.PhaseBuild})
	r.Emit("golang", 31*time.Millisecond, stream.BuildDone{OK: true, Cached: true, Took: 31 * time.Millisecond, Version: "Go 1.26.0"})
	r.Emit("expressjs", 0, stream.PhaseChanged{Phase: stream.PhaseBuild})
	r.Emit("expressjs", time.Second, stream.BuildOutput{Line: "added 69 packages"})
	r.Emit("expressjs", 11300*time.Millisecond, stream.BuildDone{OK: true, Took: 12300 * time.Millisecond, Version: "Express 4.21.2", Variant: "single executable"})
	r.Emit("dotnet8-aot", 0, stream.PhaseChanged{Phase: stream.PhaseBuild})
	r.Emit("dotnet8-aot", 0, stream.BuildDone{Reason: "needs .NET SDK 8 (dotnet not found)\napt install dotnet-sdk-8.0"})

	r.Emit("golang", 0, stream.ContenderStarted{Facts: golang, Version: "Go 1.26.0", Number: 1, Of: 3})
	r.Emit("golang", 0, stream.PhaseChanged{Phase: stream.PhaseStart, Detail: "/cache/golang/server --port 41234"})
	r.Emit("golang", 9*time.Millisecond, stream.Ready{After: 9 * time.Millisecond, Port: 41234, PID: 4242})
	r.Emit("golang", 0, stream.LogLine{Line: "listening"})
	r.Emit("golang", 0, stream.PhaseChanged{Phase: stream.PhaseLoad, Expected: 5 * time.Second})
	r.tenths("golang", 5, func(int) measure.Measures {
		return measure.Measures{Sent: 640, OK: 640, ResponseOK: Histogram(640, 180, 210, 300, 416, 960, 2000), InFlight: 1}
	})
	r.Emit("golang", 0, stream.PhaseChanged{Phase: stream.PhaseStop})
	results := ArticleResult().Contenders
	r.Emit("golang", 12*time.Millisecond, stream.ContenderDone{Result: results[0]})

	r.Emit("expressjs", 0, stream.ContenderStarted{Facts: express, Version: "Express 4.21.2", Variant: "single executable", Number: 2, Of: 3})
	r.Emit("expressjs", 0, stream.PhaseChanged{Phase: stream.PhaseStart, Detail: "/cache/expressjs/server"})
	r.Emit("expressjs", 182*time.Millisecond, stream.Ready{After: 182 * time.Millisecond, Port: 41235, PID: 4250})
	r.Emit("expressjs", 0, stream.PhaseChanged{Phase: stream.PhaseLoad, Expected: 5 * time.Second})
	found := diagnosis.Finding{ID: diagnosis.CachedRepliesRefused, Title: results[1].Findings[0].Title, Advice: results[1].Findings[0].Advice,
		Evidence: []string{"1,200 of 1,600 replies (75 %) were 304 Not Modified"}}
	r.tenths("expressjs", 10, func(i int) measure.Measures {
		if i == 10 {
			r.Emit("expressjs", 0, stream.FindingChanged{Finding: found})
		}
		if i == 20 { // sharpened: not told again
			found.Evidence = results[1].Findings[0].Evidence
			r.Emit("expressjs", 0, stream.FindingChanged{Finding: found})
		}
		return measure.Measures{
			Sent: 320, OK: 80, KO: 240, InFlight: 900,
			ResponseOK: Histogram(80, 1_310_720, 2_621_440, 3_145_728), ResponseKO: Histogram(240, 5120, 10_240),
			Failures: []measure.Failure{{Cause: "status 304", Count: 240}},
		}
	})
	busy := diagnosis.Finding{ID: diagnosis.HostBusy, BeganAt: 6 * time.Second, Title: "something else uses this machine's CPU while it measures",
		Evidence: []string{"other programs use 96 % of a core, of 2 cores"}, Advice: "close what else runs"}
	r.Emit("expressjs", 0, stream.FindingChanged{Finding: busy})
	busy.EndedAt = 9 * time.Second
	r.Emit("expressjs", 0, stream.FindingChanged{Finding: busy, Ended: true})
	r.Emit("expressjs", 0, stream.FindingChanged{Finding: busy})
	r.Emit("expressjs", 0, stream.PhaseChanged{Phase: stream.PhaseStop})
	r.Emit("expressjs", 50*time.Millisecond, stream.ContenderDone{Result: results[1]})
	r.Emit("dotnet8-aot", 0, stream.ContenderDone{Result: results[2]})
	r.Emit("", 0, stream.RunDone{Result: ArticleResult()})
	return r.Events
}

func host() stream.HostFacts {
	return stream.HostFacts{OS: "Linux", Kernel: "6.18.0", CPU: "AMD EPYC", Cores: 2, MemoryMB: 8301}
}

// ArticleWorkload is the workload article as a run tells it.
func ArticleWorkload() stream.WorkloadFacts {
	return stream.WorkloadFacts{
		Name: "article", Model: "users", Connections: 8000, DurationS: 5, Users: 8000, RampS: 5, Repeat: 4,
		HTTPCache: true, Rounds: 1, Words: "8,000 users in 5 s × 4 requests, HTTP cache",
	}
}

func distributionOf(scale float64) *stream.Distribution {
	return &stream.Distribution{
		Min: 0.1 * scale, Mean: 0.42 * scale, StdDev: 0.2 * scale, P50: 0.4 * scale, P75: 0.5 * scale,
		P90: 0.7 * scale, P95: 0.9 * scale, P99: 1.2 * scale, P999: 4 * scale, Max: 1.6 * scale,
	}
}

// ArticleResult has a contender that is well, one that fails, and one that is missing.
func ArticleResult() stream.Result {
	value := func(x float64) *float64 { return &x }
	return stream.Result{
		Schema: stream.ResultSchema, Started: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Host: host(), Workload: ArticleWorkload(),
		Generator: stream.GeneratorResult{CPUUSPerRequest: 26.8, CPUPercentMax: 34, LatenessMS: stream.Lateness{P50: 0.02, P99: 0.08, Max: 1.3}},
		TierRule:  "tiers as the article has them: mean response time below 250 ms, 250–500 ms, 500–1,200 ms, 1,200 ms and above",
		Contenders: []stream.ContenderResult{{
			ID:       "golang",
			Name:     "Go net/http",
			Language: "Go",
			Version:  "Go 1.26.0",
			Outcome:  stream.Outcome{Status: stream.StatusOK},
			Rank:     1,
			Tier:     1,
			TiedWith: []string{},
			RankedBy: "mean",
			Measured: stream.Measured{
				StartupMS: value(9),
				Verdict:   "server",
				Requests:  stream.RequestCounts{Total: 32000, OK: 32000},
				RPS:       stream.RPS{Total: 6400, OK: 6400},
				LatencyMS: stream.Latencies{Total: distributionOf(1), OK: distributionOf(1), Service: distributionOf(1), Connect: distributionOf(0.1), FirstReply: distributionOf(1)},
				Process: &stream.ProcessResult{
					CPUPercentMean: value(92), CPUPercentMax: value(118), CPUUSPerRequest: value(143.75), RPSPerCore: value(6956),
					RSSMBIdle: value(7.4), RSSMBMax: value(61.2), ThreadsMax: value(8), AcceptQueueMax: value(3), AcceptQueueLimit: value(4096),
				},
			},
		}, {
			ID:       "expressjs",
			Name:     "Express",
			Language: "JavaScript",
			Version:  "Express 4.21.2",
			Variant:  "single executable",
			Outcome:  stream.Outcome{Status: stream.StatusOK},
			RankedBy: "mean",
			RankNote: "75 % failed, mostly status 304",
			Measured: stream.Measured{
				StartupMS: value(182),
				Verdict:   "server",
				Requests:  stream.RequestCounts{Total: 32000, OK: 8000, KO: 24000, FailureRate: 0.75, Unanswered: 12},
				RPS:       stream.RPS{Total: 2666.7, OK: 666.7},
				LatencyMS: stream.Latencies{Total: distributionOf(1879), OK: distributionOf(7469), KO: distributionOf(16.7)},
				Failures:  []stream.FailureResult{{Cause: "status 304", Count: 24000, FirstAtS: 0.1, Sample: "HTTP/1.1 304 Not Modified\\nX-Powered-By: Express\n\x1b[31mETag: W/\"2a\""}},
				Process:   &stream.ProcessResult{CPUPercentMean: value(97), EventLoop: &stream.EventLoopResult{UtilizationMax: 1, DelayMSP99Max: 1500, SilentSMax: 1.5}},
				Findings: []stream.FindingResult{{
					ID: diagnosis.CachedRepliesRefused, AtS: 0,
					Title: "the cache makes these failures, not the server: it answers 304, and the check wants status 200",
					Evidence: []string{
						"24,000 of 32,000 replies (75 %) were 304 Not Modified",
						"a 304 answers a request with If-None-Match: the simulated browser cache revalidates",
					},
					Advice: "accept 304 and its empty body too (--expect-status 0 --check-json ''), or switch the cache off",
				}},
			},
			LogTail: []string{"listening"},
		}, {
			ID:       "dotnet8-aot",
			Name:     ".NET 8 AOT",
			Language: "C#",
			Outcome:  stream.Outcome{Status: stream.StatusMissing, StatusDetail: "needs .NET SDK 8 (dotnet not found)\napt install dotnet-sdk-8.0"},
			RankedBy: "mean",
			RankNote: "needs .NET SDK 8 (dotnet not found)\napt install dotnet-sdk-8.0",
		}},
	}
}

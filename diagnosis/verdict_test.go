package diagnosis

import (
	"strings"
	"testing"
	"time"
)

func TestVerdict(t *testing.T) {
	// A closed load of 64 connections: 30,000 replies/s × 2.1 ms = 63 in flight.
	closed := Summary{
		Facts: steadyFacts(), Length: 10 * time.Second, Sent: 300_000, Replies: 300_000,
		MeanServiceMS: Of(2.1), LatencyP50MS: Of(2), InFlightMean: Of(63),
		GeneratorCPUPercentOfCore: 45, ServerCPUPercentOfCore: Of(148),
	}
	// An open one: 5,000/s × 2 ms = 10 in flight.
	rate := Summary{
		Facts: rateFacts(5000), Length: 10 * time.Second, Sent: 50_000, Replies: 50_000,
		MeanServiceMS: Of(2), LatencyP50MS: Of(2), InFlightMean: Of(10),
		GeneratorCPUPercentOfCore: 10, LatenessP99: 200 * time.Microsecond, ServerCPUPercentOfCore: Of(60),
	}
	users := rate
	users.Facts, users.Length = usersFacts(), 6*time.Second
	cases := []struct {
		name   string
		load   Summary
		change func(*Summary)
		want   string
	}{
		{"all connections wait for the server", closed, func(s *Summary) {}, VerdictServer},
		{"the generator's loop is full", closed, func(s *Summary) { s.GeneratorCPUPercentOfCore = 97 }, VerdictGenerator},
		{"full, of two loops half", closed, func(s *Summary) { s.GeneratorCPUPercentOfCore, s.Facts.GeneratorCores = 97, 2 }, VerdictServer},
		{"most connections wait for the generator", closed, func(s *Summary) { s.MeanServiceMS = Of(0.5) }, VerdictGenerator},
		{"some do", closed, func(s *Summary) { s.MeanServiceMS = Of(1.6) }, VerdictInconclusive},
		{"more in flight than there are connections", closed, func(s *Summary) { s.MeanServiceMS = Of(4) }, VerdictInconclusive},
		{"the generator takes more of a full machine than the server", closed,
			func(s *Summary) {
				s.Facts.GeneratorCores, s.GeneratorCPUPercentOfCore, s.ServerCPUPercentOfCore = 2, 102, Of(96)
			}, VerdictInconclusive},
		{"service time unknown", closed, func(s *Summary) { s.MeanServiceMS = Figure{} }, VerdictInconclusive},
		{"no replies", closed, func(s *Summary) { s.Replies = 0 }, VerdictInconclusive},

		{"rate reached in time", rate, func(s *Summary) {}, VerdictServer},
		{"96 % of the rate", rate, func(s *Summary) { s.Sent, s.Replies = 48_000, 48_000 }, VerdictServer},
		{"half of it, all connections in use", rate,
			func(s *Summary) { s.Sent, s.Replies, s.MeanServiceMS, s.InFlightMean = 25_000, 25_000, Of(25), Of(63) }, VerdictServer},
		{"half of it, and connections to spare", rate,
			func(s *Summary) { s.Sent, s.Replies, s.InFlightMean = 25_000, 25_000, Of(5) }, VerdictInconclusive},
		{"busy and late", rate, func(s *Summary) { s.GeneratorCPUPercentOfCore, s.LatenessP99 = 90, 3*time.Millisecond }, VerdictGenerator},
		{"busy and in time", rate, func(s *Summary) { s.GeneratorCPUPercentOfCore = 90 }, VerdictServer},
		{"as late as what it measures", rate, func(s *Summary) { s.LatenessP99, s.LatencyP50MS = 40*time.Millisecond, Of(38) }, VerdictGenerator},
		{"late, but little beside what it measures", rate,
			func(s *Summary) {
				s.LatenessP99, s.LatencyP50MS, s.MeanServiceMS, s.InFlightMean = 40*time.Millisecond, Of(700), Of(12), Of(60)
			}, VerdictServer},
		{"in flight and throughput × service time disagree", rate, func(s *Summary) { s.InFlightMean = Of(60) }, VerdictInconclusive},
		{"few in flight prove nothing", rate, func(s *Summary) { s.MeanServiceMS, s.InFlightMean = Of(0.2), Of(3) }, VerdictServer},

		{"users", users, func(s *Summary) {}, VerdictServer},
		{"users of a generator that is late", users, func(s *Summary) { s.LatenessP99 = 300 * time.Millisecond }, VerdictGenerator},
		{"nothing known", Summary{}, func(s *Summary) {}, VerdictInconclusive},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.change(&c.load)
			got := Judge(c.load)
			if got.Verdict != c.want {
				t.Errorf("%+v, want %s", got, c.want)
			}
			if got.Why == "" || strings.Contains(got.Why, "NaN") || strings.Contains(got.Why, "Inf") || strings.Contains(got.Why, "%!") {
				t.Errorf("it rests on %q", got.Why)
			}
		})
	}
}

// Whoever doubts a verdict can do the sum.
func TestVerdictSaysWhatItRestsOn(t *testing.T) {
	load := Summary{
		Facts: steadyFacts(), Length: 10 * time.Second, Sent: 300_000, Replies: 300_000,
		MeanServiceMS: Of(2.1), GeneratorCPUPercentOfCore: 45,
	}
	if got, want := Judge(load).Why, "63.0 of 64 connections waited for the server on average (30,000 replies/s × 2.10 ms, by Little's law)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	load.GeneratorCPUPercentOfCore = 99
	if got, want := Judge(load).Why, "the generator used 99 % of a core, and can use one core"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

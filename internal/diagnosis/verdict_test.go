package diagnosis

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// closedLoad is a closed load of 64 connections that wait for the server.
func closedLoad() Summary {
	return Summary{
		Facts: steadyFacts(), Length: 10 * time.Second, Sent: 300_000, Replies: 300_000,
		Effort: Effort{
			Turn:                      Turn{Known: true, Waiting: 61.1, Held: 2.9},
			Loops:                     Loops{Busy: figure.Of(0.45), OnCPU: figure.Of(0.44), Queued: figure.Of(0.02)},
			GeneratorCPUPercentOfCore: 45, ServerCPUPercentOfCore: figure.Of(148), OtherCPUPercentOfCore: figure.Of(5),
		},
	}
}

// rateLoad is an open one, with connections to spare.
func rateLoad() Summary {
	return Summary{
		Facts: rateFacts(5000), Length: 10 * time.Second, Sent: 50_000, Replies: 50_000,
		Effort: Effort{
			Turn:                      Turn{Known: true, Waiting: 10, Held: 0.1, Idle: 53.9},
			Loops:                     Loops{Busy: figure.Of(0.1), OnCPU: figure.Of(0.1), Queued: figure.Of(0.005)},
			LatenessP99:               200 * time.Microsecond,
			LatenessShare:             figure.Of(0.02),
			ResponseP99MS:             figure.Of(6),
			GeneratorCPUPercentOfCore: 10, ServerCPUPercentOfCore: figure.Of(60), OtherCPUPercentOfCore: figure.Of(5),
		},
	}
}

// found are findings of these kinds.
func found(ids ...ID) (findings []Finding) {
	for _, id := range ids {
		findings = append(findings, Finding{ID: id, Title: "the title of " + id})
	}
	return findings
}

func TestVerdict(t *testing.T) {
	full := Loops{Busy: figure.Of(0.99), OnCPU: figure.Of(0.98), Queued: figure.Of(0.01)}
	inLine := Loops{Busy: figure.Of(0.5), OnCPU: figure.Of(0.5), Queued: figure.Of(0.3)}
	alone := func(s *Summary) { // on a machine that server and generator use up
		s.Effort.GeneratorCPUPercentOfCore, s.Effort.ServerCPUPercentOfCore, s.Effort.OtherCPUPercentOfCore = 70, figure.Of(120), figure.Of(8)
	}
	lateBy := func(s *Summary, p99 time.Duration, share, responseMS float64) {
		s.Effort.LatenessP99, s.Effort.LatenessShare, s.Effort.ResponseP99MS = p99, figure.Of(share), figure.Of(responseMS)
	}
	users := rateLoad()
	users.Facts, users.Length = usersFacts(), 6*time.Second
	cases := []struct {
		name   string
		load   Summary
		change func(*Summary)
		want   string
		says   string
	}{
		{"all connections wait for the server", closedLoad(), func(s *Summary) {}, VerdictServer, "61.1 of 64 connections waited for the server on average, and 2.9 for the generator"},
		{"no request was ever answered", closedLoad(), func(s *Summary) { s.Replies, s.Effort.Turn = 0, Turn{Known: true, Waiting: 64} }, VerdictServer, "64.0 of 64"},
		{"twelve of sixteen get no reply, four are as fast as the generator", closedLoad(), func(s *Summary) {
			s.Facts.Connections = 16
			s.Effort.Turn, s.Effort.Loops = Turn{Known: true, Waiting: 12.8, Held: 3.2}, full
		}, VerdictServer, "12.8 of 16"},
		{"four of eight get no reply", closedLoad(), func(s *Summary) {
			s.Facts.Connections, s.Starved = 8, 4
			s.Effort.Turn, s.Effort.Loops = Turn{Known: true, Waiting: 5, Held: 3}, full
		}, VerdictServer, "4 of 8 connections never had a reply"},
		{"all had a reply before, and those that are open have none", closedLoad(), func(s *Summary) {
			s.Facts.Connections, s.Starved, s.Served = 8, 8, 8
			s.Effort.Turn = Turn{Known: true, Waiting: 8}
		}, VerdictServer, "8 of 8 connections waited for their first reply at the end, for 1 s or longer"},
		{"each needs a new connection", closedLoad(), func(s *Summary) { s.Effort.Turn = Turn{Known: true, Connecting: 60, Waiting: 2, Held: 2} }, VerdictServer, "60.0 for the connection itself"},
		{"the generator's loop is full, and the connections are the server's", closedLoad(), func(s *Summary) { s.Effort.Loops = full }, VerdictServer, ""},
		{"it is full, and most replies wait to be read", closedLoad(), func(s *Summary) { s.Effort.Loops, s.Effort.Turn = full, Turn{Known: true, Waiting: 20, Held: 44} }, VerdictGenerator, "busy for 99 % of the time"},
		{"it is full, and many do", closedLoad(), func(s *Summary) { s.Effort.Loops, s.Effort.Turn = full, Turn{Known: true, Waiting: 42, Held: 22} }, VerdictGenerator, ""},
		{"six of 6.4 requests were sent", rateLoad(), func(s *Summary) {
			s.Facts.OfferedRate, s.Length, s.Sent, s.Replies = 1.28, 5*time.Second, 6, 6
		}, VerdictServer, "the generator kept its schedule"},
		{"two thirds were refused a connection at their time", rateLoad(), func(s *Summary) { s.Sent, s.Unconnected = 17_000, 33_000 }, VerdictServer, "the generator kept its schedule"},
		{"each waits for the other", closedLoad(), func(s *Summary) {
			s.Facts.Connections = 1
			s.Effort.Loops, s.Effort.Turn = Loops{Busy: figure.Of(0.4), OnCPU: figure.Of(0.4), Queued: figure.Of(0.01)}, Turn{Known: true, Waiting: 0.6, Held: 0.4}
		}, VerdictInconclusive, "for the generator for 40 %"},
		{"the lone connection waits for the generator", closedLoad(), func(s *Summary) {
			s.Facts.Connections = 1
			s.Effort.Loops, s.Effort.Turn = Loops{Busy: figure.Of(0.66), OnCPU: figure.Of(0.66), Queued: figure.Of(0.01)}, Turn{Known: true, Waiting: 0.34, Held: 0.66}
		}, VerdictGenerator, ""},
		{"both have used up the machine", closedLoad(), func(s *Summary) {
			alone(s)
			s.Effort.Loops, s.Effort.Turn = inLine, Turn{Known: true, Waiting: 30, Held: 34}
		}, VerdictMachine, "on a machine of its own the server could do more, or less late"},
		{"they were given CPUs apart", closedLoad(), func(s *Summary) {
			alone(s)
			s.Facts.Apart, s.Effort.Loops, s.Effort.Turn = true, inLine, Turn{Known: true, Waiting: 20, Held: 44}
		}, VerdictGenerator, ""},
		{"both have used it up, and most connections wait for the server", closedLoad(), func(s *Summary) {
			alone(s)
			s.Effort.Loops, s.Effort.Turn = inLine, Turn{Known: true, Waiting: 54, Held: 10}
		}, VerdictMachine, "54.0 of 64 connections waited for the server on average, and 10.0 for the generator; server (1.2 cores) and generator (70 % of a core) used up the machine's CPU together"},
		{"both have used it up, and nearly all do", closedLoad(), func(s *Summary) {
			alone(s)
			s.Effort.Loops, s.Effort.Turn = inLine, Turn{Known: true, Waiting: 60, Held: 4}
		}, VerdictServer, ""},
		{"others have used it up", closedLoad(), func(s *Summary) {
			s.Effort.Loops, s.Effort.Turn = inLine, Turn{Known: true, Waiting: 30, Held: 34}
			s.Effort.ServerCPUPercentOfCore, s.Effort.OtherCPUPercentOfCore = figure.Of(60), figure.Of(90)
		}, VerdictInconclusive, "other programs used 90 % of a core"},
		{"nobody knows who has", closedLoad(), func(s *Summary) {
			s.Effort.Loops, s.Effort.Turn = inLine, Turn{Known: true, Waiting: 30, Held: 34}
			s.Effort.ServerCPUPercentOfCore, s.Effort.OtherCPUPercentOfCore = figure.Value{}, figure.Value{}
		}, VerdictInconclusive, "the generator stood in line for a CPU for 30 %"},
		{"used up, where the system tells of no run queue", closedLoad(), func(s *Summary) {
			alone(s)
			s.Effort.Loops, s.Effort.Turn = Loops{Busy: figure.Of(0.99)}, Turn{Known: true, Waiting: 30, Held: 34}
		}, VerdictMachine, "used up the machine's CPU together"},
		{"stopped for most of the time", closedLoad(), func(s *Summary) {
			s.Effort.Loops = Loops{Busy: figure.Of(0.1), OnCPU: figure.Of(0.1), Queued: figure.Of(0.001), Stops: 30, Stopped: 6 * time.Second, LongestStop: 300 * time.Millisecond}
			s.Effort.Turn = Turn{Known: true, Waiting: 20, Held: 44}
		}, VerdictGenerator, "something stopped the generator 30 times"},
		{"out of ports", closedLoad(), func(s *Summary) { s.Lacked, s.LackedMost = 180_000, "generator: no local ports" }, VerdictGenerator, "180,000 of 300,000 requests (60 %) found the generator out of what it needs: generator: no local ports"},
		{"hardly out of ports", closedLoad(), func(s *Summary) { s.Lacked, s.LackedMost = 18, "generator: no local ports" }, VerdictServer, ""},
		{"what connections did is not known", closedLoad(), func(s *Summary) { s.Effort.Turn = Turn{} }, VerdictInconclusive, "not measured"},
		{"nothing was sent", closedLoad(), func(s *Summary) { s.Sent, s.Replies = 0, 0 }, VerdictInconclusive, "nothing was sent"},

		{"rate reached in time", rateLoad(), func(s *Summary) {}, VerdictServer, "kept its schedule: it sent 0.20 ms late at p99"},
		{"96 % of the rate", rateLoad(), func(s *Summary) { s.Sent = 48_000 }, VerdictServer, ""},
		{"half of it, all connections in use", rateLoad(), func(s *Summary) { s.Sent, s.Effort.Turn = 25_000, Turn{Known: true, Waiting: 63, Held: 1} }, VerdictServer, "50 % of the requests that were due were sent: 63.0 of 64"},
		{"half of it by a full loop", rateLoad(), func(s *Summary) {
			s.Sent, s.Effort.Loops, s.Effort.Turn = 25_000, full, Turn{Known: true, Waiting: 10, Held: 54}
		}, VerdictGenerator, ""},
		{"busy and late", rateLoad(), func(s *Summary) { s.Effort.Loops = full; lateBy(s, 3*time.Millisecond, 0.6, 9) }, VerdictGenerator, "3.00 ms late at p99, of a p99 of 9.00 ms"},
		{"busy and in time", rateLoad(), func(s *Summary) { s.Effort.Loops = full }, VerdictServer, ""},
		{"late with no CPU", rateLoad(), func(s *Summary) { alone(s); s.Effort.Loops = inLine; lateBy(s, 40*time.Millisecond, 0.6, 50) }, VerdictMachine, ""},
		{"late, but little beside what it measures", rateLoad(), func(s *Summary) { s.Effort.Loops = inLine; lateBy(s, 70*time.Millisecond, 0.03, 7000) }, VerdictServer, "little beside the latencies"},
		{"stopped for moments", rateLoad(), func(s *Summary) {
			s.Effort.Loops = Loops{Busy: figure.Of(0.03), OnCPU: figure.Of(0.02), Queued: figure.Of(0.001), Stops: 8, Stopped: 480 * time.Millisecond, LongestStop: 60 * time.Millisecond}
			lateBy(s, 25*time.Millisecond, 0.6, 26)
		}, VerdictGenerator, "something stopped the generator 8 times, for 480 ms in all and at most for 60.0 ms"},
		{"stopped for moments, and in line for a CPU for some of the little that it has to do", rateLoad(), func(s *Summary) {
			s.Effort.Loops = Loops{Busy: figure.Of(0.05), OnCPU: figure.Of(0.03), Queued: figure.Of(0.024), Stops: 8, Stopped: 480 * time.Millisecond, StoppedShare: figure.Of(0.048), LongestStop: 60 * time.Millisecond}
			s.Effort.OtherCPUPercentOfCore = figure.Of(110)
			lateBy(s, 45*time.Millisecond, 0.6, 46)
		}, VerdictGenerator, "something stopped the generator 8 times"},
		{"in line for a CPU, and stopped once", rateLoad(), func(s *Summary) {
			s.Effort.Loops = Loops{Busy: figure.Of(0.3), OnCPU: figure.Of(0.2), Queued: figure.Of(0.1), Stops: 1, Stopped: 60 * time.Millisecond, StoppedShare: figure.Of(0.006), LongestStop: 60 * time.Millisecond}
			s.Effort.OtherCPUPercentOfCore = figure.Of(110)
			lateBy(s, 45*time.Millisecond, 0.6, 46)
		}, VerdictInconclusive, "other programs used"},
		{"late on the one core that both were given", rateLoad(), func(s *Summary) {
			s.Facts.PinnedCores, s.Effort.Loops = 1, inLine
			s.Effort.GeneratorCPUPercentOfCore, s.Effort.ServerCPUPercentOfCore, s.Effort.OtherCPUPercentOfCore = 40, figure.Of(58), figure.Of(50)
			lateBy(s, 40*time.Millisecond, 0.6, 50)
		}, VerdictMachine, "used up the one core that they may use together"},
		{"late within the quota of both", rateLoad(), func(s *Summary) {
			s.Facts.SharedCores, s.Effort.Loops = 1, inLine
			s.Effort.GeneratorCPUPercentOfCore, s.Effort.ServerCPUPercentOfCore, s.Effort.OtherCPUPercentOfCore = 40, figure.Of(58), figure.Of(0)
			lateBy(s, 40*time.Millisecond, 0.6, 50)
		}, VerdictMachine, "used up the one core that they may use together"},
		{"late, and nobody knows why", rateLoad(), func(s *Summary) { lateBy(s, 25*time.Millisecond, 0.6, 26) }, VerdictInconclusive, "had time to spare"},

		{"users", users, func(s *Summary) {}, VerdictServer, ""},
		{"users of a generator that is late", users, func(s *Summary) { s.Effort.Loops = full; lateBy(s, 300*time.Millisecond, 0.8, 320) }, VerdictGenerator, ""},
		{"nothing known", Summary{}, func(s *Summary) {}, VerdictInconclusive, ""},

		{"replies lie unread, and latencies leave that out", rateLoad(), func(s *Summary) {
			s.ReadLatenessP50MS, s.ReadP50MS = figure.Of(2), figure.Of(2.5)
		}, VerdictServer, "unread in the generator's sockets for 2.00 ms at the median, of 2.50 ms until they were read"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.change(&c.load)
			got := Judge(c.load)
			if got.Verdict != c.want || !strings.Contains(got.Why, c.says) {
				t.Errorf("%+v, want %s and %q", got, c.want, c.says)
			}
			if got.Why == "" || strings.Contains(got.Why, "NaN") || strings.Contains(got.Why, "Inf") || strings.Contains(got.Why, "%!") {
				t.Errorf("it rests on %q", got.Why)
			}
		})
	}
}

// Whatever the figures are, a run that has a finding on the server is never told to be
// limited by anything else.
func TestVerdictNeverContradictsAFindingOnTheServer(t *testing.T) {
	full := Loops{Busy: figure.Of(0.99), OnCPU: figure.Of(0.98), Queued: figure.Of(0.01)}
	inLine := Loops{Busy: figure.Of(0.5), OnCPU: figure.Of(0.5), Queued: figure.Of(0.3)}
	for _, load := range []Summary{closedLoad(), rateLoad()} {
		for _, loops := range []Loops{full, inLine, {}} {
			for held := 0.0; held <= 64; held += 8 {
				for _, lacked := range []uint64{0, load.Replies / 2} {
					s := load
					s.Lacked, s.LackedMost = lacked, "generator: no local ports"
					s.Effort.Loops, s.Effort.Turn = loops, Turn{Known: true, Waiting: 64 - held, Held: held}
					s.Effort.LatenessP99, s.Effort.LatenessShare, s.Effort.ResponseP99MS = 50*time.Millisecond, figure.Of(0.7), figure.Of(60)
					s.Effort.GeneratorCPUPercentOfCore, s.Effort.ServerCPUPercentOfCore = 80, figure.Of(110)
					for _, id := range ofTheServer {
						s.Findings = found(HostBusy, id)
						got := Judge(s)
						if got.Verdict == VerdictGenerator || got.Verdict == VerdictMachine {
							t.Fatalf("beside %s, %v held, %+v: %+v", id, held, loops, got)
						}
						if lacked > 0 && got.Verdict != VerdictInconclusive {
							t.Fatalf("beside %s, and out of ports: %+v", id, got)
						}
						if got.Verdict == VerdictInconclusive && !strings.Contains(got.Why, "the title of "+id) {
							t.Fatalf("it does not say what it gives way to: %+v", got)
						}
					}
				}
			}
		}
	}
}

// The same the other way round, and what is no contradiction.
func TestVerdictBesideOtherFindings(t *testing.T) {
	s := rateLoad()
	s.Findings = found(GeneratorSaturated)
	if got := Judge(s); got.Verdict != VerdictInconclusive || !strings.Contains(got.Why, "the title of generator_saturated") {
		t.Errorf("%+v", got)
	}
	s.Findings[0].BeganAt, s.Findings[0].EndedAt = 8500*time.Millisecond, 11600*time.Millisecond
	if got, want := Judge(s).Why, "; but from 8.5 s to 11.6 s the title of generator_saturated"; !strings.Contains(got, want) {
		t.Errorf("%q does not tell when: %q", got, want)
	}
	s.Findings[0].Title = titleStopped // what was measured between two stops is the server's
	if got := Judge(s); got.Verdict != VerdictServer {
		t.Errorf("%+v", got)
	}
	s = rateLoad() // the figures are the server's, of a machine that it did not have to itself
	s.Findings = found(HostBusy)
	if got := Judge(s); got.Verdict != VerdictServer || !strings.HasSuffix(got.Why, "; but all along the title of host_busy") {
		t.Errorf("%+v", got)
	}
	s = closedLoad()
	s.Effort.Loops, s.Effort.Turn = Loops{Busy: figure.Of(0.5), OnCPU: figure.Of(0.5), Queued: figure.Of(0.3)}, Turn{Known: true, Waiting: 30, Held: 34}
	s.Effort.GeneratorCPUPercentOfCore, s.Effort.ServerCPUPercentOfCore = 80, figure.Of(110)
	s.Findings = []Finding{{ID: EventLoopSaturated, Title: titleStarved}}
	if got := Judge(s); got.Verdict != VerdictMachine {
		t.Errorf("a starved event loop is no limit of the server's: %+v", got)
	}
	s.Findings = []Finding{{ID: CPUQuotaThrottles, Title: titleThrottlesBoth}}
	if got := Judge(s); got.Verdict != VerdictMachine {
		t.Errorf("a quota of both is no limit of the server's: %+v", got)
	}
}

// Whoever adds a rule decides whether it names the server as the limit.
func TestEveryRuleIsOfTheServerOrNot(t *testing.T) {
	others := map[ID]bool{
		CachedRepliesRefused: true, GeneratorSaturated: true, GeneratorExhausted: true, RateNotReached: true, KeepAliveLimit: true,
		SlowStart: true, LatencyDrift: true, MemoryGrowth: true, HostBusy: true,
		StillCompiling: true, GCPauses: true, HeapNearLimit: true, // they slow replies; the server can still do more
		StarterMeasured: true, RepliesRedirected: true, BytesAfterReply: true,
	}
	for _, rule := range rules() {
		if (Finding{ID: rule.id}).blamesServer() == others[rule.id] {
			t.Errorf("%s is to stand in ofTheServer (the verdict must not contradict it) or in this test's list", rule.id)
		}
	}
}

//go:build unix

package run

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/traffic"
)

func TestLimitOfRequestsPerConnectionIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.LimitsRequests, servertest.Options{Requests: 100}), rate(2000, 6*time.Second), diagnosis.KeepAliveLimit)
	r.fires(t, diagnosis.KeepAliveLimit, "after exactly 100 requests")
}

// Connections that are not all used alike tell an age from a number of requests.
func TestLimitOfTheAgeOfConnectionsIsToldAsSuch(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	role := serverOf(t, servertest.LimitsAge, servertest.Options{After: 1200 * time.Millisecond, Each: 4 * time.Millisecond})
	r := measured(t, role, closed(24, 12*time.Second), diagnosis.KeepAliveLimit)
	r.fires(t, diagnosis.KeepAliveLimit, "closes each connection after about 1", "however many requests")
}

func TestConnectionsThatCloseByChanceHaveNoLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.LimitsRequests, servertest.Options{Requests: 100, OnAverage: true}), rate(2000, 4*time.Second), "")
	r.doesNotFire(t, diagnosis.KeepAliveLimit)
	if n := r.result.Requests.Reconnects + r.result.Requests.Retried; n < 40 {
		t.Errorf("%d closed connections are no near miss", n)
	}
}

// Where requests are rare every connection brings one reply before its time is over:
// the server keeps connections alive, and must not be told to.
func TestConnectionsThatAreIdleForTooLongAreToldAsSuch(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.ClosesIdle, servertest.Options{After: 150 * time.Millisecond}), rate(100, 3*time.Second), diagnosis.KeepAliveLimit)
	r.fires(t, diagnosis.KeepAliveLimit, "closes connections while they wait for their next request")
	if finding, _ := r.finding(diagnosis.KeepAliveLimit); strings.Contains(finding.Finding.Advice, "switch keep-alive on") {
		t.Errorf("the advice is: %s", finding.Finding.Advice)
	}
}

func TestLimitBelowWhatUsersSendIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	load := traffic.Load{Model: traffic.Users, Users: 200, RampOver: 2 * time.Second, Repeat: 20}
	r := measured(t, serverOf(t, servertest.LimitsRequests, servertest.Options{Requests: 7}), load, diagnosis.KeepAliveLimit)
	r.fires(t, diagnosis.KeepAliveLimit, "after exactly 7 requests")
}

func TestLimitThatUsersDoNotReachIsNoFinding(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	load := traffic.Load{Model: traffic.Users, Users: 300, RampOver: 2 * time.Second, Repeat: 4}
	measured(t, serverOf(t, servertest.LimitsRequests, servertest.Options{Requests: 4}), load, "").doesNotFire(t, diagnosis.KeepAliveLimit)
}

// revisiting lets users ask again as a browser does.
func revisiting() traffic.Load {
	return traffic.Load{Model: traffic.Users, Users: 300, RampOver: 3 * time.Second, Repeat: 4, HTTPCache: true}
}

func TestCachedRepliesThatAreRefusedAreToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	ok := http.StatusOK
	r := measured(t, serverOf(t, servertest.SaysNotModified), revisiting(), diagnosis.CachedRepliesRefused, func(plan *Plan) { plan.Checks.Status = &ok })
	r.fires(t, diagnosis.CachedRepliesRefused, "304 Not Modified", "75 %")
}

func TestCachedRepliesThatAreWelcomeAreNoFinding(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.SaysNotModified), revisiting(), "")
	r.doesNotFire(t, diagnosis.CachedRepliesRefused)
	if r.result.Requests.OK != 1200 {
		t.Errorf("%d of 1,200 are OK: %+v", r.result.Requests.OK, r.result.Failures)
	}
}

func TestServerThatListensNoMoreIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.StopsListening, servertest.Options{After: 2 * time.Second, For: 60 * time.Second}), connecting(600, 6*time.Second), diagnosis.ConnectionsRefused)
	r.fires(t, diagnosis.ConnectionsRefused, "refused a connection")
	r.doesNotFire(t, diagnosis.ServerCrashed)
}

// However a second falls into the windows in which it is looked at.
func TestListenerThatIsClosedForASecondIsToldEachTime(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	for _, after := range []time.Duration{1000, 1300, 1600} {
		t.Run((after * time.Millisecond).String(), func(t *testing.T) {
			t.Parallel()
			r := measured(t, serverOf(t, servertest.StopsListening, servertest.Options{After: after * time.Millisecond, For: time.Second}), connecting(700, 3500*time.Millisecond), "")
			r.fires(t, diagnosis.ConnectionsRefused, "refused a connection")
			refused := uint64(0)
			for _, failure := range r.result.Failures {
				if failure.Cause == "connect refused" {
					refused = failure.Count
				}
			}
			// Who was refused cost the server nothing.
			if reached := r.result.Requests.ReachedServer(); refused == 0 || reached != r.result.Requests.Total-refused {
				t.Errorf("%d of %d requests are told to have reached the server, and %d were refused", reached, r.result.Requests.Total, refused)
			}
		})
	}
}

func TestListenerThatIsRenewedIsNotRefusing(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.StopsListening, servertest.Options{After: 2 * time.Second, For: 200 * time.Millisecond}), connecting(100, 5*time.Second), "")
		r.doesNotFire(t, diagnosis.ConnectionsRefused)
		if r.result.Requests.KO == 0 {
			t.Error("nothing was refused: no near miss")
		}
	})
}

func TestTimeOutsThatHideLatencyAreToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	load := rate(200, 6*time.Second)
	load.Timeout = 400 * time.Millisecond
	r := measured(t, serverOf(t, servertest.Hangs, servertest.Options{Every: 50, For: 30 * time.Second}), load, diagnosis.TimeoutsHideLatency)
	r.fires(t, diagnosis.TimeoutsHideLatency, "within 0.4 s")
}

// What the end of the load gives up has waited for less than the time-out says.
func TestWhatTheEndGivesUpIsToldWithItsOwnWait(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.Hangs, servertest.Options{Every: 50, For: 30 * time.Second}), rate(400, 2*time.Second), "")
		// The least wait at the end of a load is 5 s, though the time-out is 60 s.
		r.fires(t, diagnosis.TimeoutsHideLatency, "without a reply within 5 s", "at least 5,000 ms")
		r.doesNotFire(t, diagnosis.ServerStalled) // most of what it was asked it answered at once
		if ko := r.result.LatencyMS.KO; ko == nil || ko.Min < 4990 {
			t.Errorf("none was given up before 5 s, and the least wait is %+v", ko)
		}
	})
}

// A number of requests at a rate takes its time, after which one that hangs is waited
// for: that wait says nothing of the rate, and of the server no more than one time-out.
func TestHungReplySaysNothingOfTheRate(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		load := rate(500, 0)
		load.Requests, load.Timeout = 1500, 4*time.Second
		r := measured(t, serverOf(t, servertest.Hangs, servertest.Options{AtRequest: 1400}), load, "")
		r.doesNotFire(t, diagnosis.RateNotReached)
		r.doesNotFire(t, diagnosis.ServerStalled)
		if r.result.Requests.Total != 1500 || r.result.Requests.KO != 1 || r.result.RPS.Total < 450 || r.result.RPS.Total > 510 {
			t.Errorf("%+v at %+v a second; want 1,500 at 500, and one time-out", r.result.Requests, r.result.RPS)
		}
		// What stopped the generator for moments is this machine, whatever hangs.
		if r.result.Verdict == diagnosis.VerdictGenerator && !strings.Contains(r.result.VerdictWhy, "something stopped the generator") {
			t.Errorf("the verdict is %s: %v", r.result.Verdict, r.result.VerdictWhy)
		}
	})
}

func TestSlowRepliesThatComeAreNotHidden(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		load := rate(200, 4*time.Second)
		load.Timeout = 2 * time.Second
		r := measured(t, serverOf(t, servertest.Hangs, servertest.Options{Every: 50, For: 400 * time.Millisecond}), load, "")
		r.doesNotFire(t, diagnosis.TimeoutsHideLatency)
		if ok := r.result.LatencyMS.OK; ok == nil || ok.P99 < 300 {
			t.Errorf("a p99 of %+v is no near miss", ok)
		}
	})
}

func TestServerThatStandsStillIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.StandsStill, servertest.Options{For: time.Second}), rate(500, 6*time.Second), "")
		r.fires(t, diagnosis.ServerStalled, "no reply between", "requests waited")
		for _, finding := range r.result.Findings {
			var seconds float64
			_, err := fmt.Sscanf(finding.Title, "the server stood still for %g s", &seconds)
			if finding.ID == diagnosis.ServerStalled && (err != nil || seconds < 0.8 || seconds > 1.5 || finding.AtS < 2.5 || finding.AtS > 5) {
				t.Errorf("it stopped at about 3 s for 1 s, and is told at %.1f s: %q", finding.AtS, finding.Title)
			}
		}
	})
}

func TestServerThatPausesForAMomentDoesNotStandStill(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.StandsStill, servertest.Options{For: 200 * time.Millisecond}), rate(500, 6*time.Second), "")
		if ok := r.result.LatencyMS.OK; ok == nil || ok.Max < 150 {
			t.Errorf("a longest reply of %+v ms is no near miss", ok)
		} else if ok.Max > 380 {
			t.Skipf("NOT CHECKED: a pause of 200 ms; on this busy machine it took %.0f ms", ok.Max)
		}
		r.doesNotFire(t, diagnosis.ServerStalled)
	})
}

func TestServerThatStillWarmsUpIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.WarmsUp, servertest.Options{Each: 120 * time.Millisecond, For: 3500 * time.Millisecond}), closed(4, 12*time.Second), diagnosis.SlowStart)
	r.fires(t, diagnosis.SlowStart, "the median latency was")
}

func TestServerThatWarmsUpAtOnceIsNotSlow(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.WarmsUp, servertest.Options{Each: 120 * time.Millisecond, For: 700 * time.Millisecond}), closed(4, 9*time.Second), "")
		r.doesNotFire(t, diagnosis.SlowStart)
	})
}

func TestLatencyThatClimbsIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.GetsSlower, servertest.Options{Each: 8 * time.Millisecond, For: 60 * time.Second}), rate(100, 14*time.Second), diagnosis.LatencyDrift)
	r.fires(t, diagnosis.LatencyDrift, "quarter by quarter")
}

func TestLatencyThatLevelsOffDoesNotDrift(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.GetsSlower, servertest.Options{Each: 8 * time.Millisecond, For: 4 * time.Second}), rate(100, 12*time.Second), "")
		r.doesNotFire(t, diagnosis.LatencyDrift)
	})
}

// pooled is a rate over so few connections that a reply of 20 ms bounds it at 400/s.
func pooled(perSecond float64) traffic.Load {
	return traffic.Load{Model: traffic.Rate, Rate: perSecond, Connections: 8, Duration: 5 * time.Second}
}

// Its verdict weighs this process's CPU: no other test's load may be in it.
func TestRateThatIsNotReachedIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	r := measured(t, serverOf(t, servertest.Waits, servertest.Options{For: 20 * time.Millisecond}), pooled(600), diagnosis.RateNotReached)
	r.fires(t, diagnosis.RateNotReached, "of 600 requests per second", "of 8 connections wait")
	if other := r.otherCPU(); other > 30 {
		t.Skipf("NOT CHECKED: the verdict; this machine has others, which use %.0f %% of a core", other)
	}
	if r.result.Verdict != diagnosis.VerdictServer {
		t.Errorf("the verdict is %s", r.result.Verdict)
	}
}

func TestRateThatIsJustReachedIsReached(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.Waits, servertest.Options{For: 20 * time.Millisecond}), pooled(300), "")
		r.doesNotFire(t, diagnosis.RateNotReached)
	})
}

// checksBody has the generator read every reply to its end.
func checksBody(plan *Plan) {
	text := "xx"
	plan.Checks.BodyContains = &text
}

func TestGeneratorThatIsTheLimitIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	r := measured(t, serverOf(t, servertest.Compresses), closed(16, 8*time.Second), diagnosis.GeneratorSaturated, checksBody)
	if other := r.otherCPU(); other > 30 {
		t.Skipf("NOT CHECKED: a generator at its limit; this machine has others, which use %.0f %% of a core", other)
	}
	r.fires(t, diagnosis.GeneratorSaturated, "the generator uses", "the server uses")
	if r.result.Verdict != diagnosis.VerdictGenerator {
		t.Errorf("the verdict is %s", r.result.Verdict)
	}
}

func TestGeneratorThatReadsLittleIsNotTheLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.Compresses), rate(8, 4*time.Second), "", checksBody)
		r.doesNotFire(t, diagnosis.GeneratorSaturated)
		if r.result.Requests.OK == 0 {
			t.Errorf("nothing was OK: %+v", r.result.Failures)
		}
	})
}

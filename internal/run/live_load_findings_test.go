//go:build unix

package run

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/traffic"
)

// playUnderLoad is the servers whose fault shows in the load's own figures. It
// returns if it knows none of that name. All but the first argument are theirs.
func playUnderLoad(role string, args []string) {
	argument := func(i int) time.Duration {
		d, _ := time.ParseDuration(args[i])
		return d
	}
	// The first request asks whether the server is ready; time counts from there.
	var began atomic.Int64
	since := func() time.Duration {
		now := time.Now().UnixNano()
		began.CompareAndSwap(0, now)
		return time.Duration(now - began.Load())
	}
	switch role {
	case "limits": // requests per connection, exactly, or with a third argument on average
		limit, _ := strconv.Atoi(args[1])
		limitRequests(args[0], limit, len(args) > 2)
	case "validates": // with an ETag, as a browser's cache asks
		err := http.ListenAndServe("127.0.0.1:"+args[0], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprint(w, "ok")
		}))
		fmt.Println(err)
		os.Exit(1)
	case "deafens": // listens for so long, then not for so long
		goDeaf(args[0], argument(1), argument(2))
	case "hangs": // every fiftieth request, for so long
		var requests atomic.Uint64
		serve(args[0], func() {
			if requests.Add(1)%50 == 0 {
				time.Sleep(argument(1))
			}
		})
	case "forgets": // the request of that number, counted from 1, for good
		forgotten, _ := strconv.ParseUint(args[1], 10, 64)
		var requests atomic.Uint64
		serve(args[0], func() {
			if requests.Add(1) == forgotten {
				time.Sleep(time.Hour)
			}
		})
	case "warms": // takes the second argument's time for each request until the third's is over, then 20 ms
		serve(args[0], func() {
			if since() < argument(2) {
				time.Sleep(argument(1))
				return
			}
			time.Sleep(20 * time.Millisecond)
		})
	case "drifts": // takes longer by the second argument every second, until the third's time is over
		serve(args[0], func() {
			grown := min(since(), argument(2))
			time.Sleep(5*time.Millisecond + time.Duration(grown.Seconds()*float64(argument(1))))
		})
	case "waits": // as long as its second argument says
		serve(args[0], func() { time.Sleep(argument(1)) })
	case "stops": // stands still after 3 s, for as long as its second argument says
		var once sync.Once
		serve(args[0], func() {
			if since() > 3*time.Second {
				once.Do(func() { stopOneself(argument(1)) })
			}
		})
	case "meters": // so many requests per second, with so many in store; the rest waits or is refused
		perSecond, _ := strconv.ParseFloat(args[1], 64)
		stored, _ := strconv.ParseFloat(args[2], 64)
		serveFromBucket(args[0], perSecond, stored, args[3] == "waits")
	case "squeezes": // replies that cost their reader more than the server, each after the pause given
		pause := time.Duration(0)
		if len(args) > 1 {
			pause = argument(1)
		}
		squeeze(args[0], pause)
	}
}

func limitRequests(port string, limit int, onAverage bool) {
	type served struct{}
	server := http.Server{
		Addr: "127.0.0.1:" + port,
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, served{}, new(int))
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n := r.Context().Value(served{}).(*int) // one request at a time on a connection
			*n++
			if !onAverage && *n == limit || onAverage && rand.IntN(limit) == 0 {
				w.Header().Set("Connection", "close")
			}
			fmt.Fprint(w, "ok")
		}),
	}
	fmt.Println(server.ListenAndServe())
	os.Exit(1)
}

// goDeaf closes the listener, and leaves what is connected alone.
func goDeaf(port string, hears, deaf time.Duration) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") })
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	go func() { _ = http.Serve(listener, handler) }()
	time.Sleep(hears)
	listener.Close()
	time.Sleep(deaf)
	fmt.Println(http.ListenAndServe("127.0.0.1:"+port, handler))
	os.Exit(1)
}

// stopOneself has a shell stop this process, as a person would, and let it go on.
func stopOneself(long time.Duration) {
	shell := exec.Command("sh", "-c", fmt.Sprintf("kill -STOP %[1]d; sleep %[2]g; kill -CONT %[1]d", os.Getpid(), long.Seconds()))
	if err := shell.Run(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// squeeze sends two bodies in turn, of a few KB that are a MB when they are read.
func squeeze(port string, pause time.Duration) {
	bodies := squeezed()
	var requests atomic.Uint64
	err := http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(pause)
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bodies[requests.Add(1)%2])
	}))
	fmt.Println(err)
	os.Exit(1)
}

func squeezed() (bodies [2][]byte) {
	for i := range bodies {
		var body bytes.Buffer
		zip := gzip.NewWriter(&body)
		_, _ = zip.Write(append(bytes.Repeat([]byte{'x'}, 1<<20), byte('0'+i)))
		zip.Close()
		bodies[i] = body.Bytes()
	}
	return bodies
}

func TestLimitOfRequestsPerConnectionIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "limits", "100"), rate(2000, 6*time.Second), diagnosis.KeepAliveLimit)
	r.fires(t, diagnosis.KeepAliveLimit, "after exactly 100 requests")
}

func TestConnectionsThatCloseByChanceHaveNoLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "limits", "100 average"), rate(2000, 4*time.Second), "")
	r.doesNotFire(t, diagnosis.KeepAliveLimit)
	if n := r.result.Requests.Reconnects + r.result.Requests.Retried; n < 40 {
		t.Errorf("%d closed connections are no near miss", n)
	}
}

func TestLimitBelowWhatUsersSendIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	load := traffic.Load{Model: traffic.Users, Users: 200, RampOver: 2 * time.Second, Repeat: 20}
	r := measured(t, role(t, "limits", "7"), load, diagnosis.KeepAliveLimit)
	r.fires(t, diagnosis.KeepAliveLimit, "after exactly 7 requests")
}

func TestLimitThatUsersDoNotReachIsNoFinding(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	load := traffic.Load{Model: traffic.Users, Users: 300, RampOver: 2 * time.Second, Repeat: 4}
	measured(t, role(t, "limits", "4"), load, "").doesNotFire(t, diagnosis.KeepAliveLimit)
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
	r := measured(t, role(t, "validates", ""), revisiting(), diagnosis.CachedRepliesRefused, func(plan *Plan) { plan.Checks.Status = &ok })
	r.fires(t, diagnosis.CachedRepliesRefused, "304 Not Modified", "75 %")
}

func TestCachedRepliesThatAreWelcomeAreNoFinding(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "validates", ""), revisiting(), "")
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
	r := measured(t, role(t, "deafens", "2s 60s"), connecting(600, 6*time.Second), diagnosis.ConnectionsRefused)
	r.fires(t, diagnosis.ConnectionsRefused, "refused a connection")
	r.doesNotFire(t, diagnosis.ServerCrashed)
}

func TestListenerThatIsRenewedIsNotRefusing(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "deafens", "2s 200ms"), connecting(100, 5*time.Second), "")
	r.doesNotFire(t, diagnosis.ConnectionsRefused)
	if r.result.Requests.KO == 0 {
		t.Error("nothing was refused: no near miss")
	}
}

func TestTimeOutsThatHideLatencyAreToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	load := rate(200, 6*time.Second)
	load.Timeout = 400 * time.Millisecond
	r := measured(t, role(t, "hangs", "30s"), load, diagnosis.TimeoutsHideLatency)
	r.fires(t, diagnosis.TimeoutsHideLatency, "within 0.4 s")
}

// What the end of the load gives up has waited for less than the time-out says.
func TestWhatTheEndGivesUpIsToldWithItsOwnWait(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "hangs", "30s"), rate(400, 2*time.Second), "")
	// The least wait at the end of a load is 5 s, though the time-out is 60 s.
	r.fires(t, diagnosis.TimeoutsHideLatency, "without a reply within 5 s", "at least 5,000 ms")
	r.doesNotFire(t, diagnosis.ServerStalled) // most of what it was asked it answered at once
	if ko := r.result.LatencyMS.KO; ko == nil || ko.Min < 4990 {
		t.Errorf("none was given up before 5 s, and the least wait is %+v", ko)
	}
}

// A number of requests at a rate takes its time, after which one that hangs is waited
// for: that wait says nothing of the rate, and of the server no more than one time-out.
func TestHungReplySaysNothingOfTheRate(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	load := rate(500, 0)
	load.Requests, load.Timeout = 1500, 4*time.Second
	r := measured(t, role(t, "forgets", "1400"), load, "")
	r.doesNotFire(t, diagnosis.RateNotReached)
	r.doesNotFire(t, diagnosis.ServerStalled)
	if r.result.Requests.Total != 1500 || r.result.Requests.KO != 1 || r.result.RPS.Total < 450 || r.result.RPS.Total > 510 {
		t.Errorf("%+v at %+v a second; want 1,500 at 500, and one time-out", r.result.Requests, r.result.RPS)
	}
	if r.result.Verdict == "generator" {
		t.Errorf("the verdict is %s: %v", r.result.Verdict, r.result.VerdictWhy)
	}
}

func TestSlowRepliesThatComeAreNotHidden(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	load := rate(200, 4*time.Second)
	load.Timeout = 2 * time.Second
	r := measured(t, role(t, "hangs", "400ms"), load, "")
	r.doesNotFire(t, diagnosis.TimeoutsHideLatency)
	if ok := r.result.LatencyMS.OK; ok == nil || ok.P99 < 300 {
		t.Errorf("a p99 of %+v is no near miss", ok)
	}
}

func TestServerThatStandsStillIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "stops", "1s"), rate(500, 6*time.Second), "")
	r.fires(t, diagnosis.ServerStalled, "no reply between", "requests waited")
	for _, finding := range r.result.Findings {
		var seconds float64
		_, err := fmt.Sscanf(finding.Title, "the server stood still for %g s", &seconds)
		if finding.ID == diagnosis.ServerStalled && (err != nil || seconds < 0.8 || seconds > 1.5 || finding.AtS < 2.5 || finding.AtS > 5) {
			t.Errorf("it stopped at about 3 s for 1 s, and is told at %.1f s: %q", finding.AtS, finding.Title)
		}
	}
}

func TestServerThatPausesForAMomentDoesNotStandStill(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "stops", "200ms"), rate(500, 6*time.Second), "")
	if ok := r.result.LatencyMS.OK; ok == nil || ok.Max < 150 {
		t.Errorf("a longest reply of %+v ms is no near miss", ok)
	} else if ok.Max > 380 {
		t.Skipf("NOT CHECKED: a pause of 200 ms; on this busy machine it took %.0f ms", ok.Max)
	}
	r.doesNotFire(t, diagnosis.ServerStalled)
}

func TestServerThatStillWarmsUpIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "warms", "120ms 3500ms"), closed(4, 12*time.Second), diagnosis.SlowStart)
	r.fires(t, diagnosis.SlowStart, "the median latency was")
}

func TestServerThatWarmsUpAtOnceIsNotSlow(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "warms", "120ms 700ms"), closed(4, 9*time.Second), "")
	r.doesNotFire(t, diagnosis.SlowStart)
}

func TestLatencyThatClimbsIsToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "drifts", "8ms 60s"), rate(100, 14*time.Second), diagnosis.LatencyDrift)
	r.fires(t, diagnosis.LatencyDrift, "quarter by quarter")
}

func TestLatencyThatLevelsOffDoesNotDrift(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, role(t, "drifts", "8ms 4s"), rate(100, 12*time.Second), "")
	r.doesNotFire(t, diagnosis.LatencyDrift)
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
	r := measured(t, role(t, "waits", "20ms"), pooled(600), diagnosis.RateNotReached)
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
	r := measured(t, role(t, "waits", "20ms"), pooled(330), "")
	r.doesNotFire(t, diagnosis.RateNotReached)
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
	r := measured(t, role(t, "squeezes", ""), closed(16, 8*time.Second), diagnosis.GeneratorSaturated, checksBody)
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
	r := measured(t, role(t, "squeezes", ""), rate(8, 4*time.Second), "", checksBody)
	r.doesNotFire(t, diagnosis.GeneratorSaturated)
	if r.result.Requests.OK == 0 {
		t.Errorf("nothing was OK: %+v", r.result.Failures)
	}
}

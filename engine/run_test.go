package engine

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/measure/measuretest"
	"github.com/benchtui/benchtui/internal/traffic"
)

// hello is a server as the contenders are, that counts what it answers.
func hello(t testing.TB, etag bool) (*httptest.Server, *atomic.Uint64) {
	var count atomic.Uint64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count.Add(1)
		if etag {
			w.Header().Set("ETag", `W/"1"`)
			if r.Header.Get("If-None-Match") == `W/"1"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"name":"hello","releaseYear":2026}`)
	}))
	t.Cleanup(server.Close)
	return server, &count
}

var helloChecks = traffic.Checks{Status: 200, JSONField: "name"}

// eachClient runs a test with every client.
func eachClient(t *testing.T, test func(t *testing.T, client Client)) {
	for _, client := range clients() {
		t.Run(string(client), func(t *testing.T) { test(t, client) })
	}
}

// mostStop is how long a machine may stand still in a test that holds times, or what
// becomes of short time-outs.
const mostStop = 100 * time.Millisecond

func undisturbed(t *testing.T, test func(t testing.TB)) {
	t.Helper()
	measuretest.Undisturbed(t, mostStop, test)
}

// eachUndisturbed is eachClient for such tests; they run at the same time.
func eachUndisturbed(t *testing.T, test func(t testing.TB, client Client)) {
	eachClient(t, func(t *testing.T, client Client) {
		t.Parallel()
		undisturbed(t, func(t testing.TB) { test(t, client) })
	})
}

// put runs a load of plain GETs and fails the test if it can't.
func put(t testing.TB, client Client, url string, w traffic.Load) measure.Measures {
	t.Helper()
	m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: url}, Checks: helloChecks, Workload: w}, nil)
	if err != nil {
		t.Fatal(err)
	}
	expectWhole(t, m)
	return m
}

func TestUsersEachSendTheirRequests(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachClient(t, func(t *testing.T, client Client) {
		server, count := hello(t, false)
		m := put(t, client, server.URL, traffic.Load{Model: traffic.Users, Users: 200, RampOver: 300 * time.Millisecond, Repeat: 4})
		if m.OK != 800 || m.KO != 0 || m.Sent != 800 || count.Load() != 800 {
			t.Errorf("OK %d KO %d sent %d, the server counted %d; want 800 of each but KO: %v", m.OK, m.KO, m.Sent, count.Load(), m.Failures)
		}
		if m.Connect.Count() != 200 || m.FirstReply.Count() != 200 || m.Unanswered != 0 {
			t.Errorf("connects %d, first replies %d, unanswered %d", m.Connect.Count(), m.FirstReply.Count(), m.Unanswered)
		}
		if m.Lateness.Count() != 200 {
			t.Errorf("%d latenesses; want one of each user", m.Lateness.Count())
		}
		if m.To < 298*time.Millisecond {
			t.Errorf("it took %s; the last user arrives at 298.5 ms", m.To)
		}
	})
}

func TestRateSendsExactlyWhatIsDue(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachClient(t, func(t *testing.T, client Client) {
		t.Parallel()
		server, count := hello(t, false)
		m := put(t, client, server.URL, traffic.Load{Model: traffic.Rate, Rate: 2000, Duration: 500 * time.Millisecond, Connections: 16})
		if m.OK != 1000 || m.Sent != 1000 || count.Load() != 1000 {
			t.Errorf("OK %d sent %d, the server counted %d; want 1000: %v", m.OK, m.Sent, count.Load(), m.Failures)
		}
		if m.Connect.Count() > 16 {
			t.Errorf("%d connections were opened; 16 were allowed", m.Connect.Count())
		}
	})
}

func TestRateStopsAfterItsRequests(t *testing.T) {
	eachClient(t, func(t *testing.T, client Client) {
		server, count := hello(t, false)
		m := put(t, client, server.URL, traffic.Load{Model: traffic.Rate, Rate: 2000, Requests: 77, Connections: 3})
		if m.OK != 77 || count.Load() != 77 {
			t.Errorf("OK %d, the server counted %d; want 77: %v", m.OK, count.Load(), m.Failures)
		}
	})
}

func TestRampSendsTheAreaUnderIt(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachClient(t, func(t *testing.T, client Client) {
		t.Parallel()
		server, count := hello(t, false)
		m := put(t, client, server.URL, traffic.Load{Model: traffic.Ramp, Rate: 100, RateTo: 1900, Duration: 500 * time.Millisecond, Connections: 8})
		if m.OK != 500 || count.Load() != 500 {
			t.Errorf("OK %d, the server counted %d; want 500: %v", m.OK, count.Load(), m.Failures)
		}
	})
}

func TestClosedLoopCountsExactly(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachClient(t, func(t *testing.T, client Client) {
		server, count := hello(t, false)
		m := put(t, client, server.URL, traffic.Load{Model: traffic.Closed, Requests: 5000, Connections: 16})
		if m.OK != 5000 || m.Sent != 5000 || count.Load() != 5000 {
			t.Errorf("OK %d sent %d, the server counted %d: %v", m.OK, m.Sent, count.Load(), m.Failures)
		}
	})
}

func TestClosedLoopEndsWithItsTime(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		server, count := hello(t, false)
		m := put(t, client, server.URL, traffic.Load{Model: traffic.Closed, Duration: 200 * time.Millisecond, Connections: 4})
		// More than one a connection: each goes on as soon as it has its reply.
		if m.OK != count.Load() || m.OK <= 4 || m.KO != 0 || m.To < 200*time.Millisecond || m.To > time.Second {
			t.Errorf("OK %d KO %d in %s, the server counted %d; want more than one of each of 4 connections", m.OK, m.KO, m.To, count.Load())
		}
	})
}

// The article's story: the 304s that a user's cache asks for fail the check of
// the status.
func TestCachedRepliesFailTheStatusCheck(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachClient(t, func(t *testing.T, client Client) {
		server, _ := hello(t, true)
		users := traffic.Load{Model: traffic.Users, Users: 50, RampOver: 50 * time.Millisecond, Repeat: 4, HTTPCache: true}
		m := put(t, client, server.URL, users)
		if m.OK != 50 || m.KO != 150 || len(m.Failures) != 1 || m.Failures[0].Cause != "status 304" || m.Failures[0].Count != 150 {
			t.Errorf("OK %d KO %d %+v", m.OK, m.KO, m.Failures)
		}
		users.HTTPCache = false
		if m := put(t, client, server.URL, users); m.OK != 200 {
			t.Errorf("without the cache OK is %d; want 200: %+v", m.OK, m.Failures)
		}
	})
}

// A cache belongs to a user: the next user that takes its place asks afresh.
func TestCacheIsOfOneUser(t *testing.T) {
	eachClient(t, func(t *testing.T, client Client) {
		var dated, plain atomic.Uint64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-Modified-Since") != "" {
				dated.Add(1)
			} else {
				plain.Add(1)
			}
			w.Header().Set("Last-Modified", "Tue, 04 Feb 2025 16:00:00 GMT")
			fmt.Fprint(w, `{"name":1}`)
		}))
		defer server.Close()
		m := put(t, client, server.URL, traffic.Load{Model: traffic.Users, Users: 20, RampOver: 40 * time.Millisecond, Repeat: 3, HTTPCache: true})
		if m.OK != 60 || plain.Load() != 20 || dated.Load() != 40 {
			t.Errorf("OK %d; %d asked plainly and %d with a date; want 60, 20, 40", m.OK, plain.Load(), dated.Load())
		}
	})
}

// A server that stops for 300 ms under a constant rate. What was due meanwhile
// waited for what was left of the pause: 300 of 1500 requests, evenly between 0
// and 300 ms. So 10 % of all wait over 150 ms and 1 % over 285 ms, which only
// latency from the intended start shows: service time knows of one per connection.
// The server's own log of when it answered the kth request says how much more it
// was, on a machine that is slow to wake a thread.
func TestPauseOfTheServerIsNotOmitted(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		var gate sync.RWMutex
		var log sync.Mutex
		var answered []time.Time
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			gate.RLock()
			defer gate.RUnlock()
			log.Lock()
			answered = append(answered, time.Now())
			log.Unlock()
			return says(helloReply)(c, nth)
		})
		const pause = 300 * time.Millisecond
		paused := false
		var began time.Time // of the load, as exactly as its intervals tell
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Checks: helloChecks, Workload: traffic.Load{
			Model: traffic.Rate, Rate: 1000, Duration: 1500 * time.Millisecond, Connections: 4}}, func(m measure.Measures) {
			if at := time.Now().Add(-m.To); began.IsZero() || at.Before(began) {
				began = at
			}
			if m.To > 500*time.Millisecond && !paused {
				paused = true
				gate.Lock()
				time.AfterFunc(pause, gate.Unlock)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if m.OK != 1500 || m.KO != 0 {
			t.Fatalf("OK %d KO %d; want 1500: %+v", m.OK, m.KO, m.Failures)
		}
		log.Lock()
		defer log.Unlock()
		var waits []time.Duration // of the kth request: due k ms after the load began
		for k, at := range answered {
			waits = append(waits, at.Sub(began)-time.Duration(k)*time.Millisecond)
		}
		slices.Sort(waits)
		const slack = 50 * time.Millisecond // from the server's write to our clock
		for share, least := range map[float64]time.Duration{.90: pause - 150*time.Millisecond, .99: pause - 15*time.Millisecond} {
			true := waits[int(share*1500)-1]
			got := time.Duration(m.ResponseOK.Quantile(share)) * time.Microsecond
			if got < least-slack/2 || got < true-slack || got > true+slack {
				t.Errorf("p%.0f is %s; it is at least %s by the pause, and %s by the server's log", 100*share, got, least, true)
			}
		}
		if service := time.Duration(m.Service.Quantile(.90)) * time.Microsecond; service > pause/3 {
			t.Errorf("p90 of the service time is %s; it knows of one request per connection in the pause", service)
		}
	})
}

// Requests that are due while every connection is busy wait, and show as backlog.
func TestWaitForAFreeConnectionIsBacklogAndNotLateness(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			time.Sleep(20 * time.Millisecond)
			return says(helloReply)(c, nth)
		})
		backlog := 0
		// 50 a second can be served of 200: after 300 ms about 45 wait.
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Interval: 20 * time.Millisecond, Workload: traffic.Load{
			Model: traffic.Rate, Rate: 200, Duration: 300 * time.Millisecond, Connections: 1}}, func(m measure.Measures) { backlog = max(backlog, m.Backlog) })
		if err != nil {
			t.Fatal(err)
		}
		expectWhole(t, m)
		if m.OK != 60 || backlog < 35 || backlog > 59 { // 59 if the server is ever so slow
			t.Errorf("OK %d, backlog up to %d; want 60, and 35 to 59", m.OK, backlog)
		}
		if late := m.Lateness.Max(); late > 200_000 { // the last waits 900 ms for the server
			t.Errorf("the generator was %d µs late; what waits for the server is not its lateness", late)
		}
	})
}

// What is due and can't be sent before the drain ends has timed out; nothing is dropped.
func TestWhatIsNeverSentHasTimedOut(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		server := newPeer(t, func(c *net.TCPConn, _ int) bool { _, _ = io.Copy(io.Discard, c); return false })
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Drain: 50 * time.Millisecond, Workload: traffic.Load{
			Model: traffic.Rate, Rate: 500, Duration: 100 * time.Millisecond, Connections: 2}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		expectWhole(t, m)
		if m.KO != 50 || m.Sent != 2 || len(m.Failures) != 1 || m.Failures[0].Cause != measure.CauseTimeout {
			t.Errorf("KO %d sent %d %+v; want 50 timeouts of which 2 were sent", m.KO, m.Sent, m.Failures)
		}
		if m.To > time.Second { // the default time-out is 10 s
			t.Errorf("it took %s; duration and drain are 150 ms", m.To)
		}
	})
}

func TestIntervalsAddUpToTheWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		server, _ := hello(t, false)
		var parts []measure.Measures
		whole, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.URL}, Interval: 20 * time.Millisecond, Workload: traffic.Load{
			Model: traffic.Rate, Rate: 1000, Duration: 300 * time.Millisecond, Connections: 4}}, func(m measure.Measures) { parts = append(parts, m) })
		if err != nil {
			t.Fatal(err)
		}
		var sum measure.Measures
		for _, part := range parts {
			if part.From != sum.To || part.To <= part.From {
				t.Fatalf("an interval from %s to %s follows %s", part.From, part.To, sum.To)
			}
			sum = sum.Merge(part)
		}
		if sum.OK != whole.OK || sum.ResponseOK.Count() != 300 || sum.ResponseOK.Quantile(.5) != whole.ResponseOK.Quantile(.5) || sum.GeneratorCPU != whole.GeneratorCPU {
			t.Errorf("the intervals add up to OK %d, p50 %d; the whole is OK %d, p50 %d", sum.OK, sum.ResponseOK.Quantile(.5), whole.OK, whole.ResponseOK.Quantile(.5))
		}
		if len(parts) < 10 || whole.GeneratorCPU <= 0 || parts[5].FileDescriptors < 5 {
			t.Errorf("%d intervals of 15, CPU %s: %+v", len(parts), whole.GeneratorCPU, parts)
		}
	})
}

func TestLoadLeavesNoGoroutineBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachClient(t, func(t *testing.T, client Client) {
		server := newPeer(t, func(c *net.TCPConn, _ int) bool { _, _ = io.Copy(io.Discard, c); return false })
		before := running()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, _ = Run(ctx, Job{Client: client, Request: traffic.Request{URL: server.url}, Workload: traffic.Load{Model: traffic.Users, Users: 20, Repeat: 1}}, nil)
		deadline := time.Now().Add(30 * time.Second)
		for running() > before && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond)
		}
		if n := running(); n > before {
			t.Errorf("%d goroutines of the engine run; %d did before", n, before)
		}
	})
}

// running counts the goroutines that run code of the engine proper, not of its tests.
func running() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	count := 0
	for _, one := range strings.Split(string(stacks), "\n\n") {
		for _, frame := range strings.Split(one, "\n") {
			if strings.Contains(frame, "/engine/") && !strings.Contains(frame, "_test.go") {
				count++
				break
			}
		}
	}
	return count
}

func TestIPv6AndNamesAreReached(t *testing.T) {
	eachClient(t, func(t *testing.T, client Client) {
		listener, err := net.Listen("tcp6", "[::1]:0")
		if err != nil {
			t.Skip("this machine has no IPv6 loopback: ", err)
		}
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"name":1}`) }))
		server.Listener.Close()
		server.Listener = listener
		server.Start()
		defer server.Close()
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		// localhost may stand for both families, of which the server has one.
		for _, host := range []string{"[::1]", "localhost"} {
			if addresses, _ := net.LookupHost("localhost"); host == "localhost" && !strings.Contains(fmt.Sprint(addresses), "::1") {
				continue
			}
			if m := put(t, client, "http://"+host+":"+port, traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 3}); m.OK != 3 {
				t.Errorf("%s: OK %d: %+v", host, m.OK, m.Failures)
			}
		}
	})
}

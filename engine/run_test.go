package engine

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
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

var helloChecks = Checks{Status: 200, JSONField: "name"}

func TestUsersEachSendTheirRequests(t *testing.T) {
	server, count := hello(t, false)
	m, err := Run(context.Background(), Job{Request: Request{URL: server.URL}, Checks: helloChecks, Workload: Workload{
		Model: Users, Users: 200, RampOver: 400 * time.Millisecond, Repeat: 4}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.OK != 800 || m.KO != 0 || m.Sent != 800 || count.Load() != 800 {
		t.Errorf("OK %d KO %d sent %d, the server counted %d; want 800 of each but KO: %v", m.OK, m.KO, m.Sent, count.Load(), m.Failures)
	}
	if m.Connect.Count() != 200 || m.FirstReply.Count() != 200 || m.Unanswered != 0 {
		t.Errorf("connects %d, first replies %d, unanswered %d", m.Connect.Count(), m.FirstReply.Count(), m.Unanswered)
	}
	t.Logf("lateness p50 %d p99 %d µs, cpu/req %v", m.Lateness.Quantile(.5), m.Lateness.Quantile(.99), m.GeneratorCPU/800)
}

func TestRateSendsExactlyWhatIsDue(t *testing.T) {
	server, count := hello(t, false)
	m, err := Run(context.Background(), Job{Request: Request{URL: server.URL}, Checks: helloChecks, Workload: Workload{
		Model: Rate, Rate: 2000, Duration: time.Second, Connections: 16}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.OK != 2000 || m.Sent != 2000 || count.Load() != 2000 {
		t.Errorf("OK %d sent %d, the server counted %d; want 2000: %v", m.OK, m.Sent, count.Load(), m.Failures)
	}
	t.Logf("lateness p50 %d p99 %d max %d µs n %d; response p50 %d p99 %d", m.Lateness.Quantile(.5), m.Lateness.Quantile(.99), m.Lateness.Max(), m.Lateness.Count(), m.ResponseOK.Quantile(.5), m.ResponseOK.Quantile(.99))
}

func TestClosedLoopCountsExactly(t *testing.T) {
	server, count := hello(t, false)
	m, err := Run(context.Background(), Job{Request: Request{URL: server.URL}, Checks: helloChecks, Workload: Workload{
		Model: Closed, Requests: 5000, Connections: 16}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.OK != 5000 || count.Load() != 5000 {
		t.Errorf("OK %d, the server counted %d: %v", m.OK, count.Load(), m.Failures)
	}
}

func TestCachedRepliesFailTheStatusCheck(t *testing.T) {
	server, _ := hello(t, true)
	m, err := Run(context.Background(), Job{Request: Request{URL: server.URL}, Checks: helloChecks, Workload: Workload{
		Model: Users, Users: 50, RampOver: 100 * time.Millisecond, Repeat: 4, HTTPCache: true}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.OK != 50 || m.KO != 150 || len(m.Failures) != 1 || m.Failures[0].Cause != "status 304" || m.Failures[0].Count != 150 {
		t.Errorf("OK %d KO %d %+v", m.OK, m.KO, m.Failures)
	}
}

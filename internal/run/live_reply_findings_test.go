//go:build unix

package run

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/traffic"
)

func TestRedirectsAreToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"}), rate(200, 4*time.Second), diagnosis.RepliesRedirected)
	r.fires(t, diagnosis.RepliesRedirected, "all replies are 302 to /login", "count as OK")
	if got := r.result.Statuses; len(got) != 1 || got[0].Status != 302 || got[0].Location != "/login" || got[0].Count != r.result.Requests.Total {
		t.Errorf("by status %+v of %d", got, r.result.Requests.Total)
	}
}

func TestRepliesWithoutABodyAreNoRedirects(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	measured(t, serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"}), rate(200, 2*time.Second), "").doesNotFire(t, diagnosis.RepliesRedirected)
}

// It is we who close the connection of a server that sends too much.
func TestBytesAfterRepliesAreToldLive(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok", WellFirst: true}), rate(200, 4*time.Second), diagnosis.BytesAfterReply)
	r.fires(t, diagnosis.BytesAfterReply, "1 byte after the reply", "benchtui closed them")
	r.doesNotFire(t, diagnosis.KeepAliveLimit)
	if f := r.result.Failures; len(f) != 1 || f[0].Cause != string(measure.CauseMalformed) || !strings.Contains(f[0].Reason, `ended by its Content-Length 1: "k"`) {
		t.Errorf("failures %+v", f)
	}
}

func TestRepliesCutShortHaveNoBytesAfterThem(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", WellFirst: true}),
			traffic.Load{Model: traffic.Closed, Connections: 16, Duration: 2 * time.Second, Timeout: 200 * time.Millisecond}, "")
		r.doesNotFire(t, diagnosis.BytesAfterReply)
		if f := r.result.Failures; len(f) != 1 || !strings.Contains(f[0].Reason, "Content-Length 5, and 2 bytes came") {
			t.Errorf("failures %+v", f)
		}
	})
}

// The version of the protocol is why, and no switch.
func TestServerOfHTTP10IsToldAsSuch(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"}), rate(200, 4*time.Second), diagnosis.KeepAliveLimit)
	r.fires(t, diagnosis.KeepAliveLimit, "the server speaks HTTP/1.0 without keep-alive", "were HTTP/1.0")
	if finding, _ := r.finding(diagnosis.KeepAliveLimit); strings.Contains(finding.Finding.Advice, "switch keep-alive on") {
		t.Errorf("the advice is: %s", finding.Finding.Advice)
	}
}

func TestServerOfHTTP10ThatKeepsConnectionsHasNoLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"}), rate(200, 2*time.Second), "")
	r.doesNotFire(t, diagnosis.KeepAliveLimit)
	if r.result.Requests.Reconnects != 0 {
		t.Errorf("%d reconnects", r.result.Requests.Reconnects)
	}
}

// Who asks for the end of each connection must not be told to mend the server.
func TestOwnConnectionCloseIsToldAsSuch(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	r := measured(t, serverOf(t, servertest.Serves), rate(200, 4*time.Second), diagnosis.KeepAliveLimit, func(plan *Plan) {
		plan.Headers = []traffic.Header{{Name: "connection", Value: "TE, Close"}}
	})
	r.fires(t, diagnosis.KeepAliveLimit, "they say Connection: close")
	finding, _ := r.finding(diagnosis.KeepAliveLimit)
	if advice := finding.Finding.Advice; !strings.Contains(advice, "leave out -H 'Connection: close'") {
		t.Errorf("the advice is: %s", advice)
	}
	if text := finding.Finding.Title + finding.Finding.Advice; strings.Contains(text, "in the server") || strings.Contains(text, "the server closes") {
		t.Errorf("it blames the server: %s", text)
	}
}

func TestServerThatDropsEverySecondRequestIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	load := traffic.Load{Model: traffic.Closed, Connections: 2, Duration: 2 * time.Second}
	again := measured(t, serverOf(t, servertest.DropsSecond), load, "").result
	if again.Requests.KO != 0 || again.Requests.Retried == 0 {
		t.Errorf("GET: KO %d, retried %d; want each dropped one sent again", again.Requests.KO, again.Requests.Retried)
	}
	lost := measured(t, serverOf(t, servertest.DropsSecond), load, "", func(plan *Plan) { plan.Method = "POST" }).result
	if lost.Requests.Retried != 0 || lost.Requests.KO < lost.Requests.OK-2 {
		t.Errorf("POST: OK %d KO %d retried %d; want every second one KO", lost.Requests.OK, lost.Requests.KO, lost.Requests.Retried)
	}
}

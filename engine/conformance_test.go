package engine

import (
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

const helloReply = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"name\":\"hello\"}"

// tallied is what a case expects of a load of 3 users with 4 requests each.
type tallied struct {
	ok, ko       uint64
	cause        measure.Cause // of every KO
	reconnects   uint64
	retried      uint64
	unanswered   uint64
	connections  uint64 // that the server accepted
	sampleBegins string
}

// shortTimeout is for replies that must time out; a TLS handshake must not, however
// busy the machine is.
const shortTimeout = 500 * time.Millisecond

// good is a case in which nothing goes wrong.
var good = tallied{ok: 12, connections: 3}

var conformance = []struct {
	name    string
	answer  answer
	request traffic.Request
	checks  traffic.Checks
	timeout time.Duration
	want    tallied
}{
	{name: "a plain reply", answer: says(helloReply), checks: helloChecks, want: good},
	{name: "split at every byte", answer: drips(helloReply, 0), checks: helloChecks, want: good},
	{name: "chunks with extensions and trailers", checks: helloChecks, want: good,
		answer: says("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8;a=b\r\n{\"name\":\r\n8\r\n\"hello\"}\r\n0\r\nX-Sum: 1\r\n\r\n")},
	{name: "chunks, split at every byte", checks: helloChecks, want: good,
		answer: drips("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8;a=b\r\n{\"name\":\r\n8\r\n\"hello\"}\r\n0\r\nX-Sum: 1\r\n\r\n", 0)},
	{name: "100 Continue first", answer: says("HTTP/1.1 100 Continue\r\n\r\n" + helloReply), checks: helloChecks, want: good},
	{name: "103 hints, then the reply later", checks: helloChecks, want: good, answer: func(c *net.TCPConn, _ int) bool {
		_, _ = io.WriteString(c, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
		time.Sleep(5 * time.Millisecond)
		_, err := io.WriteString(c, helloReply)
		return err == nil
	}},
	{name: "204", answer: says("HTTP/1.1 204 No Content\r\n\r\n"), checks: traffic.Checks{Status: 204}, want: good},
	{name: "304 is a reply without a body", answer: says("HTTP/1.1 304 Not Modified\r\nContent-Length: 16\r\n\r\n"), checks: traffic.Checks{Status: 304}, want: good},
	{name: "HEAD", request: traffic.Request{Method: "HEAD"}, answer: says("HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n"), checks: traffic.Checks{Status: 200}, want: good},
	{name: "HTTP/1.0 that keeps alive", answer: says("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"), want: good},
	{name: "a body of 300 kB", answer: says("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + strings.Repeat("x", 299997) + "end"),
		checks: traffic.Checks{BodyContains: "xend"}, want: good},
	{name: "a request of 2 MB", request: traffic.Request{Method: "POST", Body: make([]byte, 2<<20)}, answer: says(helloReply), checks: helloChecks, want: good},

	{name: "body until the close", answer: saysAndCloses("HTTP/1.1 200 OK\r\n\r\n{\"name\":1}"), checks: helloChecks,
		want: tallied{ok: 12, reconnects: 9, connections: 12}},
	{name: "Connection: close", answer: saysAndCloses("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
		want: tallied{ok: 12, reconnects: 9, connections: 12}},
	{name: "Connection: close on every second", want: tallied{ok: 12, reconnects: 3, connections: 6}, answer: func(c *net.TCPConn, nth int) bool {
		if nth == 2 {
			return saysAndCloses("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")(c, nth)
		}
		return says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")(c, nth)
	}},
	{name: "closes instead of a second reply", want: tallied{ok: 12, retried: 9, connections: 12}, answer: func(c *net.TCPConn, nth int) bool {
		return nth == 1 && says(helloReply)(c, nth)
	}},
	{name: "resets instead of a second reply", want: tallied{ok: 12, retried: 9, connections: 12}, answer: func(c *net.TCPConn, nth int) bool {
		if nth == 1 {
			return says(helloReply)(c, nth)
		}
		_ = c.SetLinger(0)
		return false
	}},

	{name: "switches protocols, and stays", answer: says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), want: tallied{ok: 12, connections: 12}},
	{name: "a status that is not expected", answer: says("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"), checks: helloChecks,
		want: tallied{ko: 12, cause: "status 503", connections: 3, sampleBegins: "HTTP/1.1 503 Busy"}},
	{name: "a field that is missing", answer: says("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"a\":{\"name\":\"\"}}"), checks: helloChecks,
		want: tallied{ko: 12, cause: `check json field "name"`, connections: 3}},
	{name: "a text that is missing", answer: says(helloReply), checks: traffic.Checks{BodyContains: "bye"},
		want: tallied{ko: 12, cause: `check body contains "bye"`, connections: 3}},
	{name: "a long reply's sample is its beginning", answer: says("HTTP/1.1 500 Oh\r\nContent-Length: 300000\r\n\r\n" + strings.Repeat("x", 300000)), checks: helloChecks,
		want: tallied{ko: 12, cause: "status 500", connections: 3, sampleBegins: "HTTP/1.1 500 Oh"}},

	{name: "bytes after the reply", answer: says(helloReply + "HTTP/1.1 200 OK\r\n"),
		want: tallied{ko: 12, cause: measure.CauseMalformed, unanswered: 12, connections: 12, sampleBegins: "HTTP/1.1 200 OK"}},
	{name: "another protocol", answer: says("SSH-2.0-OpenSSH_9.9"),
		want: tallied{ko: 12, cause: measure.CauseMalformed, unanswered: 12, connections: 12, sampleBegins: "SSH-2.0"}},
	{name: "headers without end", answer: says("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Pad: 0123456789\r\n", 4000)),
		want: tallied{ko: 12, cause: measure.CauseMalformed, unanswered: 12, connections: 12, sampleBegins: "HTTP/1.1 200 OK"}},
	{name: "lengths that differ", answer: says("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
		want: tallied{ko: 12, cause: measure.CauseMalformed, unanswered: 12, connections: 12}},
	{name: "closes before a reply", answer: func(*net.TCPConn, int) bool { return false },
		want: tallied{ko: 12, cause: measure.CauseClosedBeforeReply, unanswered: 12, connections: 12}},
	{name: "resets", answer: func(c *net.TCPConn, _ int) bool { _ = c.SetLinger(0); return false },
		want: tallied{ko: 12, cause: measure.CauseConnectionReset, unanswered: 12, connections: 12}},
	{name: "closes in the middle of a body", answer: saysAndCloses(helloReply[:len(helloReply)-4]),
		want: tallied{ko: 12, cause: measure.CauseClosedMidReply, unanswered: 12, connections: 12, sampleBegins: "HTTP/1.1 200 OK"}},
	{name: "closes in the middle of a status line", answer: saysAndCloses("HTTP/1"),
		want: tallied{ko: 12, cause: measure.CauseClosedMidReply, unanswered: 12, connections: 12}},
	{name: "never replies", timeout: shortTimeout, answer: func(c *net.TCPConn, _ int) bool { _, err := io.Copy(io.Discard, c); return err == nil },
		want: tallied{ko: 12, cause: measure.CauseTimeout, unanswered: 12, connections: 12}},
	{name: "drips slower than the time-out", timeout: shortTimeout, answer: drips(helloReply, shortTimeout/20), checks: helloChecks,
		want: tallied{ko: 12, cause: measure.CauseTimeout, unanswered: 12, connections: 12, sampleBegins: "H"}},
	{name: "drips faster than the time-out", timeout: time.Minute, answer: drips(helloReply, 100*time.Microsecond), checks: helloChecks, want: good},
}

func TestConformance(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	for _, client := range clients() {
		for _, c := range conformance {
			t.Run(string(client)+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				undisturbed(t, func(t testing.TB) {
					conforms(t, c.answer, c.want, Job{Client: client, Request: c.request, Checks: c.checks,
						Workload: traffic.Load{Timeout: c.timeout}})
				})
			})
			t.Run(string(client)+" ending at reading/"+c.name, func(t *testing.T) {
				t.Parallel()
				undisturbed(t, func(t testing.TB) {
					conforms(t, c.answer, c.want, Job{Client: client, Request: c.request, Checks: c.checks,
						Workload: traffic.Load{Timeout: c.timeout}, EndsAtReading: true})
				})
			})
		}
	}
}

// conforms has 3 users send 4 requests each to a server that answers so.
func conforms(t testing.TB, answer answer, want tallied, job Job) {
	server := newPeer(t, answer)
	job.Request.URL = server.url
	job.Workload.Model, job.Workload.Users, job.Workload.RampOver, job.Workload.Repeat = traffic.Users, 3, 3*time.Millisecond, 4
	m, err := Run(t.Context(), job, nil)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, m, want)
	if n := server.connections.Load(); n != want.connections {
		t.Errorf("the server accepted %d connections; want %d", n, want.connections)
	}
	if n := server.requests.Load(); n != m.Sent+m.Retried {
		t.Errorf("the server counted %d requests; %d were sent and %d sent again", n, m.Sent, m.Retried)
	}
	if job.EndsAtReading && m.EndsAtArrival() {
		t.Error("latencies end at arrival, where they were to end at reading")
	}
}

// expect holds the measures of 12 requests against what a case wants, and against
// what is true of any load that has ended.
func expect(t testing.TB, m measure.Measures, want tallied) {
	t.Helper()
	if runtime.GOOS == "windows" && m.Retried > 0 { // there a close is often noticed only as the next request is sent
		m.Reconnects, m.Retried = m.Reconnects+m.Retried-want.retried, want.retried
	}
	if m.OK != want.ok || m.KO != want.ko || m.Reconnects != want.reconnects || m.Retried != want.retried || m.Unanswered != want.unanswered {
		t.Errorf("OK %d KO %d reconnects %d retried %d unanswered %d; want %+v; failures %+v",
			m.OK, m.KO, m.Reconnects, m.Retried, m.Unanswered, want, m.Failures)
	}
	if want.ko > 0 {
		if len(m.Failures) != 1 || m.Failures[0].Cause != want.cause || m.Failures[0].Count != want.ko {
			t.Errorf("failures %+v; want %d of %q", m.Failures, want.ko, want.cause)
		} else if sample := m.Failures[0].Sample; sample == "" || !strings.HasPrefix(sample, want.sampleBegins) {
			t.Errorf("sample %q; want it to begin with %q", sample, want.sampleBegins)
		}
	}
	expectWhole(t, m)
}

// expectWhole holds what is true of any load that has ended.
func expectWhole(t testing.TB, m measure.Measures) {
	t.Helper()
	if n := m.ResponseOK.Count(); n != m.OK {
		t.Errorf("%d OK latencies for %d OK replies", n, m.OK)
	}
	if n := m.ResponseKO.Count(); n != m.KO {
		t.Errorf("%d KO latencies for %d KO", n, m.KO)
	}
	var failed uint64
	for _, failure := range m.Failures {
		failed += failure.Count
	}
	if failed != m.KO {
		t.Errorf("%d failures for %d KO", failed, m.KO)
	}
	if m.EndsAtArrival() {
		if n, told := m.Service.Count(), m.ReadLateness.Count(); told+m.EndedAtReading != n || m.ServiceRead.Count() != n {
			t.Errorf("of %d replies %d arrived at a time that is known, %d end at reading, and %d have a time to reading",
				n, told, m.EndedAtReading, m.ServiceRead.Count())
		}
		if m.ResponseRead.Count() != m.OK {
			t.Errorf("%d OK replies have a time to reading, of %d", m.ResponseRead.Count(), m.OK)
		}
	}
	if n := m.FirstReply.Count() + m.Unanswered; n != m.Connect.Count() {
		t.Errorf("%d first replies and %d unanswered of %d connections", m.FirstReply.Count(), m.Unanswered, m.Connect.Count())
	}
	if n := m.ServedAtClose.Count(); n != m.Reconnects+m.Retried {
		t.Errorf("it is known of %d closed connections how many replies they brought; %d reconnects and %d retried", n, m.Reconnects, m.Retried)
	}
	if m.InFlight != 0 || m.Backlog != 0 || m.Connections != 0 || m.Connecting != 0 || m.AwaitingFirst != 0 {
		t.Errorf("at the end there stand: in flight %d, backlog %d, connections %d, connecting %d, awaiting first %d",
			m.InFlight, m.Backlog, m.Connections, m.Connecting, m.AwaitingFirst)
	}
}

func TestRefusedConnectionsAreCounted(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + listener.Addr().String()
	listener.Close()
	for _, client := range clients() {
		t.Run(string(client), func(t *testing.T) {
			m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: url}, Workload: traffic.Load{
				Model: traffic.Users, Users: 3, Repeat: 4}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, m, tallied{ko: 12, cause: measure.CauseConnectRefused})
			if m.Sent != 0 {
				t.Errorf("%d requests count as sent", m.Sent)
			}
		})
	}
}

// A server may refuse a large request before it has read it.
func TestReplyBeforeTheRequestIsWholeIsRead(t *testing.T) {
	for _, client := range clients() {
		t.Run(string(client), func(t *testing.T) {
			server := newRawPeer(t, func(_ *peer, c *net.TCPConn) {
				head := make([]byte, 1)
				_, _ = io.ReadFull(c, head)
				_, _ = io.WriteString(c, "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
				_ = c.CloseWrite()
				_, _ = io.Copy(io.Discard, c)
			})
			m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{Method: "POST", URL: server.url, Body: make([]byte, 8<<20)},
				Checks: traffic.Checks{Status: 200}, Workload: traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 1}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, m, tallied{ko: 1, cause: "status 413"})
		})
	}
}

func TestConnectionsTellHowManyRepliesTheyBrought(t *testing.T) {
	says := says(helloReply)
	last := saysAndCloses(strings.Replace(helloReply, "\r\n", "\r\nConnection: close\r\n", 1))
	for _, client := range clients() {
		for name, closing := range map[string]answer{
			"and said so": func(c *net.TCPConn, nth int) bool { return nth < 25 && says(c, nth) || nth == 25 && last(c, nth) },
			"silently":    func(c *net.TCPConn, nth int) bool { return nth <= 25 && says(c, nth) },
		} {
			t.Run(string(client)+"/"+name, func(t *testing.T) {
				t.Parallel()
				m := put(t, client, newPeer(t, closing).url, traffic.Load{Model: traffic.Closed, Connections: 4, Requests: 400})
				h := m.ServedAtClose
				if m.OK != 400 || h.Count() < 10 || h.Min() != 25 || h.Max() != 25 {
					t.Errorf("OK %d; %d connections were closed after %d to %d replies; want 25", m.OK, h.Count(), h.Min(), h.Max())
				}
			})
		}
	}
}

// A server that keeps idle connections for some time is told from one that closes after
// every reply, which only the loops see as it happens.
func TestConnectionsClosedWhenIdleAreCounted(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	const kept = 150 * time.Millisecond
	idle := func(c *net.TCPConn, nth int) bool {
		_ = c.SetReadDeadline(time.Now().Add(kept))
		return says(helloReply)(c, nth)
	}
	load := traffic.Load{Model: traffic.Rate, Rate: 40, Duration: time.Second, Connections: 12}
	for _, client := range clients() {
		t.Run(string(client), func(t *testing.T) {
			t.Parallel()
			undisturbed(t, func(t testing.TB) {
				m := put(t, client, newPeer(t, idle).url, load)
				if m.Reconnects < 10 || m.ClosedIdle < m.Reconnects/2 {
					t.Errorf("%d of %d connections count as closed when idle; some 28 were, and all of them", m.ClosedIdle, m.Reconnects)
				}
			})
		})
	}
	if loopsAvailable {
		undisturbed(t, func(t testing.TB) {
			m := put(t, Loops, newPeer(t, saysAndCloses(helloReply)).url, load)
			if m.Reconnects < 10 || m.ClosedIdle > m.Reconnects/2 {
				t.Errorf("%d of %d connections count as closed when idle; none was", m.ClosedIdle, m.Reconnects)
			}
		})
	}
}

// A connection that closes while it is free is opened again before the next
// request: nothing was lost on it.
func TestConnectionClosedWhileFreeIsAReconnect(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	for _, client := range clients() {
		t.Run(string(client), func(t *testing.T) {
			t.Parallel()
			undisturbed(t, func(t testing.TB) {
				server := newPeer(t, saysAndCloses("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
				m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Workload: traffic.Load{
					Model: traffic.Rate, Rate: 50, Duration: 400 * time.Millisecond, Connections: 1}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				// On a busy machine a close may come late, and then with a request under way.
				if m.OK != 20 || m.KO != 0 || m.Reconnects+m.Retried != 19 || m.Reconnects == 0 {
					t.Errorf("OK %d KO %d reconnects %d retried %d; want 20 OK over 19 reconnects", m.OK, m.KO, m.Reconnects, m.Retried)
				}
				expectWhole(t, m)
			})
		})
	}
}

func TestCancelEndsAtOnceWithWhatWasMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	for _, client := range clients() {
		for _, model := range []traffic.Model{traffic.Closed, traffic.Users, traffic.Rate, traffic.Ramp} {
			t.Run(string(client)+"/"+string(model), func(t *testing.T) {
				server := newPeer(t, func(c *net.TCPConn, nth int) bool {
					return nth == 1 && says(helloReply)(c, nth) || nth > 1 && func() bool { _, _ = io.Copy(io.Discard, c); return false }()
				})
				ctx, cancel := context.WithCancel(t.Context())
				var cancelled time.Time
				seen := 0
				m, err := Run(ctx, Job{Client: client, Request: traffic.Request{URL: server.url}, Interval: 20 * time.Millisecond, Workload: traffic.Load{
					Model: model, Users: 5, Repeat: 3, RampOver: time.Millisecond,
					Connections: 5, Duration: time.Minute, Rate: 500, RateTo: 600}}, func(m measure.Measures) {
					if seen += int(m.OK); seen == 5 && m.InFlight == 5 && cancelled.IsZero() {
						cancelled = time.Now()
						cancel()
					}
				})
				took := time.Since(cancelled)
				if err != context.Canceled || took > 30*time.Second {
					t.Errorf("returned %v after %s", err, took)
				}
				if m.OK != 5 || m.KO != 0 || m.InFlight != 0 || m.Connections != 0 {
					t.Errorf("OK %d KO %d in flight %d connections %d; want 5 OK: %+v", m.OK, m.KO, m.InFlight, m.Connections, m.Failures)
				}
			})
		}
	}
}

// The time-out is of each reply, however many came before it on the connection.
func TestEachReplyHasTheWholeTimeOut(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			if nth == 4 {
				_, _ = io.Copy(io.Discard, c)
				return false
			}
			time.Sleep(200 * time.Millisecond)
			return says(helloReply)(c, nth)
		})
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Checks: helloChecks, Workload: traffic.Load{
			Model: traffic.Users, Users: 1, Repeat: 4, Timeout: shortTimeout}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		expectWhole(t, m)
		took := time.Duration(m.ResponseKO.Max()) * time.Microsecond
		if m.OK != 3 || m.KO != 1 || took < shortTimeout-time.Millisecond || took > 2*shortTimeout {
			t.Errorf("OK %d KO %d, given up after %s; want 3, 1 and %s: %+v", m.OK, m.KO, took, shortTimeout, m.Failures)
		}
	})
}

// A server may take a request in as small pieces as it likes.
func TestRequestThatIsReadByteByByte(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	body := strings.Repeat("z", 3000)
	for _, client := range clients() {
		t.Run(string(client), func(t *testing.T) {
			t.Parallel()
			server := newRawPeer(t, func(p *peer, c *net.TCPConn) {
				_ = c.SetReadBuffer(1)
				var came []byte
				one := make([]byte, 1)
				for {
					if _, err := c.Read(one); err != nil {
						return
					}
					came = append(came, one[0])
					if head, rest, whole := strings.Cut(string(came), "\r\n\r\n"); whole && len(rest) == len(body) && strings.HasPrefix(head, "POST ") {
						came = came[:0]
						p.requests.Add(1)
						_, _ = io.WriteString(c, helloReply)
					}
				}
			})
			m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{Method: "POST", URL: server.url, Body: []byte(body)},
				Checks: helloChecks, Workload: traffic.Load{Model: traffic.Users, Users: 3, Repeat: 4}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, m, good)
			if n := server.requests.Load(); n != 12 {
				t.Errorf("the server took %d requests; want 12", n)
			}
		})
	}
}

// What came and went counts, whatever became of the request.
func TestBytesOfFailedRepliesCount(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	body := strings.Repeat("x", 3000)
	cut := "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + body
	malformed := helloReply + "garbage"
	for name, text := range map[string]string{"cut off": cut, "malformed": malformed} {
		eachClient(t, func(t *testing.T, client Client) {
			t.Run(name, func(t *testing.T) {
				p := newPeer(t, saysAndCloses(text))
				m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: p.url}, Workload: traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 3}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				expectWhole(t, m)
				request, _ := prepare(traffic.Request{URL: p.url})
				if m.KO != 3 || m.BytesReceived != 3*uint64(len(text)) || m.BytesSent != 3*uint64(len(request.bytes)) {
					t.Errorf("KO %d, %d bytes received, %d sent; want 3 × %d and 3 × %d", m.KO, m.BytesReceived, m.BytesSent, len(text), len(request.bytes))
				}
			})
		})
	}
}

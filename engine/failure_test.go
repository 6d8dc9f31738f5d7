package engine

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// dropsSecond answers the first request of each connection, reads the second whole and
// drops the connection, as a worker that dies in its handler does. It counts both.
func dropsSecond(t *testing.T, secure bool) (url string, dropped *atomic.Uint64) {
	t.Helper()
	dropped = &atomic.Uint64{}
	answered := func(c net.Conn, nth int) bool {
		if nth == 2 {
			dropped.Add(1)
			return false
		}
		_, err := io.WriteString(c, helloReply)
		return err == nil
	}
	if !secure {
		return newPeer(t, func(c *net.TCPConn, nth int) bool { return answered(c, nth) }).url, dropped
	}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		if answered(c, 1) {
			one := make([]byte, 4096) // the second comes in one piece
			if n, _ := c.Read(one); n > 0 {
				answered(c, 2)
			}
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, dropped
}

// A request may be sent twice only if it then means the same (RFC 9110, 9.2.2).
func TestOnlyIdempotentRequestsAreSentAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	for _, c := range []struct {
		method string
		again  bool
	}{
		{"GET", true}, {"HEAD", true}, {"OPTIONS", true}, {"PUT", true}, {"DELETE", true},
		{"POST", false}, {"PATCH", false}, {"get", false}, {"PROPFIND", false},
	} {
		for _, secure := range []bool{false, true} {
			eachClient(t, func(t *testing.T, client Client) {
				if secure && client != Portable {
					return
				}
				t.Parallel()
				url, dropped := dropsSecond(t, secure)
				m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{Method: c.method, URL: url, Insecure: secure},
					Workload: traffic.Load{Model: traffic.Closed, Connections: 2, Requests: 20}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				if c.again && c.method == "HEAD" { // its reply has a body here, which is another fault
					return
				}
				if c.again {
					if m.OK != 20 || m.KO != 0 || m.Retried == 0 || m.Retried != dropped.Load() {
						t.Errorf("%s: OK %d KO %d retried %d, %d were dropped; want 20 OK, each dropped one sent again: %+v", c.method, m.OK, m.KO, m.Retried, dropped.Load(), m.Failures)
					}
					return
				}
				if m.Retried != 0 || m.KO == 0 || m.KO != dropped.Load() || m.OK+m.KO != 20 {
					t.Errorf("%s: OK %d KO %d retried %d, %d were dropped; want each of them KO", c.method, m.OK, m.KO, m.Retried, dropped.Load())
				}
				if len(m.Failures) != 1 || m.Failures[0].Cause != measure.CauseClosedBeforeReply || !strings.Contains(m.Failures[0].Reason(), "idempotent") {
					t.Errorf("%s: %+v; want them closed before a reply, and why they are not sent again", c.method, m.Failures)
				}
				expectWhole(t, m)
			})
		}
	}
}

// Once a byte of a reply has come, the request may have been acted on.
func TestNothingIsSentAgainOnceAByteCame(t *testing.T) {
	eachClient(t, func(t *testing.T, client Client) {
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			if nth == 2 {
				_, _ = io.WriteString(c, "H")
				return false
			}
			return says(helloReply)(c, nth)
		})
		m := put(t, client, server.url, traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 10})
		if m.Retried != 0 || m.OK != 5 || m.KO != 5 || m.Failures[0].Cause != measure.CauseClosedMidReply || m.Failures[0].Reason() != "the reply ends in its status line" {
			t.Errorf("OK %d KO %d retried %d: %+v", m.OK, m.KO, m.Retried, m.Failures)
		}
	})
}

// reasons are replies with a fault, and what is told of it: in a load and at a start.
var reasons = []struct {
	name   string
	answer answer
	head   bool
	cause  measure.Cause
	why    string // contains
	sample string // contains
}{
	{name: "longer than its length", answer: says("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok"), cause: measure.CauseMalformed,
		why: `1 byte after the reply, which ended by its Content-Length 1: "k"`, sample: "HTTP/1.1 200 OK"},
	{name: "another reply behind", answer: says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"), cause: measure.CauseMalformed,
		why: `39 bytes after the reply, which ended with its last chunk: "HTTP/1.1 200 OK`, sample: "HTTP/1.1 200 OK"},
	{name: "204 with chunks", answer: says("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), cause: measure.CauseMalformed,
		why: "5 bytes after the reply, which is a 204 and so has no body, though it announces chunks", sample: "HTTP/1.1 204"},
	{name: "HEAD with a body", head: true, answer: says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), cause: measure.CauseMalformed,
		why: `2 bytes after the reply, which answers a HEAD request and so has no body: "ok"`, sample: "HTTP/1.1 200 OK"},
	{name: "shorter than its length", answer: saysAndCloses("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"), cause: measure.CauseClosedMidReply,
		why: "Content-Length 5, and 2 bytes came", sample: "HTTP/1.1 200 OK"},
	{name: "shorter, and open", answer: says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"), cause: measure.CauseTimeout,
		why: "Content-Length 5, and 2 bytes came in time", sample: "HTTP/1.1 200 OK"},
	{name: "a chunk cut off", answer: saysAndCloses("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"), cause: measure.CauseClosedMidReply,
		why: "a chunk lacks 3 bytes; of the body 2 bytes came", sample: "HTTP/1.1 200 OK"},
	{name: "no last chunk", answer: saysAndCloses("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"), cause: measure.CauseClosedMidReply,
		why: "the last chunk did not come; of the body 2 bytes did", sample: "HTTP/1.1 200 OK"},
	{name: "headers cut off", answer: saysAndCloses("HTTP/1.1 200 OK\r\nX-"), cause: measure.CauseClosedMidReply,
		why: "the reply ends in its headers", sample: "HTTP/1.1 200 OK"},
	{name: "hints alone", answer: saysAndCloses("HTTP/1.1 103 Early Hints\r\n\r\n"), cause: measure.CauseClosedMidReply,
		why: "an interim reply (1xx) came, and no final one", sample: "HTTP/1.1 103"},
	{name: "another protocol", answer: says("220 mail.example ESMTP ready\r\n"), cause: measure.CauseMalformed,
		why: `no HTTP status line: it begins with "220 mail.example ESMTP ready`, sample: "220 mail.example"},
	{name: "an old kind of status line", answer: says("ICY 200 OK\r\nContent-Length: 2\r\n\r\nok"), cause: measure.CauseMalformed,
		why: `no HTTP status line: it begins with "ICY 200 OK"`, sample: "ICY 200 OK"},
	{name: "a length that is none", answer: says("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok"), cause: measure.CauseMalformed,
		why: `bad Content-Length: "Content-Length: +2"`, sample: "HTTP/1.1 200 OK"},
	{name: "an encoding that nobody knows", answer: says("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"), cause: measure.CauseMalformed,
		why: `unknown Transfer-Encoding: "Transfer-Encoding: gzip, chunked"`, sample: "HTTP/1.1 200 OK"},
	{name: "a header without a name", answer: says("HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 2\r\n\r\nok"), cause: measure.CauseMalformed,
		why: `bad header line: ": x"`, sample: "HTTP/1.1 200 OK"},
	{name: "nothing at all", answer: func(c *net.TCPConn, _ int) bool { _, _ = io.Copy(io.Discard, c); return false }, cause: measure.CauseTimeout,
		why: "no byte of a reply came in time"},
	{name: "closed at once", answer: func(*net.TCPConn, int) bool { return false }, cause: measure.CauseClosedBeforeReply,
		why: whyClosedBefore},
	{name: "a redirect", answer: says("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"), cause: "status 302",
		why: "to /login", sample: "HTTP/1.1 302 Found"},
}

func TestEveryFailureSaysWhyAndShowsTheBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	for _, c := range reasons {
		request, checks := traffic.Request{}, traffic.Checks{Status: 200}
		if c.head {
			request.Method = "HEAD"
		}
		for _, over := range append(clients(), "TLS") {
			t.Run(string(over)+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				undisturbed(t, func(t testing.TB) {
					request, client := request, over
					request.URL = newPeer(t, c.answer).url
					if over == "TLS" {
						request.URL, request.Insecure, client = overTLS(t, request.URL), true, Portable
					}
					m, err := Run(t.Context(), Job{Client: client, Request: request, Checks: checks,
						Workload: traffic.Load{Model: traffic.Users, Users: 1, Repeat: 1, Timeout: shortTimeout}}, nil)
					if err != nil {
						t.Fatal(err)
					}
					if len(m.Failures) != 1 || m.Failures[0].Cause != c.cause || !strings.Contains(m.Failures[0].Reason(), c.why) || !strings.Contains(m.Failures[0].Sample, c.sample) {
						t.Errorf("%+v; want %s: %s, shown by %q", m.Failures, c.cause, c.why, c.sample)
					}
				})
			})
		}
		t.Run("at a start/"+c.name, func(t *testing.T) {
			t.Parallel()
			undisturbed(t, func(t testing.TB) {
				request := request
				request.URL = newPeer(t, c.answer).url
				reply, err := Once(t.Context(), request, checks, shortTimeout)
				told := fmt.Sprint(reply.Cause, " ", reply.Why, " ", reply.Sample)
				if err != nil {
					told = err.Error()
				}
				if !strings.Contains(told, string(c.cause)) || !strings.Contains(told, c.why) || !strings.Contains(told, c.sample) {
					t.Errorf("%s; want %s: %s, shown by %q", told, c.cause, c.why, c.sample)
				}
			})
		})
	}
}

// Two faults behind one cause are told apart, the more frequent first.
func TestReasonsOfACauseAreCounted(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachClient(t, func(t *testing.T, client Client) {
		var n atomic.Uint64
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			if n.Add(1)%4 == 0 {
				return says("ICY 200 OK\r\n\r\n")(c, nth)
			}
			return says("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok")(c, nth)
		})
		m := put(t, client, server.url, traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 40})
		if len(m.Failures) != 1 || len(m.Failures[0].Reasons) != 2 || m.Failures[0].Reasons[0].Count != 30 || m.Failures[0].Reasons[1].Count != 10 ||
			!strings.HasPrefix(m.Failures[0].Reasons[1].Sample, "ICY") {
			t.Errorf("%+v; want one cause, 30 of one reason and 10 of another", m.Failures)
		}
	})
}

// Bytes that nobody asked for make us close the connection: the server did not.
func TestServerThatSpeaksOutOfTurnIsNoReconnect(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			_, _ = io.WriteString(c, helloReply)
			time.Sleep(5 * time.Millisecond)
			_, err := io.WriteString(c, "more")
			return err == nil
		})
		m := put(t, client, server.url, traffic.Load{Model: traffic.Rate, Connections: 1, Rate: 20, Duration: 500 * time.Millisecond})
		if m.Reconnects != 0 || m.Retried != 0 || m.OutOfTurn == 0 || m.ServedAtClose.Count() != 0 {
			t.Errorf("reconnects %d retried %d out of turn %d, served at close %d; want out of turn alone: %+v", m.Reconnects, m.Retried, m.OutOfTurn, m.ServedAtClose.Count(), m.Failures)
		}
	})
}

func TestRepliesAreCountedByStatus(t *testing.T) {
	eachClient(t, func(t *testing.T, client Client) {
		var n atomic.Uint64
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			switch n.Add(1) % 4 {
			case 0:
				return says("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")(c, nth)
			case 1:
				return says("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")(c, nth)
			}
			return says("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n")(c, nth)
		})
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Workload: traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 40}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := []measure.StatusCount{{Status: 201, Count: 10}, {Status: 302, Location: "/login", Count: 20}, {Status: 404, Count: 10}}
		if !slices.Equal(m.Statuses, want) {
			t.Errorf("%+v; want %+v", m.Statuses, want)
		}
	})
}

// A place for each request must not fill the memory, nor lose a reply.
func TestRedirectsToManyPlacesAreCounted(t *testing.T) {
	eachClient(t, func(t *testing.T, client Client) {
		var n atomic.Uint64
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			return says(fmt.Sprintf("HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n", n.Add(1)))(c, nth)
		})
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Workload: traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 200}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var sum uint64
		for _, one := range m.Statuses {
			sum += one.Count
		}
		if sum != 200 || len(m.Statuses) > 5*measure.MostRedirects {
			t.Errorf("%d replies by %d places; want 200 by a few", sum, len(m.Statuses))
		}
	})
}

// resetsStreams is an HTTP/2 server that ends every stream with a code.
func resetsStreams(t *testing.T, code http2.ErrCode, secure bool) (url string) {
	t.Helper()
	serve := func(c net.Conn) {
		defer c.Close()
		preface := make([]byte, len(http2.ClientPreface))
		if _, err := io.ReadFull(c, preface); err != nil {
			return
		}
		framer := http2.NewFramer(c, c)
		_ = framer.WriteSettings()
		for {
			frame, err := framer.ReadFrame()
			if err != nil {
				return
			}
			switch frame := frame.(type) {
			case *http2.SettingsFrame:
				if !frame.IsAck() {
					_ = framer.WriteSettingsAck()
				}
			case *http2.HeadersFrame:
				_ = framer.WriteRSTStream(frame.StreamID, code)
			}
		}
	}
	if !secure {
		server := newRawPeer(t, func(_ *peer, c *net.TCPConn) { serve(c) })
		return server.url
	}
	own := httptest.NewUnstartedServer(nil)
	own.StartTLS()
	t.Cleanup(own.Close)
	config := &tls.Config{Certificates: own.TLS.Certificates, NextProtos: []string{protocolHTTP2}}
	server := newRawPeer(t, func(_ *peer, c *net.TCPConn) { serve(tls.Server(c, config)) })
	return strings.Replace(server.url, "http:", "https:", 1)
}

func TestHTTP2StreamsThatAreResetSayTheirCode(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachHTTP2(t, func(t *testing.T, secure bool) {
		for _, code := range []http2.ErrCode{http2.ErrCodeRefusedStream, http2.ErrCodeEnhanceYourCalm, http2.ErrCodeCancel, http2.ErrCodeInternal, http2.ErrCodeHTTP11Required} {
			t.Run(code.String(), func(t *testing.T) {
				t.Parallel()
				url := resetsStreams(t, code, secure)
				m, err := Run(t.Context(), Job{Request: traffic.Request{URL: url, HTTP2: true, Insecure: secure},
					Workload: traffic.Load{Model: traffic.Users, Users: 2, Repeat: 2, Timeout: time.Minute}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				if m.KO != 4 || len(m.Failures) != 1 || m.Failures[0].Cause != streamCause(code.String()) || !strings.Contains(m.Failures[0].Reason(), code.String()) {
					t.Errorf("KO %d %+v; want 4 by %s", m.KO, m.Failures, code)
				}
			})
		}
	})
}

// What is waited for after the load's time is counted, and is no part of it.
func TestWhatEndsAfterTheLoadIsToldApart(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		var n atomic.Uint64
		server := newRawPeer(t, func(_ *peer, c *net.TCPConn) {
			if n.Add(1) > 2 { // two connections are served, the others accepted
				_, _ = io.Copy(io.Discard, c)
				return
			}
			buffer := make([]byte, 4096)
			for {
				if _, err := c.Read(buffer); err != nil {
					return
				}
				_, _ = io.WriteString(c, helloReply)
			}
		})
		m := put(t, client, server.url, traffic.Load{Model: traffic.Closed, Connections: 6, Duration: 400 * time.Millisecond, Timeout: time.Second})
		if m.Ran != 400*time.Millisecond || m.LaterKO != 4 || m.KO != 4 || m.LaterOK > 2 || m.To < time.Second {
			t.Errorf("ran %s of %s, KO %d, later OK %d KO %d; want 400 ms of a second, and the four that waited later", m.Ran, m.To, m.KO, m.LaterOK, m.LaterKO)
		}
	})
}

func TestLoadOfUsersIsActiveUntilTheLastReply(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		var n atomic.Uint64
		server := newPeer(t, func(c *net.TCPConn, nth int) bool {
			if n.Add(1) == 10 {
				_, _ = io.Copy(io.Discard, c)
				return false
			}
			return says(helloReply)(c, nth)
		})
		m := put(t, client, server.url, traffic.Load{Model: traffic.Users, Users: 10, Repeat: 1, RampOver: 50 * time.Millisecond, Timeout: time.Second})
		if m.OK != 9 || m.KO != 1 || m.Active > 700*time.Millisecond || m.To < time.Second || m.LaterKO != 0 {
			t.Errorf("OK %d KO %d active until %s of %s; want it to end with the ninth reply", m.OK, m.KO, m.Active, m.To)
		}
	})
}

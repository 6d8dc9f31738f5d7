package engine

import (
	"bufio"
	"compress/gzip"
	"compress/zlib"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// overTLS puts TLS before a server that does not speak it, and passes on how each
// side's connections end. It returns the server's address as https.
func overTLS(t testing.TB, url string) string {
	t.Helper()
	certificate := httptest.NewUnstartedServer(nil)
	certificate.StartTLS()
	t.Cleanup(certificate.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/hello")
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			front, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { terminate(front.(*net.TCPConn), address, certificate.TLS) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		serving.Wait()
	})
	return "https://" + listener.Addr().String() + "/hello"
}

func terminate(front *net.TCPConn, address string, config *tls.Config) {
	defer front.Close()
	client := tls.Server(front, &tls.Config{Certificates: config.Certificates})
	if client.Handshake() != nil {
		return
	}
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, client)
		server.Close()
	}()
	if _, err := io.Copy(client, server); isReset(err) {
		_ = front.SetLinger(0)
		return
	}
	client.Close()
}

func TestConformanceOverTLS(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	for _, c := range conformance {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			undisturbed(t, func(t testing.TB) {
				server := newPeer(t, c.answer)
				request := c.request
				request.URL, request.Insecure = overTLS(t, server.url), true
				m, err := Run(t.Context(), Job{Request: request, Checks: c.checks, Workload: traffic.Load{
					Model: traffic.Users, Users: 3, RampOver: 3 * time.Millisecond, Repeat: 4, Timeout: c.timeout}}, nil)
				if err != nil {
					t.Fatal(err)
				}
				expect(t, m, c.want)
				if n := server.connections.Load(); n != c.want.connections {
					t.Errorf("the server accepted %d connections; want %d", n, c.want.connections)
				}
			})
		})
	}
}

func TestTLSConnectionClosedWhileFreeIsAReconnect(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	server := newPeer(t, saysAndCloses("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
	request := traffic.Request{URL: overTLS(t, server.url), Insecure: true}
	// On a machine that takes longer for a handshake than from one request to the next each
	// is sent before the close has come, and it is seen at a lower rate.
	for _, perSecond := range []float64{50, 10, 2} {
		m, err := Run(t.Context(), Job{Request: request, Workload: traffic.Load{Model: traffic.Rate, Rate: perSecond, Requests: 20, Connections: 1}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if m.OK != 20 || m.KO != 0 || m.Reconnects+m.Retried != 19 { // a close may come late
			t.Fatalf("OK %d KO %d reconnects %d retried %d; want 20 OK over 19 reconnects: %+v", m.OK, m.KO, m.Reconnects, m.Retried, m.Failures)
		}
		expectWhole(t, m)
		if m.Reconnects > 0 {
			return
		}
	}
	t.Error("a close between two requests is never told as a reconnect")
}

// tlsServer is a server that is not told to clients as one to trust.
func tlsServer(t *testing.T, http2 bool) *httptest.Server {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshakes that the test has fail
	server.EnableHTTP2 = http2
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func TestUntrustedCertificateSaysWhatToDo(t *testing.T) {
	server := tlsServer(t, true)
	for _, http2 := range []bool{false, true} {
		_, err := Once(t.Context(), traffic.Request{URL: server.URL, HTTP2: http2}, traffic.Checks{}, time.Minute)
		var none *NoReplyError
		if !errors.As(err, &none) || none.Cause != measure.CauseTLSHandshake || !strings.Contains(err.Error(), "--insecure") {
			t.Errorf("%v; want a failed handshake that names --insecure", err)
		}
	}
	m, err := Run(t.Context(), Job{Request: traffic.Request{URL: server.URL}, Workload: traffic.Load{Model: traffic.Users, Users: 3, Repeat: 4}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, m, tallied{ko: 12, cause: measure.CauseTLSHandshake})
}

func TestServerWithoutTLSFailsTheHandshake(t *testing.T) {
	server := newPeer(t, says(helloReply))
	url := strings.Replace(server.url, "http://", "https://", 1)
	m, err := Run(t.Context(), Job{Request: traffic.Request{URL: url, Insecure: true}, Workload: traffic.Load{Model: traffic.Users, Users: 3, Repeat: 4}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, m, tallied{ko: 12, cause: measure.CauseTLSHandshake})
}

// A server that takes connections and says nothing has answered the connect.
func TestHandshakeWithoutAnswerIsToldAsSuch(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	server := newRawPeer(t, func(_ *peer, c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) })
	url := strings.Replace(server.url, "http://", "https://", 1)
	for _, http2 := range []bool{false, true} {
		t.Run(map[bool]string{true: "HTTP/2", false: "HTTP/1.1"}[http2], func(t *testing.T) {
			t.Parallel()
			request := traffic.Request{URL: url, Insecure: true, HTTP2: http2}
			_, err := Once(t.Context(), request, traffic.Checks{}, shortTimeout)
			var none *NoReplyError
			if !errors.As(err, &none) || none.Cause != measure.CauseConnectTimeout || !none.Connected || none.Why != whyUnshaken {
				t.Errorf("at a start: %#v; want %q of a connection that was made", err, whyUnshaken)
			}
			m, err := Run(t.Context(), Job{Request: request, Workload: traffic.Load{Model: traffic.Users, Users: 1, Repeat: 1, Timeout: shortTimeout}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(m.Failures) != 1 || m.Failures[0].Cause != measure.CauseConnectTimeout || m.Failures[0].Reason() != whyUnshaken {
				t.Errorf("under load: %+v; want %q", m.Failures, whyUnshaken)
			}
		})
	}
}

// http2Server is one that speaks HTTP/2 with TLS or without, and counts.
func http2Server(t testing.TB, secure bool, handler http.HandlerFunc) (url string, requests *atomic.Uint64) {
	t.Helper()
	requests = new(atomic.Uint64)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		if r.ProtoMajor != 2 {
			t.Errorf("a request came as %s", r.Proto)
		}
		handler(w, r)
	}))
	if secure {
		server.EnableHTTP2 = true
		server.StartTLS()
	} else {
		server.Config.Protocols = new(http.Protocols)
		server.Config.Protocols.SetUnencryptedHTTP2(true)
		server.Start()
	}
	t.Cleanup(server.Close)
	return server.URL + "/hello", requests
}

func eachHTTP2(t *testing.T, test func(t *testing.T, secure bool)) {
	for _, secure := range []bool{true, false} {
		t.Run(map[bool]string{true: "TLS", false: "prior knowledge"}[secure], func(t *testing.T) { test(t, secure) })
	}
}

var errAbort = http.ErrAbortHandler

// http2Conformance is what the HTTP/2 client must tell apart: 3 users, 4 requests each.
var http2Conformance = []struct {
	name    string
	handler http.HandlerFunc
	request traffic.Request
	checks  traffic.Checks
	timeout time.Duration
	want    tallied
}{
	{name: "a plain reply", checks: helloChecks, want: good, handler: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"name":1}`) }},
	{name: "a body of 300 kB", checks: traffic.Checks{BodyContains: "xend"}, want: good,
		handler: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 299997)+"end") }},
	{name: "a request with a body", request: traffic.Request{Method: "POST", Body: []byte(strings.Repeat("y", 100_000)), Headers: []traffic.Header{{Name: "X-A", Value: "b"}, {Name: "Host", Value: "here"}}},
		checks: traffic.Checks{BodyContains: "POST 100000 b here benchtui"}, want: good, handler: func(w http.ResponseWriter, r *http.Request) {
			n, _ := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, r.Method, " ", n, " ", r.Header.Get("X-A"), " ", r.Host, " ", r.UserAgent())
		}},
	{name: "HEAD", request: traffic.Request{Method: "HEAD"}, checks: traffic.Checks{Status: 200}, want: good, handler: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "none") }},
	{name: "a status that is not expected", checks: helloChecks, handler: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "busy", http.StatusServiceUnavailable) },
		want: tallied{ko: 12, cause: "status 503", sampleBegins: `HTTP/2.0 503 Service Unavailable\n`}},
	{name: "a field that is missing", checks: helloChecks, handler: func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"a":1}`) },
		want: tallied{ko: 12, cause: `check json field "name"`, sampleBegins: "HTTP/2.0 200"}},
	{name: "a stream that is reset", handler: func(http.ResponseWriter, *http.Request) { panic(errAbort) },
		want: tallied{ko: 12, cause: streamCause("INTERNAL_ERROR"), unanswered: 12}},
	{name: "never replies", timeout: shortTimeout, handler: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		want: tallied{ko: 12, cause: measure.CauseTimeout, unanswered: 12}},
	{name: "a body that ends early", handler: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		fmt.Fprint(w, "12345")
		_ = http.NewResponseController(w).Flush()
		panic(errAbort)
	}, want: tallied{ko: 12, cause: streamCause("INTERNAL_ERROR"), unanswered: 12}},
	{name: "GOAWAY after each reply", checks: traffic.Checks{Status: 200}, want: tallied{ok: 12, reconnects: 9},
		handler: func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") }},
}

func TestHTTP2Conformance(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachHTTP2(t, func(t *testing.T, secure bool) {
		for _, c := range http2Conformance {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				undisturbed(t, func(t testing.TB) {
					url, requests := http2Server(t, secure, c.handler)
					request := c.request
					request.URL, request.HTTP2, request.Insecure = url, true, secure
					m, err := Run(t.Context(), Job{Request: request, Checks: c.checks, Workload: traffic.Load{
						Model: traffic.Users, Users: 3, RampOver: 3 * time.Millisecond, Repeat: 4, Timeout: c.timeout}}, nil)
					if err != nil {
						t.Fatal(err)
					}
					if c.want.reconnects > 0 { // what comes first, the GOAWAY or the next request, is a race
						m.Reconnects, m.Retried = m.Reconnects+m.Retried, 0
					}
					expect(t, m, c.want)
					if n := requests.Load(); c.want.reconnects == 0 && n != m.Sent {
						t.Errorf("the server counted %d requests; %d were sent", n, m.Sent)
					}
				})
			})
		}
	})
}

func TestHTTP2RunsEveryModel(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachHTTP2(t, func(t *testing.T, secure bool) {
		for _, w := range []traffic.Load{
			{Model: traffic.Closed, Connections: 4, Requests: 400},
			{Model: traffic.Rate, Connections: 4, Rate: 1000, Duration: 400 * time.Millisecond},
			{Model: traffic.Ramp, Connections: 4, Rate: 500, RateTo: 1500, Duration: 400 * time.Millisecond},
			{Model: traffic.Users, Users: 100, RampOver: 200 * time.Millisecond, Repeat: 4},
		} {
			t.Run(string(w.Model), func(t *testing.T) {
				url, requests := http2Server(t, secure, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"name":1}`) })
				m, err := Run(t.Context(), Job{Request: traffic.Request{URL: url, HTTP2: true, Insecure: secure}, Checks: helloChecks, Workload: w}, nil)
				if err != nil {
					t.Fatal(err)
				}
				expectWhole(t, m)
				if m.OK != 400 || requests.Load() != 400 || m.BytesReceived < 400*20 {
					t.Errorf("OK %d, the server counted %d, %d bytes came; want 400: %+v", m.OK, requests.Load(), m.BytesReceived, m.Failures)
				}
			})
		}
	})
}

func TestHTTP2UserKeepsACache(t *testing.T) {
	url, _ := http2Server(t, true, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `W/"1"`)
		if r.Header.Get("If-None-Match") == `W/"1"` {
			w.WriteHeader(http.StatusNotModified)
		}
	})
	m, err := Run(t.Context(), Job{Request: traffic.Request{URL: url, HTTP2: true, Insecure: true}, Checks: traffic.Checks{Status: 200},
		Workload: traffic.Load{Model: traffic.Users, Users: 3, Repeat: 4, HTTPCache: true}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.OK != 3 || m.KO != 9 || len(m.Failures) != 1 || m.Failures[0].Cause != "status 304" {
		t.Errorf("OK %d KO %d %+v; want 3 and 9 × status 304", m.OK, m.KO, m.Failures)
	}
}

func TestServerWithoutHTTP2SaysSo(t *testing.T) {
	server := tlsServer(t, false)
	_, err := Once(t.Context(), traffic.Request{URL: server.URL, HTTP2: true, Insecure: true}, traffic.Checks{}, time.Minute)
	if err == nil || !strings.Contains(err.Error(), "--http2") {
		t.Errorf("over TLS: %v; want advice to leave out --http2", err)
	}
	plain := newPeer(t, says(helloReply))
	_, err = Once(t.Context(), traffic.Request{URL: plain.url, HTTP2: true}, traffic.Checks{}, time.Minute)
	if err == nil || !strings.Contains(err.Error(), "--http2") {
		t.Errorf("without TLS: %v; want advice to leave out --http2", err)
	}
}

func TestCompressedReplyIsCheckedAsItWas(t *testing.T) {
	const text = `{"name":"hello"}`
	compress := func(encoding string) []byte {
		var out strings.Builder
		var w io.WriteCloser = gzip.NewWriter(&out)
		if encoding == "deflate" {
			w = zlib.NewWriter(&out)
		}
		_, _ = io.WriteString(w, text)
		w.Close()
		return []byte(out.String())
	}
	for _, c := range []struct {
		encoding string
		body     []byte
		want     measure.Cause
	}{
		{"gzip", compress("gzip"), ""},
		{"deflate", compress("deflate"), ""},
		{"identity", []byte(text), ""},
		{"br", []byte("?"), "check body: its Content-Encoding is neither gzip nor deflate"},
		{"gzip", []byte(text), "check body: it can't be decompressed"},
		{"gzip", compress("gzip")[:20], "check body: it can't be decompressed"},
	} {
		eachClient(t, func(t *testing.T, client Client) {
			reply := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s", c.encoding, len(c.body), c.body)
			server := newPeer(t, says(reply))
			m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Checks: helloChecks,
				Workload: traffic.Load{Model: traffic.Users, Users: 3, Repeat: 4}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := tallied{ok: 12}
			if c.want != "" {
				want = tallied{ko: 12, cause: c.want}
			}
			expect(t, m, want)
		})
	}
}

// Without Content-Length or chunks only TLS's own end says that a reply is whole (RFC
// 9112, section 9.8): that of the TCP connection anybody can make.
func TestReplyWithoutTLSEndIsNotWhole(t *testing.T) {
	certificate := httptest.NewUnstartedServer(nil)
	certificate.StartTLS()
	t.Cleanup(certificate.Close)
	const (
		toTheEnd = "HTTP/1.1 200 OK\r\n\r\nhello"
		counted  = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
		chunked  = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
	)
	for _, c := range []struct {
		name, reply string
		notify      bool
		version     uint16
		ok          bool
	}{
		{"to the end, with close_notify", toTheEnd, true, tls.VersionTLS13, true},
		{"to the end, with close_notify of TLS 1.2", toTheEnd, true, tls.VersionTLS12, true},
		{"to the end, without", toTheEnd, false, tls.VersionTLS13, false},
		{"to the end, without in TLS 1.2", toTheEnd, false, tls.VersionTLS12, false},
		{"no body at all, without", "HTTP/1.1 200 OK\r\n\r\n", false, tls.VersionTLS13, false},
		{"counted, without", counted, false, tls.VersionTLS13, true},
		{"chunked, without", chunked, false, tls.VersionTLS13, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := &tls.Config{Certificates: certificate.TLS.Certificates, MaxVersion: c.version}
			server := newRawPeer(t, func(_ *peer, socket *net.TCPConn) {
				conn := tls.Server(socket, config)
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
					return
				}
				_, _ = io.WriteString(conn, c.reply)
				if c.notify {
					_ = conn.CloseWrite()
				}
				_ = socket.CloseWrite()
				_, _ = io.Copy(io.Discard, socket)
			})
			request := traffic.Request{URL: strings.Replace(server.url, "http://", "https://", 1), Insecure: true}
			const why = "ended without TLS close_notify"

			_, err := Once(t.Context(), request, traffic.Checks{}, time.Minute)
			var none *NoReplyError
			switch {
			case c.ok && err != nil:
				t.Errorf("asked once: %v", err)
			case !c.ok && (!errors.As(err, &none) || none.Cause != measure.CauseClosedMidReply || !strings.Contains(err.Error(), why)):
				t.Errorf("asked once: %v; want that it %s", err, why)
			}

			m, err := Run(t.Context(), Job{Request: request, Workload: traffic.Load{Model: traffic.Users, Users: 2, Repeat: 2}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.ok {
				expect(t, m, tallied{ok: 4, reconnects: 2})
				return
			}
			expect(t, m, tallied{ko: 4, cause: measure.CauseClosedMidReply, unanswered: 4, sampleBegins: "HTTP/1.1 200 OK"})
			if len(m.Failures) != 1 || !strings.Contains(m.Failures[0].Reason(), why) {
				t.Errorf("the reasons are %+v", m.Failures)
			}
		})
	}
}

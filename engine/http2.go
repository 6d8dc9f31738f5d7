package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// The names by which TLS agrees on a protocol (RFC 7301).
const (
	protocolHTTP1 = "http/1.1"
	protocolHTTP2 = "h2"
)

// counter is how many bytes went through.
type counter struct{ n atomic.Int64 }

func (c *counter) add(n int) { c.n.Add(int64(n)) }

// http2Requests is a request as the standard library's HTTP/2 client takes it, and
// that client. One request at a time goes over a connection, as with HTTP/1.1, so
// that the models mean the same.
type http2Requests struct {
	transport *http.Transport
	host      string // host:port of the URL
	template  *http.Request
	body      []byte
}

// dialledKey is under which a context hands an open connection to the transport,
// whose own way of dialling measures nothing.
type dialledKey struct{}

func newHTTP2Requests(target *url.URL, host, method string, headers []traffic.Header, body []byte) (*http2Requests, error) {
	template, err := http.NewRequest(method, target.String(), nil)
	if err != nil {
		return nil, err
	}
	template.Header.Set("User-Agent", "benchtui")
	for _, header := range headers {
		switch name := http.CanonicalHeaderKey(header.Name); name {
		case "Host":
			template.Host = header.Value
		case "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade":
			return nil, field.Errorf("header", "%s: HTTP/2 has no such header (RFC 9113, section 8.2.2); leave it out with "+flagname.HTTP2, header.Name)
		case "User-Agent":
			template.Header.Set(name, header.Value)
		default:
			template.Header.Add(name, header.Value)
		}
	}
	handOver := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return ctx.Value(dialledKey{}).(net.Conn), nil
	}
	var protocols http.Protocols
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http2Requests{
		transport: &http.Transport{
			DialContext: handOver, DialTLSContext: handOver, Protocols: &protocols,
			DisableCompression: true, // what is asked for, the headers say
		},
		host: host, template: template, body: body,
	}, nil
}

// request is the request to be sent once; validators are the header lines that a
// user's cache adds to it.
func (h *http2Requests) request(ctx context.Context, validators []byte) *http.Request {
	request := h.template.WithContext(ctx)
	if len(h.body) > 0 || request.Method == "POST" || request.Method == "PUT" || request.Method == "PATCH" {
		request.ContentLength = int64(len(h.body))
		request.Body = http.NoBody
		if len(h.body) > 0 {
			request.Body = io.NopCloser(bytes.NewReader(h.body))
		}
	}
	if len(validators) > 0 {
		request.Header = request.Header.Clone()
		for line := range strings.Lines(string(validators)) {
			name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ": ")
			request.Header.Set(name, value)
		}
	}
	return request
}

// http2Conn is an open connection and its client.
type http2Conn struct {
	client   *http.ClientConn
	socket   *countedConn
	ends     *streamEnds
	requests *http2Requests
}

// connect makes a client of an open connection. Settings are exchanged with the
// first request.
func (h *http2Requests) connect(ctx context.Context, conn dialled) (*http2Conn, error) {
	ends := &streamEnds{Conn: conn.Conn, stamps: conn.stamps}
	// The transport takes only the standard library's own TLS connections for TLS. To
	// it this is one without, on which it sends what it is told, https in the requests
	// included.
	client, err := h.transport.NewClientConn(context.WithValue(ctx, dialledKey{}, net.Conn(ends)), "http", h.host)
	if err != nil {
		conn.socket.Close()
		return nil, err
	}
	return &http2Conn{client, conn.socket.(*countedConn), ends, h}, nil
}

// gone says whether no more requests can be sent.
func (c *http2Conn) gone() bool { return c.client.Err() != nil || c.client.Available() == 0 }

// exchange sends the request and reads the reply, which it tells to the parser as
// if it had come as HTTP/1.1. validators is what a user's cache adds to the request.
func (c *http2Conn) exchange(ctx context.Context, validators []byte, p *replyParser, buffer []byte) failure {
	before := c.socket.received.n.Load()
	reply, err := c.client.RoundTrip(c.requests.request(ctx, validators))
	if err != nil {
		p.total = c.socket.received.n.Load() - before
		// A connection that failed before its first request hides why.
		if strings.Contains(err.Error(), "could not be established") && c.socket.received.n.Load() > 0 {
			return failure{cause: measure.CauseMalformed, err: errNoHTTP2}
		}
		return http2Failure(ctx, err, false, 0)
	}
	takeHTTP2(p, reply)
	for err == nil {
		var n int
		n, err = reply.Body.Read(buffer)
		p.keepBody(buffer[:n])
	}
	reply.Body.Close()
	p.total = c.socket.received.n.Load() - before
	if !errors.Is(err, io.EOF) {
		return http2Failure(ctx, err, true, p.bodySeen)
	}
	p.state = replyDone
	return failure{}
}

// takeHTTP2 tells the parser the head of a reply.
func takeHTTP2(p *replyParser, reply *http.Response) {
	p.status = reply.StatusCode
	p.etag = append(p.etag, reply.Header.Get("Etag")...)
	if location := reply.Header.Get("Location"); Redirects(p.status) {
		p.location = append(p.location, location[:min(len(location), maxLocation)]...)
	}
	p.lastModified = append(p.lastModified, reply.Header.Get("Last-Modified")...)
	p.encoding = encodingOf([]byte(strings.Join(reply.Header.Values("Content-Encoding"), ", ")))
	p.begun = fmt.Appendf(p.begun, "%s %s\r\n", reply.Proto, reply.Status)
	var head bytes.Buffer
	_ = reply.Header.Write(&head) // a buffer takes all
	p.begun = append(p.begun, head.Bytes()[:min(head.Len(), max(0, sampleBytes-len(p.begun)))]...)
}

// http2Failure names what went wrong; begun: the reply's head had come, and so many
// bytes of its body.
func http2Failure(ctx context.Context, err error, begun bool, body int64) failure {
	text := err.Error()
	if code, ok := streamReset(text); ok {
		return failure{cause: streamCause(code), err: err, why: whyReset(code)}
	}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		why := "no byte of a reply came in time"
		if begun {
			why = fmt.Sprintf("the head and %s of the body came, and no end in time", appendBytes(nil, body))
		}
		return failure{cause: measure.CauseTimeout, err: errTimeout, why: why}
	case isReset(err):
		return failure{cause: measure.CauseConnectionReset, err: err, unsent: !begun}
	case strings.Contains(text, "stream error"): // which our own client found
		return failure{cause: measure.CauseMalformed, err: err, why: withoutStream(text)}
	case closesHTTP2(err) && begun:
		return failure{cause: measure.CauseClosedMidReply, err: err}
	case closesHTTP2(err):
		return failure{cause: measure.CauseClosedBeforeReply, err: err, unsent: true}
	case strings.Contains(text, "looked like an HTTP/1.1 header"):
		return failure{cause: measure.CauseMalformed, err: errNoHTTP2}
	case strings.Contains(text, "protocol error") || strings.Contains(text, "connection error") || strings.Contains(text, "frame"):
		return failure{cause: measure.CauseMalformed, err: err}
	}
	return failure{cause: measure.CauseConnectionReset, err: err}
}

// closesHTTP2 says whether the error is the end of a connection: by itself, after a
// GOAWAY, or found by the client before it sent anything.
func closesHTTP2(err error) bool {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return true
	}
	text := err.Error()
	return strings.Contains(text, "GOAWAY") || strings.Contains(text, "client connection") || strings.Contains(text, "client conn ")
}

// withoutStream leaves the number of the stream out of an error, which differs each time.
func withoutStream(text string) string {
	before, rest, found := strings.Cut(text, "stream ID ")
	if _, after, numbered := strings.Cut(rest, "; "); found && numbered {
		return before + after
	}
	return text
}

// streamCause is the cause of a reply that an HTTP/2 server cut off with RST_STREAM.
func streamCause(code string) measure.Cause { return measure.Cause("HTTP/2 stream reset: " + code) }

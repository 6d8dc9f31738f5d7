package engine

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/traffic"
)

// refuser answers as soon as the head of a request is there that its body is too
// large. It reads no more, and keeps the connection until it is released.
func refuser(t *testing.T) (p *peer, release func()) {
	over := make(chan struct{})
	release = sync.OnceFunc(func() { close(over) })
	p = newRawPeer(t, func(p *peer, c *net.TCPConn) {
		if _, err := c.Read(make([]byte, 1024)); err != nil {
			return
		}
		p.requests.Add(1)
		_, _ = io.WriteString(c, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\n\r\nlarge")
		<-over
	})
	t.Cleanup(release) // before the peer's own
	return p, release
}

// A reply to a part of a request is a reply. The request will not go out whole any
// more, so the connection is of no more use.
func TestReplyToPartOfALargeRequestIsRead(t *testing.T) {
	body := bytes.Repeat([]byte("large"), 4<<20)
	expect := func(t *testing.T, job Job) {
		t.Helper()
		job.Request.Method, job.Request.Body = "POST", body
		job.Workload = traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 2, Timeout: time.Minute}
		m, err := Run(t.Context(), job, nil)
		if err != nil {
			t.Fatal(err)
		}
		expectWhole(t, m)
		if len(m.Failures) != 1 || m.Failures[0].Cause != "status 413" || m.KO != 2 || m.To > 30*time.Second || m.Reconnects != 1 {
			t.Errorf("KO %d in %s, %d reconnects, %+v; want two 413", m.KO, m.To, m.Reconnects, m.Failures)
		}
		if m.BytesSent == 0 || m.BytesSent >= 2*uint64(len(body)) {
			t.Errorf("%d bytes sent of 2 × %d; want a part", m.BytesSent, len(body))
		}
	}
	eachClient(t, func(t *testing.T, client Client) {
		p, _ := refuser(t)
		expect(t, Job{Client: client, Request: traffic.Request{URL: p.url}})
	})
	t.Run("https", func(t *testing.T) {
		p, release := refuser(t)
		url := overTLS(t, p.url)
		t.Cleanup(release) // before that of what stands between
		expect(t, Job{Request: traffic.Request{URL: url, Insecure: true}})
	})
	t.Run("once", func(t *testing.T) {
		p, _ := refuser(t)
		reply, err := Once(t.Context(), traffic.Request{URL: p.url, Method: "POST", Body: body}, traffic.Checks{}, time.Minute)
		if err != nil || reply.Status != 413 || reply.Took > 30*time.Second {
			t.Errorf("%+v %v; want a 413", reply, err)
		}
	})
}

// A large body that the server reads goes out whole, and the connection stays.
func TestLargeRequestGoesOutWhole(t *testing.T) {
	body := bytes.Repeat([]byte("large"), 1<<20)
	eachClient(t, func(t *testing.T, client Client) {
		p := newPeer(t, says(helloReply))
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: p.url, Method: "PUT", Body: body},
			Workload: traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 3}}, nil)
		if err != nil || m.OK != 3 || m.Connect.Count() != 1 || m.BytesSent < 3*uint64(len(body)) {
			t.Errorf("OK %d over %d connections, %d bytes: %v %v", m.OK, m.Connect.Count(), m.BytesSent, m.Failures, err)
		}
	})
}

package engine

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

func TestOnceTellsOfTheReply(t *testing.T) {
	server := newPeer(t, drips(helloReply, 0))
	reply, err := Once(t.Context(), traffic.Request{URL: server.url}, helloChecks, time.Minute)
	if err != nil || reply.Status != 200 || string(reply.Body) != `{"name":"hello"}` || reply.Cause != "" || reply.Took <= 0 {
		t.Errorf("%+v, %v", reply, err)
	}
	reply, err = Once(t.Context(), traffic.Request{URL: server.url}, traffic.Checks{BodyContains: "bye"}, time.Minute)
	if err != nil || reply.Cause != `check body contains "bye"` {
		t.Errorf("%+v, %v; a reply that fails its check is no error", reply, err)
	}
}

func TestOnceSaysWhyThereIsNoReply(t *testing.T) {
	gone := newPeer(t, says(""))
	gone.close()
	for _, c := range []struct {
		name   string
		answer answer
		want   measure.Cause
	}{
		{"closes", func(*net.TCPConn, int) bool { return false }, measure.CauseClosedBeforeReply},
		{"closes in the middle", saysAndCloses("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi"), measure.CauseClosedMidReply},
		{"resets", func(c *net.TCPConn, _ int) bool { _ = c.SetLinger(0); return false }, measure.CauseConnectionReset},
		{"no HTTP", says("SSH-2.0\r\n"), measure.CauseMalformed},
		{"never", func(c *net.TCPConn, _ int) bool { _, _ = io.Copy(io.Discard, c); return false }, measure.CauseTimeout},
		{"refuses", nil, measure.CauseConnectRefused},
	} {
		url := gone.url
		if c.answer != nil {
			url = newPeer(t, c.answer).url
		}
		patience := time.Minute
		if c.want == measure.CauseTimeout {
			patience = 100 * time.Millisecond
		}
		began := time.Now()
		_, err := Once(t.Context(), traffic.Request{URL: url}, traffic.Checks{}, patience)
		var none *NoReplyError
		if !errors.As(err, &none) || none.Cause != c.want || err.Error() == "" {
			t.Errorf("%s: %v; want %s", c.name, err, c.want)
		}
		if c.want == measure.CauseConnectRefused && !isRefused(err) {
			t.Errorf("%s: %v does not wrap the system's error", c.name, err)
		}
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%s: it took %s", c.name, took)
		}
	}
}

func TestOnceEndsWithItsContext(t *testing.T) {
	server := newPeer(t, func(c *net.TCPConn, _ int) bool { _, _ = io.Copy(io.Discard, c); return false })
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := Once(ctx, traffic.Request{URL: server.url}, traffic.Checks{}, time.Minute)
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 30*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
	if _, err := Once(t.Context(), traffic.Request{Method: http.MethodConnect, URL: server.url}, traffic.Checks{}, time.Second); err == nil {
		t.Error("a request that can't be sent is sent")
	}
}

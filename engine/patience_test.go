package engine

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// mute takes connections and requests, and says nothing.
func mute(t testing.TB) *peer {
	return newPeer(t, func(c *net.TCPConn, _ int) bool { _, _ = io.Copy(io.Discard, c); return false })
}

// Against a server that answers nobody, users give up after one time-out, not after
// as many as they have requests. What is never sent counts.
func TestUsersGiveUpAMuteServer(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	const timeout = 500 * time.Millisecond
	eachUndisturbed(t, func(t testing.TB, client Client) {
		m, err := Run(t.Context(), Job{Client: client, Loops: 2, Patience: timeout, Request: traffic.Request{URL: mute(t).url}, Workload: traffic.Load{
			Model: traffic.Users, Users: 6, RampOver: 100 * time.Millisecond, Repeat: 20, Timeout: timeout}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		expectWhole(t, m)
		if m.KO != 120 || m.Sent != 6 || len(m.Failures) != 1 || m.Failures[0].Cause != measure.CauseTimeout {
			t.Errorf("KO %d, sent %d, %+v; want 120 time-outs, of which 6 were sent", m.KO, m.Sent, m.Failures)
		}
		if m.To > 4*timeout { // it would be 20
			t.Errorf("it took %s of a time-out of %s", m.To, timeout)
		}
	})
}

// While anybody is answered, who waits goes on.
func TestUsersGoOnWhileTheServerAnswersSome(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	const timeout = 400 * time.Millisecond
	eachUndisturbed(t, func(t testing.TB, client Client) {
		// The first connection's first request is never answered; the second's are, each in 50 ms.
		var seen atomic.Int64
		p := newRawPeer(t, func(p *peer, c *net.TCPConn) {
			hangs := seen.Add(1) == 1
			p.serve(c, func(c *net.TCPConn, nth int) bool {
				if hangs {
					_, _ = io.Copy(io.Discard, c)
					return false
				}
				time.Sleep(50 * time.Millisecond)
				return says(helloReply)(c, nth)
			})
		})
		m, err := Run(t.Context(), Job{Client: client, Loops: 2, Patience: timeout, Request: traffic.Request{URL: p.url}, Workload: traffic.Load{
			Model: traffic.Users, Users: 2, RampOver: 100 * time.Millisecond, Repeat: 20, Timeout: timeout}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		expectWhole(t, m)
		if m.OK != 39 || m.KO != 1 || m.Sent != 40 {
			t.Errorf("OK %d, KO %d, sent %d; want 39, 1, 40: %+v", m.OK, m.KO, m.Sent, m.Failures)
		}
	})
}

// A number of requests at a rate takes a time that is known beforehand, and what
// hangs is waited for no longer than after any other open load.
func TestHungReplyDoesNotHoldUpANumberOfRequests(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		var seen atomic.Int64
		p := newRawPeer(t, func(p *peer, c *net.TCPConn) {
			hangs := seen.Add(1) == 1
			p.serve(c, func(c *net.TCPConn, nth int) bool {
				if hangs && nth == 1 {
					_, _ = io.Copy(io.Discard, c)
					return false
				}
				return says(helloReply)(c, nth)
			})
		})
		w := traffic.Load{Model: traffic.Rate, Rate: 500, Requests: 250, Connections: 8}
		if w.Span() != 500*time.Millisecond {
			t.Errorf("%s is how long 250 requests are due at 500/s; want 500ms", w.Span())
		}
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: p.url}, Drain: 300 * time.Millisecond, Workload: w}, nil)
		if err != nil {
			t.Fatal(err)
		}
		expectWhole(t, m)
		if m.OK != 249 || m.KO != 1 || m.To > 5*time.Second { // the default time-out is 60 s
			t.Errorf("OK %d, KO %d in %s; want 249 and 1 in 0.8 s: %+v", m.OK, m.KO, m.To, m.Failures)
		}
	})
}

// The wait for the end of a tick is the generator's own choice, and no part of what
// the server is told to take.
func TestTickIsNoResponseTime(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	for name, w := range map[string]traffic.Load{
		"rate":  {Model: traffic.Rate, Rate: 50, Duration: 2 * time.Second, Connections: 100},
		"ramp":  {Model: traffic.Ramp, Rate: 40, RateTo: 60, Duration: 2 * time.Second, Connections: 100},
		"users": {Model: traffic.Users, Users: 100, RampOver: 2 * time.Second, Repeat: 1},
	} {
		eachClient(t, func(t *testing.T, client Client) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				undisturbed(t, func(t testing.TB) {
					backlog := 0
					m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: newPeer(t, says(helloReply)).url}, Tick: time.Second, Workload: w},
						func(m measure.Measures) { backlog = max(backlog, m.Backlog) })
					if err != nil {
						t.Fatal(err)
					}
					expectWhole(t, m)
					// With it the median would be half a second.
					if p50 := m.ResponseOK.Quantile(.5); m.OK != 100 || p50 > 250_000 || m.Lateness.Quantile(.5) > 250_000 {
						t.Errorf("OK %d, p50 %d µs, %d µs late", m.OK, p50, m.Lateness.Quantile(.5))
					}
					if m.To < 2*time.Second {
						t.Errorf("it took %s; the last tick ends at 2 s", m.To)
					}
					if backlog > 60 { // 50 are due at once
						t.Errorf("up to %d requests waited for a connection; what waits for its tick does not", backlog)
					}
				})
			})
		})
	}
}

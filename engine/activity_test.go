package engine

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// Whatever the connections do, and however a stretch is cut, no time is lost or told twice.
func TestActivityTimesAddUp(t *testing.T) {
	var all activityTimes
	var c activity
	all.turn(&c, held, 10)
	all.turn(&c, connecting, 15)
	all.turn(&c, waiting, 40)
	first := all.take(100)
	if want := (measure.ConnectionTime{Held: 5, Connecting: 25, Waiting: 60}); first != want {
		t.Errorf("%+v, want %+v", first, want)
	}
	all.turn(&c, idle, 110)
	all.turn(&c, held, 160)
	all.turn(&c, waiting, 180)
	all.turn(&c, unwanted, 190)
	if got, want := all.take(300), (measure.ConnectionTime{Waiting: 20, Idle: 50, Held: 20}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	all.turn(&c, waiting, 310)
	sum := all.take(400)
	all.turn(&c, held, 330) // the reply had come then, and is read only now: 70 were told as waiting
	got := all.take(500)
	if want := (measure.ConnectionTime{Waiting: -70, Held: 170}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if sum.Add(got); sum != (measure.ConnectionTime{Waiting: 20, Held: 170}) {
		t.Errorf("in all %+v", sum)
	}
}

func TestVacancyTellsWhoseWaitItWas(t *testing.T) {
	const ms = time.Millisecond
	v := vacancy{}
	for range 2 {
		v.freed(0)
	}
	takes := func(due, at, want time.Duration, why string) {
		t.Helper()
		if got := v.taken(due, at); got != want {
			t.Errorf("%s: due at %v and taken at %v, it could be sent since %v; want %v", why, due, at, got, want)
		}
	}
	takes(1*ms, 1*ms, 1*ms, "in time")
	takes(2*ms, 5*ms, 2*ms, "late by the generator")
	v.freed(10 * ms)
	takes(3*ms, 10*ms, 3*ms, "due while one was free, and taken when that was in use")
	v.freed(12 * ms)
	takes(6*ms, 12*ms, 12*ms, "due while none was free")
	v.freed(20 * ms)
	v.freed(20 * ms)
	takes(7*ms, 21*ms, 20*ms, "one of two was free for a ms")
	takes(8*ms, 21*ms, 20*ms, "and so was the other")
	v.freed(30 * ms)
	takes(9*ms, 30*ms, 30*ms, "the stretch goes on for those that were due in it")
	v.freed(40 * ms)
	takes(50*ms, 90*ms, 50*ms, "a pool that was free again")
}

// parts are the shares of the time of so many connections.
func parts(m measure.Measures, connections int) (connecting, waiting, held, idle float64) {
	whole := float64(connections) * float64(m.To-m.From)
	c := m.ConnectionTime
	return float64(c.Connecting) / whole, float64(c.Waiting) / whole, float64(c.Held) / whole, float64(c.Idle) / whole
}

// hangs never answers.
func hangs(c *net.TCPConn, _ int) bool { _, _ = io.Copy(io.Discard, c); return false }

func TestConnectionsTimeIsWhoseTurnItWas(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	slow := func(c *net.TCPConn, nth int) bool { time.Sleep(10 * time.Millisecond); return says(helloReply)(c, nth) }
	const length = 400 * time.Millisecond
	closed := traffic.Load{Model: traffic.Closed, Connections: 8, Duration: length}
	cases := []struct {
		name     string
		answer   answer
		workload traffic.Load
		mostly   func(connecting, waiting, held, idle float64) float64
	}{
		{"a closed load waits for a slow server", slow, closed,
			func(_, waiting, _, _ float64) float64 { return waiting }},
		{"and for one that never answers", hangs, closed,
			func(_, waiting, _, _ float64) float64 { return waiting }},
		{"and for one that resets", func(c *net.TCPConn, _ int) bool { _ = c.SetLinger(0); return false }, closed,
			func(connecting, waiting, _, _ float64) float64 { return connecting + waiting }},
		{"a rate has connections to spare", says(helloReply), traffic.Load{Model: traffic.Rate, Rate: 100, Connections: 8, Duration: length},
			func(_, _, _, idle float64) float64 { return idle }},
		{"or too few", hangs, traffic.Load{Model: traffic.Rate, Rate: 1000, Connections: 8, Duration: length},
			func(_, waiting, _, _ float64) float64 { return waiting }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			eachClient(t, func(t *testing.T, client Client) {
				t.Parallel()
				undisturbed(t, func(t testing.TB) { isTurnOf(t, client, c.answer, c.workload, length, c.mostly) })
			})
		})
	}
}

// isTurnOf holds most of the time of a load's connections to be what mostly picks.
func isTurnOf(t testing.TB, client Client, answer answer, workload traffic.Load, length time.Duration, mostly func(connecting, waiting, held, idle float64) float64) {
	t.Helper()
	server := newPeer(t, answer)
	var asked measure.Measures
	if _, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Workload: workload, Drain: 20 * time.Millisecond},
		func(m measure.Measures) {
			if m.From < length {
				asked = asked.Merge(m)
			}
		}); err != nil {
		t.Fatal(err)
	}
	asked.To = min(asked.To, length)
	connecting, waiting, held, idle := parts(asked, workload.Connections)
	if most := mostly(connecting, waiting, held, idle); most < 0.8 || most > 1.15 {
		t.Errorf("connecting %.2f, waiting %.2f, held %.2f, idle %.2f", connecting, waiting, held, idle)
	}
	loops := asked.LoopTime
	if loops.Wall <= 0 || loops.Busy < 0 || loops.Busy > loops.Wall {
		t.Errorf("the loops were busy for %v of %v", loops.Busy, loops.Wall)
	}
}

// A connection that is refused, and tried again after a pause, waits for the server.
func TestRefusedIsTheServersTime(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listener.Close()
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: "http://" + listener.Addr().String()},
			Workload: traffic.Load{Model: traffic.Closed, Connections: 8, Duration: 300 * time.Millisecond}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if connecting, _, held, _ := parts(m, 8); connecting < 0.8 || held > 0.2 {
			t.Errorf("connecting %.2f, held %.2f; want nearly all, and nearly nothing", connecting, held)
		}
	})
}

// One that finds the generator without descriptors waits for the generator.
func TestWantOfDescriptorsIsTheGeneratorsTime(t *testing.T) {
	for _, errno := range generatorLacks {
		if cause := dialCause(errno); !cause.Generators() {
			t.Errorf("%v is %q; want a cause of the generator's", errno, cause)
		}
	}
	if measure.CauseConnectRefused.Generators() {
		t.Error("a refusal is the server's")
	}
}

// A TLS handshake for each reply is time in which connections are opened, and it is the
// server's that asks for it.
func TestHandshakesAreConnecting(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	undisturbed(t, func(t testing.TB) {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "close")
			_, _ = w.Write([]byte("ok"))
		}))
		server.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			time.Sleep(20 * time.Millisecond)
			return nil, nil
		}}
		server.StartTLS()
		defer server.Close()
		m, err := Run(t.Context(), Job{Request: traffic.Request{URL: server.URL, Insecure: true},
			Workload: traffic.Load{Model: traffic.Closed, Connections: 4, Duration: 400 * time.Millisecond}}, nil)
		if err != nil || m.OK == 0 {
			t.Fatalf("OK %d: %v, %+v", m.OK, err, m.Failures)
		}
		if connecting, waiting, held, _ := parts(m, 4); connecting < 0.5 || connecting+waiting < 0.8 {
			t.Errorf("connecting %.2f, waiting %.2f, held %.2f", connecting, waiting, held)
		}
	})
}

// What waits because others time out is not sent late by the generator.
func TestWaitBehindTimeoutsIsNotLateness(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachUndisturbed(t, func(t testing.TB, client Client) {
		server := newPeer(t, hangs)
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Workload: traffic.Load{
			Model: traffic.Rate, Rate: 50, Duration: 800 * time.Millisecond, Connections: 4, Timeout: 250 * time.Millisecond}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if m.Lateness.Count() < 8 {
			t.Errorf("%d latenesses of %d requests", m.Lateness.Count(), m.Sent)
		}
		if late := m.Lateness.Max(); late > 150_000 { // the wait is up to 700 ms
			t.Errorf("the generator was %d µs late", late)
		}
	})
}

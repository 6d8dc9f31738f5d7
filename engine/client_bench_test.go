package engine

import (
	"fmt"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/traffic"
)

// echo answers whatever comes with one reply, and allocates nothing per request.
func echo(b testing.TB) *peer {
	reply := []byte(helloReply)
	return newRawPeer(b, func(_ *peer, c *net.TCPConn) {
		buffer := make([]byte, 4<<10)
		for {
			if _, err := c.Read(buffer); err != nil {
				return
			}
			if _, err := c.Write(reply); err != nil {
				return
			}
		}
	})
}

// BenchmarkClosed is the whole way of a request, the server of the benchmark
// included: what counts is that it allocates nothing.
func BenchmarkClosed(b *testing.B) {
	for _, client := range clients() {
		for _, connections := range []int{1, 64} {
			b.Run(fmt.Sprintf("%s/%d", client, connections), func(b *testing.B) {
				server := echo(b)
				b.ReportAllocs()
				b.ResetTimer()
				m, err := Run(b.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Checks: helloChecks,
					Workload: traffic.Load{Model: traffic.Closed, Connections: connections, Requests: uint64(b.N)}}, nil)
				if err != nil || m.OK != uint64(b.N) {
					b.Fatalf("OK %d of %d: %v, %+v", m.OK, b.N, err, m.Failures)
				}
			})
		}
	}
}

// A load allocates to begin, to open connections and to hand out intervals, and
// nothing for a request.
func TestRequestsAllocateNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachClient(t, func(t *testing.T, client Client) {
		server := echo(t)
		allocations := func(requests uint64) uint64 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: server.url}, Checks: helloChecks, Interval: time.Minute,
				Workload: traffic.Load{Model: traffic.Closed, Connections: 4, Requests: requests}}, nil)
			if err != nil || m.OK != requests {
				t.Fatalf("OK %d of %d: %v, %+v", m.OK, requests, err, m.Failures)
			}
			runtime.ReadMemStats(&after)
			return after.Mallocs - before.Mallocs
		}
		few, many := allocations(1000), allocations(11_000)
		if per := (float64(many) - float64(few)) / 10_000; per > 0.05 {
			t.Errorf("%d allocations with 1000 requests and %d with 11000: %.2f for each", few, many, per)
		}
	})
}

package engine

import (
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// Whatever loops take and get back, in whatever order: while any has a connection
// free, one that has wakes for the next request at the latest when it is due.
func TestNextRequestIsAlwaysWaitedFor(t *testing.T) {
	for loops := 1; loops <= 8; loops++ {
		for _, slots := range []int{loops, loops + 1, 3*loops + 2, 64} {
			random := rand.New(rand.NewPCG(uint64(loops), uint64(slots)))
			var q queue
			q.share(loops, slots)
			free := make([]int, loops)
			for slot := range slots {
				free[slot%loops]++
			}
			watched := make([]uint64, loops)
			var look func(i int)
			look = func(i int) {
				request, wake := q.watch(i, free[i] > 0)
				watched[i] = request
				if wake >= 0 {
					look(wake)
				}
			}
			for i := range loops {
				look(i)
			}
			var busy []int
			for step := range 3000 {
				if i := random.IntN(loops); free[i] > 0 && random.IntN(2) == 0 {
					free[i]--
					busy = append(busy, i)
					q.taken.Add(1)
					look(i)
				} else if len(busy) > 0 {
					at := random.IntN(len(busy))
					i = busy[at]
					busy = slices.Delete(busy, at, at+1)
					free[i]++
					look(i)
				}
				waited := len(busy) == slots
				for i := range loops {
					waited = waited || free[i] > 0 && watched[i] <= q.taken.Load()
				}
				if !waited {
					t.Fatalf("%d loops, %d connections, step %d: nobody waits for request %d: free %v, watched %v",
						loops, slots, step, q.taken.Load(), free, watched)
				}
			}
		}
	}
}

// Each loop waits for its share of the requests: no two for the same, as long as all
// have a connection free.
func TestRequestsAreAtHomeByTheirConnections(t *testing.T) {
	var q queue
	q.share(2, 3)
	for k, home := range []int{0, 1, 0, 0, 1, 0} {
		if got := q.home(uint64(k)); got != home {
			t.Errorf("request %d is at home in loop %d; want %d", k, got, home)
		}
	}
	for from, want := range [][2]uint64{{0, 1}, {2, 1}, {2, 4}, {3, 4}, {5, 4}} {
		if got := [2]uint64{q.atHome(0, uint64(from)), q.atHome(1, uint64(from))}; got != want {
			t.Errorf("from request %d on the first at home are %v; want %v", from, got, want)
		}
	}
}

// slowPeer is a server whose first connections, so many, take long for each reply,
// and the others no time.
func slowPeer(t testing.TB, slow int, long time.Duration) *peer {
	var seen atomic.Int64
	return newRawPeer(t, func(p *peer, c *net.TCPConn) {
		isSlow := seen.Add(1) <= int64(slow)
		p.serve(c, func(c *net.TCPConn, nth int) bool {
			if isSlow {
				time.Sleep(long)
			}
			return says(helloReply)(c, nth)
		})
	})
}

// withLoops is what the portable client and so many loops make of a load, each on a
// server of its own.
func withLoops(t *testing.T, w traffic.Load, loops []int, server func(t testing.TB) *peer, test func(t testing.TB, m measure.Measures)) {
	for _, count := range append([]int{0}, loops...) {
		job := Job{Workload: w, Loops: count}
		name := fmt.Sprintf("%d loops", count)
		if count == 0 {
			job.Client, name = Portable, "portable"
		} else if !loopsAvailable {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			undisturbed(t, func(t testing.TB) {
				job := job
				job.Request.URL = server(t).url
				m, err := Run(t.Context(), job, nil)
				if err != nil {
					t.Fatal(err)
				}
				expectWhole(t, m)
				test(t, m)
			})
		})
	}
}

// All connections but one are slow. What is due goes to the one that is free, in
// whichever loop it is; to be bound to a loop would let it wait for the slow ones.
func TestDueRequestGoesToWhoeverIsFree(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	const long = time.Second
	for name, w := range map[string]traffic.Load{
		"rate":           {Model: traffic.Rate, Rate: 200, Duration: time.Second, Connections: 4},
		"ramp":           {Model: traffic.Ramp, Rate: 100, RateTo: 300, Duration: time.Second, Connections: 4},
		"rate, 3 of 4":   {Model: traffic.Rate, Rate: 200, Duration: time.Second, Connections: 3},
		"rate, requests": {Model: traffic.Rate, Rate: 200, Requests: 200, Connections: 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			withLoops(t, w, []int{1, 2, 4, 8}, func(t testing.TB) *peer { return slowPeer(t, w.Connections-1, long) }, func(t testing.TB, m measure.Measures) {
				// In theory two on each slow connection; half of all if a loop has none but slow ones.
				slow := uint64(0)
				for i, us := range m.ResponseOK.Values {
					if us > 750_000 {
						slow += m.ResponseOK.Counts[i]
					}
				}
				if most := uint64(40); m.OK != 200 || slow > most {
					t.Errorf("OK %d of 200, of which %d waited for a slow connection; %d at most may: %v", m.OK, slow, most, m.Failures)
				}
			})
		})
	}
}

// 110 requests a second over 3 connections of a server of 20 ms: 73 % of what it
// can do, so hardly any waits. Two loops that own a share each would ask 55/s of the
// one connection that the second has, which can do 50: p90 is then 470 ms. All run
// at once, so that what holds up one of them holds up the portable client, too.
func TestLoopsAreOnePoolOfConnections(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		jobs := []Job{{Client: Portable}}
		for loops := 1; loops <= 3 && loopsAvailable; loops++ {
			jobs = append(jobs, Job{Loops: loops})
		}
		p90 := make([]time.Duration, len(jobs))
		var running sync.WaitGroup
		for i, job := range jobs {
			job.Workload = traffic.Load{Model: traffic.Rate, Rate: 110, Duration: 3 * time.Second, Connections: 3}
			job.Request.URL = newPeer(t, func(c *net.TCPConn, nth int) bool {
				time.Sleep(20 * time.Millisecond)
				return says(helloReply)(c, nth)
			}).url
			running.Go(func() {
				m, err := Run(t.Context(), job, nil)
				if err != nil || m.OK != 330 || m.Connect.Count() != 3 {
					t.Errorf("%d loops: OK %d over %d connections; want 330 over 3: %v %v", job.Loops, m.OK, m.Connect.Count(), m.Failures, err)
				}
				p90[i] = time.Duration(m.ResponseOK.Quantile(.9)) * time.Microsecond
			})
		}
		running.Wait()
		for i, job := range jobs {
			if p90[i] > p90[0]+200*time.Millisecond {
				t.Errorf("p90 is %s with %d loops and %s with the portable client", p90[i], job.Loops, p90[0])
			}
		}
	})
}

// Every connection has its turn, also where one would do.
func TestConnectionsOfAllLoopsAreUsed(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	w := traffic.Load{Model: traffic.Rate, Rate: 400, Duration: 500 * time.Millisecond, Connections: 10}
	withLoops(t, w, []int{1, 2, 4, 16}, func(t testing.TB) *peer { return newPeer(t, says(helloReply)) }, func(t testing.TB, m measure.Measures) {
		if m.OK != 200 || m.Connect.Count() != 10 {
			t.Errorf("OK %d of 200 over %d connections; want 10: %v", m.OK, m.Connect.Count(), m.Failures)
		}
	})
}

// A limit of requests is one for all connections: who is fast does more of them.
// Split evenly, the slow one's half would take 10 s.
func TestClosedLoadSharesItsRequests(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	w := traffic.Load{Model: traffic.Closed, Requests: 200, Connections: 3}
	withLoops(t, w, []int{1, 2, 3}, func(t testing.TB) *peer { return slowPeer(t, 1, 100*time.Millisecond) }, func(t testing.TB, m measure.Measures) {
		if m.OK != 200 || m.Sent != 200 || m.To > 5*time.Second {
			t.Errorf("OK %d of 200, sent %d, in %s; the fast connections need well below 1 s: %v", m.OK, m.Sent, m.To, m.Failures)
		}
	})
}

// Users are at home in a loop by turns, and each arrives once.
func TestUsersOfAllLoopsArriveOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	w := traffic.Load{Model: traffic.Users, Users: 101, RampOver: 200 * time.Millisecond, Repeat: 3}
	withLoops(t, w, []int{1, 2, 4, 8}, func(t testing.TB) *peer { return newPeer(t, says(helloReply)) }, func(t testing.TB, m measure.Measures) {
		if m.OK != 303 || m.Connect.Count() != 101 || m.Lateness.Count() != 101 {
			t.Errorf("OK %d of 303, %d connections of 101 users, %d arrivals: %v", m.OK, m.Connect.Count(), m.Lateness.Count(), m.Failures)
		}
	})
}
